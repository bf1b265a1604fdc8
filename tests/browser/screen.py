"""A page of the dashboard as a test sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin

from playwright.sync_api import Error, Page, Request

READY = 'body[data-state="ready"]'


@dataclass
class Screen:
    """A page of the dashboard and everything it complained of or asked for."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)

    def open(self, where: str = "") -> Page:
        """Open the Sales page with a query string, or another page, and wait until it is drawn."""
        self.page.goto(urljoin(self.address, where))
        return self.ready()

    def ready(self) -> Page:
        """Wait until the page shows what was asked for."""
        try:
            self.page.wait_for_selector(READY)
        except Error:
            waiting = [r.url for r in self.requests if r.url not in self.answered]
            state = self.page.evaluate("[document.body.dataset.state, document.readyState]")
            told = f"state {state}, complaints {self.complaints}, unanswered {waiting}"
            raise AssertionError(f"The page does not become ready: {told}") from None
        return self.page

    def click(self, testid: str) -> Page:
        """Click something that leads to another state of the page and wait for it."""
        before = self.page.evaluate("document.getElementById('content').dataset.url")
        self.page.get_by_test_id(testid).click()
        self.page.wait_for_function(
            "before => document.body.dataset.state === 'ready'"
            " && document.getElementById('content').dataset.url !== before",
            arg=before,
        )
        return self.page

    def value(self, name: str) -> str:
        """Give the exact value of a KPI tile."""
        tile = self.page.get_by_test_id(f"kpi-{name}")
        return tile.locator(".value").get_attribute("data-value") or ""

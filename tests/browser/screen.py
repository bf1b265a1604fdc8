"""A page of the dashboard as a test sees it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Error, Locator, Page, Request
from playwright.sync_api import TimeoutError as NotInTime

READY = 'body[data-state="ready"]'
_GLANCE = 500  # milliseconds between two moves of the mouse
_PATIENCE = 60  # seconds


@dataclass
class Screen:
    """A page of the dashboard and everything it complained of or asked for."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._ears: dict[Any, Callable[[Any], None]] = {
            "console": lambda message: self.complaints.append(message.text),
            "pageerror": lambda error: self.complaints.append(str(error)),
            "requestfailed": lambda request: self._failed(request),
            "request": lambda request: self.requests.append(request),
            "requestfinished": lambda request: self.answered.add(request.url),
        }

    def listen(self) -> None:
        """Begin to keep what the page complains of and asks for."""
        for event, ear in self._ears.items():
            self.page.on(event, ear)

    def leave(self) -> None:
        """Stop listening, and leave the page to another screen, the mouse out of the way."""
        for event, ear in self._ears.items():
            self.page.remove_listener(event, ear)
        self.page.unroute_all()
        self.page.mouse.move(0, 0)
        self.page.emulate_media(color_scheme="null")

    def _failed(self, request: Request) -> None:
        """Keep a failed request, but not one that the browser dropped because it left the page."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(request.url)

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

    def tip(self, chart: str, *, down: float | None = None) -> Locator:
        """Hold the mouse over a chart, ``down`` pixels below its top, else amid, until it answers.

        A hand is never quite still: a chart that was redrawn under it tells at its next move.
        """
        place, tip = self.page.locator(f'[data-chart="{chart}"]'), self.page.locator(".tip").first
        place.scroll_into_view_if_needed()
        shake, deadline = 0, time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            shake += 1
            box = place.bounding_box()
            assert box is not None
            below = box["height"] / 2 if down is None else down
            self.page.mouse.move(box["x"] + box["width"] / 2 + shake % 2, box["y"] + below)
            with suppress(NotInTime):
                tip.locator("strong").first.wait_for(timeout=_GLANCE)
                return tip
        raise AssertionError(f"The chart {chart} tells nothing; complaints {self.complaints}")

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

    def stops_until(self, last: str) -> list[str]:
        """Press Tab until it comes to ``last`` and give every stop by its test id or class."""
        stops: list[str] = []
        while last not in stops:
            assert len(stops) < 500, stops
            self.page.keyboard.press("Tab")
            stops.append(
                self.page.evaluate(
                    "document.activeElement.dataset.testid ?? document.activeElement.className"
                )
            )
        return stops

    def value(self, name: str) -> str:
        """Give the exact value of a KPI tile."""
        tile = self.page.get_by_test_id(f"kpi-{name}")
        return tile.locator(".value").get_attribute("data-value") or ""

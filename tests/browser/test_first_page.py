"""The first page in a browser: complete, quiet, small, alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, expect
from screen import Screen

pytestmark = pytest.mark.needs("browser")
Look = Callable[..., Screen]

Looking = Callable[[], AbstractContextManager[Callable[..., Screen]]]

KILOBYTE = 1000
# Kilobytes that a first visit may take, at least and at most; the list of shows has no chart.
LIGHT = {
    "/sales": (100, 300),
    "/utm": (100, 300),
    "/inventory": (10, 60),
    "/events": (10, 60),
    "/events?event=102": (100, 300),
    "/marketing": (100, 300),
}


@dataclass
class FirstVisit:
    """The first page of a new browser: what it received, and the kilobytes it may take."""

    screen: Screen
    session: CDPSession
    kilobytes: tuple[int, int] = (0, 0)
    received: list[float] = field(default_factory=list)


def test_the_page_is_complete_without_a_complaint(screen: Screen) -> None:
    """Tiles, two drawn charts, a table; nothing in the console, nothing refused by the CSP."""
    page = screen.open()
    expect(page.locator(".tile")).to_have_count(6)
    expect(page.locator(".chart canvas")).to_have_count(2)
    expect(page.locator("table.events tbody tr")).to_have_count(5)
    assert screen.complaints == []


def test_the_pages_lead_to_each_other(screen: Screen) -> None:
    """The bar at the top names every page, marks the one that is open and keeps the language."""
    page = screen.open("?lang=en&period=7d")
    pages = (
        ("utm", "Sales by UTM tags"),
        ("inventory", "Seat inventory"),
        ("events", "Events"),
        ("marketing", "Ads and sales"),
        ("sales", "Ticket sales"),
    )
    for name, heading in pages:
        page.get_by_test_id(f"nav-{name}").click()
        page.get_by_role("heading", level=1, name=heading).wait_for()
        screen.ready()
        assert urlsplit(page.url)[2:4] == (f"/{name}", "lang=en")
        assert page.get_by_test_id(f"nav-{name}").get_attribute("aria-current") == "page"
    assert screen.complaints == []


def test_b02_names_of_events_run_nothing_in_a_curve(screen: Screen) -> None:
    """A script for a name is a line's label and a tooltip's line, letter by letter."""
    screen.open("/events?event=102&compare=103")
    tip = screen.tip("curve")
    assert "<script>alert(1)</script>" in tip.inner_text()
    assert screen.complaints == []


def test_b02_names_from_outside_run_nothing(screen: Screen) -> None:
    """A script in a name is shown letter by letter, in tables, lists and chart tooltips."""
    dialogs: list[str] = []
    screen.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page = screen.open("?city=томск&period=90d")
    expect(page.get_by_role("link", name="<script>alert(1)</script>", exact=True)).to_be_visible()
    tip = screen.tip("cities", down=20)
    assert tip.locator("strong").first.inner_text() == "<b>Томск</b>"
    assert (dialogs, screen.complaints) == ([], [])


def test_without_scripts_the_page_still_works(look: Look) -> None:
    """Tables stand where charts would, links are links and the filters are a plain form."""
    screen = look(java_script_enabled=False)
    page = screen.page
    page.goto(screen.address)
    expect(page.get_by_test_id("table-revenue")).to_be_visible()
    expect(page.locator(".chart").first).to_be_hidden()
    page.get_by_test_id("filter-city").click()
    page.get_by_role("checkbox", name="Казань", exact=True).check()
    page.get_by_test_id("apply-city").click()
    page.wait_for_url(lambda url: "city=" in url)
    expect(page.get_by_test_id("chips").get_by_text("Казань")).to_be_visible()
    page.get_by_test_id("preset-7d").click()
    page.wait_for_url(lambda url: "period=7d" in url)


def test_the_chart_is_described_in_the_language_of_the_page(look: Look) -> None:
    """Readers who cannot see a chart are told what it holds, in their language."""
    for locale, word in (("ru-RU", "Больше всего"), ("en-US", "Most:")):
        page = look(locale=locale).open()
        label = page.locator('[data-chart="revenue"]').get_attribute("aria-label") or ""
        assert word in label


def test_reduced_motion_is_respected(look: Look) -> None:
    """Nothing slides or fades for who asked for it not to."""
    page = look(reduced_motion="reduce").open()
    duration = page.evaluate(
        "getComputedStyle(document.querySelector('.formula')).transitionDuration"
    )
    assert duration in ("0s", "")


@pytest.mark.parametrize("lost", ["js/charts.js", "js/app.js", "echarts.common.min.js"])
def test_a_script_that_did_not_arrive_leaves_the_tables(screen: Screen, lost: str) -> None:
    """A connection that broke in the middle of a page shows figures, not empty frames."""
    screen.page.route(f"**/{lost}", lambda route: route.abort("connectionreset"))
    screen.page.goto(screen.address)
    table = screen.page.get_by_test_id("table-revenue")
    expect(table).to_be_visible()
    assert screen.complaints


@pytest.fixture(scope="module")
def newcomer(looking: Looking) -> Iterator[FirstVisit]:
    """Yield a new browser that counts what it receives and how far what it paints is moved."""
    with looking() as make:
        screen = make(fresh=True)
        screen.page.add_init_script(
            """window.shifted = 0;
            new PerformanceObserver((list) => {
              for (const entry of list.getEntries()) window.shifted += entry.value;
            }).observe({ type: "layout-shift", buffered: true });"""
        )
        visit = FirstVisit(screen, screen.page.context.new_cdp_session(screen.page))
        visit.session.send("Network.enable")
        visit.session.on(
            "Network.loadingFinished",
            lambda event: visit.received.append(event["encodedDataLength"]),
        )
        yield visit


def test_nothing_is_asked_of_another_host(newcomer: FirstVisit, address: str) -> None:
    """All the page loads, its icon included, comes from its own server."""
    screen = newcomer.screen
    screen.open()
    screen.click("preset-7d")
    hosts = {urlsplit(request.url).netloc for request in screen.requests}
    assert hosts == {urlsplit(address).netloc}
    assert any("favicon" in request.url for request in screen.requests)


def test_a_second_visit_needs_the_page_alone(newcomer: FirstVisit) -> None:
    """Scripts, styles and the chart library are kept by the browser."""
    newcomer.screen.open()
    newcomer.received.clear()
    newcomer.screen.open()
    assert 0 < sum(newcomer.received) <= 30 * KILOBYTE


@pytest.fixture(scope="module", params=LIGHT.items(), ids=lambda visit: str(visit[0]))
def first_visit(request: pytest.FixtureRequest, newcomer: FirstVisit) -> FirstVisit:
    """Return a page opened in a browser that keeps nothing of an earlier visit."""
    where, newcomer.kilobytes = request.param
    newcomer.screen.page.goto("about:blank")
    newcomer.session.send("Network.clearBrowserCache")
    newcomer.received.clear()
    newcomer.screen.open(where)
    return newcomer


def test_a_first_visit_transfers_little(first_visit: FirstVisit) -> None:
    """Everything over the wire, headers and chart library included, stays light."""
    least, most = first_visit.kilobytes
    assert least * KILOBYTE < sum(first_visit.received) <= most * KILOBYTE


def test_nothing_jumps_while_a_page_loads(first_visit: FirstVisit) -> None:
    """What is painted stays in its place: the layout shift of a first visit is nil."""
    page = first_visit.screen.page
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("window.shifted") < 0.01

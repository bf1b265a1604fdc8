"""The first page in a browser: complete, quiet, small, alone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from screen import Screen

pytestmark = pytest.mark.needs("browser")
Look = Callable[..., Screen]

KILOBYTE = 1000


def test_the_page_is_complete_without_a_complaint(screen: Screen) -> None:
    """Tiles, two drawn charts, a table; nothing in the console, nothing refused by the CSP."""
    page = screen.open()
    assert page.locator(".tile").count() == 6
    assert page.locator(".chart canvas").count() == 2
    assert page.locator("table.events tbody tr").count() == 5
    assert screen.complaints == []


@pytest.mark.parametrize("query", ["?period=today", "?period=90d", "?period=all", "?city=nowhere"])
def test_other_periods_are_quiet_too(screen: Screen, query: str) -> None:
    """Hours, weeks, long lines with a zoom bar and empty answers draw without a complaint."""
    screen.open(query)
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


def test_nothing_is_asked_of_another_host(look: Look, address: str) -> None:
    """All the page loads, its icon included, comes from its own server."""
    screen = look(fresh=True)
    screen.open()
    screen.click("preset-7d")
    hosts = {urlsplit(request.url).netloc for request in screen.requests}
    assert hosts == {urlsplit(address).netloc}
    assert any("favicon" in request.url for request in screen.requests)


def test_the_first_visit_transfers_less_than_300_kilobytes(look: Look) -> None:
    """Everything over the wire, headers included; a second visit needs the page alone."""
    screen = look(fresh=True)
    session = screen.page.context.new_cdp_session(screen.page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    screen.open()
    first = sum(received)
    received.clear()
    screen.open()
    assert 100 * KILOBYTE < first <= 300 * KILOBYTE
    assert sum(received) <= 30 * KILOBYTE


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
    assert page.get_by_role("link", name="<script>alert(1)</script>", exact=True).is_visible()
    tip = screen.tip("cities", down=20)
    assert tip.locator("strong").first.inner_text() == "<b>Томск</b>"
    assert (dialogs, screen.complaints) == ([], [])


def test_without_scripts_the_page_still_works(look: Look) -> None:
    """Tables stand where charts would, links are links and the filters are a plain form."""
    screen = look(java_script_enabled=False)
    page = screen.page
    page.goto(screen.address)
    assert page.get_by_test_id("table-revenue").is_visible()
    assert page.locator(".chart").first.is_hidden()
    page.get_by_test_id("filter-city").click()
    page.get_by_role("checkbox", name="Казань", exact=True).check()
    page.get_by_test_id("apply-city").click()
    assert "city=" in page.url
    assert page.get_by_test_id("chips").get_by_text("Казань").is_visible()
    page.get_by_test_id("preset-7d").click()
    assert "period=7d" in page.url


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
def test_a_script_that_did_not_arrive_leaves_the_tables(look: Look, lost: str) -> None:
    """A connection that broke in the middle of a page shows figures, not empty frames."""
    screen = look(fresh=True)
    screen.page.route(f"**/{lost}", lambda route: route.abort("connectionreset"))
    screen.page.goto(screen.address)
    table = screen.page.get_by_test_id("table-revenue")
    expect(table).to_be_visible()
    assert screen.complaints


@pytest.mark.parametrize(
    "where", ["/sales", "/utm", "/inventory", "/events", "/events?event=102", "/marketing"]
)
def test_nothing_jumps_while_a_page_loads(look: Look, where: str) -> None:
    """What is painted stays in its place: the layout shift of a first visit is nil."""
    screen = look(fresh=True)
    screen.page.add_init_script(
        """window.shifted = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) window.shifted += entry.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    page = screen.open(where)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("window.shifted") < 0.01

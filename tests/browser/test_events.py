"""The Events pages in a browser: the way in, the curve, what it is compared with, the files."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from panel_rows import read_csv
from playwright.sync_api import expect
from sample_store import Sale, total
from screen import Screen

pytestmark = pytest.mark.needs("browser")
Look = Callable[..., Screen]

RUSSIAN = """
- main:
  - heading "Цирк на воде Продажа закрыта" [level=1]
  - paragraph:
    - link "Все события"
  - form "Фильтры":
    - navigation "Что считать":
      - link "Билеты"
      - link "Выручка"
  - region "Главные показатели":
    - list:
      - listitem:
        - heading "Выручка" [level=3]
      - listitem:
        - heading "Оборот" [level=3]
      - listitem:
        - heading "Возвраты" [level=3]
      - listitem:
        - heading "Билеты" [level=3]
      - listitem:
        - heading "Заказы" [level=3]
      - listitem:
        - heading "Средний билет" [level=3]
      - listitem:
        - heading "Заполнено" [level=3]
      - listitem:
        - heading "Дней до показа" [level=3]
  - region "Билеты по дням до показа":
    - 'link "Показать таблицей: Билеты по дням до показа"'
    - 'link "Скачать XLSX: Билеты по дням до показа"'
    - img /Цирк на воде, Д−20/
  - region "В тот же день до показа":
    - group:
      - table
  - region "Показы":
    - group:
      - table
  - region "Источники (UTM)":
    - 'link "Скачать CSV: Источники (UTM)"'
    - group:
      - table
  - region "Промокоды и скидки":
    - group:
      - table
  - region "Возвраты":
    - group:
      - table
"""
ENGLISH = """
- main:
  - heading "Цирк на воде Sale closed" [level=1]
  - paragraph:
    - link "All events"
  - form "Filters":
    - navigation "What to count":
      - link "Tickets"
      - link "Revenue"
  - region "Key figures"
  - region "Tickets by days to show":
    - img /Цирк на воде, D−20/
  - region "On the same day before the show"
  - region "Shows"
  - region "Sources (UTM)"
  - region "Promo codes and discounts"
  - region "Refunds"
"""


@pytest.mark.parametrize(("locale", "tree"), [("ru-RU", RUSSIAN), ("en-US", ENGLISH)])
def test_the_page_reads_well_without_being_seen(look: Look, locale: str, tree: str) -> None:
    """Landmarks, headings and links per language; the curve is told in words."""
    screen = look(locale=locale)
    page = screen.open("/events?event=102")
    expect(page.locator("body")).to_match_aria_snapshot(tree)
    expect(page.locator(".chart canvas")).to_have_count(1)
    assert screen.complaints == []


def test_the_list_leads_to_an_event_and_back(screen: Screen, sales: list[Sale]) -> None:
    """A name opens the event's page with the figures of its sales; one link leads back."""
    page = screen.open("/events")
    page.get_by_role("link", name="Цирк на воде", exact=True).click()
    page.wait_for_url("**/events?event=102")
    screen.ready()
    mine = [sale for sale in sales if sale.event.id == "102"]
    for name in ("revenue", "tickets", "orders"):
        assert total(mine, name) == Decimal(screen.value(name))
    page.get_by_test_id("all-events").click()
    page.wait_for_url("**/events")
    screen.ready()
    expect(page.locator("table.list tbody tr")).to_have_count(5)
    assert screen.complaints == []


def test_choosing_one_event_in_the_filter_opens_it(screen: Screen) -> None:
    """The list's filter of events is a way in: one ticked event is its page, curve and all."""
    page = screen.open("/events")
    page.get_by_test_id("filter-event").click()
    page.get_by_test_id("search-event").fill("цирк")
    page.get_by_role("checkbox", name="Цирк на воде").check()
    page.get_by_test_id("apply-event").click()
    page.locator(".chart canvas").wait_for()
    screen.ready()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Цирк на воде")
    assert screen.complaints == []


def test_the_events_to_compare_are_the_readers_choice(screen: Screen) -> None:
    """Ticked events become lines and rows; unticking all of them is a choice, too."""
    page = screen.open("/events?event=102&compare=104")
    expect(page.locator('[data-panel="pace"] tbody tr')).to_have_count(2)
    page.get_by_test_id("filter-compare").click()
    page.get_by_role("checkbox", name="Ледяное шоу").check()
    screen.click("apply-compare")
    assert sorted(parse_qs(urlsplit(page.url).query)["compare"]) == ["101", "104"]
    expect(page.locator('[data-panel="pace"] tbody tr')).to_have_count(3)
    for name in ("Ледяное шоу «Щелкунчик»", '=HYPERLINK("http://example.test")'):
        before = page.url
        page.get_by_test_id("chips").get_by_text(name).click()
        page.wait_for_function("before => location.href !== before", arg=before)
        screen.ready()
    assert parse_qs(urlsplit(page.url).query)["compare"] == ["none"]
    expect(page.locator('[data-panel="pace"] tbody tr')).to_have_count(1)
    assert screen.complaints == []


def test_tickets_and_revenue_are_a_switch(screen: Screen) -> None:
    """The curve and the pace beside it count what the address says."""
    page = screen.open("/events?event=102&compare=104")
    tickets = page.locator('[data-panel="pace"] tbody tr td').first.get_attribute("data-column")
    screen.click("measure-revenue")
    revenue = page.locator('[data-panel="pace"] tbody tr td').first.get_attribute("data-column")
    assert (tickets, revenue) == ("tickets_at", "revenue_at")
    page.wait_for_url(lambda url: "measure=revenue" in url)
    assert page.locator('[data-chart="curve"]').get_attribute("data-unit") == "₽"
    assert "₽" in (page.locator('[data-chart="curve"]').get_attribute("aria-label") or "")
    assert screen.complaints == []


def test_the_curve_is_a_table_and_a_picture_too(screen: Screen) -> None:
    """The switch swaps chart and table; the picture is a PNG named for its panel."""
    page = screen.open("/events?event=102")
    with page.expect_download() as started:
        page.get_by_test_id("png-curve").click()
    assert started.value.suggested_filename == "curve.png"
    screen.click("view-curve")
    expect(page.get_by_test_id("table-curve")).to_be_visible()
    screen.click("view-curve")
    expect(page.locator('[data-chart="curve"] canvas')).to_be_visible()
    assert screen.complaints == []


def test_the_csv_equals_the_table(screen: Screen, tmp_path: Path) -> None:
    """The downloaded file of each panel holds the cells of its table, row by row."""
    page = screen.open("/events?event=102&compare=104&table=curve&rows=all")
    for panel in ("curve", "refunds", "promo_codes", "utm"):
        with page.expect_download() as started:
            page.get_by_test_id(f"csv-{panel}").click()
        file = tmp_path / f"{panel}.csv"
        started.value.save_as(file)
        lines = read_csv(file.read_bytes())
        rows = page.get_by_test_id(f"table-{panel}").locator("tbody tr")
        assert rows.count() == len(lines) - 1 > 0
        shown = rows.evaluate_all(
            "all => all.map(row => [...row.cells].map(cell => cell.dataset.value))"
        )
        assert shown == [[cell.removeprefix("'") for cell in line] for line in lines[1:]]


def test_without_scripts_the_page_still_works(look: Look) -> None:
    """The table stands where the curve would, and the form compares with what was ticked."""
    screen = look(java_script_enabled=False)
    page = screen.page
    page.goto(screen.address.replace("/sales", "/events?event=102&compare=104"))
    expect(page.get_by_test_id("table-curve")).to_be_visible()
    expect(page.locator(".chart").first).to_be_hidden()
    page.get_by_test_id("filter-compare").click()
    page.get_by_role("checkbox", name="Ледяное шоу").check()
    page.get_by_test_id("apply-compare").click()
    expect(page.locator('[data-panel="pace"] tbody tr')).to_have_count(3)


def test_everything_can_be_reached_by_keyboard(screen: Screen) -> None:
    """Tab walks from the way back over the choices to the last file."""
    screen.open("/events?event=102&compare=104")
    stops = screen.stops_until("table-refunds")
    wanted = {"nav-events", "all-events", "measure-revenue", "filter-compare", "info"}
    wanted |= {
        f"xlsx-{name}" for name in ("curve", "pace", "event_shows", "utm", "promo_codes", "refunds")
    }
    assert wanted - set(stops) == set()

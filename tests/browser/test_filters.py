"""Filters in a browser: every choice is in the address, and the way back is the browser's."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sample_store
from dashboard_process import served
from panel_rows import read_csv
from playwright.sync_api import Page, expect
from sample_store import Sale, total
from screen import Screen
from zakaz.moscow import now as moscow_now
from zakaz.warehouse.connect import open_for_writing, publish

pytestmark = pytest.mark.needs("browser")
Look = Callable[..., Screen]


def query(page: Page) -> dict[str, list[str]]:
    """Read the address of a page."""
    return parse_qs(urlsplit(page.url).query)


def test_a_city_changes_tiles_address_and_chips(
    screen: Screen, sales: list[Sale], now: datetime
) -> None:
    """Choosing a city in the list narrows the figures, and the address says so."""
    page = screen.open()
    whole = screen.value("revenue")
    page.get_by_test_id("filter-city").click()
    page.get_by_test_id("search-city").fill("каз")
    page.get_by_role("checkbox", name="Казань", exact=True).check()
    screen.click("apply-city")
    first = now.date() - timedelta(days=29)
    kazan = [s for s in sales if s.event.city == "казань" and s.day >= first]
    assert str(total(kazan, "revenue")) == screen.value("revenue") != whole
    assert query(page) == {"city": ["казань"]}
    expect(page.get_by_test_id("chips").get_by_text("Казань")).to_be_visible()
    assert screen.complaints == []


def test_the_back_button_returns_to_the_state_before(screen: Screen) -> None:
    """Back and forward walk through the choices, figures and all; a reload keeps the choice."""
    page = screen.open()
    month = screen.value("revenue")
    screen.click("preset-7d")
    week = screen.value("revenue")
    screen.click("preset-yesterday")
    page.go_back()
    page.wait_for_function("v => document.querySelector('.value').dataset.value === v", arg=week)
    assert query(page)["period"] == ["7d"]
    page.go_back()
    page.wait_for_function("v => document.querySelector('.value').dataset.value === v", arg=month)
    assert query(page) == {}
    page.go_forward()
    page.wait_for_function("v => document.querySelector('.value').dataset.value === v", arg=week)
    page.reload()
    screen.ready()
    assert week == screen.value("revenue")
    assert screen.complaints == []


def test_choices_add_up_and_reset_together(screen: Screen) -> None:
    """A period, an event and an order stand in one address; one link lets them all go."""
    page = screen.open("?period=90d&event=102")
    screen.click("sort-tickets")
    assert query(page) == {"period": ["90d"], "event": ["102"], "sort": ["-tickets"]}
    screen.click("reset")
    assert query(page) == {}


def test_a_removed_chip_removes_its_filter(screen: Screen) -> None:
    """The cross of a chip lets this one choice go and keeps the others."""
    page = screen.open("?city=казань&city=москва")
    page.get_by_role("link", name="Убрать фильтр: Казань").click()
    page.wait_for_function("() => !location.search.includes(encodeURIComponent('казань'))")
    assert query(page) == {"city": ["москва"]}


def test_an_event_of_the_table_can_stand_alone(screen: Screen) -> None:
    """The funnel beside a name shows this event alone; the name leads to the event's own page."""
    page = screen.open()
    page.get_by_test_id("only-102").click()
    page.wait_for_function("() => location.search === '?event=102'")
    screen.ready()
    expect(page.locator("table.events tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Цирк на воде", exact=True).click()
    page.wait_for_url("**/events?event=102")
    screen.ready()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Цирк на воде")
    assert screen.complaints == []


@pytest.mark.parametrize(
    ("locale", "first", "last"),
    [("ru-RU", "01.{m:02d}.{y}", "05.{m}.{y}"), ("en-US", "{y}-{m:02d}-01", "{y}-{m}-5")],
)
def test_dates_are_typed_the_readers_way(
    look: Look, now: datetime, locale: str, first: str, last: str
) -> None:
    """The typed days land in the address as ISO days, and no native date field is used."""
    month = (now.replace(day=1) - timedelta(days=1)).replace(day=1)
    screen = look(locale=locale)
    page = screen.open()
    expect(page.locator("input[type=date]")).to_have_count(0)
    page.get_by_test_id("filter-dates").click()
    page.get_by_test_id("from").fill(first.format(y=month.year, m=month.month))
    page.get_by_test_id("to").fill(last.format(y=month.year, m=month.month))
    screen.click("apply-dates")
    assert [f"{month:%Y-%m}-01"] == query(page)["from"]
    assert [f"{month:%Y-%m}-05"] == query(page)["to"]


def test_a_mistyped_date_is_told_in_place(screen: Screen) -> None:
    """The form stays open and says how to write a date; the address does not change."""
    page = screen.open()
    page.get_by_test_id("filter-dates").click()
    page.get_by_test_id("from").fill("31.02.2025")
    page.get_by_test_id("apply-dates").click()
    assert "Пишите её так" in page.get_by_role("alert").inner_text()
    assert (query(page), screen.complaints) == ({}, [])


def test_the_list_of_choices_can_be_searched(screen: Screen) -> None:
    """Typing narrows the list whatever the case; ё and е are one letter; nothing found says so."""
    page = screen.open()
    page.get_by_test_id("filter-event").click()
    page.get_by_test_id("search-event").fill("ЛЕДЯНОЕ шоу")
    shown = page.locator("#pop-event .options li:visible")
    expect(shown).to_have_count(1)
    page.get_by_test_id("search-event").fill("zzz")
    expect(page.locator("#pop-event").get_by_text("Ничего не найдено")).to_be_visible()


def test_the_currency_is_a_switch(screen: Screen) -> None:
    """Tenge and roubles are two pages of one address, never one sum."""
    page = screen.open()
    assert "₽" in page.get_by_test_id("kpi-revenue").inner_text()
    screen.click("currency-KZT")
    assert "₸" in page.get_by_test_id("kpi-revenue").inner_text()
    assert query(page) == {"currency": ["KZT"]}


def test_the_csv_equals_the_table(screen: Screen, tmp_path: Path) -> None:
    """The downloaded file of each panel holds the cells of its table as they are shown."""
    page = screen.open("?period=90d&sort=-tickets&table=revenue&table=cities")
    for panel in ("revenue", "cities", "events"):
        with page.expect_download() as started:
            page.get_by_test_id(f"csv-{panel}").click()
        file = tmp_path / f"{panel}.csv"
        started.value.save_as(file)
        assert f"{panel}_" in started.value.suggested_filename
        titles, *lines = read_csv(file.read_bytes())
        table = page.get_by_test_id(f"table-{panel}")
        heads = [head.strip() for head in table.locator("thead th").all_inner_texts()]
        columns = [titles.index(head) for head in heads if head in titles]
        assert len(columns) == len(heads)
        rows = table.locator("tbody tr").evaluate_all(
            """all => all.map(row => {
              const head = row.querySelector("th");
              const cells = [...row.querySelectorAll("td")].map(cell => cell.dataset.value);
              return [[head.innerText.split("\\n")[0], head.dataset.value], cells];
            })"""
        )
        assert len(rows) == len(lines) > 0
        for (names, cells), line in zip(rows, lines, strict=True):
            assert [line[column] for column in columns[1:]] == cells
            assert line[0].removeprefix("'") in names


def test_a_chart_is_a_table_too_and_a_picture(screen: Screen) -> None:
    """The switch swaps chart and table and is part of the address; the picture is a PNG."""
    page = screen.open()
    with page.expect_download() as started:
        page.get_by_test_id("png-revenue").click()
    assert started.value.suggested_filename == "revenue.png"
    assert Path(started.value.path()).read_bytes().startswith(b"\x89PNG")
    expect(page.get_by_test_id("table-revenue")).to_be_hidden()
    screen.click("view-revenue")
    expect(page.get_by_test_id("table-revenue")).to_be_visible()
    expect(page.locator('[data-chart="revenue"]')).to_be_hidden()
    screen.click("view-revenue")
    expect(page.locator('[data-chart="revenue"] canvas')).to_be_visible()
    assert screen.complaints == []


def test_the_table_sorts_by_its_heads(screen: Screen) -> None:
    """A click sorts from the largest, another one turns it round; the head tells which."""
    page = screen.open()
    for order, turn in (("descending", -1), ("ascending", 1)):
        screen.click("sort-tickets")
        cells = page.locator('.events td[data-column="tickets"]').evaluate_all(
            "all => all.map(c => Number(c.dataset.value))"
        )
        assert cells == sorted(cells, key=lambda value: turn * value)
        head = page.locator(f'th[aria-sort="{order}"]')
        assert head.inner_text().strip() == "Билеты"


def test_an_open_page_shows_a_new_load_by_itself(look: Look, tmp_path: Path) -> None:
    """A load beside the dashboard appears within a minute, without a click."""
    now = moscow_now()
    sales = sample_store.invent(now, days=3)
    first = [sale for sale in sales if sale.day < now.date()]
    rest = [sale for sale in sales if sale.day == now.date()] or first[-1:]
    url = sample_store.fill(tmp_path / "store", first, now - timedelta(days=1))
    with served(tmp_path / "store") as (_, where):
        screen = look(where=where, fresh=True)
        screen.page.clock.install()
        page = screen.open()
        before = Decimal(screen.value("orders"))
        with open_for_writing(url) as warehouse:
            sample_store.write(warehouse, rest, now)
        publish(url)
        deadline = time.monotonic() + 60
        while Decimal(screen.value("orders")) == before:  # the server may look a moment later
            assert time.monotonic() < deadline, "the page still shows the load before"
            page.clock.fast_forward(61_000)
            page.wait_for_timeout(100)
        assert Decimal(screen.value("orders")) > before
        expect(page.get_by_test_id("freshness")).to_have_attribute("data-status", "ok")
        assert screen.complaints == []

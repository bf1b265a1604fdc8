"""The Inventory page in a browser: bars, cards, files, and the same manners as the first page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from panel_rows import read_csv
from playwright.sync_api import expect
from screen import Screen

pytestmark = pytest.mark.needs("browser")
Look = Callable[..., Screen]

RUSSIAN = """
- main:
  - heading "Места в залах" [level=1]
  - form "Фильтры":
    - navigation "Показы":
      - link "Впереди"
      - link "Прошедшие"
      - link "Все"
  - region "Главные показатели":
    - list:
      - listitem:
        - heading "Показы" [level=3]
      - listitem:
        - heading "Места" [level=3]
      - listitem:
        - heading "Продано" [level=3]
      - listitem:
        - heading "Бронь" [level=3]
      - listitem:
        - heading "Осталось" [level=3]
      - listitem:
        - heading "Заполнено" [level=3]
        - 'button "Как считается: Заполнено"'
  - region "Показы и места":
    - list "Цвета полос"
    - 'link "Скачать CSV: Показы и места"'
    - 'link "Скачать XLSX: Показы и места"'
    - group:
      - table:
        - rowgroup:
          - row
"""
ENGLISH = """
- main:
  - heading "Seat inventory" [level=1]
  - form "Filters":
    - navigation "Shows":
      - link "Ahead"
      - link "Past"
      - link "All"
  - region "Key figures"
  - region "Shows and seats":
    - list "Colours of the bars"
    - 'link "Download CSV: Shows and seats"'
    - 'link "Download XLSX: Shows and seats"'
    - group:
      - table:
        - rowgroup:
          - row
"""


@pytest.mark.parametrize(("locale", "tree"), [("ru-RU", RUSSIAN), ("en-US", ENGLISH)])
def test_the_page_reads_well_without_being_seen(look: Look, locale: str, tree: str) -> None:
    """Landmarks, headings and links per language; each bar tells its seats in words."""
    screen = look(locale=locale)
    page = screen.open("/inventory")
    expect(page.locator("body")).to_match_aria_snapshot(tree)
    told = "Продано 600, бронь 50" if locale == "ru-RU" else "Sold 600, reserved 50"
    expect(page.locator(f'svg.bar[aria-label^="{told}"]')).to_have_count(1)
    assert screen.complaints == []


def test_a_bar_is_as_wide_as_its_share(screen: Screen) -> None:
    """Of a hall of 1000 with 600 sold, the sold part takes six tenths of the bar."""
    page = screen.open("/inventory?event=101")
    bar = page.locator('svg.bar[aria-label^="Продано 600"]')
    whole, part = bar.bounding_box(), bar.locator("rect.sold").bounding_box()
    assert whole is not None
    assert part is not None
    assert part["width"] / whole["width"] == pytest.approx(0.6, abs=0.01)


def test_the_choice_of_shows_and_the_order_are_in_the_address(screen: Screen) -> None:
    """Past shows, a sort and a city stand in one address, and one link lets them all go."""
    page = screen.open("/inventory")
    screen.click("shows-past")
    screen.click("sort-left")
    assert urlsplit(page.url).query == "shows=past&sort=-left"
    page.get_by_test_id("filter-city").click()
    page.get_by_role("checkbox", name="Казань", exact=True).check()
    screen.click("apply-city")
    expect(page.locator("table.seats tbody tr")).to_have_count(3)
    page.wait_for_url(lambda url: "shows=past" in url)
    page.wait_for_url(lambda url: "sort=-left" in url)
    screen.click("reset")
    assert urlsplit(page.url).query == ""


def test_the_file_is_named_for_its_panel_and_day(screen: Screen) -> None:
    """Both files are offered under the panel's name."""
    page = screen.open("/inventory")
    for form in ("csv", "xlsx"):
        with page.expect_download() as started:
            page.get_by_test_id(f"{form}-inventory").click()
        name = started.value.suggested_filename
        assert name.startswith("inventory_")
        assert name.endswith(f".{form}")


def test_the_csv_holds_the_rows_of_the_table(screen: Screen, tmp_path: Path) -> None:
    """The file has the shows in the order of the page, with the very figures of its cells."""
    page = screen.open("/inventory?shows=all&sort=-sold")
    with page.expect_download() as started:
        page.get_by_test_id("csv-inventory").click()
    file = tmp_path / "panel.csv"
    started.value.save_as(file)
    head, *lines = read_csv(file.read_bytes())
    body = page.locator("table.seats tbody tr")
    assert body.count() == len(lines) == 11
    for name, label in (("day", "День"), ("sold", "Продано"), ("counted_at", "Посчитано")):
        shown = body.locator(f'td[data-column="{name}"]').evaluate_all(
            "all => all.map(cell => cell.dataset.value)"
        )
        assert shown == [line[head.index(label)] for line in lines]


def test_without_scripts_the_page_still_works(look: Look) -> None:
    """Bars, links and the form need no script."""
    screen = look(java_script_enabled=False)
    page = screen.page
    page.goto(screen.address.replace("/sales", "/inventory"))
    expect(page.locator("svg.bar").first).to_be_visible()
    page.get_by_test_id("filter-city").click()
    page.get_by_role("checkbox", name="Москва", exact=True).check()
    page.get_by_test_id("apply-city").click()
    page.wait_for_url(lambda url: "city=" in url)
    expect(page.locator("table.seats tbody tr")).to_have_count(3)


def test_a_phone_shows_cards(look: Look) -> None:
    """At 390 pixels each show is a card with its bar; without a count it has no row of dashes."""
    page = look(width=390).open("/inventory")
    bar = page.locator("svg.bar").first.bounding_box()
    assert bar is not None
    assert bar["width"] > 300
    expect(page.locator("tr.uncounted td.number").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_everything_can_be_reached_by_keyboard(screen: Screen) -> None:
    """Tab walks from the pages over the choices to the events of the table."""
    screen.open("/inventory")
    stops = screen.stops_until("event-name")
    wanted = {"nav-sales", "nav-inventory", "shows-past", "filter-city", "filter-event", "info"}
    wanted |= {"csv-inventory", "xlsx-inventory", "sort-day", "sort-sell_through"}
    assert wanted - set(stops) == set()

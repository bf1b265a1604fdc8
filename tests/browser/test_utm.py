"""The UTM page in a browser: a stacked chart, tables that narrow, the first page's manners."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from panel_rows import read_csv
from playwright.sync_api import Page, expect
from sample_store import Sale, total
from screen import Screen

pytestmark = pytest.mark.needs("browser")
Look = Callable[..., Screen]

RUSSIAN = """
- main:
  - heading "Продажи по меткам UTM" [level=1]
  - form "Фильтры":
    - navigation "Период":
      - link "Сегодня"
  - region "Главные показатели":
    - list:
      - listitem:
        - heading "Выручка" [level=3]
      - listitem:
        - heading "Заказы" [level=3]
      - listitem:
        - heading "Билеты" [level=3]
      - listitem:
        - heading "Средний билет" [level=3]
      - listitem:
        - heading "Выручка без меток" [level=3]
      - listitem:
        - heading "Заказы без меток" [level=3]
      - listitem:
        - heading "Доля без меток" [level=3]
        - 'button "Как считается: Доля без меток"'
      - listitem:
        - heading "Без меток за 7 дней" [level=3]
  - region "Выручка по дням и источникам":
    - 'link "Показать таблицей: Выручка по дням и источникам"'
    - img /Больше всего/
  - region "По источникам":
    - 'link "Скачать CSV: По источникам"'
    - 'link "Скачать XLSX: По источникам"'
    - group:
      - table:
        - rowgroup:
          - row
  - region "По источникам и каналам"
  - region "По кампаниям"
  - region "По содержанию"
  - region "По всем пяти меткам"
  - region "Метки не по правилу"
"""
ENGLISH = """
- main:
  - heading "Sales by UTM tags" [level=1]
  - region "Key figures":
    - list:
      - listitem:
        - heading "Net revenue" [level=3]
      - listitem:
        - heading "Orders" [level=3]
      - listitem:
        - heading "Tickets" [level=3]
      - listitem:
        - heading "Average ticket" [level=3]
      - listitem:
        - heading "Revenue without tags" [level=3]
      - listitem:
        - heading "Orders without tags" [level=3]
      - listitem:
        - heading "Share without tags" [level=3]
      - listitem:
        - heading "Without tags, 7 days" [level=3]
  - region "Revenue by day and source":
    - img /Most/
  - region "By source"
  - region "By source and medium"
  - region "By campaign"
  - region "By content"
  - region "By all five tags"
  - region "Tags outside the naming rule"
"""


def query(page: Page) -> list[tuple[str, str]]:
    """Read the address of a page."""
    return parse_qsl(urlsplit(page.url).query)


@pytest.mark.parametrize(("locale", "tree"), [("ru-RU", RUSSIAN), ("en-US", ENGLISH)])
def test_the_page_reads_well_without_being_seen(look: Look, locale: str, tree: str) -> None:
    """Landmarks, headings and links per language, and nothing in the console."""
    screen = look(locale=locale)
    expect(screen.open("/utm").locator("body")).to_match_aria_snapshot(tree)
    assert screen.complaints == []


def test_a_source_narrows_the_page(screen: Screen, sales: list[Sale], now: datetime) -> None:
    """A click on a row is a filter: tiles, tables, address and a chip that lets it go."""
    page = screen.open("/utm")
    page.locator('tr[data-key="source=vk"] a').click()
    page.wait_for_function("() => location.search.includes('tag_source=vk')")
    screen.ready()
    first = now.date() - timedelta(days=29)
    mine = [s for s in sales if s.day >= first and s.tags[0] == "vk" and s.event.currency == "RUB"]
    assert screen.value("revenue") == str(total(mine, "revenue"))
    assert query(page) == [("tag_source", "vk")]
    body = page.get_by_test_id("table-utm_mediums").locator("tbody th")
    assert sorted(body.all_inner_texts()) == ["vk / cpc", "vk / social"]
    page.get_by_test_id("chips").get_by_role("link", name="Убрать фильтр: Источник: vk").click()
    page.wait_for_function("() => location.search === ''")


def test_choices_of_tags_city_and_order_stand_in_one_address(screen: Screen) -> None:
    """A source from the list, a city, an order of all tables; one link lets them all go."""
    page = screen.open("/utm?tag_campaign=ice-vk-202506")
    page.get_by_test_id("filter-tag_source").click()
    page.get_by_role("checkbox", name="vk", exact=True).check()
    screen.click("apply-tag_source")
    screen.click("sort-utm_campaigns-tickets")
    page.get_by_test_id("filter-city").click()
    page.get_by_role("checkbox", name="Казань", exact=True).check()
    screen.click("apply-city")
    assert query(page) == [
        ("city", "казань"),
        ("tag_source", "vk"),
        ("tag_campaign", "ice-vk-202506"),
        ("sort", "-tickets"),
    ]
    expect(page.locator('th[aria-sort="descending"]')).to_have_count(5)
    screen.click("reset")
    assert query(page) == []
    assert screen.complaints == []


def test_the_tooltip_tells_the_sources_of_a_day(screen: Screen) -> None:
    """Over a day stand its sources, their sum and the period before."""
    screen.open("/utm?period=90d")
    tip = screen.tip("utm_revenue")
    told = tip.inner_text()
    assert "Выручка" in told
    assert "Прошлый период" in told
    assert screen.complaints == []


def test_the_csv_holds_the_rows_of_the_table(screen: Screen, tmp_path: Path) -> None:
    """The file has the rows in the order of the page, with the very figures of its cells."""
    page = screen.open("/utm?period=90d&sort=-orders")
    with page.expect_download() as started:
        page.get_by_test_id("csv-utm_sources").click()
    assert started.value.suggested_filename.startswith("utm_sources_")
    file = tmp_path / "panel.csv"
    started.value.save_as(file)
    head, *lines = read_csv(file.read_bytes())
    body = page.get_by_test_id("table-utm_sources").locator("tbody tr")
    assert body.count() == len(lines) == 3
    for name, label in (("orders", "Заказы"), ("revenue", "Выручка"), ("change", "Изменение")):
        shown = body.locator(f'td[data-column="{name}"]').evaluate_all(
            "all => all.map(cell => cell.dataset.value)"
        )
        assert shown == [line[head.index(label)] for line in lines]


def test_a_picture_of_the_chart_can_be_saved(screen: Screen) -> None:
    """The chart is offered as a PNG under the panel's name."""
    page = screen.open("/utm")
    with page.expect_download() as started:
        page.get_by_test_id("png-utm_revenue").click()
    assert started.value.suggested_filename == "utm_revenue.png"


def test_without_scripts_the_page_still_works(look: Look) -> None:
    """The chart is a table, rows are links, the lists are a plain form."""
    screen = look(java_script_enabled=False)
    page = screen.page
    page.goto(screen.address.replace("/sales", "/utm"))
    expect(page.get_by_test_id("table-utm_revenue")).to_be_visible()
    expect(page.locator(".chart").first).to_be_hidden()
    page.locator('tr[data-key="source=vk"] a').click()
    page.wait_for_url(lambda url: parse_qsl(urlsplit(url).query) == [("tag_source", "vk")])
    page.get_by_test_id("filter-tag_medium").click()
    page.get_by_role("checkbox", name="social", exact=True).check()
    page.get_by_test_id("apply-tag_medium").click()
    page.wait_for_url(lambda url: ("tag_medium", "social") in parse_qsl(urlsplit(url).query))
    assert ("tag_source", "vk") in query(page)


def test_everything_can_be_reached_by_keyboard(screen: Screen) -> None:
    """Tab walks from the pages over the choices to the tags of the tables."""
    screen.open("/utm")
    stops = screen.stops_until("csv-utm_faults")
    wanted = {"nav-utm", "preset-7d", "filter-tag_source", "filter-tag_medium", "info", "tag"}
    wanted |= {"view-utm_revenue", "csv-utm_tags", "sort-utm_sources-orders", "table-utm_contents"}
    assert wanted - set(stops) == set()

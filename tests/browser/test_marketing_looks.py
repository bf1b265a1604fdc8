"""How the Marketing page looks and reads: languages, widths, schemes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from screen import Screen

pytestmark = pytest.mark.needs("browser")
Look = Callable[..., Screen]

WEAK = """() => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
    .map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (one) => {
    const found = getComputedStyle(one).backgroundColor;
    return found === "rgba(0, 0, 0, 0)" ? ground(one.parentElement) : found;
  };
  return [...document.querySelectorAll(".lit, .light, .facts li, .unknown td, .note")]
    .map((one) => {
      const [high, low] = [light(getComputedStyle(one).color), light(ground(one))]
        .sort((x, y) => y - x);
      return [one.className, one.textContent.trim(), (high + 0.05) / (low + 0.05)];
    })
    .filter((found) => found[2] < 4.5);
}"""

RUSSIAN = """
- main:
  - heading "Реклама и продажи" [level=1]
  - form "Фильтры":
    - navigation "Период":
      - link "Сегодня"
      - link "30 дней"
  - list:
    - listitem: /Реклама \\(VK\\). загружено/
    - listitem: /Продажи \\(Qtickets\\). загружено/
    - listitem: /Сверка с кабинетом. все \\d+ дней сходятся/
    - listitem: Расход — без НДС
    - listitem: /Расход ещё уточняется/
  - region "Главные показатели":
    - list:
      - listitem:
        - heading "Расход" [level=3]
        - 'button "Как считается: Расход"'
      - listitem:
        - heading "Выручка" [level=3]
      - listitem:
        - heading "ROAS" [level=3]
        - paragraph: /окупается|на грани/
      - listitem:
        - heading "ROMI" [level=3]
      - listitem:
        - heading "ДРР" [level=3]
      - listitem:
        - heading "CPM" [level=3]
      - listitem:
        - heading "CPC" [level=3]
      - listitem:
        - heading "CPO" [level=3]
      - listitem:
        - heading "CPT" [level=3]
        - 'button "Как считается: CPT"'
  - region "Выручка и расход по дням":
    - 'link "Показать таблицей: Выручка и расход по дням"'
    - 'link "Скачать CSV: Выручка и расход по дням"'
    - img /Больше всего/
  - region "К чему отнесён расход":
    - paragraph: /К городу отнесено/
    - paragraph:
      - code: content_city_day
  - region "Кампании":
    - 'link "Скачать CSV: Кампании"'
    - 'link "Скачать XLSX: Кампании"'
    - group:
      - table:
        - rowgroup:
          - row /Кампания Расход Выручка ROAS ROMI ДРР/
        - rowgroup:
          - row /Без кампании/
  - region "Города"
  - region "События"
  - region "Метки (UTM)"
"""
ENGLISH = """
- main:
  - heading "Ads and sales" [level=1]
  - form "Filters"
  - list:
    - listitem: /Ads \\(VK\\). loaded/
    - listitem: /Sales \\(Qtickets\\). loaded/
    - listitem: /all \\d+ days agree/
    - listitem: Spend is without VAT
  - region "Key figures":
    - list:
      - listitem:
        - heading "Spend" [level=3]
        - 'button "How it is computed: Spend"'
  - region "Revenue and spend by day":
    - 'link "Show as a table: Revenue and spend by day"'
    - img /Most/
  - region "Where the spend belongs":
    - paragraph: /of the spend belongs to a city/
  - region "Campaigns":
    - 'link "Download XLSX: Campaigns"'
    - group:
      - table:
        - rowgroup:
          - row
        - rowgroup:
          - row /No campaign/
  - region "Cities"
  - region "Events"
  - region "Tags (UTM)"
"""


@pytest.mark.parametrize(("locale", "tree"), [("ru-RU", RUSSIAN), ("en-US", ENGLISH)])
def test_the_page_reads_well_without_being_seen(look: Look, locale: str, tree: str) -> None:
    """Landmarks, headings, names and facts per language, and no complaint."""
    screen = look(locale=locale)
    page = screen.open("/marketing")
    expect(page.locator("body")).to_match_aria_snapshot(tree)
    expect(page.locator(".tile")).to_have_count(9)
    expect(page.locator(".chart canvas")).to_have_count(1)
    assert screen.complaints == []


@pytest.mark.parametrize("where", ["/marketing", "/utm"])
def test_a_phone_jumps_to_a_table(look: Look, where: str) -> None:
    """Cards take several screens a table: each is one tap away, and a desktop needs no such way."""
    page = look(width=390).open(where)
    links = page.get_by_test_id("jump").get_by_role("link")
    assert links.count() >= 4
    links.last.click()
    page.wait_for_function(
        "name => Math.abs(document.querySelector(name).getBoundingClientRect().top) < 100",
        arg=links.last.get_attribute("href"),
    )
    expect(look(width=1360).open(where).get_by_test_id("jump")).to_be_hidden()


def test_a_phone_shows_cards(look: Look) -> None:
    """At 390 pixels each row is a card whose figures carry their names."""
    page = look(width=390).open("/marketing")
    cell = page.locator('table.marketing td[data-column="roas"]').first
    named = cell.evaluate("one => getComputedStyle(one, '::before').content")
    assert named == '"ROAS"'
    card = page.locator("table.marketing tbody tr").first.bounding_box()
    assert card is not None
    assert card["width"] > 340


def test_lit_figures_stand_out_from_their_ground(screen: Screen) -> None:
    """Green, yellow and red ratios are readable on white, on black and on the marked row."""
    page = screen.open("/marketing?rows=all")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(WEAK) == [], scheme

"""Languages, colours, widths and the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import expect
from screen import Screen

pytestmark = pytest.mark.needs("browser")
Look = Callable[..., Screen]

LIGHT = "rgb(245, 246, 248)"
DARK = "rgb(13, 16, 21)"

WEAK_PAIRS = """() => {
  const probe = document.body.appendChild(document.createElement("i"));
  const channels = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  };
  const light = (name) => channels(name)
    .map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const pairs = [["--text", "--page"], ["--text", "--surface"], ["--muted", "--page"],
    ["--muted", "--surface"], ["--muted", "--hover"], ["--good", "--good-soft"],
    ["--bad", "--bad-soft"], ["--warn", "--warn-soft"], ["--on-accent", "--accent"],
    ["--good", "--surface"], ["--bad", "--surface"], ["--accent", "--surface"]];
  return pairs.map((p) => [...p, contrast(...p)]).filter((p) => p[2] < 4.5);
}"""

RUSSIAN = """
- banner:
  - link "Zakaz"
  - navigation "Страницы":
    - link "Продажи"
    - link "Места"
    - link "События"
  - navigation "Язык":
    - link "RU"
    - link "EN"
  - navigation "Оформление":
    - link "Как в системе"
    - link "Светлое"
    - link "Тёмное"
- main:
  - heading "Продажи билетов" [level=1]
  - form "Фильтры":
    - navigation "Период":
      - link "Сегодня"
      - link "Вчера"
      - link "7 дней"
      - link "30 дней"
      - link "90 дней"
      - link "Этот месяц"
      - link "Всё время"
  - region "Главные показатели":
    - list:
      - listitem:
        - heading "Выручка" [level=3]
        - 'button "Как считается: Выручка"'
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
  - region "Выручка по дням":
    - 'link "Показать таблицей: Выручка по дням"'
    - 'button "Скачать картинку: Выручка по дням"'
    - 'link "Скачать CSV: Выручка по дням"'
    - img /Больше всего/
  - region "Города по выручке":
    - img /Больше всего/
  - region "События":
    - group:
      - table:
        - rowgroup:
          - row
"""
ENGLISH = """
- banner:
  - link "Zakaz"
  - navigation "Pages":
    - link "Sales"
    - link "Inventory"
    - link "Events"
  - navigation "Language"
  - navigation "Appearance":
    - link "As the system"
    - link "Light"
    - link "Dark"
- main:
  - heading "Ticket sales" [level=1]
  - form "Filters":
    - navigation "Period":
      - link "Today"
      - link "Yesterday"
      - link "7 days"
      - link "30 days"
      - link "90 days"
      - link "This month"
      - link "All time"
  - region "Key figures":
    - list:
      - listitem:
        - heading "Net revenue" [level=3]
        - 'button "How it is computed: Net revenue"'
      - listitem:
        - heading "Gross" [level=3]
      - listitem:
        - heading "Refunds" [level=3]
      - listitem:
        - heading "Tickets" [level=3]
      - listitem:
        - heading "Orders" [level=3]
      - listitem:
        - heading "Average ticket" [level=3]
  - region "Revenue by day":
    - 'link "Show as a table: Revenue by day"'
    - 'button "Download picture: Revenue by day"'
    - 'link "Download CSV: Revenue by day"'
    - img /Most/
  - region "Cities by revenue":
    - img /Most/
  - region "Events":
    - group:
      - table:
        - rowgroup:
          - row
"""


@pytest.mark.parametrize(("locale", "tree"), [("ru-RU", RUSSIAN), ("en-US", ENGLISH)])
def test_the_page_reads_well_without_being_seen(look: Look, locale: str, tree: str) -> None:
    """Landmarks, headings, names of buttons and links: a screen reader's view per language."""
    page = look(locale=locale).open()
    expect(page.locator("body")).to_match_aria_snapshot(tree)


@pytest.mark.parametrize(("query", "lang"), [("?lang=en", "en"), ("?lang=ru", "ru"), ("", "ru")])
def test_the_language_is_in_the_address(screen: Screen, query: str, lang: str) -> None:
    """The address decides the language, else the browser does; figures follow it."""
    page = screen.open(query)
    assert page.locator("html").get_attribute("lang") == lang
    shown = page.get_by_test_id("kpi-revenue").locator(".value").inner_text()
    assert ("\u202f" in shown and "," not in shown) == (lang == "ru")


def test_the_language_switch_keeps_the_choices(screen: Screen) -> None:
    """Another language shows the same page."""
    page = screen.open("?period=7d&city=казань")
    revenue = screen.value("revenue")
    page.get_by_test_id("lang-en").click()
    page.wait_for_function("() => document.documentElement?.lang === 'en'")
    screen.ready()
    assert revenue == screen.value("revenue")
    expect(page.get_by_test_id("chips")).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "query", "colour"),
    [
        ("light", "", LIGHT),
        ("dark", "", DARK),
        ("light", "?theme=dark", DARK),
        ("dark", "?theme=light", LIGHT),
        ("dark", "?theme=auto", DARK),
    ],
)
def test_colours_follow_the_system_unless_the_address_says_otherwise(
    screen: Screen, scheme: Literal["light", "dark"], query: str, colour: str
) -> None:
    """Light and dark by the system's scheme, or as asked for."""
    screen.page.emulate_media(color_scheme=scheme)
    page = screen.open(query)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == colour


def test_text_stands_out_from_its_ground(screen: Screen) -> None:
    """Every colour pair that carries text has a contrast of 4.5 to 1 at least."""
    page = screen.open()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(WEAK_PAIRS) == [], scheme


@pytest.mark.parametrize("width", [390, 1360])
def test_an_open_list_stays_on_the_screen(look: Look, width: int) -> None:
    """Pop-overs never reach beyond the window."""
    page = look(width=width).open()
    for name in ("dates", "city", "event"):
        page.get_by_test_id(f"filter-{name}").click()
        # The list is moved in the event of its opening, which may come a frame later.
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        box = page.locator(f"#pop-{name} .pop-body").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_can_be_reached_and_seen_by_keyboard(screen: Screen) -> None:
    """Tab walks from the skip link to the tables, and every stop has a visible outline."""
    page = screen.open()
    stops: list[str] = []
    while "event-name" not in stops:
        assert len(stops) < 500, stops
        page.keyboard.press("Tab")
        stop, outline = page.evaluate(
            """() => {
              const one = document.activeElement;
              const style = getComputedStyle(one);
              const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
              return [one.dataset.testid ?? (one.className || one.outerHTML), seen];
            }"""
        )
        assert outline, stop
        stops.append(stop)
    assert stops[0] == "skip"
    wanted = {"freshness", "lang-en", "theme-dark", "preset-7d", "filter-dates", "filter-city"}
    wanted |= {"filter-event", "info", "view-revenue", "csv-revenue", "png-cities", "csv-events"}
    wanted |= {"sort-revenue", "table-events", "event-name"}
    assert wanted - set(stops) == set()


def test_a_city_can_be_chosen_by_keyboard_alone(screen: Screen) -> None:
    """Open, type, Enter: the only match is taken; Escape closes and returns to the button."""
    page = screen.open()
    page.get_by_test_id("filter-city").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("filter-city")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("search-city")).to_be_focused()
    page.keyboard.type("казань")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('city=')")
    screen.ready()
    expect(page.get_by_test_id("chips").get_by_text("Казань")).to_be_visible()


def test_the_formula_of_a_figure_shows_on_focus(screen: Screen) -> None:
    """What a figure means is one key away."""
    page = screen.open()
    tile = page.get_by_test_id("kpi-average_ticket")
    expect(tile.get_by_role("tooltip")).to_be_hidden()
    tile.get_by_role("button").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(tile.get_by_role("tooltip")).to_be_visible()
    assert "Выручка ÷ билеты" in tile.get_by_role("tooltip").inner_text()

"""What holds for every page: contrast, names, order, outlines, widths, and that it is quiet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from screen import Screen

pytestmark = pytest.mark.needs("browser")

Looking = Callable[[], AbstractContextManager[Callable[..., Screen]]]
WIDTHS = (390, 1024, 1360)
BETWEEN = (360, 600, 761, 820, 960, 961, 1241)  # tablets, and widths on either side of a break
LOCALES = ("ru-RU", "en-US")
PAGES = (
    "/sales?period=90d",
    "/sales?period=all",
    "/sales?city=казань&event=102&event=104&table=revenue",
    "/inventory?shows=all",
    "/events?shows=all",
    "/events?event=101&table=curve",
    "/events?event=102&compare=101&compare=103&compare=104&measure=revenue",
    "/marketing?period=90d",
    "/marketing?period=all&table=marketing_days&rows=all",
    "/utm?period=90d",
    "/utm?period=today&tag_source=vk&table=utm_revenue",
)
CHOICES = (
    "/sales?period=today",
    "/sales?city=nowhere",
    "/inventory",
    "/inventory?shows=past",
    "/inventory?shows=all&sort=-sold",
    "/inventory?event=nothing",
    "/events",
    "/events?shows=past",
    "/events?city=nowhere",
    "/events?event=102",
    "/events?event=102&compare=101&compare=103&compare=104&compare=105",
    "/events?event=104&measure=revenue",
    "/events?event=105",
    "/events?event=201&compare=none",
    "/marketing",
    "/marketing?period=today",
    "/marketing?period=all&theme=dark",
    "/marketing?city=казань&campaign=501&rows=all",
    "/marketing?from=2020-01-01&to=2020-01-02",
    "/marketing?currency=KZT",
    "/utm?period=today",
    "/utm?period=all",
    "/utm?tag_source=nothing",
    "/utm?table=utm_revenue",
    "/utm?tag_source=vk&table=utm_revenue",
)
# Each page in both languages, each choice in one; the width at which it is opened goes round, and
# so do those between: each page has all of them, one half in each language, each choice a third.
VISITS = [
    *((where, locale, WIDTHS[(at + more) % 3], BETWEEN[more::2])
      for at, where in enumerate(PAGES) for more, locale in enumerate(LOCALES)),
    *((where, LOCALES[at % 2], WIDTHS[at % 3], BETWEEN[at % 3::3])
      for at, where in enumerate(CHOICES)),
]  # fmt: skip

# Texts whose colour is too near to what is painted beneath them; large ones may be nearer.
WEAK = """() => {
  const parse = (text) => {
    const [red, green, blue, alpha = 1] = text.match(/[\\d.]+/g).map(Number);
    return [red, green, blue, alpha];
  };
  const over = (top, under) => [0, 1, 2].map((at) => top[at] * top[3] + under[at] * (1 - top[3]));
  const ground = (one) => {
    const layers = [];
    for (let at = one; at; at = at.parentElement) {
      layers.push(parse(getComputedStyle(at).backgroundColor));
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const light = (colour) => colour
    .map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const one = walker.currentNode.parentElement;
    if (!text || one.closest(".hidden, .skip, script")) continue;
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const style = getComputedStyle(one);
    const under = ground(one);
    const both = [light(over(parse(style.color), under)), light(under)];
    const contrast = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    const size = parseFloat(style.fontSize);
    const wanted = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    if (contrast < wanted) found.add(`${one.className} ${text}: ${contrast.toFixed(2)}`);
  }
  return [...found];
}"""

# Figures and labels that are wider than their places.
CUT = """() => [...document.querySelectorAll(
    ".value, .delta, .was, .light, .tile h3, .panel h2, .switch a, .button, .badge, .facts li, "
    + "td.number")]
  .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.className + ": " + one.textContent.trim())"""

# What a screen reader would stumble over.
STUMBLES = """() => {
  const found = [];
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  found.push(...ids.filter((id, at) => ids.indexOf(id) < at).map((id) => `twice: ${id}`));
  for (const name of ["aria-labelledby", "aria-describedby"]) {
    for (const one of document.querySelectorAll(`[${name}]`)) {
      const id = one.getAttribute(name);
      if (!document.getElementById(id)) found.push(`points nowhere: ${id}`);
    }
  }
  const usable = "a[href], button, input:not([type=hidden]), summary";
  for (const one of document.querySelectorAll(usable)) {
    const name = one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent;
    if (!name.trim()) found.push(`no name: ${one.outerHTML.slice(0, 100)}`);
  }
  const heads = [...document.querySelectorAll("h1, h2, h3, h4")];
  const levels = heads.map((one) => Number(one.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) found.push("not one h1");
  if (levels.some((level, at) => at && level > levels[at - 1] + 1)) found.push("a level left out");
  for (const table of document.querySelectorAll("table")) {
    const columns = table.tHead.rows[0].cells.length;
    for (const row of table.tBodies[0].rows) {
      const heads = row.querySelectorAll("th[scope=row]").length;
      if (row.cells.length !== columns || heads !== 1) found.push(`row: ${row.dataset.key}`);
    }
  }
  return found;
}"""

# Stops of the keyboard that nothing would show.
UNSEEN = """() => {
  const found = [];
  for (const one of document.querySelectorAll("a[href], button, summary, [tabindex='0']")) {
    if (!one.checkVisibility() || one.closest("details:not([open]) > :not(summary)")) continue;
    one.focus({ preventScroll: true });
    const style = getComputedStyle(one);
    const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    if (document.activeElement !== one || !seen) found.push(one.outerHTML.slice(0, 100));
  }
  return found;
}"""


@dataclass
class Visit:
    """An address opened once, for all questions below, and the widths between the usual ones."""

    screen: Screen
    between: tuple[int, ...]

    @property
    def page(self) -> Page:
        """The page in the browser."""
        return self.screen.page


@pytest.fixture(scope="module", params=VISITS, ids=lambda visit: " ".join(map(str, visit[:3])))
def visit(request: pytest.FixtureRequest, looking: Looking) -> Iterator[Visit]:
    """Yield the next visit."""
    where, locale, width, between = request.param
    with looking() as make:
        screen = make(width, locale)
        screen.open(where)
        yield Visit(screen, between)


def test_every_text_stands_out_from_what_is_beneath_it(visit: Visit) -> None:
    """Contrast of 4.5 to 1 for what is really painted, 3 to 1 for large type, in both schemes."""
    weak = {}
    for scheme in ("dark", "light"):
        visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        weak[scheme] = visit.page.evaluate(WEAK)
    assert weak == {"dark": [], "light": []}


def test_nothing_stumbles_a_screen_reader(visit: Visit) -> None:
    """Ids are single, all that can be used has a name, no level is left out, rows have heads."""
    assert visit.page.evaluate(STUMBLES) == []


def test_every_stop_of_the_keyboard_is_seen(visit: Visit) -> None:
    """Whatever Tab may come to has an outline there."""
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate(UNSEEN) == []


def test_nothing_overflows_at_any_width(visit: Visit) -> None:
    """No page scrolls sideways and no figure is cut, from the smallest phone to the desktop."""
    for width in (320, *WIDTHS, *visit.between):
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.wait_for_function(
            "width => innerWidth === width && document.documentElement.scrollWidth <= width",
            arg=width,
        )
        if width in WIDTHS:
            assert visit.page.evaluate(CUT) == [], width


def test_every_choice_is_quiet(visit: Visit, address: str) -> None:
    """Whatever was asked of a page: no complaint in the console, nothing asked of another host."""
    assert visit.screen.complaints == []
    assert {urlsplit(r.url).netloc for r in visit.screen.requests} == {urlsplit(address).netloc}

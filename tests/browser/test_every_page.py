"""What holds for every page: contrast, names, order, outlines, widths between phone and desktop."""

from __future__ import annotations

import pytest
from screen import Screen

pytestmark = pytest.mark.needs("browser")

PAGES = (
    "/sales?period=90d",
    "/inventory?shows=all",
    "/events?shows=all",
    "/events?event=102",
    "/marketing?period=90d",
    "/utm?period=90d",
    "/utm?tag_source=vk&table=utm_revenue",
)

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


@pytest.mark.parametrize("where", PAGES)
def test_every_text_stands_out_from_what_is_beneath_it(screen: Screen, where: str) -> None:
    """Contrast of 4.5 to 1 for what is really painted, 3 to 1 for large type, in both schemes."""
    page = screen.open(where)
    weak = {}
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        weak[scheme] = page.evaluate(WEAK)
    assert weak == {"dark": [], "light": []}


@pytest.mark.parametrize("where", PAGES)
def test_nothing_stumbles_a_screen_reader(screen: Screen, where: str) -> None:
    """Ids are single, all that can be used has a name, no level is left out, rows have heads."""
    assert screen.open(where).evaluate(STUMBLES) == []


@pytest.mark.parametrize("where", PAGES)
def test_every_stop_of_the_keyboard_is_seen(screen: Screen, where: str) -> None:
    """Whatever Tab may come to has an outline there."""
    page = screen.open(where)
    page.keyboard.press("Tab")
    assert page.evaluate(UNSEEN) == []


@pytest.mark.parametrize("where", PAGES)
def test_no_page_scrolls_sideways_at_any_width(screen: Screen, where: str) -> None:
    """From the smallest phone over tablets on either side of a break to the desktop."""
    page = screen.open(where)
    for width in (320, 360, 600, 761, 820, 960, 961, 1241):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    page.set_viewport_size({"width": 1360, "height": 900})

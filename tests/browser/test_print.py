"""The pages on paper: light, whole, the charts within their panels."""

from __future__ import annotations

import pytest
from screen import Screen

PAPER = {"width": 1047, "height": 718}  # A4 across, less its margins, in CSS pixels
LABEL = """() => echarts.getInstanceByDom(document.querySelector('[data-chart]'))
    .getOption().xAxis[0].axisLabel.color"""
COLOURS = """() => [getComputedStyle(document.querySelector('h1')).color,
    getComputedStyle(document.querySelector('.panel')).backgroundColor,
    getComputedStyle(document.body).backgroundColor]"""
OUTSIDE = """() => [...document.querySelectorAll('canvas, table, .value')].filter((one) => {
    const box = one.closest('.panel, .tile').getBoundingClientRect();
    const own = one.getBoundingClientRect();
    return own.width && (own.right > box.right + 1 || own.bottom > box.bottom + 1
        || one.scrollWidth > one.clientWidth + 1);
  }).map((one) => one.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("where", ["/sales", "/marketing", "/events?event=101", "/utm"])
def test_field_p19_a_printed_page_is_light_and_whole(screen: Screen, where: str) -> None:
    """A dark page prints dark on white, nothing is wider than its panel or the paper."""
    page = screen.open(f"{where}{'&' if '?' in where else '?'}theme=dark")
    size, dark = page.viewport_size, page.evaluate(LABEL)
    assert page.evaluate(COLOURS)[0] == "rgb(233, 237, 244)"
    try:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        page.set_viewport_size(PAPER)  # type: ignore[arg-type]
        white = "rgb(255, 255, 255)"
        assert page.evaluate(COLOURS) == ["rgb(20, 26, 36)", white, white]
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        printed = page.evaluate(LABEL)
        assert printed != dark
    finally:
        page.emulate_media(media="screen")
        if size:
            page.set_viewport_size(size)
        page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(LABEL) == dark
    screen.open(f"{where}{'&' if '?' in where else '?'}theme=light")
    assert page.evaluate(LABEL) == printed

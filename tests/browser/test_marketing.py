"""The Marketing page in a browser: choices, formulas, files, keys, and no scripts."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from panel_rows import read_csv
from playwright.sync_api import Page, expect
from screen import Screen

pytestmark = pytest.mark.needs("browser")
Look = Callable[..., Screen]

PANELS = ("kpi", "days", "attribution", "campaigns", "cities", "events", "utm")
TILES = ("spend", "revenue", "roas", "romi", "drr", "cpm", "cpc", "cpo", "cpt")


def query(page: Page) -> dict[str, list[str]]:
    """Read the address of a page."""
    return parse_qs(urlsplit(page.url).query)


def test_a_formula_is_one_key_away(screen: Screen) -> None:
    """Each figure says how it is computed, on focus and on a tap, in words and not in code."""
    page = screen.open("/marketing")
    shown = page.get_by_role("tooltip")
    expect(shown).to_have_count(0)
    for name in TILES:
        tile = page.get_by_test_id(f"kpi-{name}")
        tile.get_by_role("button").focus()
        expect(tile.get_by_role("tooltip")).to_be_visible()
        expect(shown).to_have_count(1)
        assert len(shown.inner_text()) > 20, name
    page.keyboard.press("Tab")
    expect(shown).to_have_count(0)


def test_a_tap_shows_a_formula_on_a_phone(look: Look) -> None:
    """Without a mouse and without a keyboard the formula is a tap away."""
    page = look(width=390, has_touch=True, is_mobile=True).open("/marketing")
    tile = page.get_by_test_id("kpi-drr")
    formula, deadline = tile.get_by_role("tooltip"), time.monotonic() + 60
    while not formula.is_visible():
        assert time.monotonic() < deadline, "no tap shows the formula"
        # On a busy machine a tap may last so long that the browser takes it for a long press.
        tile.get_by_role("button").tap()
        with suppress(AssertionError):
            expect(formula).to_be_visible(timeout=2_000)
    assert "расход ÷ выручка" in formula.inner_text()


def test_a_campaign_narrows_the_page(screen: Screen) -> None:
    """Chosen in its list it is in the address and on a chip; the chip lets it go again."""
    page = screen.open("/marketing?period=90d")
    whole = screen.value("spend")
    page.get_by_test_id("filter-campaign").click()
    page.get_by_test_id("search-campaign").fill("лёд")
    page.get_by_role("checkbox", name="VK_конверсии_лёд_2025").check()
    screen.click("apply-campaign")
    assert query(page) == {"period": ["90d"], "campaign": ["501"]}
    assert screen.value("spend") != whole
    rows = page.locator('[data-testid="table-marketing_campaigns"] tbody tr')
    assert rows.evaluate_all("all => all.map(row => row.dataset.key)") == ["501", "unknown"]
    screen.click("reset")
    assert query(page) == {}
    assert screen.complaints == []


def test_one_order_holds_for_all_tables(screen: Screen) -> None:
    """A head clicked in one table orders the others too; unattributed spend stays last."""
    page = screen.open("/marketing")
    screen.click("sort-marketing_cities-revenue")
    assert query(page) == {"sort": ["-revenue"]}
    for name in ("campaigns", "cities", "events", "utm"):
        table = page.get_by_test_id(f"table-marketing_{name}")
        keys = table.locator("tbody tr").evaluate_all("all => all.map(row => row.dataset.key)")
        assert keys[-1] == "unknown"
        cells = table.locator('tbody tr:not(.unknown) td[data-column="revenue"]')
        values = cells.evaluate_all("all => all.map(cell => Number(cell.dataset.value))")
        assert values == sorted(values, reverse=True)
    expect(page.get_by_test_id("sort-marketing_cities-revenue")).to_be_focused()


def test_each_panel_is_a_file(screen: Screen) -> None:
    """Every panel is offered in both forms under its own name and period."""
    for form in ("csv", "xlsx"):
        # Anew for each form: Chromium asks before it gives a page more than ten downloads.
        page = screen.open("/marketing?period=7d")
        for name in PANELS:
            with page.expect_download() as started:
                page.get_by_test_id(f"{form}-marketing_{name}").click()
            file = started.value.suggested_filename
            assert file.startswith(f"marketing_{name}_")
            assert file.endswith(f".{form}")


def test_the_csv_holds_the_rows_of_the_table(screen: Screen, tmp_path: Path) -> None:
    """The file has the very figures of the cells, in the order of the page."""
    page = screen.open("/marketing?sort=-roas")
    with page.expect_download() as started:
        page.get_by_test_id("csv-marketing_utm").click()
    file = tmp_path / "panel.csv"
    started.value.save_as(file)
    head, *lines = read_csv(file.read_bytes())
    body = page.locator('[data-testid="table-marketing_utm"] tbody tr')
    assert body.count() == len(lines)
    for column, label in (("spend", "Расход"), ("roas", "ROAS"), ("cpt", "CPT")):
        shown = body.locator(f'td[data-column="{column}"]').evaluate_all(
            "all => all.map(cell => cell.dataset.value)"
        )
        assert shown == [line[head.index(label)] for line in lines]


def test_b02_names_from_the_cabinet_run_nothing(screen: Screen) -> None:
    """A script for a campaign or a tag is shown letter by letter."""
    dialogs: list[str] = []
    screen.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page = screen.open("/marketing?rows=all")
    expect(page.get_by_role("link", name="<script>alert(3)</script>")).to_be_visible()
    tip = screen.tip("marketing_days")
    assert "ROAS" in tip.inner_text()
    assert (dialogs, screen.complaints) == ([], [])


def test_without_scripts_the_page_still_works(look: Look) -> None:
    """Tables stand where the chart would, links are links and the filters are a plain form."""
    screen = look(java_script_enabled=False)
    page = screen.page
    page.goto(screen.address.replace("/sales", "/marketing"))
    expect(page.get_by_test_id("table-marketing_days")).to_be_visible()
    expect(page.locator(".chart").first).to_be_hidden()
    page.get_by_test_id("filter-campaign").click()
    page.get_by_role("checkbox", name="VK_конверсии_лёд_2025").check()
    page.get_by_test_id("apply-campaign").click()
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("campaign") == ["501"])
    assert urlsplit(page.url).path == "/marketing"
    page.get_by_test_id("preset-7d").click()
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("period") == ["7d"])


def test_everything_can_be_reached_by_keyboard(screen: Screen) -> None:
    """Tab walks from the pages over filters and formulas to the last table."""
    screen.open("/marketing")
    stops = screen.stops_until("table-marketing_utm")
    wanted = {"nav-marketing", "preset-7d", "filter-campaign", "info", "view-marketing_days"}
    wanted |= {"csv-marketing_kpi", "xlsx-marketing_campaigns", "sort-marketing_events-roas"}
    assert wanted - set(stops) == set()

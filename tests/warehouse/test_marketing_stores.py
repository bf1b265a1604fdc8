"""The Marketing page over stores of one side, of nothing, of two currencies and of many loads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from golden_rows import Golden
from marketing_board import NOW, Shown, assert_whole, reading
from staged import Staged
from zakaz import facts
from zakaz_web.reading import Reading


@pytest.fixture
def board(staged: Staged) -> Callable[..., Shown]:
    """Return a maker of the page over what the test has staged."""
    opened: list[Reading] = []

    def make(query: str = "") -> Shown:
        if not opened:
            facts.rebuild_all(staged.warehouse, at=NOW)
            opened.append(reading(staged.warehouse))
        with opened[0].snapshot() as snapshot:
            return Shown(snapshot, query)

    return make


def test_h1_ads_alone_have_costs_but_no_return(staged: Staged, board: Callable[..., Shown]) -> None:
    """Where sales were never loaded nothing of them is known: dashes, and never a loss of 100 %."""
    Golden("h1_no_event").stage(staged)
    shown = board("period=all")
    view, tiles = shown.view, shown.tiles()
    assert (view.has_ads, view.has_sales) == (True, False)
    assert [tiles[name] for name in ("spend", "cpm", "cpc")] == ["500.00", "500.00", "50.00"]
    unknown = ("revenue", "orders", "tickets", "roas", "romi", "drr", "cpo", "cpt")
    assert {tiles[name] for name in unknown} == {""}
    assert_whole(shown)


def test_sales_alone_have_revenue_and_no_cost(staged: Staged, board: Callable[..., Shown]) -> None:
    """Where ads were never loaded their figures are dashes, not a spend of 0."""
    staged.event()
    staged.show()
    staged.ticket("1")
    shown = board("period=all")
    tiles = shown.tiles()
    assert (shown.view.has_ads, shown.view.has_sales) == (False, True)
    assert [tiles[name] for name in ("revenue", "orders", "tickets")] == ["1000.00", "1", "1"]
    assert {tiles[name] for name in ("spend", "clicks", "impressions", "roas", "drr")} == {""}
    assert_whole(shown)


def test_h12_currencies_are_never_added(staged: Staged, board: Callable[..., Shown]) -> None:
    """Roubles and tenge are two pages of one address; the one with most spend comes first."""
    Golden("h12_two_currencies").stage(staged)
    assert board("period=all").view.currencies == ("KZT", "RUB")
    for currency, spend, revenue in (("KZT", "700.00", "7000.00"), ("RUB", "100.00", "1000.00")):
        shown = board(f"period=all&currency={currency}")
        tiles = shown.tiles()
        assert [tiles[name] for name in ("spend", "revenue", "roas")] == [spend, revenue, "10.0000"]
        assert_whole(shown)


def test_h7_unmerged_loads_change_no_figure(staged: Staged, board: Callable[..., Shown]) -> None:
    """Every row loaded three times, nothing merged: the page shows one load."""
    with staged.together():
        for name in ("h1_three_events", "h3_ratios", "h12_two_currencies"):
            Golden(name).stage(staged, times=3)
    for chosen, spend in (
        ("from=2026-02-03&to=2026-02-03", "500.00"),
        ("from=2026-02-05&to=2026-02-06", "300.00"),
        ("from=2026-02-08&to=2026-02-08&currency=KZT", "700.00"),
    ):
        shown = board(chosen)
        assert shown.tiles()["spend"] == spend
        assert_whole(shown)


def test_a_store_without_a_row_is_empty(board: Callable[..., Shown]) -> None:
    """Nothing was ever loaded: the page says so and shows no figure."""
    assert board("").view.is_empty

"""The Marketing page of the demo equals plain Python on the emulators' own records, row by row."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from marketing_board import Shown, assert_whole, reading
from marketing_by_hand import Figures, Ledger

if TYPE_CHECKING:
    from conftest import Ground

DAYS = 30
TABLES = {
    "marketing_campaigns": "ad_plan_id",
    "marketing_cities": "city",
    "marketing_events": "event_id",
}
SUMS = {
    "spend": "spend", "revenue": "revenue", "impressions": "impressions", "clicks": "clicks",
    "orders": "orders", "tickets": "tickets_sold",
}  # fmt: skip
RATIOS = {"roas": 4, "romi": 4, "drr": 4, "cpc": 2, "cpm": 2, "cpo": 2, "cpt": 2}
OF_ADS_ALONE = ("cpc", "cpm")


@pytest.fixture(scope="module")
def recent(loaded: Ground, by_hand: Ledger) -> Ledger:
    """Give the sales and the ads of the page's days, out of the records."""
    last = loaded.clock().date()
    first = last - timedelta(days=DAYS - 1)
    return Ledger([(place, one) for place, one in by_hand.entries if first <= place["d"] <= last])


@pytest.fixture(scope="module")
def shown(loaded: Ground) -> Shown:
    """Give the page of these days, all rows of it."""
    with reading(loaded.store.warehouse).snapshot() as snapshot:
        return Shown(snapshot, f"period={DAYS}d&rows=all", loaded.clock())


def assert_equal(cells: dict[str, str], figures: Figures, *, is_attributed: bool = True) -> None:
    """Compare sums to the kopeck and ratios to their last digit; a dash has no figure.

    Spend and sales that are not attributed make no ratio with each other.
    """
    for name, own in SUMS.items():
        assert Decimal(cells[name]) == getattr(figures, own), name
    ratios = figures.ratios()
    for name, digits in RATIOS.items():
        expected = ratios[name] if is_attributed or name in OF_ADS_ALONE else None
        if expected is None:
            assert cells[name] == "", name
        else:
            near = pytest.approx(expected, abs=0.51 * 10**-digits)
            assert float(cells[name]) == near, name


def test_every_tile_equals_the_records(shown: Shown, recent: Ledger) -> None:
    """All thirteen figures of the last thirty days."""
    assert_equal(shown.tiles(), recent.grouped(lambda place: ())[()])
    assert_whole(shown)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_equals_the_records(shown: Shown, recent: Ledger, table: str) -> None:
    """Each campaign, city and event, and what no rule gives one: none too many, none too few."""
    wanted = recent.grouped(lambda place: (place[TABLES[table]],))
    rows = shown.rows(table)
    assert rows.keys() == {key for (key,) in wanted} | {"unknown"}
    for key, cells in rows.items():
        assert_equal(cells, wanted.get((key,), Figures()), is_attributed=key != "unknown")


def test_the_days_of_the_demo_agree_with_its_account(shown: Shown) -> None:
    """The account's own sum proves the banners of every day; no alarm in a demonstration."""
    assert shown.rows("marketing_control") == {}

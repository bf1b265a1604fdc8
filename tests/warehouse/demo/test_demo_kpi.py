"""Every marketing KPI of the demo organisation equals plain Python on the emulators' records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
from marketing_board import reading
from marketing_by_hand import TAGS, Figures, Ledger, Row
from utm_board import Shown, reckoned, whole
from zakaz_web.utm_panels import TABLES

if TYPE_CHECKING:
    from conftest import Ground

SUMS = tuple(vars(Figures()))
RATIOS = tuple(Figures().ratios())
VIEWS = {
    "bi.v_vk_ads_daily": ("account_id", "d", "banner_id", "ad_plan_id", "city", "event_id", *TAGS),
    "bi.v_marketing_roi_daily": ("d", "city"),
    "bi.v_romi_daily": ("d", *TAGS),
}
GROUPS = (("city",), ("event_id",), ("ad_plan_id",), ("utm_source", "utm_campaign"), ("d",), ())
PERIODS = [
    pytest.param(names, days, id="-".join((*names, str(days))))
    for names, days in zip(GROUPS, cycle((30, 366)), strict=False)
]


def keyed(*names: str) -> Callable[[Row], tuple[Any, ...]]:
    return lambda place: tuple(place.get(name) for name in (*names, "currency"))


def near(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected


@pytest.mark.parametrize("view", VIEWS)
def test_every_row_of_a_view_equals_the_calculation_by_hand(
    loaded: Ground, by_hand: Ledger, view: str
) -> None:
    """Sums to the kopeck, ratios to the last digits, and no row too many or too few."""
    key = VIEWS[view]
    wanted = by_hand.grouped(keyed(*key))
    if "banner_id" in key:
        wanted = {group: sums for group, sums in wanted.items() if group[2] is not None}
    rows = loaded.store.warehouse.query(f"SELECT * FROM {view}").dicts()
    told = {keyed(*key)(row): row for row in rows}
    assert told.keys() == wanted.keys()
    for group, row in told.items():
        expected = vars(wanted[group]) | wanted[group].ratios()
        for name in (*SUMS, *RATIOS):
            if name in row:
                assert row[name] == near(expected[name]), (group, name)


@pytest.mark.parametrize(("names", "days"), PERIODS)
def test_every_kpi_of_a_period_equals_the_calculation_by_hand(
    loaded: Ground, by_hand: Ledger, names: tuple[str, ...], days: int
) -> None:
    """As a page adds them up: by city, event, campaign, tags and day, and all together."""
    last = loaded.clock().date()
    first = last - timedelta(days=days - 1)
    recent = Ledger([(place, one) for place, one in by_hand.entries if first <= place["d"] <= last])
    sums = ", ".join(f"sum({name}) AS {name}" for name in SUMS)
    rows = loaded.store.warehouse.query(
        f"SELECT {', '.join((*names, 'currency'))}, {sums} FROM bi.v_marketing_daily"
        f" WHERE d >= '{first}' AND d <= '{last}' GROUP BY ALL"
    ).dicts()
    told = {keyed(*names)(row): Figures(*(row[name] for name in SUMS)) for row in rows}
    wanted = recent.grouped(keyed(*names))
    assert told == wanted
    assert {group: one.ratios() for group, one in told.items()} == {
        group: one.ratios() for group, one in wanted.items()
    }


def test_the_unattributed_bucket_holds_what_no_city_can_be_given(
    loaded: Ground, by_hand: Ledger
) -> None:
    """Creative forms, an unknown suburb, VK's own tags and none at all; nothing else."""
    rows = loaded.rows(
        "SELECT attribution_reason, sum(spend) FROM bi.v_vk_ads_daily"
        " WHERE city = 'unknown' GROUP BY ALL"
    )
    found = dict(rows)
    assert found.keys() == {"no_content", "no_city_in_content", "city_not_known"}
    assert all(found.values())
    unknown = by_hand.grouped(keyed("city"))["unknown", "RUB"]
    assert sum(found.values()) == unknown.spend


@pytest.mark.parametrize("days", [7, 30, 366])
def test_the_utm_page_equals_the_calculation_by_hand(
    loaded: Ground, by_hand: Ledger, days: int
) -> None:
    """Each row of each of its tables, and what came without any tag."""
    now = loaded.clock()
    first = now.date() - timedelta(days=days - 1)
    query = f"from={first}&to={now.date()}&rows=all"
    with reading(loaded.store.warehouse).snapshot() as snapshot:
        shown = Shown(snapshot, query, now)
        tiles = shown.tiles()
        tables = {table: shown.sold(table) for table in TABLES}
    span = first, now.date()
    wanted = whole(by_hand, span, "RUB")
    assert {name: tiles[name] for name in wanted} == wanted
    assert wanted["untagged_orders"]
    for table, rows in tables.items():
        assert rows == reckoned(by_hand, table, span, "RUB")

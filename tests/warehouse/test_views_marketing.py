"""Spend beside revenue: golden data side by side in one store, through the real rebuild, unmerged.

Each case has an account, a city and days of its own. The store is filled and rebuilt once, then
loaded twice more, and at last its facts are written again; each state of the views is read once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from golden_rows import RATIOS, Golden, told
from marketing_cases import (
    ACCOUNTS,
    ADS,
    FILES,
    H6,
    H8,
    H11,
    H13,
    H14,
    IDLE,
    MARKETING,
    ROI,
    ROMI,
    stage,
)
from staged import Staged, msk
from zakaz import facts
from zakaz.schema import checks
from zakaz.warehouse.embedded import EmbeddedWarehouse

pytestmark = pytest.mark.engine

NOW = msk("2026-03-15 10:00")
VIEWS = {
    ADS: "d, account_id, banner_id",
    MARKETING: "d, source, account_id, event_id, currency",
    ROI: "d, city, currency",
    ROMI: "d, utm_source, currency",
}
SHORT = {ROI: "roi", ROMI: "romi"}
SPENT = {
    "zakaz.stg_vk_ads_daily FINAL WHERE NOT is_deleted": "stat_date",
    "zakaz.fact_ads_daily": "stat_date",
} | dict.fromkeys(VIEWS, "d")
EARNED = ("bi.v_sales_daily", MARKETING, ROI, ROMI)
UNMERGED = ("fact_ads_daily", "dim_ads", "dim_events", "fact_qtickets_sales_daily")

Rows = list[dict[str, Any]]


@dataclass
class Board:
    """The views in every state of the store: before any load, loaded once, thrice, and unmerged."""

    warehouse: EmbeddedWarehouse
    empty: dict[str, Rows]
    once: dict[str, Rows]
    thrice: dict[str, Rows]
    unmerged: dict[str, Rows]
    spent: dict[str, Any]
    days_read: list[str]

    def on(self, view: str, *days: date) -> Rows:
        """Return the rows of some days, loaded once."""
        return [row for row in self.once[view] if row["d"] in days]


@pytest.fixture(scope="module")
def board(shared: Staged) -> Board:
    """Return what the views tell of the cases, each state of the store rebuilt and checked."""
    warehouse = shared.warehouse
    assert isinstance(warehouse, EmbeddedWarehouse)
    facts.rebuild_all(warehouse, at=NOW)
    empty = read(warehouse)
    warehouse.execute(
        "INSERT INTO zakaz.dim_city_alias (alias, city, _ver, _loaded_at)"
        " SELECT 'томск', 'северск', number, now() FROM numbers(1, 3)"
    )
    with shared.together():
        stage(shared)
    spent = rebuilt(warehouse)
    once = read(warehouse)
    plan = warehouse.query(
        f"EXPLAIN indexes = 1 SELECT city, sum(spend) FROM {ROI}"
        " WHERE d BETWEEN '2026-02-01' AND '2026-02-28' GROUP BY city"
    ).rows
    with shared.together():
        stage(shared)
        stage(shared)
    for table in ("stg_vk_ads_daily", "stg_qtickets_orders", "stg_qtickets_baskets"):
        assert 3 * count(warehouse, f"{table} FINAL") == count(warehouse, table)
    assert rebuilt(warehouse) == spent
    thrice = read(warehouse)
    for table in UNMERGED * 2:
        warehouse.execute(f"INSERT INTO zakaz.{table} SELECT * FROM zakaz.{table}")
        assert count(warehouse, table) > count(warehouse, f"{table} FINAL")
    days_read = [line.strip(" │") for (line,) in plan]
    return Board(warehouse, empty, once, thrice, read(warehouse), spent, days_read)


def rebuilt(warehouse: EmbeddedWarehouse) -> dict[str, Any]:
    """Rebuild everything; no check may fail, no day's spend or revenue may change on its way."""
    facts.rebuild_all(warehouse, at=NOW)
    assert checks.run(warehouse) == []
    spent = {of: by_day(warehouse, of, day, "spend") for of, day in SPENT.items()}
    assert list(spent.values()) == [spent["zakaz.fact_ads_daily"]] * len(SPENT)
    earned = [by_day(warehouse, view, "d", "revenue") for view in EARNED]
    assert earned == [earned[0]] * len(EARNED)
    return spent


def by_day(warehouse: EmbeddedWarehouse, of: str, day: str, money: str) -> Any:
    """Return the sums of money by day and currency."""
    return warehouse.query(
        f"SELECT {day} AS on_day, currency, sum({money}) AS total FROM {of}"
        " GROUP BY on_day, currency HAVING total != 0 ORDER BY on_day, currency"
    ).rows


def read(warehouse: EmbeddedWarehouse) -> dict[str, Rows]:
    """Return every row of the views."""
    return {
        view: warehouse.query(f"SELECT * FROM {view} ORDER BY {order}").dicts()
        for view, order in VIEWS.items()
    }


def count(warehouse: EmbeddedWarehouse, table: str) -> int:
    return int(warehouse.query(f"SELECT count() FROM zakaz.{table}").scalar())


def golden(board: Board, name: str, loads: str = "once") -> None:
    """Hold the view's rows of a file's days against the rows of the file."""
    view = FILES[name]
    wanted = Golden(name).rows(SHORT[view])
    days = {row["d"] for row in wanted}
    assert told([row for row in getattr(board, loads)[view] if row["d"] in days]) == wanted


@pytest.mark.parametrize("case", ["h1_no_event", "h1_one_event", "h1_three_events"])
def test_h1_the_number_of_events_does_not_multiply_spend(board: Board, case: str) -> None:
    """With 0, 1 and 3 events on a city's day its spend of 500 stays 500."""
    golden(board, case)


def test_h2_a_side_alone_keeps_day_and_city(board: Board) -> None:
    """Ads without sales and sales without ads are rows of their own, none before 2000."""
    golden(board, "h2_one_side_only")
    for view in VIEWS:
        assert min(row["d"] for row in board.once[view]) >= date(2000, 1, 1)


def test_h3_no_spend_is_no_ratio_and_no_digit_is_cut(board: Board) -> None:
    """ROAS and ROMI are NULL at spend 0, and 2000 / 300 is 6.6667."""
    golden(board, "h3_ratios")


def test_h4_spend_meets_the_sales_of_its_day(board: Board) -> None:
    """A ticket for a later show counts on the day it was bought."""
    golden(board, "h4_day_of_sale")


@pytest.mark.parametrize("case", FILES)
def test_h7_unmerged_loads_change_no_figure(board: Board, case: str) -> None:
    """Every row loaded three times, nothing merged: the same rows as after one load."""
    golden(board, case, "thrice")


def test_h7_unmerged_rows_of_facts_and_dimensions_change_no_figure(board: Board) -> None:
    """A fact, a dimension and the dictionary written three times read as one."""
    assert board.once == board.thrice == board.unmerged


def test_h6_two_versions_of_an_alias_multiply_neither_side(board: Board) -> None:
    """The newest meaning holds for sales and ads alike."""
    rows = [(row["city"], row["revenue"], row["spend"]) for row in board.on(ROI, H6)]
    assert rows == [("северск", 2000, 500)]


def test_h8_spend_of_an_event_that_never_sold_has_its_name(board: Board) -> None:
    """An event known from the playbill alone names its spend; an unknown sale keeps its id."""
    names = ("event_id", "event_name", "city", "revenue", "spend")
    assert [tuple(row[name] for name in names) for row in board.on(MARKETING, H8)] == [
        ("nowhere", "", "unknown", 1000, 0),
        ("e8", "Гала", "киров", 0, 500),
    ]
    (row,) = board.on(ADS, H8)
    assert (row["event_id"], row["event_name"]) == ("e8", "Гала")


def test_h10_ratios_over_days_are_those_of_the_sums(board: Board) -> None:
    """ROAS of two days is revenue over spend of both; the average of the rows is another figure."""
    (row,) = board.warehouse.query(
        "SELECT sum(revenue) / sum(spend) AS of_sums, avg(roas) AS of_rows,"
        f" toTypeName(any(roas)) AS kind FROM {ROI} WHERE city = 'сочи'"
    ).dicts()
    assert (float(row["of_sums"]), row["of_rows"]) == (1.9, 5.5)
    assert row["kind"] == "Nullable(Float64)"


def test_h11_ctr_is_a_share_and_cpc_is_of_clicks(board: Board) -> None:
    """CTR is not multiplied by 100, and a click, a ticket and an order each have their own cost."""
    of_clicks = {"ctr": 0.01, "cpc": 50.0}
    for view, wanted in (
        (ADS, of_clicks | {"cpm": 500.0}),
        (ROI, of_clicks | {"cpt": 250.0, "cpo": 500.0}),
        (ROMI, of_clicks | {"cpt": 250.0, "cpo": 500.0}),
    ):
        (row,) = board.on(view, H11)
        assert {name: row[name] for name in wanted} == pytest.approx(wanted), view


def test_h12_currencies_never_add_up(board: Board) -> None:
    """Roubles and tenge of one day and city are two rows."""
    golden(board, "h12_two_currencies")


def test_h13_days_do_not_follow_the_zone_of_the_session(board: Board) -> None:
    """A sale at half past midnight stands on its Moscow day, whatever the reader's zone."""
    for zone in ("UTC", "Europe/Moscow", "Asia/Kamchatka"):
        rows = board.warehouse.query(
            f"SELECT toString(d), orders, spend FROM {ROI} WHERE city = 'липецк'"
            f" SETTINGS session_timezone = '{zone}'"
        )
        assert rows.rows == [(str(H13), 1, 500)], zone


def test_h14_every_layer_holds_the_same_kopecks(board: Board) -> None:
    """One unit from staging to the last view: 33 ads of 0.01 to 0.33 are 5.61 in each."""
    for layer, sums in board.spent.items():
        assert (H14, "RUB", Decimal("5.61")) in sums, layer


def test_h16_tags_on_one_side_lose_nothing(board: Board) -> None:
    """Sales without tags and ads without sales keep their rows; absent tags meet as unknown."""
    golden(board, "h16_tags_on_one_side")


def test_marketing_views_are_empty_on_an_empty_store(board: Board) -> None:
    """No load, no row."""
    assert board.empty == {view: [] for view in VIEWS}


def test_readers_may_switch_to_null_joins(board: Board) -> None:
    """A client that sends join_use_nulls=1, as DataLens may, gets the same answer."""
    for view, order in VIEWS.items():
        query = f"SELECT * FROM {view} ORDER BY {order} SETTINGS join_use_nulls = 1"
        assert board.warehouse.query(query).dicts() == board.once[view], view


def test_h18_a_filter_by_day_reads_only_its_month(board: Board) -> None:
    """The day filter of a page reaches the partitions of both facts under two views."""
    assert board.days_read.count("Parts: 1/3") >= 2


def test_every_ratio_of_a_row_is_null_without_its_denominator(board: Board) -> None:
    """A row with a late conversion and nothing else has no ratio at all: neither 0 nor infinity."""
    for view in (ROI, ROMI, ADS):
        (row,) = board.on(view, IDLE)
        assert {row[name] for name in RATIOS if name in row} == {None}


def test_an_organiser_and_an_advertiser_are_different_accounts(board: Board) -> None:
    """Return is of the whole store; side by side, every row keeps the account it came from."""
    (row,) = board.on(ROI, ACCOUNTS)
    assert (row["revenue"], row["spend"], row["roas"]) == (2000, 500, 4.0)
    rows = [(row["source"], row["account_id"]) for row in board.on(MARKETING, ACCOUNTS)]
    assert rows == [("qtickets", "first"), ("qtickets", "second"), ("vk", "5550123")]

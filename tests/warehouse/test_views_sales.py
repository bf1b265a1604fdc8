"""The sales views: golden data side by side in one store, through the real rebuild, unmerged.

Each case has an account of its own. The store is read empty, with one row in every table, with all
cases, and with its facts written again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from staged import Staged, msk
from zakaz import facts
from zakaz.schema import sources
from zakaz.warehouse.port import Warehouse

pytestmark = pytest.mark.engine

NOW = msk("2026-03-15 10:00")
VIEWS = [file.name for file in sources.views()]
DAILY, HOURLY, EVENTS = "bi.v_sales_daily", "bi.v_sales_hourly", "bi.v_events"
SALES = {
    DAILY: "account_id, d, event_id, show_id, currency",
    HOURLY: "account_id, sales_hour, event_id, show_id, currency",
    EVENTS: "account_id, event_id",
}
UNMERGED = (
    "fact_qtickets_sales_daily", "fact_qtickets_sales_hourly", "dim_events", "dim_shows",
)  # fmt: skip

Rows = list[dict[str, Any]]


@dataclass
class Board:
    """The views in every state of the store."""

    warehouse: Warehouse
    columns: dict[str, list[str]]
    empty: dict[str, Rows]
    counts: dict[str, int]
    all_cases: dict[str, Rows]
    unmerged: dict[str, Rows]
    days_read: list[str]

    def rows(self, view: str, account: str) -> Rows:
        """Return the rows of one account."""
        return [row for row in self.all_cases[view] if row["account_id"] == account]


@pytest.fixture(scope="module")
def board(shared: Staged) -> Board:
    """Return what the views tell of each state of the store."""
    warehouse = shared.warehouse
    columns = {view: [*warehouse.query(f"SELECT * FROM {view} LIMIT 0").columns] for view in VIEWS}
    empty = read(warehouse)
    with shared.together():
        stage_a_row_of_everything(shared)
    facts.rebuild_all(warehouse, at=NOW)
    counts = {view: len(warehouse.query(f"SELECT * FROM {view}").rows) for view in VIEWS}
    with shared.together():
        stage(shared)
    facts.rebuild_all(warehouse, at=NOW)
    all_cases = read(warehouse)
    plan = warehouse.query(
        f"EXPLAIN indexes = 1 SELECT sum(revenue) FROM {DAILY}"
        " WHERE d BETWEEN '2026-02-01' AND '2026-02-28'"
    ).rows
    for table in UNMERGED * 2:
        warehouse.execute(f"INSERT INTO zakaz.{table} SELECT * FROM zakaz.{table}")
        count = f"SELECT count() FROM zakaz.{table}"
        assert warehouse.query(count).scalar() > warehouse.query(f"{count} FINAL").scalar()
    days_read = [line.strip(" │") for (line,) in plan]
    return Board(warehouse, columns, empty, counts, all_cases, read(warehouse), days_read)


def read(warehouse: Warehouse) -> dict[str, Rows]:
    """Return every row of the sales views."""
    return {
        view: warehouse.query(f"SELECT * FROM {view} ORDER BY {order}").dicts()
        for view, order in SALES.items()
    }


def stage_a_row_of_everything(staged: Staged) -> None:
    """Write one row into every table."""
    staged.event()
    staged.show()
    staged.order(promo_code_id="p1")
    staged.basket()
    staged.inventory()
    staged.ads("2026-02-10", utm_content="томск_01_03")
    staged.ads_account("2026-02-10")


def stage(staged: Staged) -> None:
    """Write the other cases."""
    with staged.account("daily"):
        staged.event()
        staged.show(event_date="2026-03-01")
        staged.ticket(price="999.90")
    with staged.account("hourly"):
        staged.event()
        staged.ticket(payed_at="2026-02-10 23:59", price="10.01")
    with staged.account("several"):
        for event in ("1", "2", "3"):
            staged.event(event, city_name="Томск")
            for show in ("a", "b"):
                staged.show(event + show, event_id=event)
                number = event + str(ord(show))
                staged.ticket(number, event_id=event, show_id=event + show, price="100.10")
    with staged.account("t04"):
        staged.event("e1")
        staged.ticket("1", event_id="e1", price="300")
        staged.ticket("2", event_id="nowhere", show_id="no-show", price="700")
    with staged.account("t07"):
        staged.ticket("1", currency="RUB", price="1000")
        staged.ticket("2", currency="USD", price="10")
    with staged.account("months"):
        for number, month in enumerate(("2026-01", "2026-02", "2026-03")):
            staged.ticket(str(number), payed_at=f"{month}-10 12:00")


def test_a17_every_view_answers_empty_and_filled(board: Board) -> None:
    """SELECT works right after bootstrap and again with data in every table."""
    assert list(board.columns) == VIEWS
    both_sides = {"bi.v_marketing_daily": 2, "bi.v_romi_daily": 2, "bi.v_ops_freshness": 2}
    assert board.counts == dict.fromkeys(VIEWS, 1) | both_sides | {"bi.v_job_runs": 0}


@pytest.mark.parametrize("view", VIEWS)
def test_a20_a_view_gives_the_types_it_declares(board: Board, view: str) -> None:
    """Names and types of every column are those written in the view's file."""
    (statement,) = next(file for file in sources.views() if file.name == view).parts
    assert statement.view is not None
    declared = [(column.name, column.type) for column in statement.view.columns]
    live = board.warehouse.query(f"DESCRIBE TABLE {view}").rows
    assert declared == [(name, kind) for name, kind, *_ in live]
    assert [name for name, _ in declared] == board.columns[view]


def test_sales_views_are_empty_on_an_empty_store(board: Board) -> None:
    """No event, no row."""
    assert board.empty == {view: [] for view in SALES}


def test_one_sale_fills_every_column_of_the_daily_view(board: Board) -> None:
    """Golden row: names, city, show day and money of one ticket."""
    (row,) = board.rows(DAILY, "daily")
    money = Decimal("999.90")
    assert {
        "d": date(2026, 2, 10), "account_id": "daily", "event_date": date(2026, 3, 1),
        "city": "томск", "city_name": "Томск", "event_id": "e1", "event_name": "Ёлка",
        "show_id": "s1", "orders": 1, "tickets_sold": 1, "gross": money, "refunds": Decimal(0),
        "revenue": money, "refunds_by_refund_date": Decimal(0), "currency": "RUB",
        "_loaded_at": NOW,
    } == row  # fmt: skip


def test_one_sale_fills_every_column_of_the_hourly_view(board: Board) -> None:
    """Golden row: the hour of payment in Moscow."""
    (row,) = board.rows(HOURLY, "hourly")
    money = Decimal("10.01")
    assert {
        "sales_hour": msk("2026-02-10 23:00"), "account_id": "hourly", "city": "томск",
        "city_name": "Томск", "event_id": "e1", "event_name": "Ёлка", "show_id": "s1",
        "orders": 1, "tickets_sold": 1, "gross": money, "refunds": Decimal(0), "revenue": money,
        "currency": "RUB",
    } == row  # fmt: skip


def test_several_events_on_one_day_are_one_row_each(board: Board) -> None:
    """Three events with two shows each: six rows, and the sums of the parts are the whole."""
    rows = board.rows(DAILY, "several")
    sums = [sum(row[name] for row in rows) for name in ("orders", "tickets_sold", "revenue")]
    assert [len(rows), *sums] == [6, 6, 6, Decimal("600.60")]


def test_t04_a_sale_of_an_unknown_event_is_not_lost(board: Board) -> None:
    """F2, H8: it stands under the city unknown with an empty name, and totals are equal."""
    names = ("city", "city_name", "event_name", "revenue")
    for view in (DAILY, HOURLY):
        rows = [tuple(row[name] for name in names) for row in board.rows(view, "t04")]
        assert rows == [
            ("томск", "Томск", "Ёлка", Decimal(300)),
            ("unknown", "", "", Decimal(700)),
        ], view


def test_a_sale_of_an_unknown_show_has_no_event_date(board: Board) -> None:
    """H2: nothing known is NULL, never 1970."""
    (row,) = (row for row in board.rows(DAILY, "t04") if row["show_id"] == "no-show")
    assert row["event_date"] is None


def test_readers_may_switch_to_null_joins(board: Board) -> None:
    """A client that sends join_use_nulls=1, as DataLens may, gets the same answer."""
    for view, order in SALES.items():
        query = f"SELECT * FROM {view} ORDER BY {order} SETTINGS join_use_nulls = 1"
        assert board.warehouse.query(query).dicts() == board.all_cases[view], view


def test_h7_unmerged_duplicates_never_double_a_view(board: Board) -> None:
    """The same rows of facts and dimensions written three times read as one."""
    assert board.unmerged == board.all_cases


def test_t07_two_currencies_on_one_day_are_two_rows(board: Board) -> None:
    """F13, H12: no view adds roubles to dollars."""
    for view in (DAILY, HOURLY):
        rows = [(row["currency"], row["revenue"]) for row in board.rows(view, "t07")]
        assert rows == [("RUB", Decimal(1000)), ("USD", Decimal(10))]


def test_a_filter_by_day_reads_only_its_month(board: Board) -> None:
    """H18: the day filter of a page reaches the partitions under the view."""
    assert "Parts: 1/3" in board.days_read

"""Rebuilding facts: only dirty months, whole, swapped in, and right whatever was left behind."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from staged import Staged, msk
from zakaz import dirty_months, facts
from zakaz.errors import WarehouseError
from zakaz.schema import checks
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.port import Table

NOW = msk("2026-03-15 10:00")
LATER = msk("2026-03-15 11:00")


def by_month(warehouse: EmbeddedWarehouse) -> dict[int, tuple[int, Decimal]]:
    """Give orders and revenue of each month that has rows in the view."""
    rows = warehouse.query(
        "SELECT toYYYYMM(d) AS month, sum(orders), sum(revenue) FROM bi.v_sales_daily"
        " GROUP BY month ORDER BY month"
    ).rows
    return {month: (orders, revenue) for month, orders, revenue in rows}


def rebuild(warehouse: EmbeddedWarehouse, *months: int) -> list[int]:
    """Mark months dirty, rebuild them, and require the checks to be silent."""
    dirty_months.record(warehouse, months, NOW)
    rebuilt = facts.rebuild_dirty(warehouse, at=LATER)
    assert checks.run(warehouse) == []
    return rebuilt


@pytest.mark.engine
def test_only_dirty_months_are_rebuilt_and_then_clean(staged: Staged) -> None:
    """A month that nobody marked keeps its fact, and a rebuilt month is no longer dirty."""
    staged.ticket("1", payed_at="2026-01-20 12:00")
    staged.ticket("2", payed_at="2026-02-10 12:00")
    dirty_months.record(staged.warehouse, [202602], NOW)
    assert facts.rebuild_dirty(staged.warehouse, at=LATER) == [202602]
    assert {202602: (1, Decimal(1000))} == by_month(staged.warehouse)
    assert dirty_months.pending(staged.warehouse) == []
    assert facts.rebuild_dirty(staged.warehouse, at=LATER) == []
    assert rebuild(staged.warehouse, 202601) == [202601]
    assert {202601: (1, Decimal(1000)), 202602: (1, Decimal(1000))} == by_month(staged.warehouse)


def test_f7_two_windows_over_one_day_give_the_total_of_both(staged: Staged) -> None:
    """A second load of the same day adds to the fact instead of overwriting it."""
    for number in range(1, 11):
        staged.ticket(str(number), payed_at="2026-02-10 09:00")
    rebuild(staged.warehouse, 202602)
    for number in range(9, 13):
        staged.ticket(str(number), payed_at="2026-02-10 11:00")
    rebuild(staged.warehouse, 202602)
    assert {202602: (12, Decimal(12000))} == by_month(staged.warehouse)


@pytest.mark.engine
def test_t06_an_order_moved_to_another_month_is_counted_once(staged: Staged) -> None:
    """A payment date corrected from January to February leaves nothing in January."""
    staged.ticket(payed_at="2026-01-20 12:00")
    rebuild(staged.warehouse, 202601)
    staged.order(payed_at="2026-02-10 12:00")
    rebuild(staged.warehouse, 202601, 202602)
    assert {202602: (1, Decimal(1000))} == by_month(staged.warehouse)
    key = "SELECT count() FROM zakaz.stg_qtickets_orders FINAL"
    setting = " SETTINGS do_not_merge_across_partitions_select_final = 1"
    assert staged.warehouse.query(key + setting).scalar() == 1


@pytest.mark.engine
def test_cancelling_the_only_order_of_a_month_empties_it_for_good(
    staged: Staged,
) -> None:
    """The month is at zero at once and after reopening: no old row comes back."""
    staged.ticket(payed_at="2026-02-10 12:00")
    rebuild(staged.warehouse, 202602)
    staged.order(deleted_at="2026-02-11 12:00")
    rebuild(staged.warehouse, 202602)
    assert by_month(staged.warehouse) == {}
    staged.warehouse.close()
    with EmbeddedWarehouse(staged.warehouse.folder) as reopened:
        assert by_month(reopened) == {}
        for fact in ("fact_qtickets_sales_daily", "fact_qtickets_sales_hourly"):
            assert reopened.query(f"SELECT count() FROM zakaz.{fact}").scalar() == 0


@pytest.mark.engine
def test_t05_rows_loaded_three_times_count_once(staged: Staged) -> None:
    """Unmerged duplicates of orders and tickets never multiply a fact."""
    for _ in range(3):
        staged.ticket("1")
        staged.ticket("2", price="500")
    rebuild(staged.warehouse, 202602)
    assert {202602: (2, Decimal(1500))} == by_month(staged.warehouse)


@pytest.mark.engine
def test_f9_a_corrected_order_stays_one_order(staged: Staged) -> None:
    """A changed price replaces the old one."""
    staged.ticket(price="1000")
    rebuild(staged.warehouse, 202602)
    staged.ticket(price="700")
    rebuild(staged.warehouse, 202602)
    assert {202602: (1, Decimal(700))} == by_month(staged.warehouse)


@pytest.mark.engine
def test_w09_an_old_page_replayed_later_changes_nothing(staged: Staged) -> None:
    """The version of the source wins, not the order of arrival."""
    states = [
        {"price": "1000", "ver": 10},
        {"price": "1000", "ver": 20, "refunded_at": "2026-02-12 10:00", "refunded_amount": "1000"},
    ]
    staged.order()
    for seed in range(4):
        for state in random.Random(seed).sample(states * 2, 4):
            staged.basket(**state)
    rebuild(staged.warehouse, 202602)
    assert {202602: (1, Decimal(0))} == by_month(staged.warehouse)


@pytest.mark.engine
def test_f24_a_renamed_event_keeps_its_totals_in_one_row(staged: Staged) -> None:
    """Name and city are joined when read, so a rename never splits a fact."""
    staged.event(event_name="Ёлка", city_name="Томск")
    staged.ticket("1")
    rebuild(staged.warehouse, 202602)
    staged.event(event_name="Новая ёлка", city_name="Омск")
    staged.ticket("2")
    rebuild(staged.warehouse, 202602)
    rows = staged.warehouse.query(
        "SELECT event_name, city, sum(orders) FROM bi.v_sales_daily GROUP BY event_name, city"
    ).rows
    assert rows == [("Новая ёлка", "омск", 2)]


@pytest.mark.engine
def test_leftovers_of_a_cut_rebuild_are_thrown_away(staged: Staged) -> None:
    """Rows that a killed rebuild left in a twin never reach a fact."""
    staged.warehouse.execute(
        "INSERT INTO zakaz.fact_qtickets_sales_daily_next (account_id, sales_date, orders, revenue)"
        " SELECT 'ghost', toDate('2026-02-10'), 7, 7000"
    )
    staged.ticket()
    rebuild(staged.warehouse, 202602)
    assert {202602: (1, Decimal(1000))} == by_month(staged.warehouse)


class CutBefore:
    """A warehouse that dies before the first statement holding a text."""

    def __init__(self, warehouse: EmbeddedWarehouse, text: str) -> None:
        self._warehouse = warehouse
        self._text = text
        self.backend = warehouse.backend
        self.insert = warehouse.insert

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Die or pass on."""
        if self._text in sql:
            raise WarehouseError("cut by the test")
        self._warehouse.execute(sql, params)

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Pass on."""
        return self._warehouse.query(sql, params)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO zakaz.fact_qtickets_sales_daily_next",
        "ALTER TABLE zakaz.fact_qtickets_sales_daily DROP",
        "INSERT INTO zakaz.fact_qtickets_sales_hourly_next",
        pytest.param("ALTER TABLE zakaz.fact_qtickets_sales_hourly DROP", marks=pytest.mark.engine),
    ],
)
def test_a_rebuild_cut_anywhere_is_repeated_whole(staged: Staged, text: str) -> None:
    """The month stays dirty until both facts were swapped, so the next rebuild mends it."""
    staged.ticket("1")
    rebuild(staged.warehouse, 202602)
    staged.ticket("2")
    dirty_months.record(staged.warehouse, [202602], NOW)
    with pytest.raises(WarehouseError, match="cut by the test"):
        facts.rebuild_dirty(CutBefore(staged.warehouse, text), at=LATER)  # type: ignore[arg-type]
    assert dirty_months.pending(staged.warehouse) == [202602]
    assert facts.rebuild_dirty(staged.warehouse, at=LATER) == [202602]
    assert checks.run(staged.warehouse) == []
    assert {202602: (2, Decimal(2000))} == by_month(staged.warehouse)


FEW = [202411, 202412, 202501, 202512, 202601, 202607]
YEARS = [202411, 202412, *range(202501, 202513), 202601, 202607]


@pytest.mark.parametrize(
    ("orders_at_once", "months"),
    [(1, FEW), (2, FEW), pytest.param(60_000, YEARS, marks=pytest.mark.engine)],
)
def test_years_of_months_are_rebuilt_in_runs(
    staged: Staged, monkeypatch: pytest.MonkeyPatch, orders_at_once: int, months: list[int]
) -> None:
    """Runs with gaps, across two turns of the year, cut or not, end in one row a month."""
    monkeypatch.setattr(facts, "ORDERS_AT_ONCE", orders_at_once)
    for number, month in enumerate(months):
        day = f"{month // 100}-{month % 100:02}-10 12:00"
        staged.ticket(str(number), payed_at=day)
    assert months == facts.rebuild_all(staged.warehouse, at=NOW)
    assert dict.fromkeys(months, (1, Decimal(1000))) == by_month(staged.warehouse)
    assert checks.run(staged.warehouse) == []


def test_rebuilding_twice_gives_the_same_business_columns(staged: Staged) -> None:
    """Only version and instant differ between two rebuilds of one state."""
    staged.event()
    staged.show()
    for number in range(20):
        staged.ticket(str(number), payed_at=f"2026-02-{number + 1:02} 12:00", price=f"{number}.37")
    digest = (
        "SELECT groupArray(tuple(d, event_id, show_id, orders, tickets_sold, gross, revenue))"
        " FROM (SELECT * FROM bi.v_sales_daily ORDER BY d)"
    )
    facts.rebuild_all(staged.warehouse, at=NOW)
    first = staged.warehouse.query(digest).rows
    facts.rebuild_all(staged.warehouse, at=LATER)
    assert first == staged.warehouse.query(digest).rows


@pytest.mark.engine
def test_a28_a_month_long_past_can_be_rebuilt(staged: Staged) -> None:
    """Staging has no TTL: facts of any month come back from it."""
    staged.ticket(payed_at="2021-05-10 12:00", created_at="2021-05-01 09:00")
    assert facts.rebuild_all(staged.warehouse, at=NOW) == [202105]
    assert {202105: (1, Decimal(1000))} == by_month(staged.warehouse)
    with_ttl = "SELECT count() FROM system.tables WHERE database = 'zakaz' AND engine_full LIKE "
    assert staged.warehouse.query(with_ttl + "'%TTL%'").scalar() == 0


@pytest.mark.engine
def test_partitions_far_apart_are_found(staged: Staged) -> None:
    """An order made long before its payment, a late ticket, and a refund of the year after."""
    staged.order("1", created_at="2024-03-01 09:00", payed_at="2026-02-10 12:00")
    staged.basket("1", order_id="1", created_at="2024-03-01 09:00")
    staged.basket("2", order_id="1", created_at="2026-04-01 09:00", price="500")
    staged.order("2", created_at="2025-06-01 09:00", payed_at="2025-06-01 09:05")
    staged.basket(
        "3",
        order_id="2",
        created_at="2025-06-01 09:00",
        refunded_at="2026-02-20 10:00",
        refunded_amount="300",
    )
    for month in (202506, 202602):
        dirty_months.record(staged.warehouse, [month], NOW)
        assert facts.rebuild_dirty(staged.warehouse, at=LATER) == [month]
    assert checks.run(staged.warehouse) == []
    assert by_month(staged.warehouse) == {
        202506: (1, Decimal(700)),
        202602: (1, Decimal(1500)),
    }
    paid_out = staged.warehouse.query(
        "SELECT toString(d), refunds_by_refund_date FROM bi.v_sales_daily"
        " WHERE refunds_by_refund_date != 0"
    ).rows
    assert paid_out == [("2026-02-20", Decimal(300))]

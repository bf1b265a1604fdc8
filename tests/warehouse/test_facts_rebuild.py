"""Rebuilding facts: whole, swapped in, right whatever was left behind, and so after reopening."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest
from kept import Kept
from side_by_side import SALES, Cases, Row, Told, account
from staged import Staged, msk
from zakaz import dirty_months, facts
from zakaz.schema import checks
from zakaz.warehouse.embedded import EmbeddedWarehouse

NOW = msk("2026-03-15 10:00")
LATER = msk("2026-03-15 11:00")
NOVEMBER, JANUARY, FEBRUARY = MONTHS = [202511, 202601, 202602]
case = Cases()


def rebuild(warehouse: EmbeddedWarehouse) -> None:
    """Mark the months dirty, rebuild them, and require the checks to be silent."""
    dirty_months.record(warehouse, MONTHS, NOW)
    assert facts.rebuild_dirty(warehouse, at=LATER) == MONTHS
    assert checks.run(warehouse) == []


@pytest.fixture(scope="module")
def told(kept: Kept) -> Told:
    """Return what the view tells of every case; the last two times after reopening."""
    told = case.run(kept, rebuild, SALES)
    for _ in range(2):
        kept.close()
        told.warehouse = kept.warehouse
        told.look(SALES)
    return told


def by_month(rows: list[Row]) -> dict[int, tuple[int, Decimal]]:
    """Return orders and revenue of each month that has rows."""
    months: dict[int, tuple[int, Decimal]] = {}
    for row in rows:
        month = row["d"].year * 100 + row["d"].month
        orders, revenue = months.get(month, (0, Decimal(0)))
        months[month] = (orders + row["orders"], revenue + row["revenue"])
    return months


@case
def two_windows(staged: Staged) -> Iterator[None]:
    """Load ten orders of a day; then its last two again with two more."""
    for number in range(1, 11):
        staged.ticket(str(number), payed_at="2026-02-10 09:00")
    yield
    for number in range(9, 13):
        staged.ticket(str(number), payed_at="2026-02-10 11:00")


def test_f7_two_windows_over_one_day_give_the_total_of_both(told: Told) -> None:
    """A second load of the same day adds to the fact instead of overwriting it."""
    assert by_month(told.of(two_windows, 0)) == {FEBRUARY: (10, Decimal(10000))}
    assert by_month(told.of(two_windows)) == {FEBRUARY: (12, Decimal(12000))}


@case
def moved(staged: Staged) -> Iterator[None]:
    """Pay in January; then the payment is of February."""
    staged.ticket(payed_at="2026-01-20 12:00")
    yield
    staged.order(payed_at="2026-02-10 12:00")


@pytest.mark.engine
def test_t06_an_order_moved_to_another_month_is_counted_once(told: Told) -> None:
    """A payment date corrected from January to February leaves nothing in January."""
    assert by_month(told.of(moved, 0)) == {JANUARY: (1, Decimal(1000))}
    assert by_month(told.of(moved)) == {FEBRUARY: (1, Decimal(1000))}
    key = "SELECT count() FROM zakaz.stg_qtickets_orders FINAL WHERE account_id = {account:String}"
    setting = " SETTINGS do_not_merge_across_partitions_select_final = 1"
    assert told.ask(moved, key + setting) == [(1,)]


@case
def cancelled(staged: Staged) -> Iterator[None]:
    """Sell the only ticket of November; then its order is deleted."""
    staged.ticket(payed_at="2025-11-10 12:00")
    yield
    staged.order(payed_at="2025-11-10 12:00", deleted_at="2025-11-11 12:00")


@pytest.mark.engine
def test_cancelling_the_only_order_of_a_month_empties_it_for_good(told: Told) -> None:
    """The month is at zero at once and after reopening: no old row comes back."""
    assert by_month(told.of(cancelled, 0)) == {NOVEMBER: (1, Decimal(1000))}
    assert told.of(cancelled, 1) == told.of(cancelled) == []
    for fact in ("fact_qtickets_sales_daily", "fact_qtickets_sales_hourly"):
        day = "sales_date" if fact.endswith("daily") else "sales_hour"
        rows = f"SELECT count() FROM zakaz.{fact} WHERE toYYYYMM({day}) = {NOVEMBER}"
        assert told.ask(cancelled, rows) == [(0,)]


@case
def loaded_three_times(staged: Staged) -> None:
    """Load two orders three times."""
    for _ in range(3):
        staged.ticket("1")
        staged.ticket("2", price="500")


@pytest.mark.engine
def test_t05_rows_loaded_three_times_count_once(told: Told) -> None:
    """Unmerged duplicates of orders and tickets never multiply a fact."""
    assert by_month(told.of(loaded_three_times, 0)) == {FEBRUARY: (2, Decimal(1500))}


@case
def corrected(staged: Staged) -> Iterator[None]:
    """Sell a ticket; then its price is another one."""
    staged.ticket(price="1000")
    yield
    staged.ticket(price="700")


@pytest.mark.engine
def test_f9_a_corrected_order_stays_one_order(told: Told) -> None:
    """A changed price replaces the old one."""
    assert by_month(told.of(corrected, 0)) == {FEBRUARY: (1, Decimal(1000))}
    assert by_month(told.of(corrected)) == {FEBRUARY: (1, Decimal(700))}


@case
def replayed(staged: Staged) -> None:
    """Load two states of a ticket in four orders."""
    states = [
        {"price": "1000", "ver": 10},
        {"price": "1000", "ver": 20, "refunded_at": "2026-02-12 10:00", "refunded_amount": "1000"},
    ]
    staged.order()
    for seed in range(4):
        for state in random.Random(seed).sample(states * 2, 4):
            staged.basket(**state)


@pytest.mark.engine
def test_w09_an_old_page_replayed_later_changes_nothing(told: Told) -> None:
    """The version of the source wins, not the order of arrival."""
    assert by_month(told.of(replayed, 0)) == {FEBRUARY: (1, Decimal(0))}


@case
def renamed(staged: Staged) -> Iterator[None]:
    """Sell a ticket of an event; then it has another name and city, and sells another one."""
    staged.event(event_name="Ёлка", city_name="Томск")
    staged.ticket("1")
    yield
    staged.event(event_name="Новая ёлка", city_name="Омск")
    staged.ticket("2")


@pytest.mark.engine
def test_f24_a_renamed_event_keeps_its_totals_in_one_row(told: Told) -> None:
    """Name and city are joined when read, so a rename never splits a fact."""
    names = ("event_name", "city", "orders")
    rows = [tuple(row[name] for name in names) for row in told.of(renamed)]
    assert rows == [("Новая ёлка", "омск", 2)]


@case
def left_behind(staged: Staged) -> None:
    """Leave rows of a killed rebuild in a twin."""
    staged.warehouse.execute(
        "INSERT INTO zakaz.fact_qtickets_sales_daily_next"
        " (account_id, sales_date, orders, revenue)"
        f" SELECT '{account(left_behind)}', toDate('2026-02-10'), 7, 7000"
    )
    staged.ticket()


@pytest.mark.engine
def test_leftovers_of_a_cut_rebuild_are_thrown_away(told: Told) -> None:
    """Rows that a killed rebuild left in a twin never reach a fact."""
    assert by_month(told.of(left_behind, 0)) == {FEBRUARY: (1, Decimal(1000))}


@case
def priced(staged: Staged) -> None:
    """Sell a ticket of another price on each of twenty days."""
    staged.event()
    staged.show()
    for number in range(20):
        staged.ticket(str(number), payed_at=f"2026-02-{number + 1:02} 12:00", price=f"{number}.37")


def test_rebuilding_twice_gives_the_same_business_columns(told: Told) -> None:
    """The second and third rebuild of one state change no column of the view."""
    first = told.of(priced, 0)
    assert len(first) == 20
    assert first == told.of(priced, 1) == told.of(priced, 2)


@case
def retagged(staged: Staged) -> Iterator[None]:
    """Sell a ticket whose row of the fact has another key each time."""
    staged.event("e1", event_name="Ёлка")
    staged.ticket("1", payed_at="2026-02-10 12:00")
    for source in ("vk", "site", "mail"):
        staged.order("1", utm_source=source)
        yield


@pytest.mark.engine
def test_a_month_rebuilt_many_times_is_counted_once_after_reopening(told: Told) -> None:
    """On 24.8 a replaced partition alone comes back from disk; ours stay replaced."""
    for rebuilt_or_reopened in (0, 1, 2, -2, -1):
        rows = told.of(retagged, rebuilt_or_reopened)
        assert by_month(rows) == {FEBRUARY: (1, Decimal(1000))}
    events = "SELECT count(), any(event_name) FROM zakaz.dim_events"
    assert told.ask(retagged, events + " WHERE account_id = {account:String}") == [(1, "Ёлка")]

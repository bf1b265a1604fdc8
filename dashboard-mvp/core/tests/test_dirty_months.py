"""Dirty months: recorded before the rows, cleared after the swap."""

from __future__ import annotations

from datetime import datetime, timedelta

from zakaz import dirty_months
from zakaz.warehouse.port import Warehouse


def test_recorded_months_are_pending_until_cleared(warehouse: Warehouse, at: datetime) -> None:
    """A month recorded twice is pending once, oldest first."""
    dirty_months.record(warehouse, {202602, 202511}, at)
    dirty_months.record(warehouse, {202602}, at)
    assert dirty_months.pending(warehouse) == [202511, 202602]

    dirty_months.clear(warehouse, [202511], at)
    assert dirty_months.pending(warehouse) == [202602]


def test_a_month_can_become_dirty_again_in_the_same_second(
    warehouse: Warehouse, at: datetime
) -> None:
    """Record, clear and record under one clock tick ends dirty."""
    dirty_months.record(warehouse, {202602}, at)
    dirty_months.clear(warehouse, [202602], at)
    dirty_months.record(warehouse, {202602}, at)

    assert dirty_months.pending(warehouse) == [202602]


def test_a_clock_that_steps_back_loses_no_month(warehouse: Warehouse, at: datetime) -> None:
    """A month recorded after an earlier clearing stays dirty whatever the clock says."""
    dirty_months.record(warehouse, {202602}, at)
    dirty_months.clear(warehouse, [202602], at)
    dirty_months.record(warehouse, {202602}, at - timedelta(days=30))

    assert dirty_months.pending(warehouse) == [202602]


def test_recording_nothing_writes_nothing(warehouse: Warehouse, at: datetime) -> None:
    """An empty load leaves no trace."""
    dirty_months.record(warehouse, set(), at)

    assert warehouse.query("SELECT count() FROM zakaz.meta_dirty_months").scalar() == 0

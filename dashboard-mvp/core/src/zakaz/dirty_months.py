"""Dirty months: which months of facts must be rebuilt.

A month is recorded before its rows are inserted and cleared after its facts were swapped in, so
that a crash in between leaves it recorded.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from zakaz.versions import next_version
from zakaz.warehouse.port import Warehouse

TABLE = "zakaz.meta_dirty_months"


def record(warehouse: Warehouse, months: Collection[int], at: datetime) -> None:
    """Record months (yyyymm) as dirty; do this before the rows that change them."""
    _write(warehouse, sorted(set(months)), is_dirty=True, at=at)


def pending(warehouse: Warehouse) -> list[int]:
    """Give the dirty months, oldest first."""
    return [
        int(month)
        for (month,) in warehouse.query(
            "SELECT month FROM zakaz.meta_dirty_months FINAL WHERE is_dirty ORDER BY month"
        ).rows
    ]


def clear(warehouse: Warehouse, months: Collection[int], at: datetime) -> None:
    """Mark months as rebuilt; do this after their facts were swapped in."""
    _write(warehouse, sorted(set(months)), is_dirty=False, at=at)


def _write(warehouse: Warehouse, months: list[int], *, is_dirty: bool, at: datetime) -> None:
    if not months:
        return
    warehouse.insert(
        TABLE,
        {
            "month": months,
            "is_dirty": [is_dirty] * len(months),
            "_ver": [next_version(warehouse, TABLE, at)] * len(months),
            "_loaded_at": [at] * len(months),
        },
    )

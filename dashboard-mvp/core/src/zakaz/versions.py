"""Row versions of the small state tables: always rising, also when the clock steps back."""

from __future__ import annotations

from datetime import datetime

from zakaz.warehouse.port import Warehouse


def version_at(at: datetime) -> int:
    """Give the version of a row that nothing replaces: its instant in microseconds."""
    return int(at.timestamp() * 1_000_000)


def next_version(warehouse: Warehouse, table: str, at: datetime) -> int:
    """Give a version above every one in the table: the instant in microseconds, or one more.

    A clock that stepped back must not let an older row win over the newer one.
    """
    newest = warehouse.query(f"SELECT max(_ver) FROM {table}").scalar()  # noqa: S608 - a constant
    return max(version_at(at), int(newest or 0) + 1)

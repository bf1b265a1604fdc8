"""Columns split before an insert, because the engine keeps its promises per part only.

One INSERT is atomic per block and partition (a kill in the middle of twelve partitions leaves
some of them), and a block that touches more than 100 partitions is refused (code 252, W04). So a
load that spans months goes in month by month, in batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from zakaz.errors import DataError
from zakaz.warehouse.decode import DEFAULT_ZONE

Columns = Mapping[str, Sequence[Any]]

_ZONE = ZoneInfo(DEFAULT_ZONE)


def by_month(columns: Columns, key: str) -> Iterator[dict[str, list[Any]]]:
    """Split columns by the Moscow month of ``key`` (a date or an aware datetime), oldest first.

    Rows keep their order within a month. A key without a value is a DataError.
    """
    if key not in columns:
        raise DataError(f"there is no column {key} to split by")
    places: dict[int, list[int]] = {}
    for index, value in enumerate(columns[key]):
        places.setdefault(_month(value, key), []).append(index)
    for month in sorted(places):
        yield {name: [values[index] for index in places[month]] for name, values in columns.items()}


def in_batches(columns: Columns, size: int) -> Iterator[dict[str, list[Any]]]:
    """Cut columns into batches of at most ``size`` rows."""
    if size < 1:
        raise ValueError("a batch holds at least one row")
    rows = len(next(iter(columns.values()), ()))
    for start in range(0, rows, size):
        yield {name: list(values[start : start + size]) for name, values in columns.items()}


def _month(value: Any, key: str) -> int:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise DataError(f"column {key}: a datetime without a time zone")
        value = value.astimezone(_ZONE)
    elif not isinstance(value, date):
        raise DataError(f"column {key}: a row without a date cannot be placed in a month")
    return int(value.year) * 100 + int(value.month)

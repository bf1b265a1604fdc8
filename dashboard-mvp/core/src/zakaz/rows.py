"""Typed rows as columns of one insert: what the ``rows`` module of every loader stands on."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar

import msgspec

# A leading underscore is no name for a Python argument, so the two technical columns get one here.
TECHNICAL_COLUMNS = {"ver": "_ver", "loaded_at": "_loaded_at"}

_ACCEPTED = {
    str: r"String|LowCardinality\(String\)",
    bool: r"Bool",
    int: r"U?Int(8|16|32|64)",
    Decimal: r"Decimal\(18, 2\)",
    date: r"Date",
    datetime: r"DateTime\('Europe/Moscow'\)",
}


class Row(msgspec.Struct, frozen=True, kw_only=True, rename=TECHNICAL_COLUMNS):
    """One row of a staging table; a subclass names the table and the columns it writes."""

    table: ClassVar[str]

    ver: int
    loaded_at: datetime


def table_of(row_type: type[Row]) -> str:
    """Give the full name of the table that a row type writes."""
    return row_type.table


def column_names(row_type: type[Row]) -> tuple[str, ...]:
    """Give the column names a row type writes."""
    return tuple(row_type.__struct_encode_fields__)


def columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Turn rows of one type into columns by name, as the warehouse port inserts them."""
    if not rows:
        return {}
    row_type = type(rows[0])
    if any(type(row) is not row_type for row in rows):
        raise TypeError(f"rows of one insert must all be {row_type.__name__}")
    fields = zip(row_type.__struct_encode_fields__, row_type.__struct_fields__, strict=True)
    return {column: list(map(attrgetter(field), rows)) for column, field in fields}


def disagreements(row_type: type[Row], declared: Mapping[str, str]) -> list[str]:
    """Compare a row type with the declared columns of its table; an empty list means they agree.

    ``declared`` maps column name to ClickHouse type, as ``system.columns`` spells it.
    """
    written = {field.encode_name: field.type for field in msgspec.structs.fields(row_type)}
    table = table_of(row_type)
    found = [
        f"{table}.{name} is not written by any row" for name in declared if name not in written
    ]
    for name, python_type in written.items():
        if name not in declared:
            found.append(f"{table}.{name} is written, but the table has no such column")
        elif not _accepts(declared[name], python_type):
            found.append(f"{table}.{name} is {declared[name]}, but rows hold {python_type}")
    return found


def _accepts(clickhouse_type: str, python_type: Any) -> bool:
    """Say whether a column of the ClickHouse type holds every value of the Python type."""
    if isinstance(python_type, types.UnionType) or typing.get_origin(python_type) is typing.Union:
        plain = [part for part in typing.get_args(python_type) if part is not type(None)]
        nullable = re.fullmatch(r"(LowCardinality\()?Nullable\((.*?)\)(?(1)\))", clickhouse_type)
        return len(plain) == 1 and nullable is not None and _accepts(nullable[2], plain[0])
    pattern = _ACCEPTED.get(python_type)
    return pattern is not None and re.fullmatch(pattern, clickhouse_type) is not None

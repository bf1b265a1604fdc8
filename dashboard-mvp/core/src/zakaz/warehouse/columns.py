"""Columns checked as a whole before an insert: all or nothing, in Python, for both adapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zakaz.errors import DataError
from zakaz.packed import Columns, Identities, Packed, Texts
from zakaz.warehouse.types import ColumnType, column_type
from zakaz.warehouse.values import checker


@dataclass(frozen=True, slots=True)
class CheckedColumns:
    """Columns ready for the wire: names, type texts and values, in one order."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    data: list[list[Any]]
    rows: int


def check_shape(table: str, columns: Mapping[str, Sequence[Any]]) -> int:
    """Give the row count; what is not columns of one length is a DataError (D1)."""
    if not isinstance(columns, Mapping):
        raise DataError(
            f"insert into {table}: columns are wanted, {{name: values}}, "
            f"not {type(columns).__name__} of rows"
        )
    lengths = {}
    for name, values in columns.items():
        if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
            raise DataError(
                f"insert into {table}: column {name} must be a list of values, "
                f"not {type(values).__name__}"
            )
        lengths[name] = len(values)
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise DataError(f"insert into {table}: columns differ in length ({told})")
    return next(iter(lengths.values()), 0)


def check_values(
    table: str, declared: Mapping[str, str], columns: Mapping[str, Sequence[Any]]
) -> CheckedColumns:
    """Check every value against the table's declared types.

    The first value that does not fit is a DataError naming table, column and row number, never
    the value; nothing has been sent by then.
    """
    data: list[list[Any]] = []
    for name, values in columns.items():
        if name not in declared:
            raise DataError(f"insert into {table}: the table has no column {name}")
        try:
            kind = column_type(declared[name])
            check = checker(kind)
        except ValueError as error:
            raise DataError(f"insert into {table}, column {name}: {error}") from None
        try:
            checked = list(values) if _plain_text(kind, values) else list(map(check, values))
        except ValueError as error:
            raise DataError(
                f"insert into {table}, column {name} ({declared[name]}), "
                f"row {_failed(check, values)}: {error}"
            ) from None
        data.append(checked)
    names = tuple(columns)
    return CheckedColumns(
        names, tuple(declared[name] for name in names), data, len(data[0]) if data else 0
    )


def packed_columns(
    table: str, declared: Mapping[str, str], columns: Mapping[str, Sequence[Any]]
) -> Columns | None:
    """Give the columns if all are packed, held against the declared types; None if one is not."""
    packed = {name: one for name, one in columns.items() if isinstance(one, Packed)}
    if len(packed) < len(columns):
        return None
    for name, column in packed.items():
        if name not in declared:
            raise DataError(f"insert into {table}: the table has no column {name}")
        if not _is_for(column, declared[name]):
            raise DataError(
                f"insert into {table}, column {name} ({declared[name]}): "
                f"{type(column).__name__} do not fit"
            )
        if isinstance(column, Texts) and not column.is_unicode():
            raise DataError(
                f"insert into {table}, column {name}: text that is not Unicode (a lone surrogate)"
            )
    return packed


def _is_for(column: Packed, declared: str) -> bool:
    want = column_type(declared)
    have = column_type("String" if isinstance(column, Identities) else column.lies_as)
    same = (have.name, have.size, have.scale) == (want.name, want.size, want.scale)
    return same and want.nullable >= have.nullable


def _plain_text(kind: ColumnType, values: Sequence[Any]) -> bool:
    """Say at a glance that a column of texts is one: most columns are, most texts are short."""
    if kind.name != "String" or set(map(type, values)) != {str}:
        return False
    try:
        "".join(values).encode()
    except UnicodeEncodeError:
        return False
    return True


def _failed(check: Any, values: Sequence[Any]) -> int:
    for number, value in enumerate(values, start=1):
        try:
            check(value)
        except ValueError:
            return number
    return 0

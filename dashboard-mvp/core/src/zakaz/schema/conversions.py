"""Conversions that pending migrations ask for, tried on every stored value beforehand.

The engine changes a table's columns first and its rows afterwards. Where a value cannot be
converted, the table is unreadable from then on, and neither the old nor the new program takes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zakaz.errors import DataError, WarehouseError
from zakaz.schema import declared
from zakaz.schema.live import LiveObject
from zakaz.schema.sources import SqlFile
from zakaz.warehouse.parameters import identifier, table_name
from zakaz.warehouse.port import Warehouse

# Time, memory, disk, network: another run may end well.
_PASSING = frozenset({None, 159, 160, 202, 209, 210, 241, 243, 394})


@dataclass(frozen=True, slots=True)
class Conversion:
    """A stored column that a migration gives another type."""

    migration: str
    table: str
    column: str
    type: str


def check(
    warehouse: Warehouse, pending: Iterable[SqlFile], there: dict[str, LiveObject], version: int
) -> None:
    """Raise DataError naming the first column with a value that a migration cannot convert.

    ``version`` is that of the store, at which it stays.
    """
    for wanted in asked(pending, there):
        column = identifier(wanted.column)
        try:
            warehouse.query(
                f"SELECT count() FROM {table_name(wanted.table)}"  # noqa: S608  # quoted names
                f" WHERE NOT ignore(CAST({column} AS {wanted.type}))"
            )
        except WarehouseError as error:
            if error.code in _PASSING or type(error) is not WarehouseError:
                raise
            raise DataError(
                f"Migration {wanted.migration} cannot make every value of {wanted.table}."
                f"{wanted.column} a {wanted.type} (code {error.code}). Nothing was changed: the"
                f" store keeps schema version {version}. Go on with the zakaz that you had before,"
                " and report this."
            ) from None


def asked(pending: Iterable[SqlFile], there: dict[str, LiveObject]) -> Iterator[Conversion]:
    """Yield each stored column whose type a pending migration changes."""
    for file in pending:
        for statement in file.parts:
            live = there.get(statement.target)
            if statement.action != "ALTER TABLE" or live is None:
                continue
            types = {column.name: column.type for column in live.columns}
            for name, kind in declared.retyped(statement.body):
                if types.get(name, kind) != kind:
                    yield Conversion(file.name, statement.target, name, kind)

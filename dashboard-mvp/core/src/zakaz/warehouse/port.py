"""The warehouse port: what the product needs of ClickHouse, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self


@dataclass(frozen=True, slots=True)
class Table:
    """The answer of a query, rows as tuples.

    Values are Python's own: ``str``, ``int``, ``float``, ``bool``, ``Decimal``, ``date``, aware
    ``datetime`` in the column's zone (Europe/Moscow where the column names none), lists, ``None``.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """Give each row as a dictionary by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def scalar(self) -> Any:
        """Give the only value; raises ValueError if there is not exactly one."""
        if len(self.rows) != 1 or len(self.columns) != 1:
            raise ValueError(f"expected one value, got {len(self.rows)} rows")
        return self.rows[0][0]


class Reader(Protocol):
    """What answers queries and changes nothing. Raises only ``zakaz.errors`` classes."""

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Run one SELECT; ``{name:Type}`` parameters are typed."""

    def close(self) -> None:
        """Release the engine; a second call does nothing."""


class Warehouse(Reader, Protocol):
    """One open ClickHouse: embedded or server."""

    @property
    def backend(self) -> str:
        """Either ``embedded`` or ``server``."""

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Run one statement that returns nothing; ``{name:Type}`` parameters are typed."""

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> int:
        """Insert columns by name (all of one length) in one statement; gives the row count."""

    def version(self) -> str:
        """Give the engine's version, e.g. ``24.8.4.1``."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

"""One store for all tests of a module that each want another content: emptied and filled again."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from zakaz.warehouse.port import Table, Warehouse

FILLED = (
    "SELECT name FROM system.tables WHERE database = 'zakaz' AND total_rows > 0"
    " AND name != 'schema_migrations'"
)


class BenchStore:
    """Supplies the dashboard with a store that is written beside it: each content a generation.

    Copying, publishing and opening a store cost more than most tests; how a load is published and
    seen is proven where that is the subject. Parts stay as inserted: nothing is merged.
    """

    keep_seconds = math.inf

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._contents = 0
        warehouse.execute("SYSTEM STOP MERGES")

    def hold(self, write: Callable[[Warehouse], None]) -> None:
        """Replace all that the store holds by what ``write`` writes."""
        for (name,) in self._warehouse.query(FILLED).rows:
            self._warehouse.execute(f"TRUNCATE TABLE zakaz.{name}")
        write(self._warehouse)
        self._contents += 1

    def generation(self) -> str:
        """Return the number of the content."""
        return str(self._contents)

    def open(self, generation: str) -> _Open:
        """Return the engine, which the dashboard may not close."""
        return _Open(self._warehouse)


class _Open:
    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def query(self, sql: str, params: Any = None) -> Table:
        return self._warehouse.query(sql, params)

    def close(self) -> None:
        """Leave the engine open."""

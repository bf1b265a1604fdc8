"""One open store for all tests of a module: to empty it costs a sixth of opening another."""

from __future__ import annotations

from pathlib import Path

from zakaz.snapshot import snapshot
from zakaz.warehouse.embedded import EmbeddedWarehouse

_ROWS = """
SELECT concat(database, '.', table) AS name, sum(rows) AS rows
FROM system.parts
WHERE active AND database = 'zakaz'
GROUP BY name
"""


class Kept:
    """A store with the schema, handed out without rows; one that a test closed is made anew."""

    def __init__(self, template: Path, place: Path) -> None:
        self._template = template
        self._place = place
        self._made = 0
        self._open: EmbeddedWarehouse | None = None
        self._given: dict[str, int] = {}  # what the schema itself puts in: its journal

    def emptied(self) -> EmbeddedWarehouse:
        """Give the open store; no table has a row that bootstrap did not write."""
        if self._open is not None:
            found = self._rows(self._open)
            if any(found.get(table) != rows for table, rows in self._given.items()):
                self.close()  # a test wrote into the schema's own journal
            else:
                for table in found.keys() - self._given.keys():
                    self._open.execute(f"TRUNCATE TABLE {table}")
        opened = self._open or self._anew()
        opened.execute("SYSTEM STOP MERGES")  # every test sees its duplicates unmerged
        return opened

    def close(self) -> None:
        """Close the store, so that another can be opened."""
        if self._open is not None:
            self._open.close()

    def _anew(self) -> EmbeddedWarehouse:
        self._made += 1
        folder = self._place / f"live-{self._made}"
        snapshot(self._template, folder)
        self._open = EmbeddedWarehouse(folder, on_close=self._closed)
        self._given = self._rows(self._open)
        return self._open

    def _closed(self) -> None:
        self._open = None

    def _rows(self, warehouse: EmbeddedWarehouse) -> dict[str, int]:
        return {str(name): int(rows) for name, rows in warehouse.query(_ROWS).rows}

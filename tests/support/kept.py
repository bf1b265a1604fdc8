"""One open store for all tests of a module: to empty it costs a sixth of opening another."""

from __future__ import annotations

import shutil
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
    """A store made from a template, emptied for each test; one that was closed is made anew.

    ``root`` is the whole store, and nothing else lies beside it at first.
    """

    def __init__(self, template: Path, place: Path) -> None:
        self.root = place
        self.template = template
        self._place = place
        self._copies = 0
        self._open: EmbeddedWarehouse | None = None
        self._is_pristine = False  # nobody has opened it since it was copied
        self._given: dict[str, int] = {}  # what the schema itself puts in: its journal

    @property
    def warehouse(self) -> EmbeddedWarehouse:
        """The open store; it is opened again if it was closed."""
        if self._open is None:
            self._open = EmbeddedWarehouse(self.root / "live", on_close=self._closed)
            if self._is_pristine:
                self._given = self._rows()
            self._is_pristine = False
        return self._open

    def empty(self) -> None:
        """Leave no row but those of the template."""
        if not self._swept():
            self.renew(self.template)

    def renew(self, template: Path) -> None:
        """Put a copy of a template in the store's place; it is not open yet."""
        self.close()
        self._is_pristine = template == self.template
        self._copies += 1
        self.root = self._place / str(self._copies) / "store"
        self.root.mkdir(parents=True)
        snapshot(template, self.root / "live")

    def close(self) -> None:
        """Close the store: another may be opened, or a child may write to this one."""
        self._is_pristine = False
        if self._open is not None:
            self._open.close()

    def _closed(self) -> None:
        self._open, self._given = None, {}

    def _swept(self) -> bool:
        """Empty what was filled; False if the store was not open all the time since it was made."""
        if not self._given:
            return False
        found = self._rows()
        if any(found.get(table) != rows for table, rows in self._given.items()):
            return False  # a test wrote into the schema's journal
        for table in found.keys() - self._given.keys():
            self.warehouse.execute(f"TRUNCATE TABLE {table}")
        for folder, kept in ((self.root, "live"), (self.root.parent, self.root.name)):
            for left in folder.iterdir():
                if left.name != kept:
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
        return True

    def _rows(self) -> dict[str, int]:
        return {str(name): int(rows) for name, rows in self.warehouse.query(_ROWS).rows}

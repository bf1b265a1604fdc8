"""A store read inside the test's own process: the dashboard starts readers, most tests need not."""

from __future__ import annotations

import math

from zakaz.store import Store
from zakaz.warehouse.connect import generation
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.url import WarehouseUrl


class InProcess:
    """Supplies a Reading with the engine of this process, which knows one folder at a time."""

    keep_seconds = math.inf

    def __init__(self, url: WarehouseUrl, query_seconds: int = 10) -> None:
        self._url = url
        self._query_seconds = query_seconds

    def generation(self) -> str | None:
        """Return the newest generation."""
        return generation(self._url)

    def open(self, generation: str) -> EmbeddedWarehouse:
        """Open it in this process."""
        return Store(self._url.path).open_generation(generation, query_seconds=self._query_seconds)

"""Reading the warehouse: one engine, one lock, one small cache per published generation."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from zakaz.errors import WarehouseError
from zakaz.warehouse.port import Table, Warehouse

from zakaz_web.queries import Query

WAIT_SECONDS = 15.0  # longer than a query may take: whoever waits behind one still gets answered
CACHE_SIZE = 256


class Supply(Protocol):
    """Where a readable warehouse comes from."""

    keep_seconds: float  # how long answers stay true while the generation keeps its name

    def generation(self) -> str | None:
        """Name what is published now, cheaply; None when nothing is."""

    def open(self) -> Warehouse:
        """Open what is published now."""


class NothingPublishedError(Exception):
    """There is a place for a store, but nothing was ever loaded into it."""


class Snapshot:
    """One generation, held for the length of one page so that its panels agree."""

    def __init__(self, reading: Reading, generation: str) -> None:
        self._reading = reading
        self.generation = generation

    def query(self, query: Query, values: Mapping[str, Any] | None = None) -> Table:
        """Answer a query, from the cache where this generation answered it before."""
        return self._reading.answer(query, query.pick(values or {}))


class Reading:
    """Serialises all requests around one engine and reopens it when a load was published."""

    def __init__(
        self,
        supply: Supply,
        *,
        wait_seconds: float = WAIT_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._supply = supply
        self._wait = wait_seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._warehouse: Warehouse | None = None
        self._generation: str | None = None
        self._cache: OrderedDict[object, tuple[float, Table]] = OrderedDict()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Hold the newest generation; raises NothingPublishedError or WarehouseError."""
        if not self._lock.acquire(timeout=self._wait):
            raise WarehouseError("The dashboard is busy; load the page again in a moment.")
        try:
            yield Snapshot(self, self._renew())
        finally:
            self._lock.release()

    def answer(self, query: Query, params: Mapping[str, Any]) -> Table:
        """Run a query under the held lock; a failure closes the engine so the next page reopens."""
        key = (query.name, tuple(sorted((name, _frozen(value)) for name, value in params.items())))
        now = self._monotonic()
        kept = self._cache.get(key)
        if kept is not None and now < kept[0]:
            self._cache.move_to_end(key)
            return kept[1]
        if self._warehouse is None:
            raise WarehouseError("The warehouse is closed.")
        try:
            table = self._warehouse.query(query.sql, params)
        except Exception:
            self._drop()
            raise
        self._cache[key] = (now + min(query.keep_seconds, self._supply.keep_seconds), table)
        while len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
        return table

    def close(self) -> None:
        """Close the engine; called once, when the server stops."""
        if self._lock.acquire(timeout=self._wait):
            try:
                self._drop()
            finally:
                self._lock.release()

    def _renew(self) -> str:
        published = self._supply.generation()
        if published is None:
            self._drop()
            raise NothingPublishedError
        if self._warehouse is None or published != self._generation:
            self._drop()
            self._warehouse = self._supply.open()
            self._generation = published
        return published

    def _drop(self) -> None:
        self._cache.clear()
        self._generation = None
        if self._warehouse is not None:
            warehouse, self._warehouse = self._warehouse, None
            warehouse.close()


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else value

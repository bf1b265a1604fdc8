"""Where the dashboard's warehouse comes from: the newest generation of a store, or a server."""

from __future__ import annotations

import math

from zakaz.errors import SchemaDrift, WarehouseError, ZakazError
from zakaz.warehouse import connect
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.reader_pool import ReaderPool
from zakaz.warehouse.reader_process import unreadable
from zakaz.warehouse.spare_readers import SpareReaders
from zakaz.warehouse.url import WarehouseUrl

QUERY_SECONDS = 10  # others wait behind a query: one that takes longer is killed
SERVER_KEEP_SECONDS = 60.0  # a server shows every insert at once and names no generation
READERS = 2  # processes of a generation, the second from the first time that two are needed
SPARE_READERS = 1  # started ahead, so that a new load shows without waiting for the engine
CONNECTIONS = 4  # to a server
_NO_DATABASE = 81
_OTHER_SCHEMA = frozenset({47, 60})  # UNKNOWN_IDENTIFIER, UNKNOWN_TABLE


class WarehouseSupply:
    """Opens the warehouse of one URL for reading: in processes of its own, or on a server."""

    def __init__(self, url: WarehouseUrl) -> None:
        self._url = url
        self._spare = SpareReaders(SPARE_READERS)
        self.keep_seconds = SERVER_KEEP_SECONDS if url.kind == "server" else math.inf

    def start_ahead(self) -> None:
        """Start a reader before there is anything to read; returns at once."""
        if self._url.kind == "embedded":
            self._spare.refill()

    def generation(self) -> str | None:
        """Return the name of what is published: a look at one symbolic link; fixed on a server."""
        if self._url.kind == "server":
            return "server"
        try:
            return connect.generation(self._url)
        except OSError as error:
            raise unreadable(error, self._url.path) from None

    def open(self, generation: str) -> ReaderPool:
        """Open a generation, read-only; SchemaDrift where it is of another version than we read."""
        from zakaz.schema.migrate import has_journal, require_current

        pool = self._open(generation)
        try:
            if has_journal(pool):
                require_current(pool)
        except ZakazError:
            pool.close()
            raise
        return pool

    def close(self) -> None:
        """End all readers."""
        self._spare.close()

    def _open(self, generation: str) -> ReaderPool:
        if self._url.kind == "embedded":
            return self._spare.open_pool(
                self._url.path,
                generation,
                size=READERS,
                query_seconds=QUERY_SECONDS,
                at_once=1,
            )

        def connected() -> Warehouse:
            return connect.open_for_reading(self._url, query_seconds=QUERY_SECONDS)

        return ReaderPool([connected()], connected, size=CONNECTIONS)


def is_unmade(error: WarehouseError) -> bool:
    """Return whether a server answered that it holds nothing of ours yet."""
    return error.code == _NO_DATABASE


def is_other_schema(error: ZakazError) -> bool:
    """Return whether the store is of another version than this program reads."""
    if isinstance(error, WarehouseError):
        return error.code in _OTHER_SCHEMA
    return isinstance(error, SchemaDrift)

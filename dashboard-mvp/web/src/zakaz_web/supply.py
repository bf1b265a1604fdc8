"""Where the dashboard's warehouse comes from: the newest generation of a store, or a server."""

from __future__ import annotations

import math

from zakaz.errors import WarehouseError
from zakaz.warehouse import connect
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl

QUERY_SECONDS = 10  # others wait behind a query: one that takes longer is killed
SERVER_KEEP_SECONDS = 60.0  # a server shows every insert at once and names no generation
_NOT_BOOTSTRAPPED = frozenset({60, 81})  # UNKNOWN_TABLE, UNKNOWN_DATABASE


class WarehouseSupply:
    """Opens the warehouse of one URL for reading."""

    def __init__(self, url: WarehouseUrl) -> None:
        self._url = url
        self.keep_seconds = SERVER_KEEP_SECONDS if url.kind == "server" else math.inf

    def generation(self) -> str | None:
        """Name what is published now: a look at one symbolic link, or nothing on a server."""
        if self._url.kind == "server":
            return "server"
        return connect.generation(self._url)

    def open(self) -> Warehouse:
        """Open what is published now, read-only."""
        return connect.open_for_reading(self._url, query_seconds=QUERY_SECONDS)


def is_unmade(error: WarehouseError) -> bool:
    """Say whether a server answered that our views are not there yet."""
    return error.code in _NOT_BOOTSTRAPPED

"""Opening the warehouse for writing or for reading, whichever it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zakaz.store import Store
from zakaz.warehouse.url import WarehouseUrl

if TYPE_CHECKING:
    from zakaz.warehouse.port import Warehouse


@contextmanager
def open_for_writing(url: WarehouseUrl) -> Iterator[Warehouse]:
    """Open the warehouse to load into it; a second writer of an embedded store is ``Locked``.

    Nothing is published on the way out: the caller decides with ``publish`` when what was
    loaded may be seen. That works inside the context as well as after it.
    """
    if url.kind == "server":
        from zakaz.warehouse.server import ServerWarehouse

        with ServerWarehouse(url) as server:
            yield server
        return
    from zakaz.warehouse.embedded import EmbeddedWarehouse

    store = Store(url.path)
    with store.lock():
        store.check_engine()
        with EmbeddedWarehouse(store.live) as warehouse:
            store.remember_engine(warehouse.version())
            yield warehouse


def open_for_reading(url: WarehouseUrl, *, query_seconds: int = 0) -> Warehouse:
    """Open the warehouse to read: the newest published generation, or the server.

    An embedded reader gets its own copy of hard links, gone on ``close``, so that a dashboard,
    several commands and a writer never meet. Open again to see a newer generation.
    ``query_seconds`` limits each query, for readers that others wait for; 0 means no limit.
    """
    if url.kind == "server":
        from zakaz.warehouse.server import ServerWarehouse

        return ServerWarehouse(url, readonly=True, query_seconds=query_seconds)
    return Store(url.path).open_generation(query_seconds=query_seconds)


def publish(url: WarehouseUrl) -> str | None:
    """Let readers see what was loaded; gives the generation, None where a server shows at once."""
    return None if url.kind == "server" else Store(url.path).publish()


def generation(url: WarehouseUrl) -> str | None:
    """Give the newest published generation, to notice a flip; None on a server or before one."""
    return None if url.kind == "server" else Store(url.path).current()

"""A few readers of one generation, or a few connections to a server, shared by many threads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zakaz.errors import WarehouseError, ZakazError
from zakaz.warehouse.port import Reader, Table
from zakaz.warehouse.reader_process import ReaderGoneError

WAIT_SECONDS = 15.0  # longer than a query may take: whoever waits behind one still gets answered

log = logging.getLogger(__name__)


def _let_it_end(reader: Reader) -> None:
    """Leave a busy reader alone: it is closed when its query has ended."""


class ReaderPool:
    """Lends each query a reader; one that fails is replaced, and its query asked once more.

    Begins with ``readers`` and makes further ones with ``start``, up to ``size``, when all are
    busy. ``interrupt`` ends a reader that is busy when the pool closes; without it such a reader
    is closed when its query has ended.
    """

    def __init__(
        self,
        readers: Sequence[Reader],
        start: Callable[[], Reader],
        *,
        size: int,
        interrupt: Callable[[Any], None] = _let_it_end,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._start = start
        self._size = size
        self._wait = wait_seconds
        self._interrupt = interrupt
        self._changed = threading.Condition()
        self._free: list[Reader] = list(readers)
        self._busy: set[Reader] = set()
        self._starting = 0
        self._is_closed = False

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Run one SELECT on a free reader; where that ends without an answer, on another one."""
        try:
            return self._ask(sql, params)
        except ReaderGoneError as error:
            log.warning("%s; another reader is asked", error)
            return self._ask(sql, params)

    def close(self) -> None:
        """Close every reader; a second call does nothing."""
        with self._changed:
            self._is_closed = True
            free, self._free = self._free, []
            busy = list(self._busy)
            self._changed.notify_all()
        for reader in busy:
            self._interrupt(reader)
        for reader in free:
            reader.close()

    def _ask(self, sql: str, params: Mapping[str, Any] | None) -> Table:
        reader = self._take()
        is_usable = False
        try:
            table = reader.query(sql, params)
            is_usable = True
        except WarehouseError as error:
            is_usable = error.code is not None  # the engine refused this query and lives
            raise
        finally:
            self._give_back(reader, is_usable=is_usable)
        return table

    def _take(self) -> Reader:
        while True:
            with self._changed:
                if not self._changed.wait_for(self._has_room, self._wait):
                    raise WarehouseError("The dashboard is busy; load the page again in a moment.")
                if self._is_closed:
                    raise WarehouseError("The warehouse is closed.")
                if self._free:
                    reader = self._free.pop()
                    self._busy.add(reader)
                    return reader
                self._starting += 1
            try:
                self._give_back(self._start(), is_usable=True, was_starting=True)
            except ZakazError as error:
                self._go_on_without(error)

    def _go_on_without(self, error: ZakazError) -> None:
        """Be content with the readers there are; without any, raise why none could start."""
        with self._changed:
            self._starting -= 1
            others = len(self._free) + len(self._busy) + self._starting
            self._size = max(others, 1)
            self._changed.notify_all()
        if not others:
            raise error
        log.warning("Going on with %d readers, another one did not start: %s", others, error)

    def _has_room(self) -> bool:
        taken = len(self._busy) + self._starting
        return self._is_closed or bool(self._free) or taken < self._size

    def _give_back(self, reader: Reader, *, is_usable: bool, was_starting: bool = False) -> None:
        with self._changed:
            self._starting -= was_starting
            self._busy.discard(reader)
            is_usable = is_usable and not self._is_closed
            if is_usable:
                self._free.append(reader)
            self._changed.notify()
        if not is_usable:
            reader.close()

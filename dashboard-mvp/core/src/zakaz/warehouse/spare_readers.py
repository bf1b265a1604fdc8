"""Reader processes started ahead of the generation that they will read."""

from __future__ import annotations

import threading
from pathlib import Path

from zakaz.errors import ZakazError
from zakaz.warehouse.reader_pool import ReaderPool
from zakaz.warehouse.reader_process import ReaderProcess

GRACE_SECONDS = 10.0  # for a reader to close its engine and to remove its copy


class SpareReaders:
    """Keeps ``spare`` processes ready, opens generations in them, and sees all of them end."""

    def __init__(self, spare: int) -> None:
        self._count = spare
        self._lock = threading.Lock()
        self._spare: list[ReaderProcess] = []
        self._running: list[ReaderProcess] = []
        self._is_closed = False

    def refill(self) -> None:
        """Start as many as are missing and reap those that ended; waits for neither."""
        with self._lock:
            self._running = [reader for reader in self._running if reader.is_running]
            while len(self._spare) < self._count and not self._is_closed:
                self._spare.append(self._begin())

    def open_pool(
        self,
        root: Path,
        generation: str,
        *,
        size: int,
        query_seconds: int,
        at_once: int | None = None,
    ) -> ReaderPool:
        """Open a generation in ``size`` readers; returns when the first of them is ready.

        Those beyond ``at_once`` open it when the others are busy. Raises what kept the first one
        from opening it.
        """

        def start() -> ReaderProcess:
            reader = self._take()
            reader.open(root, generation, query_seconds)
            return reader

        def replace() -> ReaderProcess:
            reader = start()
            self.refill()
            return reader

        readers = [start() for _ in range(at_once or size)]
        try:
            readers[0].ready()
        except ZakazError:
            for reader in readers:
                reader.close()
            raise
        finally:
            self.refill()
        return ReaderPool(readers[::-1], replace, size=size, interrupt=ReaderProcess.kill)

    def close(self) -> None:
        """End every process, spare or not, and wait until all have ended."""
        with self._lock:
            self._is_closed = True
            running, self._running, self._spare = self._running, [], []
        for reader in running:
            reader.close()
        for reader in running:
            reader.wait(GRACE_SECONDS)

    def _take(self) -> ReaderProcess:
        with self._lock:
            while self._spare:
                reader = self._spare.pop(0)
                if reader.is_running:
                    return reader
            return self._begin()

    def _begin(self) -> ReaderProcess:
        reader = ReaderProcess()
        self._running.append(reader)
        return reader

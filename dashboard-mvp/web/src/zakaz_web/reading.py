"""Reading the warehouse: the newest generation, its readers and its answers, for all requests."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from zakaz.errors import WarehouseError, ZakazError
from zakaz.warehouse.port import Reader, Table

from zakaz_web.answers import Answers
from zakaz_web.queries import Query

RETRY_SECONDS = 5.0  # between two tries to open what cannot be read: each starts processes

log = logging.getLogger(__name__)


class Supply(Protocol):
    """Where a readable warehouse comes from."""

    keep_seconds: float  # how long answers stay true while the generation keeps its name

    def generation(self) -> str | None:
        """Return the name of what is published now, cheaply; None when nothing is."""

    def open(self, generation: str) -> Reader:
        """Open what is published under that name, for many threads at once."""


class NothingPublishedError(Exception):
    """There is a place for a store, but nothing was ever loaded into it."""


class _Generation:
    """One open generation and what it answered; ``users`` are the pages being made of it."""

    def __init__(self, name: str, readers: Reader, monotonic: Callable[[], float]) -> None:
        self.name = name
        self.readers = readers
        self.answers = Answers(monotonic)
        self.users = 0
        self.is_broken = False


class Snapshot:
    """One generation, held for the length of one page so that its panels agree."""

    def __init__(self, opened: _Generation, keep_seconds: float) -> None:
        self._opened = opened
        self._keep = keep_seconds
        self.generation = opened.name

    def query(self, query: Query, values: Mapping[str, Any] | None = None) -> Table:
        """Answer a query, once for all pages of this generation."""
        params = query.pick(values or {})
        key = (query.name, tuple(sorted((name, _frozen(value)) for name, value in params.items())))
        keep = min(query.keep_seconds, self._keep)
        return self._opened.answers.get(key, keep, lambda: self._ask(query.sql, params))

    def _ask(self, sql: str, params: Mapping[str, Any]) -> Table:
        try:
            return self._opened.readers.query(sql, params)
        except WarehouseError as error:
            self._opened.is_broken |= error.code is None  # no engine answered: open it anew
            raise


class Reading:
    """Holds the newest generation open and changes to a newer one as soon as one is published.

    Pages of the one before end on it. What cannot be opened leaves the one before in its place.
    """

    def __init__(self, supply: Supply, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._supply = supply
        self._monotonic = monotonic
        self._lock = threading.Lock()  # held for moments only
        self._opening = threading.Lock()  # held by the one thread that opens a generation
        self._opened: _Generation | None = None
        self._not_before = 0.0
        self._failure: ZakazError | None = None

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Hold the newest generation; raises NothingPublishedError or a ZakazError."""
        opened = self._enter()
        try:
            yield Snapshot(opened, self._supply.keep_seconds)
        finally:
            self._leave(opened)

    def close(self) -> None:
        """Close the readers, also under pages being made; the next page opens them again."""
        with self._lock:
            before, self._opened = self._opened, None
        if before is not None:
            before.readers.close()

    def _enter(self) -> _Generation:
        if self._monotonic() < self._not_before and (opened := self._use()):
            return opened
        try:
            published = self._supply.generation()
        except ZakazError as error:
            return self._keep_on(error)
        if published is None:
            self._replace(None)
            raise NothingPublishedError
        if opened := self._use(published):
            return opened
        # Who comes while another thread opens it is shown the one before, where there is one.
        if not self._opening.acquire(blocking=self._opened is None):
            if opened := self._use():
                return opened
            raise WarehouseError("The warehouse is closed.")
        try:
            return self._use(published) or self._open(published)
        finally:
            self._opening.release()

    def _use(self, name: str = "") -> _Generation | None:
        """Return what is open, for a page; with a name only if that is it and it works."""
        with self._lock:
            opened = self._opened
            if opened is None or (name and (opened.name != name or opened.is_broken)):
                return None
            opened.users += 1
            return opened

    def _open(self, name: str) -> _Generation:
        if self._monotonic() < self._not_before and self._failure is not None:
            raise self._failure  # a moment ago it could not be opened either
        try:
            opened = _Generation(name, self._supply.open(name), self._monotonic)
        except ZakazError as error:
            return self._keep_on(error)
        opened.users = 1
        self._failure = None
        self._replace(opened)
        return opened

    def _keep_on(self, error: ZakazError) -> _Generation:
        """Return the generation before, which is told once; without one, raise the error."""
        before, self._failure = self._failure, error
        self._not_before = self._monotonic() + RETRY_SECONDS
        opened = self._use()
        if opened is None:
            raise error
        if str(before) != str(error):
            log.error("Still showing the load before, the newest cannot be read: %s", error)
        return opened

    def _leave(self, opened: _Generation) -> None:
        with self._lock:
            opened.users -= 1
            is_last = opened.users == 0 and opened is not self._opened
        if is_last:
            opened.readers.close()

    def _replace(self, following: _Generation | None) -> None:
        with self._lock:
            before, self._opened = self._opened, following
            is_unused = before is not None and before.users == 0
        if before is not None and is_unused:
            before.readers.close()


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else value

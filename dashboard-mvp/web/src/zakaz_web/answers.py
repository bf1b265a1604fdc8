"""What a generation answered already: shared by all requests, each question asked once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from math import inf

from zakaz.errors import WarehouseError
from zakaz.warehouse.port import Table
from zakaz.warehouse.reader_pool import WAIT_SECONDS

KEPT = 256


@dataclass(slots=True)
class _Answer:
    future: Future[Table] = field(default_factory=Future)
    until: float = inf  # of the clock; an answer that is not there yet does not age


class Answers:
    """The newest answers; who asks what is being asked waits for that answer."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Answer] = OrderedDict()

    def get(self, key: Hashable, keep_seconds: float, ask: Callable[[], Table]) -> Table:
        """Return the kept answer, or ask and keep what comes; a failure is told to all who wait."""
        with self._lock:
            answer = self._kept.get(key)
            is_known = answer is not None and self._monotonic() < answer.until
            if answer is None or not is_known:
                answer = self._kept[key] = _Answer()
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._wait(answer) if is_known else self._ask(key, answer, keep_seconds, ask)

    def _ask(
        self, key: Hashable, answer: _Answer, keep_seconds: float, ask: Callable[[], Table]
    ) -> Table:
        try:
            table = ask()
        except BaseException as error:
            with self._lock:
                if self._kept.get(key) is answer:
                    del self._kept[key]
            answer.future.set_exception(error)
            raise
        answer.until = self._monotonic() + keep_seconds
        answer.future.set_result(table)
        return table

    @staticmethod
    def _wait(answer: _Answer) -> Table:
        try:
            return answer.future.result(2 * WAIT_SECONDS)
        except TimeoutError:
            raise WarehouseError(
                "The dashboard is busy; load the page again in a moment."
            ) from None

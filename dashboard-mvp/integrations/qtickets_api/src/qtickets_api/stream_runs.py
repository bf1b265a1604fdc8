"""How each stream of a run ends: journalled one by one, and the optional ones kept apart."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from zakaz.errors import DataError, SourceError, ZakazError
from zakaz.run_journal import RunStatus
from zakaz.source import StreamRun, SyncRequest

from qtickets_api.streams import ORDERS, REQUIRED, STREAMS

log = logging.getLogger(__name__)

_TOKEN_REFUSED = frozenset({401, 403})
_NOT_THERE = 404
_MOST_NAMES = 1000


class StreamRuns:
    """Writes down the streams of one run; ``mode`` is how the present one is read."""

    def __init__(self, request: SyncRequest, note: Callable[[str], None]) -> None:
        self.chosen = [name for name in STREAMS if not request.only or name in request.only]
        self.mode = ""
        self._new_fields: set[str] = set()
        self._request = request
        self._note = note

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Run one stream; the failure of an optional one is told and stops nothing (E12, F20).

        Raises what a required stream raised, and what concerns all of them: a refused token.
        """
        report = self._request.report
        started, before, self.mode = self._request.clock(), _counts(self._request), ""
        self._new_fields.clear()
        failures, status, message = len(report.failures), RunStatus.FAILED, "stopped"
        try:
            yield
            status, message = RunStatus.OK, "; ".join(report.failures[failures:])
            if message:
                status = RunStatus.PARTIAL
        except ZakazError as error:
            message = str(error)
            if not self._is_optional(name, error):
                raise
            if isinstance(error, SourceError) and error.status == _NOT_THERE:
                status = RunStatus.SKIPPED
                self._note(f"{name} left out: {error}")
            else:
                log.error("%s failed: %s", name, error)
                report.failures.append(f"{name}: {error}")
        finally:
            received, accepted, quarantined, duplicate = (
                now - then for now, then in zip(_counts(self._request), before, strict=True)
            )
            if status is RunStatus.OK and not received:
                status = RunStatus.EMPTY
            if name == ORDERS or not report.mode:
                report.mode = self.mode
            report.streams.append(
                StreamRun(
                    name,
                    started,
                    self._request.clock(),
                    status.value,
                    self.mode,
                    received,
                    accepted,
                    quarantined,
                    duplicate,
                    message,
                    tuple(sorted(self._new_fields)),
                )
            )

    def saw(self, new_fields: Iterable[str]) -> None:
        """Remember the names of unknown fields of the present stream (P10)."""
        for name in new_fields:
            if len(self._new_fields) < _MOST_NAMES:  # a source may make up names without end
                self._new_fields.add(name)

    def _is_optional(self, name: str, error: ZakazError) -> bool:
        if name in REQUIRED or self._request.only == (name,):
            return False
        if isinstance(error, SourceError):
            return error.status not in _TOKEN_REFUSED
        return isinstance(error, DataError)


def _counts(request: SyncRequest) -> tuple[int, int, int, int]:
    report = request.report
    return report.received, report.accepted, report.quarantined, report.duplicate

"""The reading half of a run: streams of one account as pages of rows, with progress and notes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from zakaz.source import SyncRequest

from qtickets_api import plan, streams
from qtickets_api.client import Page, QticketsClient
from qtickets_api.intake import Intake, Newest
from qtickets_api.ladder import Ladder
from qtickets_api.plan import Plan
from qtickets_api.settings import QticketsSettings
from qtickets_api.stream_runs import StreamRuns
from qtickets_api.streams import Stream
from qtickets_api.taken import Item, Taken

log = logging.getLogger(__name__)


def asked_of(request: SyncRequest) -> Plan:
    """Give how orders are read for the days asked for, all of them by default."""
    first, last = request.date_from, request.date_to
    return plan.whole() if first is None and last is None else plan.window(first, last)


class Reading:
    """Reads the chosen streams of one account; ``started`` is when the run began."""

    def __init__(
        self, client: QticketsClient, settings: QticketsSettings, request: SyncRequest
    ) -> None:
        self.started = request.clock()
        self.runs = StreamRuns(request, self.note)
        self._client = client
        self._settings = settings
        self._request = request

    def note(self, text: str) -> None:
        """Tell the user one thing, in the log and in the summary of the run."""
        log.warning(text)
        self._request.report.notes.append(text)

    def stream(self, name: str) -> Stream[Any]:
        """Give a stream by name."""
        return streams.stream_of(name, self._settings.page_size)

    def begin(
        self, stream: Stream[Item], chosen: Plan, newest: Newest | None = None
    ) -> tuple[Ladder, Intake[Item]]:
        """Give what walks over a stream and what takes its rows in; nothing is asked yet."""
        ladder = Ladder(
            self._client, stream.path, stream.per_page, chosen.rungs, self.note, stream.select
        )
        return ladder, self.intake(stream, newest)

    def intake(self, stream: Stream[Item], newest: Newest | None = None) -> Intake[Item]:
        """Give what takes the rows of a stream in."""
        return Intake(
            stream.name,
            stream.read,
            account_id=self._settings.account_id,
            loaded_at=self.started,
            report=self._request.report,
            newest=newest,
        )

    def pages(
        self,
        stream: Stream[Item],
        ladder: Ladder,
        intake: Intake[Item],
        watch: Callable[[Iterable[Page]], Iterable[Page]] = iter,
    ) -> Iterator[Taken[Item]]:
        """Give the pages of a stream with progress, and report how they were read."""
        try:
            with self._request.progress.task(f"Qtickets {stream.name.replace('_', ' ')}") as task:
                for taken in intake.take(watch(ladder.pages())):
                    task.expect(ladder.expected)
                    task.advance(taken.received)
                    self.runs.saw(taken.new_fields)
                    yield taken
        finally:
            self._request.report.notes += intake.notes()
            self.runs.mode = ladder.mode
            self._request.report.requests = self._client.requests

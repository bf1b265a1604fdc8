"""The load of one Qtickets account: the only place where reading and writing meet."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from zakaz.fault_point import reach
from zakaz.moscow import moscow_day
from zakaz.source import SyncReport, SyncRequest
from zakaz.warehouse.port import Warehouse

from qtickets_api import cursor, inventory, plan, streams
from qtickets_api.client import QticketsClient, connect
from qtickets_api.cursor import Backfill, Cursor
from qtickets_api.intake import Intake, Newest
from qtickets_api.inventory import Snapshots
from qtickets_api.ladder import FULL, Ladder
from qtickets_api.plan import Habits, Plan
from qtickets_api.reread import read_again
from qtickets_api.settings import QticketsSettings, ReadingSettings, is_stub
from qtickets_api.staging import ROWS_PER_INSERT, Staging, unfinished_events
from qtickets_api.stream_runs import StreamRuns
from qtickets_api.streams import Stream
from qtickets_api.transform import Item, Taken

log = logging.getLogger(__name__)


def load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
    """Load the chosen streams one after another; each cursor moves after its rows are stored."""
    settings = QticketsSettings.load(request.environ)
    client = connect(settings, request.clock)
    try:
        Run(client, settings, request).load(warehouse)
    finally:
        request.report.requests = client.requests
        client.close()
    return request.report


def dry_run(request: SyncRequest) -> SyncReport:
    """Read with GET only and say what a load would store; a stub run sends no request at all."""
    if is_stub(request.environ):
        return _stub(ReadingSettings.load(request.environ))
    settings = QticketsSettings.load(request.environ)
    client = connect(settings, request.clock)
    try:
        Run(client, settings, request).count()
    finally:
        request.report.requests = client.requests
        client.close()
    return request.report


def _stub(settings: ReadingSettings) -> SyncReport:
    told = (
        "stub mode: DRY_RUN is true and the API is a live service, so no request is sent; without "
        f"DRY_RUN the orders and events of {settings.base_url} would be loaded as account "
        f"{settings.account_id}"
    )
    log.info(told)
    return SyncReport(mode="dry-run", notes=[told])


class Run:
    """One run over one account."""

    def __init__(
        self, client: QticketsClient, settings: QticketsSettings, request: SyncRequest
    ) -> None:
        self.report = request.report
        self._client = client
        self._account_id = settings.account_id
        self._page_size = settings.page_size
        self._request = request
        self._started = request.clock()
        self._today = moscow_day(self._started)
        self._habits = Habits(
            overlap=timedelta(minutes=settings.overlap_minutes),
            trailing=timedelta(days=settings.trailing_days),
        )
        self._runs = StreamRuns(request, self._note)

    def load(self, warehouse: Warehouse) -> None:
        """Load every chosen stream, or the one thing that was asked for."""
        for name in self._runs.chosen:
            with self._runs.of(name):
                if name == streams.INVENTORY:
                    self._store_inventory(warehouse)
                elif self._request.entity:
                    self._store_one(warehouse, self._stream(name))
                elif name == streams.ORDERS:
                    self._store_orders(warehouse, self._stream(name))
                else:
                    self._store_list(warehouse, self._stream(name))

    def _stream(self, name: str) -> Stream[Any]:
        return streams.stream_of(name, self._page_size)

    def _store_list(self, warehouse: Warehouse, stream: Stream[Any]) -> None:
        """Load a list that is not long: all of it once a day, else what changed."""
        known = self._known(warehouse, stream.name)
        chosen = plan.whole_list()
        if known is not None:
            chosen = plan.changes_of_list(known, self._habits, self._today)
        self._store(warehouse, stream, chosen, known)

    def _store_orders(self, warehouse: Warehouse, stream: Stream[Any]) -> None:
        """Load orders and tickets: the chosen days, what changed, or everything."""
        known, chosen = self._known(warehouse, stream.name), self._asked()
        if chosen.is_window:
            self._store(warehouse, stream, chosen, known)
        elif known is not None:
            self._store(warehouse, stream, self._changes(warehouse, known), known)
        elif self._request.full_refresh:
            self._store(warehouse, stream, chosen, None)
        else:
            self._store_first(warehouse, stream)

    def _changes(self, warehouse: Warehouse, known: Cursor) -> Plan:
        self.report.incremental = True
        since = known.updated_at - self._habits.overlap
        self.report.notes.append(f"incremental: what changed since {since:%Y-%m-%d %H:%M}")
        return plan.changes_of_orders(
            known,
            self._habits,
            self._today,
            lambda: unfinished_events(warehouse, self._account_id, self._started),
        )

    def _store_first(self, warehouse: Warehouse, stream: Stream[Any]) -> None:
        """Read everything for the first time, from where an earlier try stopped (E14)."""
        stopped = cursor.read_backfill(warehouse, self._account_id, stream.name)
        chosen, newest = plan.whole(), Newest()
        if stopped is not None:
            self._note(f"the first load goes on behind order {stopped.last_id}")
            chosen = plan.rest(stopped)
            newest = Newest(stopped.updated_at, stopped.last_id, stopped.began_at)

        def remember(place: Backfill | None) -> None:
            at = self._request.clock()
            cursor.write_backfill(warehouse, self._account_id, stream.name, place, at)

        before = self.report.inserted
        self._store(warehouse, stream, chosen, None, newest, remember)
        if stopped is not None or self.report.inserted - before >= ROWS_PER_INSERT:
            remember(None)

    def _store_inventory(self, warehouse: Warehouse) -> None:
        """Count the seats of the coming shows, or of the one that was asked for."""
        show_id = self._request.entity
        targets = (
            inventory.one_show(warehouse, self._account_id, show_id)
            if show_id
            else inventory.coming_shows(warehouse, self._account_id, self._started)
        )
        self._runs.mode = "entity" if show_id else FULL
        Snapshots(
            self._client, self._request, account_id=self._account_id, loaded_at=self._started
        ).take(warehouse, targets)

    def _store_one(self, warehouse: Warehouse, stream: Stream[Any]) -> None:
        """Read one thing again by its id; no cursor moves."""
        self._runs.mode = "entity"
        page = read_again(self._client, stream, self._request.entity)
        intake = self._intake(stream)
        staging = self._staging(warehouse, stream, reads_all=False)
        for taken in intake.take([page]):
            staging.add(taken)
        staging.flush()

    def count(self) -> None:
        """Read the chosen streams and note how much there is; seats are not asked for."""
        told = []
        for name in self._runs.chosen:
            if name == streams.INVENTORY:
                continue
            stream, chosen, lines = self._stream(name), plan.whole_list(), 0
            if name == streams.ORDERS:
                chosen = self._asked()
            before = self.report.accepted
            for taken in self._pages(stream, self._ladder(stream, chosen), self._intake(stream)):
                lines += taken.items.lines()
            told.append(f"{self.report.accepted - before} {name.replace('_', ' ')}")
            if name == streams.ORDERS:
                told[-1] += f" with {lines} tickets"
        self.report.mode = "dry-run"
        self.report.notes.append(
            f"dry run: {', '.join(told) or 'nothing'} would be loaded as account {self._account_id}"
        )

    def _known(self, warehouse: Warehouse, stream: str) -> Cursor | None:
        if self._request.full_refresh:
            return None
        return cursor.read(warehouse, self._account_id, stream)

    def _asked(self) -> Plan:
        first, last = self._request.date_from, self._request.date_to
        return plan.whole() if first is None and last is None else plan.window(first, last)

    def _store(
        self,
        warehouse: Warehouse,
        stream: Stream[Item],
        chosen: Plan,
        known: Cursor | None,
        newest: Newest | None = None,
        remember: Callable[[Backfill | None], None] | None = None,
    ) -> None:
        ladder, intake = self._ladder(stream, chosen), self._intake(stream, newest)

        def on_batch() -> None:
            # Only a list read by id is stored without gaps up to the last id.
            if remember is not None and ladder.mode == f"{FULL}-keyset":
                remember(intake.newest.place())

        staging = self._staging(warehouse, stream, reads_all=chosen.reads_all, on_batch=on_batch)
        for taken in self._pages(stream, ladder, intake):
            staging.add(taken)
        staging.flush()
        seen_to = intake.newest.watermark(self._habits.overlap / 2)
        if chosen.is_window or seen_to is None:
            return
        moved = Cursor(
            updated_at=max(seen_to, known.updated_at) if known else seen_to,
            last_id=max(intake.newest.identity, known.last_id if known else 0),
            whole_on=known.whole_on if known and not chosen.looks_twice else self._today,
        )
        if moved != known:
            reach("before_cursor")
            cursor.write(warehouse, self._account_id, stream.name, moved, self._request.clock())

    def _ladder(self, stream: Stream[Item], chosen: Plan) -> Ladder:
        rungs = chosen.rungs
        return Ladder(self._client, stream.path, stream.per_page, rungs, self._note, stream.select)

    def _intake(self, stream: Stream[Item], newest: Newest | None = None) -> Intake[Item]:
        return Intake(
            stream.name,
            stream.read,
            account_id=self._account_id,
            loaded_at=self._started,
            report=self.report,
            newest=newest,
        )

    def _staging(
        self,
        warehouse: Warehouse,
        stream: Stream[Item],
        *,
        reads_all: bool,
        on_batch: Callable[[], None] = lambda: None,
    ) -> Staging[Item]:
        return Staging(
            warehouse,
            stream.name,
            account_id=self._account_id,
            run_id=self._request.run_id,
            clock=self._request.clock,
            report=self.report,
            reads_all=reads_all,
            on_batch=on_batch,
        )

    def _pages(
        self, stream: Stream[Item], ladder: Ladder, intake: Intake[Item]
    ) -> Iterator[Taken[Item]]:
        """Give the pages of a stream with progress, and report how they were read."""
        try:
            with self._request.progress.task(f"Qtickets {stream.name}") as task:
                for taken in intake.take(ladder.pages()):
                    task.expect(ladder.expected)
                    task.advance(taken.received)
                    yield taken
        finally:
            self._runs.mode = ladder.mode
            self.report.requests = self._client.requests

    def _note(self, text: str) -> None:
        log.warning(text)
        self.report.notes.append(text)

"""The load of one Qtickets account: the only place where reading and writing meet."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic

from zakaz.fault_point import reach
from zakaz.moscow import moscow_day
from zakaz.source import SyncReport, SyncRequest
from zakaz.warehouse.port import Warehouse

from qtickets_api import cursor, plan, transform
from qtickets_api.client import QticketsClient, connect
from qtickets_api.cursor import Backfill, Cursor
from qtickets_api.intake import Intake, Newest
from qtickets_api.ladder import FULL, Ladder
from qtickets_api.plan import Habits, Plan
from qtickets_api.settings import QticketsSettings, ReadingSettings, is_stub
from qtickets_api.staging import ROWS_PER_INSERT, Staging, unfinished_events
from qtickets_api.transform import Item, Stamp, Taken

log = logging.getLogger(__name__)

# On the wire an event weighs about 130 KB, an order 4 KB.
_EVENTS_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Stream(Generic[Item]):
    """One list of the API and how a page of it becomes rows."""

    name: str
    per_page: int
    read: Callable[[Sequence[bytes], Stamp], Taken[Item]]


def load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
    """Load events, then orders with their tickets; each cursor moves after its rows are stored."""
    settings = QticketsSettings.load(request.environ)
    client = connect(settings, request.clock)
    try:
        run = Run(client, settings, request)
        run.store_events(warehouse)
        run.store_orders(warehouse)
    finally:
        client.close()
    return run.report


def dry_run(request: SyncRequest) -> SyncReport:
    """Read with GET only and say what a load would store; a stub run sends no request at all."""
    if is_stub(request.environ):
        return _stub(ReadingSettings.load(request.environ))
    settings = QticketsSettings.load(request.environ)
    client = connect(settings, request.clock)
    try:
        run = Run(client, settings, request)
        run.count()
    finally:
        client.close()
    return run.report


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
        self._request = request
        self._started = request.clock()
        self._today = moscow_day(self._started)
        self._habits = Habits(
            overlap=timedelta(minutes=settings.overlap_minutes),
            trailing=timedelta(days=settings.trailing_days),
        )
        self._events = Stream("events", _EVENTS_PER_PAGE, transform.events)
        self._orders = Stream("orders", settings.page_size, transform.orders)

    def store_events(self, warehouse: Warehouse) -> None:
        """Load events and shows: all of them once a day, else what changed."""
        known = self._known(warehouse, "events")
        chosen = plan.whole()
        if known is not None:
            chosen = plan.changes_of_events(known, self._habits, self._today)
        self._store(warehouse, self._events, chosen, known)

    def store_orders(self, warehouse: Warehouse) -> None:
        """Load orders and tickets: the chosen days, what changed, or everything."""
        known, chosen = self._known(warehouse, "orders"), self._asked()
        if chosen.is_window:
            self._store(warehouse, self._orders, chosen, known)
        elif known is not None:
            self._store(warehouse, self._orders, self._changes(warehouse, known), known)
        elif self._request.full_refresh:
            self._store(warehouse, self._orders, chosen, None)
        else:
            self._store_first(warehouse)

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

    def _store_first(self, warehouse: Warehouse) -> None:
        """Read everything for the first time, from where an earlier try stopped (E14)."""
        stopped = cursor.read_backfill(warehouse, self._account_id, "orders")
        chosen, newest = plan.whole(), Newest()
        if stopped is not None:
            self._note(f"the first load goes on behind order {stopped.last_id}")
            chosen = plan.rest(stopped)
            newest = Newest(stopped.updated_at, stopped.last_id, stopped.began_at)

        def remember(place: Backfill | None) -> None:
            cursor.write_backfill(
                warehouse, self._account_id, "orders", place, self._request.clock()
            )

        self._store(warehouse, self._orders, chosen, None, newest, remember)
        if stopped is not None or self.report.inserted >= ROWS_PER_INSERT:
            remember(None)

    def count(self) -> None:
        """Read events and orders and note how many there are."""
        events = orders = tickets = 0
        for shown in self._pages(self._events, *self._reading(self._events, plan.whole())):
            events += len(shown.items)
        for taken in self._pages(self._orders, *self._reading(self._orders, self._asked())):
            orders += len(taken.items)
            tickets += sum(len(order.lines) for order in taken.items)
        self.report.mode = "dry-run"
        self.report.notes.append(
            f"dry run: {orders} orders with {tickets} tickets and {events} events would be loaded "
            f"as account {self._account_id}"
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
        ladder, intake = self._reading(stream, chosen, newest)

        def on_batch() -> None:
            # Only a list read by id is stored without gaps up to the last id.
            if remember is not None and ladder.mode == f"{FULL}-keyset":
                remember(intake.newest.place())

        staging: Staging[Item] = Staging(
            warehouse,
            stream.name,
            account_id=self._account_id,
            run_id=self._request.run_id,
            clock=self._request.clock,
            report=self.report,
            reads_all=chosen.reads_all,
            on_batch=on_batch,
        )
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
        reach("before_cursor")
        if moved != known:
            cursor.write(warehouse, self._account_id, stream.name, moved, self._request.clock())

    def _reading(
        self, stream: Stream[Item], chosen: Plan, newest: Newest | None = None
    ) -> tuple[Ladder, Intake[Item]]:
        ladder = Ladder(self._client, f"/{stream.name}", stream.per_page, chosen.rungs, self._note)
        intake = Intake(
            stream.name,
            stream.read,
            account_id=self._account_id,
            loaded_at=self._started,
            report=self.report,
            newest=newest,
        )
        return ladder, intake

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
            self.report.mode = ladder.mode
            self.report.requests = self._client.requests

    def _note(self, text: str) -> None:
        log.warning(text)
        self.report.notes.append(text)

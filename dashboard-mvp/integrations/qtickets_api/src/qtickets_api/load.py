"""The load of one Qtickets account: the only place where reading and writing meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from zakaz.fault_point import reach
from zakaz.moscow import moscow_day
from zakaz.source import SyncReport, SyncRequest
from zakaz.warehouse.port import Warehouse

from qtickets_api import cursor, inventory, plan, streams
from qtickets_api.client import Page, QticketsClient, connect
from qtickets_api.cursor import Backfill, Cursor
from qtickets_api.intake import Newest
from qtickets_api.inventory import Snapshots
from qtickets_api.ladder import FULL
from qtickets_api.plan import Habits, Plan
from qtickets_api.reading import Reading, asked_of
from qtickets_api.reread import read_again
from qtickets_api.settings import QticketsSettings
from qtickets_api.staging import ROWS_PER_INSERT, Staging
from qtickets_api.stored import refundable_events
from qtickets_api.streams import Stream
from qtickets_api.taken import Item
from qtickets_api.vanished import Census, bury_orders


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


class Run:
    """One run over one account."""

    def __init__(
        self, client: QticketsClient, settings: QticketsSettings, request: SyncRequest
    ) -> None:
        self.report = request.report
        self._client = client
        self._account_id = settings.account_id
        self._request = request
        self._reading = Reading(client, settings, request)
        self._started = self._reading.started
        self._today = moscow_day(self._started)
        self._note = self._reading.note
        self._habits = Habits(
            overlap=timedelta(minutes=settings.overlap_minutes),
            trailing=timedelta(days=settings.trailing_days),
        )
        self._refunds_since = self._started - timedelta(days=settings.refund_days)
        self._runs = self._reading.runs

    def load(self, warehouse: Warehouse) -> None:
        """Load every chosen stream, or the one thing that was asked for."""
        for name in self._runs.chosen:
            with self._runs.of(name):
                if name == streams.INVENTORY:
                    self._store_inventory(warehouse)
                elif self._request.entity:
                    self._store_one(warehouse, self._reading.stream(name))
                elif name == streams.ORDERS:
                    self._store_orders(warehouse, self._reading.stream(name))
                else:
                    self._store_list(warehouse, self._reading.stream(name))

    def _store_list(self, warehouse: Warehouse, stream: Stream[Any]) -> None:
        """Load a list that is not long: all of it once a day, else what changed."""
        known = self._known(warehouse, stream.name)
        chosen = plan.whole_list()
        if known is not None:
            chosen = plan.changes_of_list(known, self._habits, self._today)
        self._store(warehouse, stream, chosen, known)

    def _store_orders(self, warehouse: Warehouse, stream: Stream[Any]) -> None:
        """Load orders and tickets: the chosen days, what changed, or everything."""
        known, chosen = self._known(warehouse, stream.name), asked_of(self._request)
        if chosen.is_window:
            self._store(warehouse, stream, chosen, known)
        elif known is not None:
            self._store(warehouse, stream, self._changes(warehouse, known), known)
        elif self._request.full_refresh:
            self._store_all(warehouse, stream, chosen)
        else:
            self._store_first(warehouse, stream)

    def _store_all(self, warehouse: Warehouse, stream: Stream[Any], chosen: Plan) -> None:
        """Read every order again; those that are not there any more are marked as deleted."""
        census = Census()
        self._store(warehouse, stream, chosen, None, watch=census.watch)
        if self._runs.mode not in (FULL, f"{FULL}-keyset"):
            return  # a list read by page number may have missed some
        missing = census.missing(warehouse, self._account_id)
        bury_orders(
            warehouse,
            self._client,
            self._account_id,
            missing,
            at=self._request.clock(),
            report=self.report,
            note=self._note,
        )

    def _changes(self, warehouse: Warehouse, known: Cursor) -> Plan:
        self.report.incremental = True
        since = known.updated_at - self._habits.overlap
        self.report.notes.append(f"incremental: what changed since {since:%Y-%m-%d %H:%M}")
        return plan.changes_of_orders(
            known,
            self._habits,
            self._today,
            lambda: self._refundable(warehouse),
        )

    def _refundable(self, warehouse: Warehouse) -> list[int]:
        """Return the events of the second look, and say which it leaves out."""
        events = refundable_events(warehouse, self._account_id, self._refunds_since)
        self.report.notes.append(
            f"second look of the day, for refunds: the payments of the last "
            f"{self._habits.trailing.days} days and older orders of {len(events)} events; not of "
            f"those over or called off before {self._refunds_since:%Y-%m-%d} (QTICKETS_REFUND_DAYS)"
        )
        return events

    def _store_first(self, warehouse: Warehouse, stream: Stream[Any]) -> None:
        """Read everything for the first time, from where an earlier try stopped (E14)."""
        stopped = cursor.read_backfill(warehouse, self._account_id, stream.name)
        chosen, newest = plan.whole(), Newest()
        if stopped is not None:
            self._note(f"the first load goes on behind order {stopped.last_id}")
            chosen = plan.rest(stopped)
            newest = Newest(stopped.updated_at, stopped.last_id, stopped.began_at)

        def remember(place: Backfill | None, at: datetime) -> None:
            cursor.write_backfill(warehouse, self._account_id, stream.name, place, at)

        before = self.report.inserted
        self._store(warehouse, stream, chosen, None, newest, remember)
        if stopped is not None or self.report.inserted - before >= ROWS_PER_INSERT:
            remember(None, self._request.clock())

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
        intake = self._reading.intake(stream)
        staging = self._staging(warehouse, stream, reads_all=False, replaces=True)
        for taken in intake.take([page]):
            self._runs.saw(taken.new_fields)
            staging.add(taken)
        staging.flush()

    def _known(self, warehouse: Warehouse, stream: str) -> Cursor | None:
        if self._request.full_refresh:
            return None
        return cursor.read(warehouse, self._account_id, stream)

    def _store(
        self,
        warehouse: Warehouse,
        stream: Stream[Item],
        chosen: Plan,
        known: Cursor | None,
        newest: Newest | None = None,
        remember: Callable[[Backfill | None, datetime], None] | None = None,
        watch: Callable[[Iterable[Page]], Iterable[Page]] = iter,
    ) -> None:
        ladder, intake = self._reading.begin(stream, chosen, newest)

        def on_batch() -> Callable[[], None]:
            # Only a list read by id is stored without gaps up to the last id.
            if remember is None or ladder.mode != f"{FULL}-keyset":
                return lambda: None
            return partial(remember, intake.newest.place(), self._request.clock())

        with self._staging(
            warehouse,
            stream,
            reads_all=chosen.reads_all,
            replaces=known is not None or self._request.full_refresh or chosen.is_window,
            on_batch=on_batch,
        ) as staging:
            for taken in self._reading.pages(stream, ladder, intake, watch):
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

    def _staging(
        self,
        warehouse: Warehouse,
        stream: Stream[Item],
        *,
        reads_all: bool,
        replaces: bool,
        on_batch: Callable[[], Callable[[], None]] = lambda: lambda: None,
    ) -> Staging[Item]:
        return Staging(
            warehouse,
            stream.name,
            account_id=self._account_id,
            run_id=self._request.run_id,
            clock=self._request.clock,
            report=self.report,
            reads_all=reads_all,
            replaces=replaces,
            on_batch=on_batch,
        )

"""Rows into the staging tables: dirty months first, then columns, then what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Generic, Self

from zakaz import dirty_months, landed, manifest, quarantine
from zakaz.fault_point import reach
from zakaz.landed import Batch
from zakaz.quarantine import QuarantinedRow
from zakaz.source import SyncReport
from zakaz.warehouse.port import Warehouse

from qtickets_api import moved
from qtickets_api.cursor import JOB
from qtickets_api.moved import Moved
from qtickets_api.stored import months_of_all, months_of_orders
from qtickets_api.taken import Item, Items, Rejected, RowItems, Taken
from qtickets_api.vanished import bury_tickets

ROWS_PER_INSERT = 20_000


@dataclass(slots=True)
class _Pages(Generic[Item]):
    """Pages that are stored together."""

    items: Items[Item] = field(default_factory=RowItems)
    rejected: list[Rejected] = field(default_factory=list)
    received: int = 0
    duplicate: int = 0

    def add(self, taken: Taken[Item]) -> None:
        if self.items:
            self.items.add(taken.items)
        else:
            self.items = taken.items
        self.rejected += taken.rejected
        self.received += taken.received
        self.duplicate += taken.duplicate


class Staging(Generic[Item]):
    """Stores the rows of one stream in batches; nothing is stored before a batch is full.

    A full batch is stored in a thread of its own while the next pages are read, one batch at a
    time; its failure is raised by the next call. ``on_batch`` is asked when a batch is full and
    gives what to do once it is stored. As a context, it ends when nothing is being stored.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        stream: str,
        *,
        account_id: str,
        run_id: str,
        clock: Callable[[], datetime],
        report: SyncReport,
        reads_all: bool,
        replaces: bool = False,
        on_batch: Callable[[], Callable[[], None]] = lambda: _nothing,
    ) -> None:
        self._warehouse = warehouse
        self._stream = stream
        self._account_id = account_id
        self._run_id = run_id
        self._clock = clock
        self._report = report
        self._reads_all = reads_all  # then every stored month is dirty, known by one query
        self._replaces = replaces  # orders were stored before, so tickets may have vanished
        self._on_batch = on_batch
        self._moved_tickets = Moved(warehouse, account_id, moved.TICKETS)
        self._moved_orders = Moved(warehouse, account_id, moved.ORDERS)
        self._stored = 0
        self._batch: _Pages[Item] = _Pages()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="staging")
        self._storing: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown()

    def add(self, taken: Taken[Item]) -> None:
        """Take a page; have the batch stored when it is full."""
        self._batch.add(taken)
        if len(self._batch.items) >= ROWS_PER_INSERT:
            self._wait()
            batch, self._batch = self._batch, _Pages()
            self._storing = self._thread.submit(self._store, batch, self._clock(), self._on_batch())

    def flush(self) -> None:
        """Store what was taken and wait until all is stored."""
        self._wait()
        batch, self._batch = self._batch, _Pages()
        if batch.received:
            self._store(batch, self._clock(), _nothing)

    def _wait(self) -> None:
        storing, self._storing = self._storing, None
        if storing is not None:
            storing.result()

    def _store(self, batch: _Pages[Item], at: datetime, afterwards: Callable[[], None]) -> None:
        """Store a batch: dirty months before the rows, the manifest after them."""
        self._stored += 1
        months = self._dirty(batch.items)
        if months:
            dirty_months.record(self._warehouse, months, at)
            self._report.months |= months
        reach("before_insert")
        self._insert(batch.items, Batch(JOB, self._run_id, self._stored, at))
        quarantine.write(
            self._warehouse,
            [
                QuarantinedRow(JOB, row.entity, row.row_key, row.reason, row.context)
                for row in batch.rejected
            ],
            job=JOB,
            run_id=self._run_id,
            at=at,
        )
        manifest.record(
            self._warehouse,
            JOB,
            self._run_id,
            self._stream,
            self._stored,
            batch.received,
            len(batch.items),
            len(batch.rejected),
            batch.duplicate,
            at,
        )
        reach("after_insert")
        afterwards()

    def _insert(self, items: Items[Item], batch: Batch) -> None:
        at = batch.at
        if self._replaces and (orders := items.order_ids()):
            self._report.inserted += bury_tickets(
                self._warehouse, self._account_id, orders, items.line_ids(), at
            )
        tickets = self._moved_tickets.stored(items.line_ids())
        orders = self._moved_orders.stored(items.order_ids())
        for table, columns in items.tables():
            self._report.inserted += landed.insert(self._warehouse, table, columns, batch)
            reach("inside_insert")
        self._report.inserted += self._moved_tickets.mark(tickets, at)
        self._report.inserted += self._moved_orders.mark(orders, at)

    def _dirty(self, items: Items[Item]) -> set[int]:
        """Give the months of sales of the new rows and of the rows they replace."""
        ids, months = items.order_ids(), items.months_of_sales()
        if not ids:
            return months
        if not self._reads_all:
            return months | months_of_orders(self._warehouse, self._account_id, ids)
        if not self._report.months:  # asked once, before the first order is stored
            months |= months_of_all(self._warehouse, self._account_id)
        return months


def _nothing() -> None:
    pass

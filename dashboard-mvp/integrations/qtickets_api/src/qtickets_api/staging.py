"""Rows into the staging tables: dirty months first, then columns, then what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic

from zakaz import dirty_months, manifest, quarantine
from zakaz.fault_point import reach
from zakaz.quarantine import QuarantinedRow
from zakaz.source import SyncReport
from zakaz.warehouse.port import Warehouse

from qtickets_api.cursor import JOB
from qtickets_api.stored import months_of_all, months_of_orders
from qtickets_api.taken import Item, Items, Rejected, RowItems, Taken
from qtickets_api.vanished import bury_tickets

ROWS_PER_INSERT = 5_000


class Staging(Generic[Item]):
    """Stores the rows of one stream in batches; nothing is stored before a batch is full."""

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
        on_batch: Callable[[], None] = lambda: None,
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
        self._batch = 0
        self._empty()

    def _empty(self) -> None:
        self._items: Items[Item] = RowItems()
        self._rejected: list[Rejected] = []
        self._received = self._duplicate = 0

    def add(self, taken: Taken[Item]) -> None:
        """Take a page; store the batch when it is full."""
        if self._items:
            self._items.add(taken.items)
        else:
            self._items = taken.items
        self._rejected += taken.rejected
        self._received += taken.received
        self._duplicate += taken.duplicate
        if len(self._items) >= ROWS_PER_INSERT:
            self.flush()
            self._on_batch()

    def flush(self) -> None:
        """Store what was taken: dirty months before the rows, the manifest after them."""
        if not self._received:
            return
        at = self._clock()
        self._batch += 1
        months = self._dirty(self._items)
        if months:
            dirty_months.record(self._warehouse, months, at)
            self._report.months |= months
        reach("before_insert")
        self._insert(self._items)
        quarantine.write(
            self._warehouse,
            [
                QuarantinedRow(JOB, row.entity, row.row_key, row.reason, row.context)
                for row in self._rejected
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
            self._batch,
            self._received,
            len(self._items),
            len(self._rejected),
            self._duplicate,
            at,
        )
        reach("after_insert")
        self._empty()

    def _insert(self, items: Items[Item]) -> None:
        if self._replaces and (orders := items.order_ids()):
            self._report.inserted += bury_tickets(
                self._warehouse, self._account_id, orders, items.line_ids(), self._clock()
            )
        for table, columns in items.tables():
            self._report.inserted += self._warehouse.insert(table, columns)
            reach("inside_insert")

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

"""Rows into the staging tables: dirty months first, then columns, then what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Generic

from zakaz import dirty_months, manifest, quarantine
from zakaz.fault_point import reach
from zakaz.quarantine import QuarantinedRow
from zakaz.source import SyncReport
from zakaz.warehouse.port import Warehouse

from qtickets_api.cursor import JOB
from qtickets_api.taken import Item, Items, Rejected, RowItems, Taken

ROWS_PER_INSERT = 5_000
_IDS_PER_LOOKUP = 1_000

_MONTHS_OF_ALL = """
SELECT DISTINCT month FROM (
    SELECT toYYYYMM(payed_at) AS month FROM zakaz.stg_qtickets_orders
    WHERE account_id = {account_id:String} AND payed_at IS NOT NULL
    UNION ALL
    SELECT toYYYYMM(refunded_at) AS month FROM zakaz.stg_qtickets_baskets
    WHERE account_id = {account_id:String} AND refunded_at IS NOT NULL
)
"""
# Every stored version counts, the replaced ones too: one month too many costs a rebuild of 50 ms.
_MONTHS_OF_ORDERS = """
SELECT DISTINCT month FROM (
    SELECT toYYYYMM(payed_at) AS month FROM zakaz.stg_qtickets_orders
    WHERE account_id = {account_id:String} AND payed_at IS NOT NULL
        AND order_id IN {order_ids:Array(String)}
    UNION ALL
    SELECT toYYYYMM(refunded_at) AS month FROM zakaz.stg_qtickets_baskets
    WHERE account_id = {account_id:String} AND refunded_at IS NOT NULL
        AND order_id IN {order_ids:Array(String)}
)
"""
_UNFINISHED_EVENTS = """
SELECT DISTINCT toUInt64OrZero(event_id) AS event FROM zakaz.stg_qtickets_shows FINAL
WHERE account_id = {account_id:String} AND deleted_at IS NULL
    AND coalesce(finishes_at, starts_at) >= {since:DateTime('Europe/Moscow')}
ORDER BY event
SETTINGS do_not_merge_across_partitions_select_final = 1
"""
_AFTER_THE_SHOW = timedelta(days=1)


def unfinished_events(warehouse: Warehouse, account_id: str, now: datetime) -> list[int]:
    """Give the events with a show that is not over, for whose tickets money may still go back."""
    params = {"account_id": account_id, "since": now - _AFTER_THE_SHOW}
    return [int(event) for (event,) in warehouse.query(_UNFINISHED_EVENTS, params).rows]


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
        on_batch: Callable[[], None] = lambda: None,
    ) -> None:
        self._warehouse = warehouse
        self._stream = stream
        self._account_id = account_id
        self._run_id = run_id
        self._clock = clock
        self._report = report
        self._reads_all = reads_all  # then every stored month is dirty, known by one query
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
        for table, columns in items.tables():
            self._report.inserted += self._warehouse.insert(table, columns)
            reach("inside_insert")

    def _dirty(self, items: Items[Item]) -> set[int]:
        """Give the months of sales of the new rows and of the rows they replace."""
        ids, months = items.order_ids(), items.months_of_sales()
        if not ids:
            return months
        account = {"account_id": self._account_id}
        if self._reads_all:
            if not self._report.months:  # asked once, before the first order is stored
                months |= self._months(_MONTHS_OF_ALL, account)
            return months
        for start in range(0, len(ids), _IDS_PER_LOOKUP):
            part = ids[start : start + _IDS_PER_LOOKUP]
            months |= self._months(_MONTHS_OF_ORDERS, account | {"order_ids": part})
        return months

    def _months(self, sql: str, params: Mapping[str, object]) -> set[int]:
        return {int(month) for (month,) in self._warehouse.query(sql, params).rows}

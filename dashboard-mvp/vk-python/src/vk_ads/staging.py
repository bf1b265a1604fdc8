"""Daily rows into staging, a window at a time: what came, what vanished, what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zakaz import dirty_months, landed, manifest, quarantine, watermarks
from zakaz.fault_point import reach
from zakaz.landed import Batch
from zakaz.moscow import parse_day
from zakaz.quarantine import QuarantinedRow
from zakaz.rows import columns
from zakaz.warehouse.port import Warehouse

from vk_ads.answers import RefusedDay
from vk_ads.objects import OddPart
from vk_ads.rows import VkAdsAccountDaily, VkAdsDaily

JOB = "vk"
STREAM = "statistics"
LISTS = "ads"
CONTROL = "control"
ROWS_PER_INSERT = 50_000


def read_to(warehouse: Warehouse, account_id: str) -> date | None:
    """Give the last day of the last complete run; None before the first."""
    text = watermarks.read(warehouse, JOB, f"{account_id}/{STREAM}/read_to")
    return None if text is None else parse_day(text)


def move_to(warehouse: Warehouse, account_id: str, day: date, at: datetime) -> None:
    """Say that all days up to this one were read; do this after their rows are stored."""
    reach("before_cursor")
    watermarks.write(warehouse, JOB, f"{account_id}/{STREAM}/read_to", day.isoformat(), at)


class Staging:
    """Stores the rows of one run; ``batch`` numbers its windows."""

    def __init__(self, warehouse: Warehouse, account_id: str, run_id: str) -> None:
        self._warehouse = warehouse
        self._account_id = account_id
        self._run_id = run_id
        self._batch = 0

    def store(
        self,
        rows: Sequence[VkAdsDaily],
        gone: Sequence[VkAdsDaily],
        sums: Sequence[VkAdsAccountDaily],
        refused: Sequence[QuarantinedRow],
        duplicate: int,
        at: datetime,
    ) -> int:
        """Store a window, dirty months first and the manifest last; gives how many rows."""
        self._batch += 1
        written, batch = [*rows, *gone], Batch(JOB, self._run_id, self._batch, at)
        months = {row.stat_date.year * 100 + row.stat_date.month for row in written}
        dirty_months.record(self._warehouse, months, at)
        reach("before_insert")
        for start in range(0, len(written), ROWS_PER_INSERT):
            part = written[start : start + ROWS_PER_INSERT]
            landed.insert(self._warehouse, VkAdsDaily.table, columns(part), batch)
            reach("inside_insert")
        if sums:
            landed.insert(self._warehouse, VkAdsAccountDaily.table, columns(sums), batch)
        self._close(STREAM, len(rows), refused, duplicate, at)
        reach("after_insert")
        return len(written)

    def put_aside(self, odd: Sequence[OddPart], at: datetime) -> None:
        """Store what could not be read of the lists, as a batch of its own."""
        if odd:
            self._batch += 1
            refused = [
                QuarantinedRow(JOB, one.entity, one.id, one.reason, one.field) for one in odd
            ]
            self._close(LISTS, 0, refused, 0, at)

    def _close(
        self,
        stream: str,
        accepted: int,
        refused: Sequence[QuarantinedRow],
        duplicate: int,
        at: datetime,
    ) -> None:
        """Store what a batch refused, then its counts."""
        quarantine.write(self._warehouse, refused, job=JOB, run_id=self._run_id, at=at)
        manifest.record(
            self._warehouse,
            JOB,
            self._run_id,
            stream,
            self._batch,
            accepted + len(refused) + duplicate,
            accepted,
            len(refused),
            duplicate,
            at,
        )


def refused_days(read: Sequence[RefusedDay], entity: str) -> list[QuarantinedRow]:
    """Return refused days as rows of the quarantine."""
    return [QuarantinedRow(JOB, entity, one.key, one.reason, one.context) for one in read]

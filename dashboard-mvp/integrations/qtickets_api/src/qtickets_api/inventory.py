"""Inventory: the seats of every coming show counted once a run, each show on its own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from zakaz import landed, manifest, quarantine
from zakaz.errors import DataError, PermanentSourceError, SourceError, TransientSourceError
from zakaz.landed import Batch
from zakaz.quarantine import QuarantinedRow
from zakaz.rows import columns, table_of
from zakaz.source import SyncRequest
from zakaz.warehouse.port import Warehouse

from qtickets_api import seats, wire
from qtickets_api.client import QticketsClient
from qtickets_api.cursor import JOB
from qtickets_api.rows import Inventory
from qtickets_api.streams import INVENTORY
from qtickets_api.wire import MalformedError

log = logging.getLogger(__name__)

_AUTH = frozenset({401, 403})
_MOST_FAILURES_IN_A_ROW = 3
# A show whose sale is closed still fills its hall, so is_active is not asked (F22).
_COMING_SHOWS = """
SELECT show_id, event_id FROM zakaz.stg_qtickets_shows FINAL
WHERE account_id = {account_id:String} AND deleted_at IS NULL
    AND starts_at > {now:DateTime('Europe/Moscow')}
    AND event_id NOT IN (
        SELECT event_id FROM zakaz.stg_qtickets_events FINAL
        WHERE account_id = {account_id:String} AND deleted_at IS NOT NULL
    )
ORDER BY starts_at, show_id
SETTINGS do_not_merge_across_partitions_select_final = 0
"""
_ONE_SHOW = """
SELECT show_id, event_id FROM zakaz.stg_qtickets_shows FINAL
WHERE account_id = {account_id:String} AND show_id = {show_id:String}
SETTINGS do_not_merge_across_partitions_select_final = 0
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A show whose seats are to be counted."""

    show_id: str
    event_id: str


def coming_shows(warehouse: Warehouse, account_id: str, now: datetime) -> list[Target]:
    """Give the shows that are neither deleted nor begun, of events that are not deleted."""
    found = warehouse.query(_COMING_SHOWS, {"account_id": account_id, "now": now}).rows
    return [Target(str(show), str(event)) for show, event in found]


def one_show(warehouse: Warehouse, account_id: str, show_id: str) -> list[Target]:
    """Give a show by its id, whatever became of it; raises DataError when it was never loaded."""
    found = warehouse.query(_ONE_SHOW, {"account_id": account_id, "show_id": show_id}).rows
    if not found:
        raise DataError(
            f"There is no show {show_id} in the warehouse. If it is new, load its event first: "
            "zakaz sync qtickets --only events"
        )
    return [Target(str(show), str(event)) for show, event in found]


class Snapshots:
    """Counts seats show by show; one that fails costs no other its snapshot (F20)."""

    def __init__(
        self,
        client: QticketsClient,
        request: SyncRequest,
        *,
        account_id: str,
        loaded_at: datetime,
    ) -> None:
        self._client = client
        self._request = request
        self._account_id = account_id
        self._loaded_at = loaded_at
        self._rows: list[Inventory] = []
        self._refused: list[QuarantinedRow] = []

    def take(self, warehouse: Warehouse, targets: Sequence[Target]) -> None:
        """Count the seats of each show and store the snapshots, also those before a stop.

        Raises SourceError when the API refuses the token or no show could be read.
        """
        failed: list[SourceError] = []
        in_a_row = 0
        try:
            with self._request.progress.task("Qtickets inventory", total=len(targets)) as task:
                for target in targets:
                    try:
                        self._take(target)
                        in_a_row = 0
                    except SourceError as error:
                        if error.status in _AUTH:
                            raise
                        failed.append(error)
                        in_a_row += isinstance(error, TransientSourceError)
                        if in_a_row == _MOST_FAILURES_IN_A_ROW:
                            break  # the API is away: the other shows would only wait for it
                    task.advance()
        finally:
            self._store(warehouse)
        if failed and len(failed) >= min(len(targets), _MOST_FAILURES_IN_A_ROW) and not self._any():
            raise failed[-1]
        missed = len(targets) - len(self._rows) - len(self._refused)
        if failed:
            self._request.report.failures.append(
                f"inventory: the seats of {missed} of {len(targets)} shows could not be read, "
                f"the last: {failed[-1]}"
            )

    def _any(self) -> bool:
        return bool(self._rows or self._refused)

    def _take(self, target: Target) -> None:
        try:
            answer, at = self._client.seats(target.show_id)
            self._rows.append(
                seats.count(
                    seats.seats_of(answer),
                    account_id=self._account_id,
                    show_id=target.show_id,
                    event_id=target.event_id,
                    snapshot_at=at,
                    loaded_at=self._loaded_at,
                )
            )
        except PermanentSourceError as error:
            if error.status != 404:
                raise
            # The show was taken away since its event was read: nothing of it is left to count.
            log.warning("%s", error)
            self._request.report.notes.append(
                f"inventory: Qtickets knows no seats of show {target.show_id}"
            )
        except (MalformedError, msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            fault = wire.malformed(error)
            self._refused.append(
                QuarantinedRow(JOB, "inventory", target.show_id, fault.reason, fault.field)
            )

    def _store(self, warehouse: Warehouse) -> None:
        received = len(self._rows) + len(self._refused)
        if not received:
            return
        report, at = self._request.report, self._request.clock()
        months = sorted({(row.snapshot_at.year, row.snapshot_at.month) for row in self._rows})
        for month in months:  # one partition an insert
            part = [r for r in self._rows if (r.snapshot_at.year, r.snapshot_at.month) == month]
            batch = Batch(JOB, self._request.run_id, 1, at)
            report.inserted += landed.insert(warehouse, table_of(Inventory), columns(part), batch)
        quarantine.write(warehouse, self._refused, job=JOB, run_id=self._request.run_id, at=at)
        manifest.record(
            warehouse,
            JOB,
            self._request.run_id,
            INVENTORY,
            1,
            received,
            len(self._rows),
            len(self._refused),
            0,
            at,
        )
        report.received += received
        report.accepted += len(self._rows)
        report.quarantined += len(self._refused)

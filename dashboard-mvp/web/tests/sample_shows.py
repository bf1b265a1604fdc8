"""The shows of the known store and the counts of their seats, as a rebuild leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from zakaz.warehouse.port import Warehouse

Counts = tuple[int, int, int, int]  # total, sold, reserved, left


@dataclass(frozen=True, slots=True)
class Show:
    """A show, placed by days from the day of the load; ``counted`` is hours before the load."""

    id: str
    event_id: str
    offset: int
    zone: str = "Europe/Moscow"
    clock: time = time(19)
    name: str = ""
    is_active: bool = True
    is_deleted: bool = False
    known: bool = True
    counts: Counts | None = None
    counted: float = 0.25

    def starts_at(self, today: date) -> datetime:
        """Give the start on the clock of its city."""
        day = today + timedelta(days=self.offset)
        return datetime.combine(day, self.clock, ZoneInfo(self.zone))


SHOWS = (
    Show("101-1", "101", -60, counts=(1000, 950, 0, 50), counted=60 * 24),
    Show("101-2", "101", 12, counts=(1000, 600, 50, 300)),
    Show("101-3", "101", 12, clock=time(12), name="Утренник", counts=(800, 800, 0, 0)),
    Show("101-4", "101", 14),
    Show("102-1", "102", -90, counts=(500, 500, 0, 0), counted=90 * 24),
    Show("102-2", "102", -30, counts=(500, 320, 0, 180), counted=30 * 24),
    Show("102-3", "102", 20, is_active=False, counts=(500, 120, 5, 375), counted=300),
    Show("103-1", "103", 5, zone="Asia/Tomsk", clock=time(1, 30), counts=(0, 0, 0, 0)),
    Show("104-1", "104", -10, counts=(300, 90, 0, 210), counted=240),
    Show("104-2", "104", 30, is_deleted=True, counts=(300, 0, 0, 300)),
    Show("105-1", "105", 0, known=False, counts=(60, 20, 10, 30)),
    Show("201-1", "201", 40, zone="Asia/Almaty", counts=(12_000, 1_234, 0, 10_766), counted=7),
)


def show_of(event_id: str, day: date, today: date) -> str:
    """Give the show that a sale of a day is for: the next one of its event, else the last."""
    mine = sorted((s for s in SHOWS if s.event_id == event_id), key=lambda s: (s.offset, s.id))
    mine = [show for show in mine if not show.is_deleted]
    ahead = [show for show in mine if today + timedelta(days=show.offset) >= day]
    return (ahead or mine[-1:])[0].id


def write(
    warehouse: Warehouse,
    loaded_at: datetime,
    shows: Sequence[Show] = SHOWS,
    account: str = "main",
) -> None:
    """Write the dimension of the shows, and the newest count of each that was counted."""
    known = [show for show in shows if show.known]
    today = loaded_at.date()
    warehouse.insert(
        "zakaz.dim_shows",
        {
            **_ids(known, loaded_at, account),
            "show_name": [show.name for show in known],
            "starts_at": [show.starts_at(today) for show in known],
            "event_date": [show.starts_at(today).date() for show in known],
            "is_active": [show.is_active for show in known],
            "deleted_at": [loaded_at if show.is_deleted else None for show in known],
        },
    )
    counted = [(show, show.counts) for show in shows if show.counts is not None]
    parts = ("total", "sold", "reserved", "left")
    warehouse.insert(
        "zakaz.fact_qtickets_inventory_latest",
        {
            **_ids([show for show, _ in counted], loaded_at, account),
            "snapshot_at": [loaded_at - timedelta(hours=show.counted) for show, _ in counted],
            **{f"seats_{part}": [c[at] for _, c in counted] for at, part in enumerate(parts)},
        },
    )


def _ids(shows: Sequence[Show], loaded_at: datetime, account: str) -> dict[str, list[Any]]:
    return {
        "account_id": [account] * len(shows),
        "show_id": [show.id for show in shows],
        "event_id": [show.event_id for show in shows],
        "_ver": [1] * len(shows),
        "_loaded_at": [loaded_at] * len(shows),
    }

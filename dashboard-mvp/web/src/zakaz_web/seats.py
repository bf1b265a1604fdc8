"""Seats of a show, and when it starts: rows of ``panels/inventory.sql`` as a reader means them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from zakaz.moscow import MOSCOW, as_moscow

from zakaz_web import kpi

OLD_AFTER = timedelta(hours=6)  # of a count: where the badge of the sales turns red, too
BAR = 1000  # units of a bar's width
PARTS = ("sold", "reserved", "held", "left")


@dataclass(frozen=True, slots=True)
class Seats:
    """The count of a hall, or of several."""

    total: int
    sold: int
    reserved: int
    left: int

    @property
    def held(self) -> int:
        """Give what is neither sold, reserved nor free to buy: a quota held back."""
        return self.total - self.sold - self.reserved - self.left

    @property
    def taken(self) -> int:
        """Give the seats that nobody can buy any more."""
        return self.total - self.left

    @property
    def sell_through(self) -> Decimal | None:
        """Give the share of the seats no longer free; None without seats, 1 when sold out."""
        return kpi.share(self.taken, self.total)

    def bar(self) -> list[tuple[str, int, int]]:
        """Give the parts of the capacity bar: name, start and width of BAR in all."""
        whole = max(self.total, self.sold + self.reserved + self.left)
        found, passed = [], 0
        for name in PARTS:
            start = BAR * passed // whole
            passed += max(getattr(self, name), 0)
            if width := BAR * passed // whole - start:
                found.append((name, start, width))
        return found


@dataclass(frozen=True, slots=True)
class Show:
    """One show: what it is, when it starts where it plays, and its newest count."""

    account: str
    id: str
    name: str
    event_id: str
    event_name: str
    city: str
    city_name: str
    place: str
    zone: str  # of the city, '' when it is not known
    starts_at: datetime | None
    day: date | None
    is_active: bool
    seats: Seats | None  # None where nobody counted, or where there is nothing to count
    counted_at: datetime | None

    @property
    def local_start(self) -> datetime | None:
        """Give the start on the clock of its city, on Moscow's where that is not known."""
        return local_start(self.starts_at, self.zone)

    @property
    def has_clock(self) -> bool:
        """Say whether the city's clock is known."""
        return zone_of(self.zone) is not None

    @property
    def is_elsewhere(self) -> bool:
        """Say whether the city's clock shows another hour than Moscow's."""
        local = self.local_start
        return local is not None and local.utcoffset() != as_moscow(local).utcoffset()

    def is_ahead(self, now: datetime) -> bool:
        """Say whether it has not begun; a show nobody knows the time of may still come."""
        return self.starts_at is None or self.starts_at >= now

    def days_to(self, today: date) -> int | None:
        """Count the days until the show, negative once it is over."""
        return (self.day - today).days if self.day else None

    def is_count_old(self, now: datetime) -> bool:
        """Say whether a show that still sells was last counted too long ago."""
        is_selling = self.is_active and self.is_ahead(now)
        return is_selling and self.counted_at is not None and now - self.counted_at > OLD_AFTER

    def state(self, now: datetime) -> str:
        """Name the state: unknown, over, closed, sold_out or on_sale."""
        if self.starts_at is None:
            return "unknown"
        if not self.is_ahead(now):
            return "over"
        if not self.is_active:
            return "closed"
        return "sold_out" if self.seats and self.seats.left == 0 else "on_sale"


def show_of(row: Mapping[str, Any]) -> Show:
    """Read a row; a hall without seats was not counted, whatever the source says of it."""
    parts = [row[f"seats_{name}"] for name in ("total", "sold", "reserved", "left")]
    return Show(
        account=str(row["account_id"]),
        id=str(row["show_id"]),
        name=str(row["show_name"]).strip(),
        event_id=str(row["event_id"]),
        event_name=str(row["event_name"]),
        city=str(row["city"]),
        city_name=str(row["city_name"]),
        place=str(row["place_name"]).strip(),
        zone=str(row["city_timezone"]),
        starts_at=row["starts_at"],
        day=row["event_date"],
        is_active=bool(row["is_active"]),
        seats=Seats(*parts) if parts[0] else None,
        counted_at=row["snapshot_at"],
    )


def added(shows: Iterable[Show]) -> Seats:
    """Add up the counted halls."""
    counted = [show.seats for show in shows if show.seats]
    return Seats(
        sum(seats.total for seats in counted),
        sum(seats.sold for seats in counted),
        sum(seats.reserved for seats in counted),
        sum(seats.left for seats in counted),
    )


def local_start(starts_at: datetime | None, zone: str) -> datetime | None:
    """Give an instant on the clock of a zone, on Moscow's where that is not known."""
    return starts_at.astimezone(zone_of(zone) or MOSCOW) if starts_at else None


@cache
def zone_of(name: str) -> ZoneInfo | None:
    """Give a time zone by its name, None where there is none of it."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError):  # a name from outside may be any text
        return None

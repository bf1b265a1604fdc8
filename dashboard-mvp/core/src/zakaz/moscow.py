"""Moscow time: the one place where instants are read, written and cut into days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")

_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]{1,9})?"
    r"(Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_EPOCH_SECONDS = re.compile(r"[0-9]{10}")
_EPOCH_MILLISECONDS = re.compile(r"[0-9]{13}")
_LAST_YEAR = 2099


def now() -> datetime:
    """Give the current instant in Moscow, to the second."""
    return datetime.now(MOSCOW).replace(microsecond=0)


def parse_instant(text: str) -> datetime:
    """Read an instant in any offset (none means Moscow) as Moscow time, to the second.

    Epoch seconds and milliseconds are read too. What the warehouse would turn into nonsense
    (30 February, 1969, 2200) raises ValueError.
    """
    stripped = text.strip()
    if _EPOCH_SECONDS.fullmatch(stripped):
        return _in_range(datetime.fromtimestamp(int(stripped), MOSCOW), text)
    if _EPOCH_MILLISECONDS.fullmatch(stripped):
        return _in_range(datetime.fromtimestamp(int(stripped) // 1000, MOSCOW), text)
    found = _ISO.fullmatch(stripped)
    if found is None:
        raise ValueError(f"not an instant: {text[:40]!r}")
    day, clock, zone = found.groups()
    instant = datetime.fromisoformat(f"{day}T{clock}{(zone or '').upper()}")
    return _in_range(as_moscow(instant), text)


def as_moscow(instant: datetime) -> datetime:
    """Give the same instant on the Moscow clock; a naive value is Moscow time already."""
    if instant.tzinfo is None:
        return instant.replace(tzinfo=MOSCOW)
    return instant.astimezone(MOSCOW)


def moscow_day(instant: datetime) -> date:
    """Give the Moscow calendar day of an instant."""
    return as_moscow(instant).date()


def api_instant(instant: datetime) -> str:
    """Write an instant the way the Qtickets API is asked: Moscow clock, offset with a colon."""
    return as_moscow(instant).isoformat(timespec="seconds")


def day_start(day: date) -> datetime:
    """Give the first instant of a Moscow day."""
    return datetime(day.year, day.month, day.day, tzinfo=MOSCOW)


def day_end(day: date) -> datetime:
    """Give the last second of a Moscow day."""
    return day_start(day + timedelta(days=1)) - timedelta(seconds=1)


def parse_day(text: str) -> date:
    """Read a calendar day written as 2026-02-01; anything else raises ValueError."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
        raise ValueError(f"not a day: {text[:40]!r}; write it as 2026-02-01")
    day = date.fromisoformat(text.strip())
    if not 1970 <= day.year <= _LAST_YEAR:
        raise ValueError(f"a day outside 1970 to {_LAST_YEAR}: {text[:40]!r}")
    return day


def month_of(day: date) -> int:
    """Give the month of a day as the number yyyymm; an instant counts by its Moscow day."""
    if isinstance(day, datetime):
        day = moscow_day(day)
    return day.year * 100 + day.month


def months_of(seconds: Iterable[int]) -> set[int]:
    """Give the months, as yyyymm, of instants that are seconds since 1970."""
    return set(map(_month_of_hour, {one // 3600 for one in seconds}))


@lru_cache(maxsize=65_536)
def _month_of_hour(hour: int) -> int:
    """Give the month of an hour since 1970: no month of Moscow begins within one."""
    return month_of(datetime.fromtimestamp(hour * 3600, MOSCOW))


def _in_range(instant: datetime, text: str) -> datetime:
    # ClickHouse keeps DateTime as unsigned seconds: below 1970 UTC it wraps around silently.
    if instant.astimezone(UTC).year < 1970 or instant.year > _LAST_YEAR:
        raise ValueError(f"an instant outside 1970 to {_LAST_YEAR}: {text[:40]!r}")
    return instant

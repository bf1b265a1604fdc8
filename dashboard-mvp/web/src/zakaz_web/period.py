"""Periods of a page: presets, typed dates, the period before, and what of it may be compared."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from zakaz.moscow import MOSCOW

EARLIEST = date(2000, 1, 1)
LATEST = date(2099, 12, 31)
NOWHERE = date(1970, 1, 1)  # a day no sale has: marks an interval that holds nothing

PRESETS = ("today", "yesterday", "7d", "30d", "90d", "month", "all")
DEFAULT_PRESET = "30d"
_DAYS = {"7d": 7, "30d": 30, "90d": 90}

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\Z")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})\Z")


class BadDateError(ValueError):
    """A typed date is no date, or none that a sale can have."""


@dataclass(frozen=True, slots=True)
class Period:
    """Inclusive Moscow days; ``shift`` is the way back to the period it is compared with."""

    preset: str  # '' when the dates were typed
    first: date
    last: date
    shift: int

    @property
    def days(self) -> int:
        """Count the days, both ends included."""
        return (self.last - self.first).days + 1

    @property
    def step(self) -> str:
        """Choose the step of the chart so that it stays readable."""
        if self.days == 1:
            return "hour"
        if self.days <= 92:
            return "day"
        return "week" if self.days <= 400 else "month"

    @property
    def previous(self) -> tuple[date, date]:
        """Give the first and last day of the period it is compared with."""
        if (self.first - NOWHERE).days <= self.shift:
            return NOWHERE + timedelta(days=1), NOWHERE
        back = timedelta(days=self.shift)
        return self.first - back, self.last - back


@dataclass(frozen=True, slots=True)
class Cut:
    """The hour up to which the data is complete, never later than the end of the period."""

    day: date
    hour: int


def parse_day(text: str) -> date:
    """Read ``2026-02-14`` or ``14.02.2026``; anything else is a BadDateError."""
    text = text.strip()
    if found := _ISO.match(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DOTTED.match(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        raise BadDateError(text)
    try:
        value = date(year, month, day)
    except ValueError as error:
        raise BadDateError(text) from error
    if not EARLIEST <= value <= LATEST:
        raise BadDateError(text)
    return value


def preset_period(preset: str, today: date, first_day: date | None) -> Period:
    """Give the dates of a preset; ``first_day`` is the oldest sale, for ``all``."""
    if preset == "yesterday":
        yesterday = today - timedelta(days=1)
        return Period(preset, yesterday, yesterday, 1)
    if preset == "month":
        return Period(preset, today.replace(day=1), today, _month_shift(today))
    if preset == "all":
        first = min(first_day or today, today)
        return Period(preset, first, today, (today - first).days + 1)
    days = _DAYS.get(preset, 1)
    return Period(preset, today - timedelta(days=days - 1), today, days)


def typed_period(first: date, last: date) -> Period:
    """Give the period of two typed days."""
    return Period("", first, last, (last - first).days + 1)


def cut_of(period: Period, as_of: datetime) -> Cut:
    """Say up to which full hour ``period`` is known at the instant ``as_of``.

    An hour that still runs would make every comparison of today look like a loss.
    """
    end = datetime.combine(period.last + timedelta(days=1), time(), MOSCOW)
    known = min(end, as_of.astimezone(MOSCOW))
    return Cut(known.date(), known.hour)


def is_comparable(period: Period, cut: Cut, first_day: date | None) -> bool:
    """Say whether the period before is (nine tenths of it, at least) inside the data."""
    start, _ = period.previous
    if first_day is None or start < EARLIEST or (cut.day, cut.hour) <= (period.first, 0):
        return False
    return (first_day - start).days * 10 <= period.days


def step_start(day: date, step: str) -> date:
    """Give the first day of the step a day belongs to: its Monday, its month, or itself."""
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def steps(first: date, last: date, step: str) -> list[date]:
    """List the first days of the steps from one day to another."""
    found: list[date] = []
    day = step_start(first, step)
    while day <= last:
        found.append(day)
        day = _next_step(day, step)
    return found


def _next_step(day: date, step: str) -> date:
    if step == "month":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day + timedelta(days=7 if step == "week" else 1)


def _month_shift(today: date) -> int:
    """Compare this month with the same days of the month before, where it has them all."""
    last_of_previous = today.replace(day=1) - timedelta(days=1)
    length = calendar.monthrange(last_of_previous.year, last_of_previous.month)[1]
    return length if today.day <= length else today.day

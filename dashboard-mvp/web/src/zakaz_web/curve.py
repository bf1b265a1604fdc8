"""Sales curves by days to show, and where each stood on the same day before its shows. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

FARTHEST = 180  # days to show; earlier sales are the first point of a curve

Amount = int | Decimal


@dataclass(slots=True)
class Curve:
    """What one event sold by days to show: ``None`` is a sale whose show is not known.

    ``reached`` is the nearest day before a show that any of its shows has come to; ``settled`` the
    one that all have come to, 0 when all are over. Between the two it may still grow.
    """

    days: dict[int | None, Amount] = field(default_factory=dict)
    reached: int = 0
    settled: int = 0

    @property
    def total(self) -> Amount:
        """Give all it sold, whenever and for whatever show."""
        return sum(self.days.values())

    @property
    def is_dated(self) -> bool:
        """Say whether the day of any of its shows is known, or nothing was sold at all."""
        return not self.days or any(day is not None for day in self.days)

    @property
    def farthest(self) -> int:
        """Give the earliest sale, in days to show."""
        return max((day for day in self.days if day is not None and day >= 0), default=0)

    def until(self, day: int) -> Amount:
        """Give all that was sold so many days or more before each show."""
        return sum(value for at, value in self.days.items() if at is not None and at >= day)

    def at(self, day: int) -> Amount | None:
        """Give the same, None where a show has not come to that day yet or none has a day."""
        return self.until(day) if self.is_dated and day >= self.settled else None

    @property
    def after(self) -> Amount:
        """Give what was sold after the day of the show."""
        return sum(value for at, value in self.days.items() if at is not None and at < 0)

    @property
    def unknown(self) -> Amount:
        """Give what was sold for no known show."""
        return self.days.get(None, 0)


@dataclass(frozen=True, slots=True)
class Step:
    """One point of the axis: a day to show, or one of the two ends beyond it."""

    name: str  # the day as text, or after, or unknown
    day: int | None
    is_first: bool = False  # earlier sales are in it, too


def curves(
    rows: Iterable[Mapping[str, Any]],
    measure: str,
    show_days: Mapping[tuple[str, str], Sequence[date]],
    today: date,
) -> dict[tuple[str, str], Curve]:
    """Read the rows of ``panels/curve.sql``; ``show_days`` are the days of each event's shows."""
    found: dict[tuple[str, str], Curve] = {}
    for row in rows:
        key = str(row["account_id"]), str(row["event_id"])
        if value := row[f"{measure}_sum"]:
            found.setdefault(key, Curve()).days[row["days_to"]] = value
    for key, curve in found.items():
        left = [max((day - today).days, 0) for day in show_days.get(key, ())]
        sold = [day for day in curve.days if day is not None and day >= 0]
        # A sale nearer than every show is one for a show that was deleted since.
        curve.reached = min([min(left, default=0), *sold])
        curve.settled = max(left, default=0)
    return found


def steps(found: Sequence[Curve]) -> list[Step]:
    """Give the axis that holds every sale of some curves, the ends only where there is any."""
    farthest = max((curve.farthest for curve in found), default=0)
    nearest = range(min(farthest, FARTHEST), -1, -1)
    axis = [Step(str(day), day, day == FARTHEST < farthest) for day in nearest]
    if any(curve.after for curve in found):
        axis.append(Step("after", None))
    if any(curve.unknown for curve in found):
        axis.append(Step("unknown", None))
    return axis


def gains(curve: Curve, axis: Sequence[Step]) -> list[Amount | None]:
    """Give what was sold at each step alone, None for days that no show has come to yet."""
    found: list[Amount | None] = []
    for step in axis:
        if step.day is None:
            found.append(curve.after if step.name == "after" else curve.unknown)
        elif step.day < curve.reached or not curve.is_dated:
            found.append(None)
        else:
            found.append(curve.until(step.day) if step.is_first else curve.days.get(step.day, 0))
    return found


def line(curve: Curve, axis: Sequence[Step]) -> list[Amount | None]:
    """Give what was sold up to each step; the last one, if it is known, is all the event sold."""
    found: list[Amount | None] = []
    total: Amount = 0
    for step, gain in zip(axis, gains(curve, axis), strict=True):
        total += gain or 0
        is_known = gain is not None and (step.day is not None or gain or curve.reached == 0)
        found.append(total if is_known else None)
    return found

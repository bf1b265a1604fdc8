"""What to read and in which ways, best first: the rungs of the ladder for one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zakaz.moscow import day_start

from qtickets_api.cursor import Backfill, Cursor
from qtickets_api.ladder import FULL, Read, Rung
from qtickets_api.query import Condition

WHOLE = Rung(FULL, lambda: [Read()])
_UNORDERED = Rung(f"{FULL}-unordered", lambda: [Read(is_ordered=False)])
PAYED_AT = "payed_at"


@dataclass(frozen=True, slots=True)
class Plan:
    """The rungs of a stream, and what the run will have seen when they are through."""

    rungs: tuple[Rung, ...]
    reads_all: bool = False
    is_window: bool = False  # chosen days only: the cursor stays where it is
    looks_twice: bool = False  # the slow second look of the day is part of it


@dataclass(frozen=True, slots=True)
class Habits:
    """The settings that shape a plan."""

    overlap: timedelta
    trailing: timedelta


def whole() -> Plan:
    """Read everything: the first load and the full refresh."""
    return Plan((WHOLE,), reads_all=True, looks_twice=True)


def rest(place: Backfill) -> Plan:
    """Read on where a first load stopped."""
    behind = Rung(FULL, lambda: [Read((Condition("id", ">", place.last_id),))])
    return Plan((behind, WHOLE), reads_all=True, looks_twice=True)


def window(first: date | None, last: date | None) -> Plan:
    """Read the orders paid on inclusive Moscow days."""
    conditions = []
    if first is not None:
        conditions.append(Condition(PAYED_AT, ">=", day_start(first)))
    if last is not None:
        conditions.append(Condition(PAYED_AT, "<", day_start(last + timedelta(days=1))))
    chosen = Rung(PAYED_AT, lambda: [Read(tuple(conditions))])
    return Plan((chosen, WHOLE), is_window=True)


def whole_list() -> Plan:
    """Read all of a short list, by page number in any order when it cannot be had by id."""
    return Plan((WHOLE, _UNORDERED), reads_all=True, looks_twice=True)


def changes_of_list(cursor: Cursor, habits: Habits, today: date) -> Plan:
    """Read what changed in a short list; once a day all of it: a show may not move its event."""
    if cursor.whole_on != today:
        return whole_list()
    return Plan((_changed(cursor, habits, lambda: []), WHOLE, _UNORDERED))


def changes_of_orders(
    cursor: Cursor, habits: Habits, today: date, refundable: Callable[[], Sequence[int]]
) -> Plan:
    """Read changed orders; once a day also those a refund may have changed unseen.

    The second look covers the orders of the last days by payment and the older ones of events that
    are not over or not long. ``refundable`` returns the ids of those, asked only when needed.
    """
    behind = min(day_start(today) - habits.trailing, cursor.updated_at - habits.overlap)

    def second_look() -> list[Read]:
        recent = Read((Condition(PAYED_AT, ">=", behind),))
        older = [
            Read((Condition("event_id", "=", event), Condition(PAYED_AT, "<", behind)))
            for event in refundable()
        ]
        return [recent, *older]

    looks_twice = cursor.whole_on != today
    new = Read((Condition("id", ">=", cursor.last_id),), must_answer=True)
    rungs = (
        _changed(cursor, habits, second_look if looks_twice else lambda: []),
        Rung("keyset", lambda: [new, *second_look()]),
        WHOLE,
    )
    return Plan(rungs, looks_twice=looks_twice)


def _changed(cursor: Cursor, habits: Habits, more: Callable[[], list[Read]]) -> Rung:
    since: datetime = cursor.updated_at - habits.overlap
    # The row that set the cursor is in the answer, or the filter does not work.
    changed = Read((Condition("updated_at", ">=", since),), must_answer=True)
    return Rung("updated_at", lambda: [changed, *more()])

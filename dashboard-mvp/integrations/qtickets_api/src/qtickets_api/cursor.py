"""How far an account has been read: source times and ids, stored after the data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from zakaz import watermarks
from zakaz.moscow import api_instant, parse_day, parse_instant
from zakaz.warehouse.port import Warehouse

JOB = "qtickets"


@dataclass(frozen=True, slots=True)
class Cursor:
    """One stream's place: all changes up to ``updated_at``, all rows up to ``last_id``.

    ``whole_on`` is the Moscow day on which the slow second look was last taken.
    """

    updated_at: datetime
    last_id: int
    whole_on: date


def read(warehouse: Warehouse, account_id: str, stream: str) -> Cursor | None:
    """Give the cursor of a stream; None before its first complete load (F8)."""
    names = [_name(account_id, stream, part) for part in ("updated_at", "last_id", "whole_on")]
    found = watermarks.read_some(warehouse, JOB, names)
    updated_at, last_id, whole_on = map(found.get, names)
    if updated_at is None or last_id is None or whole_on is None:
        return None
    return Cursor(parse_instant(updated_at), int(last_id), parse_day(whole_on))


def write(warehouse: Warehouse, account_id: str, stream: str, cursor: Cursor, at: datetime) -> None:
    """Move the cursor of a stream; do this after its rows are stored."""
    values = {
        "last_id": str(cursor.last_id),
        "whole_on": cursor.whole_on.isoformat(),
        "updated_at": api_instant(cursor.updated_at),
    }
    named = {_name(account_id, stream, part): value for part, value in values.items()}
    watermarks.write_some(warehouse, JOB, named, at)


@dataclass(frozen=True, slots=True)
class Backfill:
    """A first load under way: all ids up to ``last_id`` are stored (E14).

    ``updated_at`` is the newest change seen on the way, ``began_at`` the fetch of the first page.
    """

    last_id: int
    updated_at: datetime
    began_at: datetime


def read_backfill(warehouse: Warehouse, account_id: str, stream: str) -> Backfill | None:
    """Give the place where a first load stopped; None when there is none to go on with."""
    text = watermarks.read(warehouse, JOB, _name(account_id, stream, "backfill"))
    if text is None:
        return None
    found = json.loads(text)
    return Backfill(
        int(found["last_id"]),
        parse_instant(found["updated_at"]),
        parse_instant(found["began_at"]),
    )


def write_backfill(
    warehouse: Warehouse, account_id: str, stream: str, place: Backfill | None, at: datetime
) -> None:
    """Remember the place of a first load after a batch of it is stored; None forgets it."""
    text = ""
    if place is not None:
        text = json.dumps(
            {
                "last_id": place.last_id,
                "updated_at": api_instant(place.updated_at),
                "began_at": api_instant(place.began_at),
            }
        )
    watermarks.write(warehouse, JOB, _name(account_id, stream, "backfill"), text, at)


def _name(account_id: str, stream: str, part: str) -> str:
    return f"{account_id}/{stream}/{part}"

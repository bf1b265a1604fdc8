"""Single values of the wire as values of a row; each raises MalformedError naming its field."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from zakaz.money import ZERO, roubles
from zakaz.moscow import parse_instant

from qtickets_api.wire import Flag, Id, Instant, MalformedError

LARGEST_ID = 2**63
_LONGEST_NAME = 1000
_TOO_MUCH = Decimal(10) ** 9


def identity(value: Id, field: str) -> str:
    """Give the one text of an id: ``7`` and ``"7"`` are one order (P02)."""
    if isinstance(value, str):
        text = value.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 20):
            raise MalformedError("bad_id", field)
        value = int(text)
    if not 0 < value < LARGEST_ID:
        raise MalformedError("bad_id", field)
    return str(value)


def identity_or_none(value: Id | None, field: str) -> str:
    """Give an id that may be absent, then ''."""
    return "" if value is None or value in ("", 0) else identity(value, field)


def flag(value: Flag, field: str) -> bool:
    """Read a boolean, which may come as 0 or 1."""
    if value not in (0, 1):
        raise MalformedError("bad_type", field)
    return bool(value)


def instant(value: Instant, field: str) -> datetime:
    """Read an instant in any offset as Moscow time; a day that does not exist is refused."""
    try:
        return _parsed(value if isinstance(value, str) else str(value))
    except (ValueError, OverflowError):
        raise MalformedError("bad_date", field) from None


def instant_or_none(value: Instant | None, field: str) -> datetime | None:
    """Read an instant that may be absent."""
    return None if value is None or value == "" else instant(value, field)


def amount(value: Decimal | int | None) -> Decimal:
    """Give exact roubles rounded half up; null means nothing where the wire type allows it.

    Raises ValueError. A billion is no price: a phone that came as a number would else be revenue.
    """
    if value is None:
        return ZERO
    exact = roubles(value)
    if abs(exact) >= _TOO_MUCH:
        raise ValueError("no ticket costs a billion")
    return exact


def name_of(value: str | dict[str, Any] | list[Any] | None) -> str:
    """Give a name; a multilingual account sends an object by language, of which Russian counts."""
    if isinstance(value, dict):
        texts = [text for text in (value.get("ru"), *value.values()) if isinstance(text, str)]
        value = next((text for text in texts if text.strip()), "")
    return value.strip()[:_LONGEST_NAME] if isinstance(value, str) else ""


def venue_day(sent: Instant, starts_at: datetime, zone: str) -> date:
    """Give the calendar day of a start on the venue's clock (F18).

    The city's zone decides; without a known zone the offset that was sent does.
    """
    clock = zone_of(zone)
    if clock is not None:
        return starts_at.astimezone(clock).date()
    try:
        return datetime.fromisoformat(str(sent)).date()
    except ValueError:
        return starts_at.date()


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo | None:
    """Give the time zone of an IANA name, None when there is no such zone."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


# One payment stamps an order and all its tickets, and a hall has few prices: the same values come
# again and again.
_parsed = lru_cache(maxsize=4096)(parse_instant)

"""Single values of the wire as values of a row; each raises MalformedError naming its field."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from zakaz.money import AmountRangeError, wire_amount
from zakaz.moscow import parse_instant

from qtickets_api.wire import Instant, MalformedError

LARGEST_ID = 2**63
UNKNOWN_CURRENCY = "XXX"
_CURRENCY = re.compile(r"[A-Z]{3}")
_LONGEST_NAME = 1000
_TOO_MUCH = Decimal(10) ** 9


def identity(value: Any, field: str) -> str:
    """Return the one text of an id: ``7`` and ``"7"`` are one order (P02)."""
    if isinstance(value, str):
        text = value.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 20):
            raise MalformedError("bad_id", field)
        value = int(text)
    if type(value) is not int or not 0 < value < LARGEST_ID:
        raise MalformedError("bad_id", field)
    return str(value)


def identity_or_none(value: Any, field: str) -> str:
    """Return an id that may be absent, then ''."""
    return "" if value is None or value in ("", 0) else identity(value, field)


def flag(value: Any, field: str) -> bool:
    """Read a boolean, which may come as 0 or 1."""
    if not isinstance(value, int) or value not in (0, 1):
        raise MalformedError("bad_type", field)
    return bool(value)


def instant(value: Any, field: str) -> datetime:
    """Read an instant in any offset as Moscow time; a day that does not exist is refused."""
    if type(value) not in (str, int):
        raise MalformedError("bad_date", field)
    try:
        return _parsed(value if isinstance(value, str) else str(value))
    except (ValueError, OverflowError):
        raise MalformedError("bad_date", field) from None


def instant_or_none(value: Any, field: str) -> datetime | None:
    """Read an instant that may be absent."""
    return None if value is None or value == "" else instant(value, field)


def amount(sent: bytes, field: str) -> Decimal:
    """Return exact roubles rounded half up, read by the rule of every source.

    A billion is no price: a phone that came as a number would else be revenue.
    """
    try:
        exact = wire_amount(sent)
        if abs(exact) >= _TOO_MUCH:
            raise AmountRangeError("no ticket costs a billion")
    except AmountRangeError:
        raise MalformedError("amount_range", field) from None
    except ValueError:
        raise MalformedError("bad_amount", field) from None
    return exact


def text(value: Any, field: str) -> str:
    """Return a short text; PHP sends a number for one of digits, and a list for none."""
    if value is None or value in ([], {}):
        return ""
    if type(value) not in (str, int):
        raise MalformedError("bad_type", field)
    return str(value).strip()[:_LONGEST_NAME]


def name_of(value: Any, field: str = "name") -> str:
    """Return a name; a multilingual account sends an object by language, of which Russian counts.

    Raises MalformedError for what holds no text at all.
    """
    if isinstance(value, dict) and value:
        texts = [one for one in (value.get("ru"), *value.values()) if isinstance(one, str)]
        if not texts:
            raise MalformedError("bad_type", field)
        value = next((one for one in texts if one.strip()), "")
    return text(value, field)


def currency(value: Any) -> str:
    """Return the code of a currency in capitals, ``XXX`` for what is none or absent.

    ``XXX`` is the code that ISO 4217 keeps for no currency: such money stays visible, apart.
    """
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if _CURRENCY.fullmatch(code) else UNKNOWN_CURRENCY


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

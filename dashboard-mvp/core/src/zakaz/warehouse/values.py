"""Python values checked against column types before the engine sees them.

The engines forgive too much: a date out of range becomes another date, NULL becomes 0, a number
too long is cut, a kopeck is truncated. So every value is checked here, for both adapters alike,
and a refusal is a ValueError whose text says what is wrong without repeating the value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from zakaz.warehouse.types import ColumnType

Check = Callable[[Any], Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST_SECOND = 2**32 - 1
_DATES = {
    "Date": (date(1970, 1, 1), date(2149, 6, 6)),
    "Date32": (date(1900, 1, 1), date(2299, 12, 31)),
}
_INTEGERS = {
    f"{sign}Int{bits}": (0, 2**bits - 1) if sign else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    for sign in ("", "U")
    for bits in (8, 16, 32, 64, 128, 256)
}


@cache
def checker(kind: ColumnType) -> Check:
    """Give the function that checks one value and turns it into what the wire carries.

    Instants become whole seconds since 1970 (``DateTime``, fractions are cut off) or ticks
    (``DateTime64``); everything else stays the Python value it was.
    """
    check = _bare_checker(kind)
    if kind.nullable:
        return lambda value: None if value is None else check(value)

    def strict(value: Any) -> Any:
        if value is None:
            raise ValueError("no value (None) in a column that allows none")
        return check(value)

    return strict


def _bare_checker(kind: ColumnType) -> Check:
    name = kind.name
    if name in _INTEGERS:
        return _integer(_INTEGERS[name], name)
    if name in _DATES:
        return _date(_DATES[name], name)
    if name == "Decimal":
        return _decimal(kind.size, kind.scale)
    if name == "Enum":
        return _enum(kind.labels)
    if name == "FixedString":
        return _fixed_string(kind.size)
    if name == "DateTime64":
        return _ticks(kind.size)
    if name == "Array":
        element = checker(kind.inner[0])
        return lambda value: [element(item) for item in _sequence(value)]
    try:
        return _SIMPLE[name]
    except KeyError:
        raise ValueError(f"values of type {name} cannot be written") from None


def _wrong(value: Any, wanted: str) -> ValueError:
    return ValueError(f"a value of Python type {type(value).__name__} where {wanted} is needed")


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(value, "text")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("text that is not Unicode (a lone surrogate)") from None
    return value


def _fixed_string(length: int) -> Check:
    def check(value: Any) -> str:
        text = _string(value)
        if len(text.encode()) > length:
            raise ValueError(f"text longer than {length} bytes")
        return text

    return check


def _enum(labels: frozenset[str]) -> Check:
    def check(value: Any) -> str:
        text = _string(value)
        if text not in labels:
            raise ValueError(f"a label outside the declared ones ({', '.join(sorted(labels))})")
        return text

    return check


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(value, "a bool")
    return value


def _integer(bounds: tuple[int, int], name: str) -> Check:
    low, high = bounds

    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong(value, "a whole number")
        if not low <= value <= high:
            raise ValueError(f"a number outside {name} ({low} to {high})")
        return value

    return check


def _float(value: Any) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _wrong(value, "a number")
    if not math.isfinite(value):
        raise ValueError("a number that is not finite")
    return float(value)


def _decimal(precision: int, scale: int) -> Check:
    limit = 10**precision
    unit = Decimal((0, (1,), -scale))

    def check(value: Any) -> Decimal:
        # Money as loaders hold it is already at its two places: nothing to rebuild.
        if (
            type(value) is Decimal
            and value.is_finite()
            and value.same_quantum(unit)
            and value.adjusted() < precision - scale
        ):
            return value
        if not isinstance(value, (Decimal, int)) or isinstance(value, bool):
            raise _wrong(value, "an exact Decimal")
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError("a number that is not finite")
        sign, digits, exponent = number.as_tuple()
        whole = int("".join(map(str, digits)))
        shift = int(exponent) + scale
        if whole and shift < 0 and (-shift > len(digits) or whole % 10**-shift):
            raise ValueError(f"more than {scale} decimals; round first, the engine would cut")
        scaled = limit if whole and shift > precision else _shifted(whole, shift)
        if scaled >= limit:
            raise ValueError(f"more than {precision - scale} digits before the point")
        # Rebuilt at the column's scale, so that no arithmetic context can round it on the way.
        return Decimal((sign, tuple(map(int, str(scaled))), -scale))

    return check


def _shifted(number: int, shift: int) -> int:
    """Move the decimal point of a whole number; a zero stays one however far."""
    if not number:
        return 0
    factor: int = 10 ** abs(shift)
    return number * factor if shift >= 0 else number // factor


def _date(bounds: tuple[date, date], name: str) -> Check:
    first, last = bounds

    def check(value: Any) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise _wrong(value, "a date")
        if not first <= value <= last:
            raise ValueError(f"a date outside {name} ({first} to {last})")
        return value

    return check


def _microseconds(value: Any) -> int:
    if not isinstance(value, datetime):
        raise _wrong(value, "an aware datetime")
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError("a datetime without a time zone")
    return (value - EPOCH) // _MICROSECOND


def _seconds(value: Any) -> int:
    seconds = _microseconds(value) // 1_000_000
    if not 0 <= seconds <= _LAST_SECOND:
        raise ValueError("an instant outside DateTime (1970 to 2106)")
    return seconds


def _ticks(precision: int) -> Check:
    def check(value: Any) -> int:
        micros = _microseconds(value)
        if not date(1900, 1, 1) <= value.date() <= date(2262, 4, 10):
            raise ValueError("an instant outside DateTime64 (1900 to 2262)")
        return _shifted(micros, precision - 6)

    return check


def _uuid(value: Any) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(_string(value))
    except ValueError:
        raise ValueError("text that is not a UUID") from None


def _sequence(value: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        raise _wrong(value, "a list")
    return value


_SIMPLE: dict[str, Check] = {
    "String": _string,
    "Bool": _bool,
    "Float32": _float,
    "Float64": _float,
    "DateTime": _seconds,
    "UUID": _uuid,
}

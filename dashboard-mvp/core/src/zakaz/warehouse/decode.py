"""Answers of both engines turned into the values the port promises."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Context, Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from zakaz.warehouse.types import ColumnType, column_type

Decode = Callable[[Any], Any]

DEFAULT_ZONE = "Europe/Moscow"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WIDE = Context(prec=80)
_WIDE_INTEGERS = frozenset(
    f"{sign}Int{bits}" for sign in ("", "U") for bits in (64, 128, 256)
)  # fmt: skip


def decode_rows(rows: Sequence[Sequence[Any]], decoders: Sequence[Decode | None]) -> list[Any]:
    """Give the rows as tuples, each column run through its decoder where it has one."""
    busy = [(index, decode) for index, decode in enumerate(decoders) if decode]
    if not busy:
        return [tuple(row) for row in rows]
    done = []
    for row in rows:
        cells = list(row)
        for index, decode in busy:
            cells[index] = decode(cells[index])
        done.append(tuple(cells))
    return done


def json_decoders(types: Sequence[str]) -> list[Decode | None]:
    """Give the decoders of chDB's JSON rows (wide numbers as text, instants as seconds)."""
    return [_json(_lenient(text)) for text in types]


def native_decoders(types: Sequence[str], server_zone: str) -> list[Decode | None]:
    """Give the decoders of clickhouse-driver's rows, whose naive instants are in server time."""
    return [_native(_lenient(text), server_zone) for text in types]


def _lenient(text: str) -> ColumnType:
    try:
        return column_type(text)
    except ValueError:
        return ColumnType(text, "")  # a type of tomorrow: its values pass as they come


@cache
def _json(kind: ColumnType) -> Decode | None:
    name = kind.name
    if name in _WIDE_INTEGERS or name.startswith("Interval"):
        return _optional(int)
    if name in ("Float32", "Float64"):
        return _optional(float)
    if name == "Decimal":
        return _optional(Decimal)
    if name in ("Date", "Date32"):
        return _optional(date.fromisoformat)
    if name in ("DateTime", "DateTime64"):
        zone = ZoneInfo(kind.zone or DEFAULT_ZONE)
        return _optional(lambda text: instant(text, zone))
    if name == "FixedString":
        return _optional(lambda text: text.rstrip("\0"))
    if name == "Map":
        key, element = (_json_key(kind.inner[0]), _json(kind.inner[1]) or _same)
        return lambda pairs: {key(left): element(right) for left, right in pairs.items()}
    return _container(kind, _json)


def _json_key(kind: ColumnType) -> Decode:
    """A JSON object's keys are texts whatever the map's key type is."""
    return int if "Int" in kind.name else _json(kind) or _same


def _native(kind: ColumnType, server_zone: str) -> Decode | None:
    name = kind.name
    if name in ("Float32", "Float64"):
        return lambda value: value if value is not None and math.isfinite(value) else None
    if name == "Decimal":
        exponent = Decimal((0, (1,), -kind.scale))
        return _optional(lambda value: value.quantize(exponent, context=_WIDE))
    if name in ("DateTime", "DateTime64"):
        zone = ZoneInfo(kind.zone or DEFAULT_ZONE)
        assumed = ZoneInfo(server_zone or "UTC")
        return _optional(lambda value: _rezoned(value, zone, assumed))
    if name in ("UUID", "IPv4", "IPv6"):
        return _optional(str)
    if name in ("String", "FixedString"):
        return _optional(_text)
    return _container(kind, lambda inner: _native(inner, server_zone))


def _container(kind: ColumnType, inner: Callable[[ColumnType], Decode | None]) -> Decode | None:
    parts = [inner(part) or _same for part in kind.inner]
    if kind.name == "Array":
        return lambda values: [parts[0](value) for value in values]
    if kind.name == "Tuple":
        return lambda values: tuple(
            part(value) for part, value in zip(parts, values, strict=True)
        )  # fmt: skip
    if kind.name == "Map":
        key, element = parts
        return lambda pairs: {key(left): element(right) for left, right in pairs.items()}
    return None


def instant(text: str, zone: tzinfo) -> datetime:
    """Turn seconds since 1970 (with a fraction or without) into an aware instant."""
    whole, _, fraction = text.partition(".")
    micros = int(fraction[:6].ljust(6, "0")) if fraction else 0
    sign = -1 if whole.startswith("-") else 1
    moment = _EPOCH + timedelta(seconds=int(whole), microseconds=sign * micros)
    return moment.astimezone(zone)


def _rezoned(value: datetime, zone: tzinfo, assumed: tzinfo) -> datetime:
    aware = value if value.tzinfo else value.replace(tzinfo=assumed)
    # Through UTC: the driver's own zone objects are of another library.
    return aware.astimezone(UTC).astimezone(zone)


def _optional(decode: Decode) -> Decode:
    return lambda value: None if value is None else decode(value)


def _text(value: Any) -> str:
    """The driver hands over bytes where a text is not UTF-8; the embedded engine replaces."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return str(text)


def _same(value: Any) -> Any:
    return value

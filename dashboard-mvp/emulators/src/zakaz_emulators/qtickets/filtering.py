"""Applies a list query to records: comparison by the column's own kind, as a database would."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from zakaz_emulators.qtickets.language import Condition
from zakaz_emulators.qtickets.records import MOSCOW

Column = Callable[[Any], Any]
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
LIST_OPERATORS = frozenset({*COMPARISONS, "null", "not null", "in"})
SEAT_OPERATORS = frozenset({*COMPARISONS, "in", "not in", "in array", "not in array"})


class NotUnderstoodError(Exception):
    """The service cannot handle the request; it answers 503 ``UNKNOWN_ERROR``."""


def instant(text: Any) -> datetime:
    """Read an instant of a condition; without an offset it is Moscow wall time."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise NotUnderstoodError(f"not an instant: {text}") from error
    # One shared offset object lets Python compare instants by their fields alone.
    return found.replace(tzinfo=MOSCOW) if found.tzinfo is None else found.astimezone(MOSCOW)


def predicate(
    condition: Condition, column: Column, operators: frozenset[str] = LIST_OPERATORS
) -> Callable[[Any], bool]:
    """Give the test of one condition; a null never satisfies a comparison."""
    name = condition.operator
    if name not in operators:
        raise NotUnderstoodError(f"unknown operator: {name}")
    if name == "null":
        return lambda record: column(record) is None
    if name == "not null":
        return lambda record: column(record) is not None
    if name in COMPARISONS:
        return _comparison(COMPARISONS[name], column, condition.value)
    wanted = condition.value if isinstance(condition.value, list) else [condition.value]
    denied = name.startswith("not ")  # "in array" is the same of a column that holds an array

    def is_in(record: Any) -> bool:
        return denied != any(_holds(operator.eq, column(record), one) for one in wanted)

    return is_in


def _comparison(
    compare: Callable[[Any, Any], Any], column: Column, value: Any
) -> Callable[[Any], bool]:
    converted: dict[type, Any] = {}

    def test(record: Any) -> bool:
        actual = column(record)
        if actual is None or value is None:
            return False
        if isinstance(actual, list):
            return _holds(compare, actual, value)
        kind = type(actual)
        if kind not in converted:
            converted[kind] = _like(actual, value)
        return bool(compare(actual, converted[kind]))

    return test


def _holds(compare: Callable[[Any, Any], Any], actual: Any, value: Any) -> bool:
    if isinstance(actual, list):  # a dotted path through a list: any member may match
        return any(_holds(compare, member, value) for member in actual)
    return actual is not None and bool(compare(actual, _like(actual, value)))


def _like(actual: Any, value: Any) -> Any:
    """Convert the asked value to the column's kind."""
    if isinstance(actual, datetime):
        return instant(value)
    if isinstance(actual, bool):
        return str(value).lower() in ("1", "true")
    if isinstance(actual, int | float | Decimal):
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise NotUnderstoodError(f"not a number: {value}") from error
    return str(value)


def ordered(
    records: Sequence[Any], order_by: Sequence[tuple[Column, str]], identity: Column
) -> list[Any]:
    """Sort by the asked columns, nulls first, equal rows by id."""
    found = sorted(records, key=identity)
    for column, way in reversed(order_by):
        found.sort(
            key=lambda record, get=column: ((got := get(record)) is not None, got),  # type: ignore[misc]
            reverse=way == "desc",
        )
    return found


def dotted(payload: Any, path: str) -> Any:
    """Follow a dotted path through objects; through a list it gives all members' values."""
    for position, name in enumerate(path.split(".")):
        if isinstance(payload, list):
            rest = ".".join(path.split(".")[position:])
            return [dotted(member, rest) for member in payload]
        if not isinstance(payload, dict):
            return None
        if name not in payload:
            raise NotUnderstoodError(f"unknown column: {path}")
        payload = payload[name]
    return payload


def selected(payload: dict[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """Keep the asked fields only, nested ones by dotted path, in the payload's own order."""
    inner: dict[str, list[str]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        inner.setdefault(name, []).append(rest)
    kept: dict[str, Any] = {}
    for name, value in payload.items():
        rests = inner.get(name)
        if rests is None:
            continue
        if "" in rests or not isinstance(value, dict | list):
            kept[name] = value
        elif isinstance(value, list):
            kept[name] = [
                selected(member, rests) if isinstance(member, dict) else member for member in value
            ]
        else:
            kept[name] = selected(value, rests)
    return kept

"""Values of the wire as columns of a block, a field of a page at a time.

Each function takes one field of many rows and raises MalformedError naming the field if one of the
values is bad; which row it was is found out by asking again row by row. The rules are those of
``values``; what is here is quick for what the service usually sends and asks there about the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from types import NoneType
from typing import TypeVar

from msgspec import Raw
from zakaz.packed import Counts, Flags, Identities, Instants, Kopecks, OptionalInstants

from qtickets_api.values import LARGEST_ID, amount, flag, identity, identity_or_none, instant
from qtickets_api.wire import Flag, Id, Instant, MalformedError

Sent = TypeVar("Sent", bound=Hashable)
Made = TypeVar("Made")

_HOUR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3])")
_YEARS = range(1971, 2099)  # at the edges an offset decides, and ``values`` knows how
_EPOCH = date(1970, 1, 1)
_NOTHING = "1970-01-01T00:00:00Z"
_MOST_KNOWN = 65_536


class _Hours(dict[str, int]):
    """Seconds at the beginning of an hour that is spelled ``2026-02-03T19``."""

    def __missing__(self, text: str) -> int:
        if not _HOUR.fullmatch(text) or int(text[:4]) not in _YEARS:
            raise KeyError(text)
        try:
            day = date.fromisoformat(text[:10])
        except ValueError:
            raise KeyError(text) from None
        if len(self) >= _MOST_KNOWN:
            self.clear()
        return self.setdefault(text, (day - _EPOCH).days * 86_400 + int(text[11:]) * 3600)


class _Amounts(dict[bytes, int]):
    """Kopecks of an amount; a hall has few prices, so the same texts come again and again."""

    def __missing__(self, sent: bytes) -> int:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        return self.setdefault(sent, self._read(sent))

    def _read(self, sent: bytes) -> int:
        return int(amount(sent, "") * 100)


class _OptionalAmounts(_Amounts):
    """The same where null means nothing."""

    def _read(self, sent: bytes) -> int:
        return 0 if sent == b"null" else super()._read(sent)


# An instant is cut in two: ``2026-02-03T19`` and ``:42:10+03:00``.
_HOURS = _Hours()
_SECONDS = {
    f":{second // 60:02d}:{second % 60:02d}{zone}": second - offset
    for zone, offset in (("+03:00", 3 * 3600), ("Z", 0))
    for second in range(3600)
}
_AMOUNTS, _OPTIONAL_AMOUNTS = _Amounts(), _OptionalAmounts()


def identities(values: Sequence[Id], field: str) -> Identities:
    """Give ids: ``7`` and ``"7"`` are one order (P02)."""
    if set(map(type, values)) <= {int}:
        numbers: Iterable[int] = values  # type: ignore[assignment]  # seen on the line above
        if values and not 0 < min(numbers) <= max(numbers) < LARGEST_ID:
            raise MalformedError("bad_id", field)
        return Identities(numbers)
    return Identities(int(identity(value, field)) for value in values)


def optional_identities(values: Sequence[Id | None], field: str) -> Identities:
    """Give ids of which some are absent, those 0."""
    if set(map(type, values)) <= {int, NoneType}:
        numbers = [value or 0 for value in values]
        if values and not 0 <= min(numbers) <= max(numbers) < LARGEST_ID:  # type: ignore[operator]
            raise MalformedError("bad_id", field)
        return Identities(numbers)  # type: ignore[arg-type]  # seen above
    return Identities(int(identity_or_none(value, field) or 0) for value in values)


def instants(values: Sequence[Instant], field: str) -> Instants:
    """Give instants in any offset; a day that does not exist is refused."""
    return Instants(_seconds(values, field))


def optional_instants(values: Sequence[Instant | None], field: str) -> OptionalInstants:
    """Give instants of which some are absent."""
    try:
        numbers = [
            0 if sent is None else _HOURS[sent[:13]] + _SECONDS[sent[13:]]  # type: ignore[index]
            for sent in values
        ]
        return OptionalInstants(numbers, [sent is None for sent in values])
    except (KeyError, TypeError):
        sent_at = [_NOTHING if sent is None or sent == "" else sent for sent in values]
        absent = [sent is None or sent == "" for sent in values]
        return OptionalInstants(_seconds(sent_at, field), absent)


def amounts(values: Sequence[Raw], field: str) -> Kopecks:
    """Return exact money rounded half up."""
    return _kopecks(_AMOUNTS, values, field)


def optional_amounts(values: Sequence[Raw], field: str) -> Kopecks:
    """Return the same where null means nothing."""
    return _kopecks(_OPTIONAL_AMOUNTS, values, field)


def _kopecks(known: _Amounts, values: Sequence[Raw], field: str) -> Kopecks:
    try:
        return Kopecks(map(known.__getitem__, _texts(values)))
    except MalformedError as error:
        raise MalformedError(error.reason, field) from None


def _texts(values: Sequence[Raw]) -> list[bytes]:
    """Return the texts of values; to join and split them takes a third of the time of ``bytes``."""
    texts = b"\0".join(values).split(b"\0")
    return texts if len(texts) == len(values) else list(map(bytes, values))


def flags(values: Sequence[Flag], field: str) -> Flags:
    """Give booleans, which may come as 0 or 1."""
    return Flags(each_once(values, lambda one: int(flag(one, field))))


def counts(values: Sequence[int], field: str) -> Counts:
    """Give quantities as they are: nought stays nought (F10)."""
    try:
        return Counts(values)
    except OverflowError:
        raise MalformedError("bad_quantity", field) from None


def each_once(values: Sequence[Sent], make: Callable[[Sent], Made]) -> Iterable[Made]:
    """Make something of each value, of equal ones once."""
    made = {value: make(value) for value in set(values)}
    return map(made.__getitem__, values)


def _seconds(values: Sequence[Instant], field: str) -> list[int]:
    try:
        return [
            _HOURS[sent[:13]] + _SECONDS[sent[13:]]  # type: ignore[index]
            for sent in values
        ]
    except (KeyError, TypeError):
        return [int(instant(sent, field).timestamp()) for sent in values]

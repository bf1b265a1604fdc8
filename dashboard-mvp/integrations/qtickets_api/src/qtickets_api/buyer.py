"""The buyer of an order, read for one purpose: to keep the name out of the tags that are stored.

Links are sometimes made for one person, and what was meant for them stands in ``utm_term``. Names
are compared and forgotten; nothing of this module reaches a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from qtickets_api.wire import Order, members

_SHORTEST_NAME = 3
_MOST_SURNAMES = 10_000
_WORD = re.compile(r"[^\W\d_]+")
_Person = tuple[str, str, str]


class _Details(Struct, frozen=True, gc=False):
    name: str | None = None
    surname: str | None = None
    middlename: str | None = None


class _Client(Struct, frozen=True, gc=False):
    details: _Details | None = None


class _Visitor(Struct, frozen=True, gc=False):
    client_name: str | None = None
    client_surname: str | None = None
    client_middlename: str | None = None


class _Named(Struct, frozen=True, gc=False):
    client: _Client | None = None
    baskets: list[_Visitor] | dict[str, _Visitor] | None = None


_decode = msgspec.json.Decoder(_Named).decode
_decode_client = msgspec.json.Decoder(_Client | None).decode


def without_names(tags: Mapping[str, object], raw: bytes) -> Mapping[str, object]:
    """Give the tags of an order without its buyer's and visitors' names, each made ``[name]``.

    A surname counts alone, a first name only beside it: of itself it names nobody, and campaigns
    are called Anna too.
    """
    if not any(isinstance(value, str) and value for value in tags.values()):
        return tags
    people = set(_people(raw))
    return {name: _masked(value, people) for name, value in tags.items()} if people else tags


def words_of(tags: Mapping[str, object]) -> frozenset[str]:
    """Give the words of tags that could be a surname."""
    texts = (unquote(value) for value in tags.values() if isinstance(value, str))
    words = (word.casefold() for text in texts for word in _WORD.findall(text))
    return frozenset(word for word in words if len(word) >= _SHORTEST_NAME)


def surnames(orders: Sequence[Order]) -> set[str]:
    """Give the surnames in orders; tags without one of them hide nobody."""
    sent = {bytes(line.client_surname) for order in orders for line in members(order.baskets)}
    found = set(map(_SURNAMES.__getitem__, sent))
    for order in orders:
        try:
            client = _decode_client(order.client)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            continue  # names nobody in a known way, see ``_people``
        if client is not None and client.details is not None and client.details.surname:
            found.add(client.details.surname.strip().casefold())
    return found


class _Surnames(dict[bytes, str]):
    def __missing__(self, sent: bytes) -> str:
        try:
            name = msgspec.json.decode(sent, type=str | None) or ""
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            name = ""  # names nobody in a known way
        if len(self) >= _MOST_SURNAMES:
            self.clear()
        return self.setdefault(sent, name.strip().casefold())


_SURNAMES = _Surnames()


def _masked(value: object, people: set[_Person]) -> object:
    if not isinstance(value, str):
        return value
    plain = unquote(value)  # a name behind percent signs is a name
    words = {word.casefold() for word in _WORD.findall(plain)}
    hidden = {name for person in people if person[1] in words for name in person if name}
    if not hidden:
        return value
    return _WORD.sub(lambda word: "[name]" if word[0].casefold() in hidden else word[0], plain)


def _people(raw: bytes) -> Iterator[_Person]:
    """Give first name, surname and middle name of everybody the order names."""
    try:
        order = _decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return  # such an order is refused by its own decoder, or names people in no known way
    if order.client is not None and order.client.details is not None:
        found = order.client.details
        yield from _person(found.name, found.surname, found.middlename)
    lines = order.baskets or []
    for line in lines.values() if isinstance(lines, dict) else lines:
        yield from _person(line.client_name, line.client_surname, line.client_middlename)


def _person(first: str | None, last: str | None, middle: str | None) -> Iterator[_Person]:
    surname = (last or "").strip().casefold()
    if len(surname) >= _SHORTEST_NAME:
        yield (first or "").strip().casefold(), surname, (middle or "").strip().casefold()

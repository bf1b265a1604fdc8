"""Objects of the lists, read so that one odd field costs that field and nothing else.

A campaign, group or ad that is not what the API promises keeps what can be read of it. The rest is
named for the quarantine by list, id, reason and field, never by its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw
from zakaz.loose_json import UNREADABLE, fields_of
from zakaz.utm import parse_query

from vk_ads.wire import AdGroup, AdPlan, Banner, Id, Url

Item = TypeVar("Item", AdPlan, AdGroup, Banner)

_ENTITIES: dict[type, str] = {AdPlan: "ad_plan", AdGroup: "ad_group", Banner: "banner"}
_DIGITS = re.compile(r"[0-9]{1,40}")
_LARGEST_ID = 2**63
_ROLE = re.compile(r"\w{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OddPart:
    """What could not be read of an object of a list; the whole of it where it has no id."""

    entity: str
    id: str
    reason: str
    field: str


@dataclass(slots=True)
class Listed(Generic[Item]):
    """A whole list: its objects, and what could not be read of them."""

    items: list[Item] = field(default_factory=list)
    odd: list[OddPart] = field(default_factory=list)

    def add(self, row: bytes, kind: type[Item]) -> None:
        """Read one more object."""
        found: list[tuple[str, str]] = []
        item: Item | None
        try:
            item = msgspec.json.decode(row, type=kind)
        except UNREADABLE:
            item = _salvaged(row, kind, found)
        if item is None or checked_id(item.id) is None:
            self.odd.append(OddPart(_ENTITIES[kind], "", "bad_id", "id"))
            return
        found += _odd_links(item)
        self.items.append(item)
        self.odd += [OddPart(_ENTITIES[kind], str(item.id), *one) for one in found]

    def refuse_twin(self, kind: type[Item], identity: Id) -> None:
        """Put a second object of one id aside."""
        self.odd.append(OddPart(_ENTITIES[kind], str(identity), "duplicate_key", "id"))


def checked_id(sent: Id | None) -> Id | None:
    """Return an id that can be asked for; None for one that cannot, such as 0, -1 or "a,b"."""
    if isinstance(sent, str):
        return sent if _DIGITS.fullmatch(sent) and sent.strip("0") else None
    return sent if sent is not None and 0 < sent < _LARGEST_ID else None


def id_of(row: bytes) -> Id | None:
    """Return the id of an object, None where it has none that can be read."""
    sent = (fields_of(row) or {}).get("id")
    try:
        return None if sent is None else checked_id(msgspec.json.decode(sent, type=Id | None))
    except UNREADABLE:
        return None


def _salvaged(row: bytes, kind: type[Item], odd: list[tuple[str, str]]) -> Item | None:
    """Return an object without what cannot be read of it, which is added to ``odd``."""
    sent = fields_of(row)
    if sent is None or "id" not in sent:
        return None
    given: dict[str, Any] = {}
    for one in msgspec.structs.fields(kind):
        if one.name not in sent:
            continue
        try:
            if one.name == "urls":
                given["urls"] = _links(sent["urls"], odd)
            else:
                given[one.name] = msgspec.json.decode(sent[one.name], type=one.type)
        except UNREADABLE:
            if one.name == "id":
                return None
            odd.append(("bad_type", one.name))
    return kind(**given)


def _links(sent: Raw, odd: list[tuple[str, str]]) -> dict[str, Url]:
    """Return the links that can be read by role; raises ValidationError when these are none."""
    roles = fields_of(sent)
    if roles is None:
        raise msgspec.ValidationError("no links by role")
    links = {}
    for role, link in roles.items():
        try:
            links[role] = msgspec.json.decode(link, type=Url)
        except UNREADABLE:
            odd.append(("bad_type", _link_named(role)))
    return links


def _odd_links(item: Item) -> Iterator[tuple[str, str]]:
    """Remove the links that no browser could open, and name them."""
    if isinstance(item, AdGroup) and not _can_be_parsed(item.utm or ""):
        yield "bad_link", "utm"
    if isinstance(item, Banner):
        for role in [role for role, link in item.urls.items() if not _can_be_parsed(link.url)]:
            del item.urls[role]
            yield "bad_link", _link_named(role)


def _can_be_parsed(link: str) -> bool:
    try:
        parse_query(link)
    except ValueError:
        return False
    return True


def _link_named(role: str) -> str:
    return f"urls.{role}" if _ROLE.fullmatch(role) else "urls"

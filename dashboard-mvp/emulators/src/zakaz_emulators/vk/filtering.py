"""Filters of the lists: names with a leading underscore, comparisons as suffixes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, eq, ge, gt, le, lt, ne
from typing import Any

from zakaz_emulators.vk.parameters import Parameters
from zakaz_emulators.vk.refusals import invalid

SORTABLE = ("id", "name", "status")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "": eq,
    "ne": ne,
    "lt": lt,
    "lte": le,
    "gt": gt,
    "gte": ge,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: how its value is read, what it is compared with, or searched in."""

    kind: type[int] | type[str]
    of: Callable[[Any], Any]
    contains: bool = False

    def test(self, name: str, suffix: str, parameters: Parameters) -> Callable[[Any], bool]:
        """Give the condition that a parameter asks for."""
        if suffix == "in":
            wanted = {self._read(name, text) for text in parameters.many(name)}
            return lambda one: self.of(one) in wanted
        value = self._read(name, parameters.one(name) or "")
        if self.contains and not suffix:
            return lambda one: value in self.of(one)
        if suffix not in _COMPARISONS:
            raise invalid({name: "Unknown filter"})
        compare = _COMPARISONS[suffix]
        return lambda one: compare(self.of(one), value)

    def _read(self, name: str, text: str) -> int | str:
        if self.kind is str:
            return text
        if not text.isdecimal():
            raise invalid({name: "Value must be an integer"})
        return int(text)


STATUS = Filter(str, attrgetter("status"))


def chosen(
    objects: Sequence[Any],
    parameters: Parameters,
    filters: Mapping[str, Filter],
    *,
    hide_deleted: bool,
) -> list[Any]:
    """Give the objects that all filters let through.

    A parameter without an underscore filters nothing, whatever it is called. Deleted objects are
    hidden from who says nothing of their status.
    """
    found = list(objects)
    hides = hide_deleted
    for name in parameters.names("_"):
        field, _, suffix = name[1:].partition("__")
        if field not in filters:
            raise invalid({name: "Unknown filter"})
        hides = hides and field != "status"
        test = filters[field].test(name, suffix, parameters)
        found = [one for one in found if test(one)]
    return [one for one in found if one.status != "deleted"] if hides else found


def ordered(objects: list[Any], parameters: Parameters) -> list[Any]:
    """Sort as asked, the first name before the others; unasked the order promises nothing."""
    for name in reversed(parameters.many("sorting")):
        field = name.removeprefix("-")
        if field not in SORTABLE:
            raise invalid({"sorting": f"Unknown field {field}"})
        objects = sorted(objects, key=attrgetter(field), reverse=name.startswith("-"))
    return objects

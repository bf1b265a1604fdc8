"""The registry of promises: which a run guarded, which failed, and why others have no test."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PATH = Path(__file__).with_name("registry.toml")
_ID = re.compile(r"[a-z][0-9]{1,2}")
_PREFIXES = ("field", "found")  # ids of two other lists follow
TITLES = {
    "regressions": "regressions",
    "cases": "cases of the fault catalogue",
    "field": "reports of the field",
    "found": "faults found in use",
}


@dataclass(frozen=True)
class Group:
    """Ids of one letter of one list, as tests carry them: ``A2``, ``S05``, ``field P01``."""

    part: str
    letter: str
    title: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Registry:
    """All ids, and the reasons of those that no test carries."""

    groups: tuple[Group, ...]
    decided: dict[str, str]

    def ids(self, part: str) -> list[str]:
        """Return the ids of one list."""
        return [one for group in self.groups if group.part == part for one in group.ids]


@cache
def registry() -> Registry:
    """Read the registry."""
    text = tomllib.loads(_PATH.read_text(encoding="utf-8"))
    decided = text.pop("decided")
    return Registry(tuple(group for part in text for group in _groups(part, text[part])), decided)


def ids_of(test: str) -> set[str]:
    """Return the ids that a test's name begins with, and those its case's name begins with."""
    name, _, case = test.rpartition("::")[2].partition("[")
    found = set[str]()
    for words in (name.removeprefix("test_").split("_"), re.split(r"[-_]", case.rstrip("]"))):
        prefix = ""
        for word in words:
            if word in _PREFIXES:
                prefix = f"{word} "
            elif _ID.fullmatch(word):
                found.add(prefix + word.upper())
            else:
                break
    return found


def summary(passed: Iterable[str], failed: Iterable[str], not_run: Iterable[str]) -> list[str]:
    """Return the report's lines on the four lists: counts, a table by group, the reasons.

    An id whose tests all lacked a component of the machine needs what is not here.
    """
    known, broken = registry(), _carried(failed)
    guarded = _carried(passed) - broken
    missing = _carried(not_run) - guarded - broken
    lines = []
    for part, title in TITLES.items():
        ids = set(known.ids(part))
        outside = {one for one in ids if known.decided.get(one, "").startswith("not applicable")}
        needs = (ids & missing) | (ids & known.decided.keys() - outside)
        tested = len(guarded & ids)
        lines.append(
            f"- {title}: decided {tested + len(outside) + len(needs)} of {len(ids)} ({tested} by a"
            f" passing test, {len(outside)} not applicable, {len(needs)} need what is not here)"
        )
    lines += ["", "| Group | A passing test | Failed | Open |", "|---|---|---|---|"]
    decided = guarded | broken | missing | set(known.decided)
    for group in known.groups:
        cells = [
            f"{len(guarded & set(group.ids))} of {len(group.ids)}",
            _listed(group.ids, broken),
            _listed(group.ids, set(group.ids) - decided),
        ]
        lines.append(f"| {group.letter}: {group.title} | " + " | ".join(cells) + " |")
    lines.append("")
    if missing:
        lines.append(f"- {', '.join(sorted(missing))}: see NOT RUN")
    for reason in dict.fromkeys(known.decided.values()):
        ids = [one for one, why in known.decided.items() if why == reason]
        lines.append(f"- {', '.join(ids)}: {reason}")
    return lines


def _groups(part: str, listed: dict[str, object]) -> Iterator[Group]:
    prefix = f"{listed['prefix']} " if "prefix" in listed else ""
    for letter, group in listed.items():
        if isinstance(group, dict):
            numbers = [n for n in range(1, group["last"] + 1) if n not in group.get("without", ())]
            ids = tuple(f"{prefix}{letter}{n:0{listed['digits']}}" for n in numbers)
            yield Group(part, letter, group["title"], ids)


def _carried(tests: Iterable[str]) -> set[str]:
    return set[str]().union(*map(ids_of, tests))


def _listed(known: Iterable[str], chosen: Collection[str]) -> str:
    return ", ".join(name for name in known if name in chosen) or "–"

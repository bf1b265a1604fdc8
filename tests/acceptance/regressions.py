"""Which regressions a run guarded, and which no test of it names: counted, not claimed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

_LIST = Path(__file__).with_name("regressions.toml")
_ID = re.compile(r"[a-z][1-9][0-9]?")  # a02 and the like are cases of another catalogue


def ids_of(test: str) -> set[str]:
    """Give the ids that a test's name starts with, and those its case's name starts with."""
    name, _, case = test.rpartition("::")[2].partition("[")
    return {*_leading(name.removeprefix("test_").split("_")), *_leading(case.split("-"))}


def groups() -> dict[str, dict[str, Any]]:
    """Give the groups of regressions by letter."""
    found: dict[str, dict[str, Any]] = tomllib.loads(_LIST.read_text(encoding="utf-8"))["groups"]
    return found


def ids(letter: str, group: Mapping[str, Any]) -> list[str]:
    """Give the ids of a group that this product answers for."""
    missing = {*group.get("unassigned", ()), *group.get("outside", ())}
    return [f"{letter}{n}" for n in range(1, group["last"] + 1) if n not in missing]


def table(passed: Iterable[str], failed: Iterable[str]) -> list[str]:
    """Give the rows of the report: a group's ids with a passing test, and those still open."""
    broken = set().union(*map(ids_of, failed))
    guarded = set().union(*map(ids_of, passed)) - broken
    rows = ["| Group | Guarded by a passing test | Failed | Open: no test carries the id |"]
    rows.append("|---|---|---|---|")
    for letter, group in groups().items():
        known = ids(letter, group)
        cells = [_listed(known, guarded), _listed(known, broken)]
        left = _listed(known, set(known) - guarded - broken)
        if outside := [f"{letter}{number}" for number in group.get("outside", ())]:
            left += f" (not ours: {' '.join(outside)}, {group['why']})"
        cells.append(left)
        rows.append(f"| {letter}: {group['title']} | " + " | ".join(cells) + " |")
    return rows


def _leading(words: Iterable[str]) -> list[str]:
    found = []
    for word in words:
        if not _ID.fullmatch(word):
            break
        found.append(word.upper())
    return found


def _listed(known: Iterable[str], chosen: Collection[str]) -> str:
    return " ".join(name for name in known if name in chosen) or "–"

"""Checks: queries over the live data that must return no rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zakaz.schema import sources
from zakaz.schema.sources import SqlFile
from zakaz.warehouse.port import Warehouse

# The tables that all rows of a check come from, where reading its views costs more than asking.
_NEEDS = re.compile(r"^-- Needs: (.+)\.$", re.MULTILINE)
_EMPTY = """
SELECT concat(database, '.', name) FROM system.tables
WHERE database = 'zakaz' AND total_rows = 0
"""


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """A check that found rows: how many, and the first of them."""

    name: str
    rows: int
    example: dict[str, Any]

    def __str__(self) -> str:
        shown = ", ".join(f"{name} {value}" for name, value in self.example.items())
        return f"{self.name}: {self.rows} rows, the first: {shown}"


def run(warehouse: Warehouse, root: Path | None = None) -> list[CheckFailure]:
    """Run every check and give those that found something."""
    failures = []
    empty = {str(name) for (name,) in warehouse.query(_EMPTY).rows}
    for file in sources.checks(root):
        if _has_nothing_to_compare(file, empty):
            continue
        (statement,) = file.parts
        found = warehouse.query(statement.text)
        if found.rows:
            failures.append(CheckFailure(file.name, len(found.rows), found.dicts()[0]))
    return failures


def _has_nothing_to_compare(file: SqlFile, empty: set[str]) -> bool:
    """Return whether a check names the tables that it needs, and none of them holds a row."""
    needs = _NEEDS.search(file.header)
    return needs is not None and empty.issuperset(needs[1].split(", "))

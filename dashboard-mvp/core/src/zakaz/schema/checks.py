"""Checks: queries over the live data that must return no rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zakaz.schema import sources
from zakaz.warehouse.port import Warehouse


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
    for file in sources.checks(root):
        (statement,) = file.parts
        found = warehouse.query(statement.text)
        if found.rows:
            failures.append(CheckFailure(file.name, len(found.rows), found.dicts()[0]))
    return failures

"""What the validator says: one finding for one defect, with its place."""

from __future__ import annotations

from dataclasses import dataclass

from zakaz.schema.sources import SqlFile


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One defect: the rule it breaks, where, and what to change."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} [{self.rule}]"


def at(file: SqlFile, rule: str, message: str, text: str = "") -> Finding:
    """Make a finding at the line on which ``text`` starts in the file."""
    place = max(file.text.find(text), 0) if text else 0
    line = file.text.count("\n", 0, place) + 1
    return Finding(f"{file.path.parent.name}/{file.path.name}", line, rule, message)

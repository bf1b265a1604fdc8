"""What the nox sessions left behind: their outcomes, and each test as junit recorded it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """One test as it ran; ``function`` is its name without parameters."""

    session: str
    module: str
    name: str
    outcome: str  # passed, failed, NOT RUN
    seconds: float
    reason: str = ""
    criteria: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def function(self) -> str:
        """Return the test's name without its parameters."""
        return self.name.partition("[")[0]


@dataclass
class Evidence:
    """Everything that was recorded on one tree."""

    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def names(self, outcome: str) -> set[str]:
        """Return the names of the tests that ended so."""
        return {f"{case.module}::{case.name}" for case in self.cases if case.outcome == outcome}

    def of(self, criterion: str) -> list[Case]:
        """Return the tests of one criterion."""
        return [case for case in self.cases if criterion in case.criteria]

    def counted(self, session: str) -> tuple[int, int] | None:
        """Return how many tests of a session passed and how many there were; None without any."""
        cases = [case for case in self.cases if case.session == session]
        passed = sum(case.outcome == "passed" for case in cases)
        return (passed, len(cases)) if cases else None


def read(results: Path, digest: str) -> Evidence:
    """Read every record below the results folder that was made on this very tree."""
    evidence, files = Evidence(), dict[str, str]()
    for path in sorted(results.rglob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if record.get("tree") == digest:
            evidence.sessions[record["session"]] = record
            files[path.stem] = record["session"]
    for path in sorted(results.rglob("*.xml")):
        if path.stem in files:
            for case in ElementTree.parse(path).iter("testcase"):  # noqa: S314 - our own record
                evidence.cases.append(_case(case, files[path.stem]))
    return evidence


def _case(case: ElementTree.Element, session: str) -> Case:
    outcome, reason = _outcome(case)
    told = [(entry.get("name"), entry.get("value", "")) for entry in case.iter("property")]
    return Case(
        session=session,
        module=case.get("classname", "").rpartition(".")[2],
        name=case.get("name", ""),
        outcome=outcome,
        seconds=float(case.get("time", "0")),
        reason=reason,
        criteria=tuple(value for name, value in told if name == "criterion"),
        remarks=tuple(value for name, value in told if name != "criterion"),
    )


def _outcome(case: ElementTree.Element) -> tuple[str, str]:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed", ""
    skipped = case.find("skipped")
    if skipped is not None:
        return "NOT RUN", skipped.get("message", "")
    return "passed", ""

"""``zakaz doctor``: what is wrong here, and what to do about it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from zakaz.finding import Finding

_MARKS = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find what is wrong with this installation, with the fix for each finding.

    Asks the API of every configured source one small question with GET (not with DRY_RUN=true)
    and writes nothing. Looks at versions, token, clock (5 minutes of difference are tolerated),
    disk, lock, engine and schema. Exit code 0: fit for work; 78: something must be fixed; 75:
    something did not answer.
    """
    from zakaz import diagnosis, moscow
    from zakaz.cli.output import emit_json, say
    from zakaz.rooms import discover

    patient = diagnosis.Patient(dict(os.environ), None, discover(), moscow.now)
    findings = diagnosis.examine(patient)
    code = diagnosis.exit_code(findings)
    if as_json:
        listed = [
            {"topic": f.topic, "level": f.level.value, "found": f.told, "fix": f.fix}
            for f in findings
        ]
        emit_json({"exit_code": code, "findings": listed})
        raise typer.Exit(code)
    width = max(len(finding.topic) for finding in findings)
    for finding in findings:
        told = finding.told.replace("\n", "\n" + " " * (width + 8))
        say(f"{_MARKS[finding.level]}  {finding.topic.ljust(width)}  {told}")
        if finding.fix:
            say(f"{' ' * (width + 6)}  → {finding.fix}".replace("\n", "\n" + " " * (width + 10)))
    say(f"\n{_verdict(findings)}")
    raise typer.Exit(code)


def _verdict(findings: list[Finding]) -> str:
    levels = [finding.level.value for finding in findings]
    warnings = levels.count("warn")
    told = f"{warnings} warning{'' if warnings == 1 else 's'}"
    if "fail" in levels:
        return f"{levels.count('fail')} to fix, {told}."
    return f"Fit for work, {told}." if warnings else "Fit for work."

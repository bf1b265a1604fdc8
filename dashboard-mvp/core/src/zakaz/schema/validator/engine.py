"""The engine's own parser as the authority on syntax, in a process of its own.

chDB knows one store per process, so a validator running beside an open store must not touch it.
No statement that holds a real secret ever comes here: only files do.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from zakaz.schema.ddl import parse
from zakaz.schema.validator.catalogue import Catalogue
from zakaz.schema.validator.finding import Finding, at

_TIMEOUT_SECONDS = 120


def check(catalogue: Catalogue) -> tuple[str, list[Finding]]:
    """Parse and format every statement; gives the engine's version, '' where none is installed."""
    pairs = list(catalogue.statements(catalogue.files))
    version, answers = _ask([statement.text for _, statement in pairs])
    findings: list[Finding] = []
    for (file, statement), (error, formatted) in zip(pairs, answers, strict=False):
        if error:
            findings.append(at(file, "engine", error, statement.text))
        elif statement.action != "INSERT" or file.path.parent.name == "facts":
            findings += [
                at(file, "format", message, statement.text)
                for message in _unlike(statement.text, formatted)
            ]
    return version, findings


def _unlike(text: str, formatted: str) -> Iterator[str]:
    ours, theirs = parse(text), parse(formatted)
    if ours.view is not None and theirs.view is not None:
        # The two lines of the engine put a view's COMMENT in different places.
        same = (ours.view.select, ours.view.columns) == (theirs.view.select, theirs.view.columns)
    else:
        same = text == formatted
    if not same:
        yield "is not formatted as the engine does it (SELECT formatQuery(…))"


def _ask(statements: list[str]) -> tuple[str, list[tuple[str, str]]]:
    with tempfile.TemporaryDirectory(prefix="zakaz-validate-") as folder:
        questions, answers = Path(folder) / "questions.json", Path(folder) / "answers.json"
        questions.write_text(json.dumps(statements), encoding="utf-8")
        command = [sys.executable, "-m", "zakaz.schema.validator.engine_process"]
        done = subprocess.run(
            [*command, str(questions), str(answers)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the engine's parser broke:\n{done.stderr.decode()[-2000:]}")
        version, found = json.loads(answers.read_text(encoding="utf-8"))
        return version, [(error, formatted) for error, formatted in found]

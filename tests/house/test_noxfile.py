"""The noxfile is a table of contents: short, with little behind it, and quick to be listed."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOXFILE = (ROOT / "noxfile.py").read_text(encoding="utf-8")
QUICK = {"lint", "types", "imports", "validate", "house", "room(core)", "room(qtickets_api)"}


def test_the_noxfile_is_short_and_imports_four_names() -> None:
    """What a session does stands in its few lines; the machinery has four names."""
    assert NOXFILE.count("\n") < 200
    (imported,) = [
        node.names
        for node in ast.walk(ast.parse(NOXFILE))
        if isinstance(node, ast.ImportFrom) and node.module == "sessions"
    ]
    assert len(imported) <= 4


def test_sessions_choose_tests_by_folder_or_marker() -> None:
    """No session picks tests by parts of their names: a renamed test would leave it unseen."""
    literals = [
        node.value
        for node in ast.walk(ast.parse(NOXFILE))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert "-k" not in literals


def test_importing_the_machinery_changes_nothing() -> None:
    """Standard input, variables, path and folders are as before when the module was imported."""
    code = """if True:
        import os, sys, nox
        sys.path.insert(0, ".ci")
        def state():
            return os.fstat(0).st_ino, dict(os.environ), list(sys.path), sorted(os.listdir("."))
        before = state()
        import sessions
        assert state() == before
    """
    subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT, input=b"", check=True, timeout=60)


def test_the_loop_of_every_day_is_tagged() -> None:
    """``nox -t quick`` is lint, types, imports, validate, the rooms and the house."""
    answer = subprocess.run(
        [sys.executable, "-m", "nox", "--list", "--json", "-t", "quick"],
        cwd=ROOT, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    found = {session["session"] for session in json.loads(answer.stdout)}
    assert found == QUICK | {"room(web)", "room(emulators)"}
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert re.search(r"^\.venv/bin/nox -t quick$", contributing, re.MULTILINE)

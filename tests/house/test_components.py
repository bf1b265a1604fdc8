"""A missing component is told as NOT RUN, and fails a run that requires it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MARKED = '''
"""A test of a component."""
import pytest

@pytest.mark.needs("{component}")
def test_that_needs_a_component():
    """The component answers."""
'''


def run(folder: Path, component: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run one marked test in a fresh pytest that has nothing on its PATH."""
    (folder / "test_marked.py").write_text(MARKED.format(component=component), encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = needs: component\n", encoding="utf-8")
    plugin = "import importlib.util as u, sys; s = u.spec_from_file_location('needs', {0!r}); "
    plugin += "m = sys.modules['needs'] = u.module_from_spec(s); s.loader.exec_module(m); "
    plugin += (
        "import pytest; sys.exit(pytest.main(['-ra', '-p', 'needs', '-p', 'no:cacheprovider']))"
    )
    return subprocess.run(
        [sys.executable, "-c", plugin.format(str(ROOT / "tests" / "conftest.py"))],
        cwd=folder,
        env={"PATH": str(folder / "bin"), **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("component", "reason"),
    [
        ("docker", "NOT RUN (needs a Docker engine: no docker command on the PATH)"),
        ("browser", "NOT RUN (needs Chromium: none of chromium, chromium-browser on the PATH"),
    ],
)
def test_a_missing_component_is_told_as_not_run(
    tmp_path: Path, component: str, reason: str
) -> None:
    """A test without its component is skipped with what is missing and why, never passed."""
    answer = run(tmp_path, component)
    assert (answer.returncode, "1 skipped" in answer.stdout) == (0, True), answer.stdout
    assert reason in answer.stdout


@pytest.mark.parametrize("component", ["docker", "browser"])
def test_a_required_component_fails_when_missing(tmp_path: Path, component: str) -> None:
    """ZAKAZ_REQUIRE turns the lack of a component into a failure that names it."""
    answer = run(tmp_path, component, ZAKAZ_REQUIRE="docker,browser")
    assert (answer.returncode, "1 failed" in answer.stdout or "1 error" in answer.stdout) == (
        1,
        True,
    )
    assert f"ZAKAZ_REQUIRE names {component}, but it is missing" in answer.stdout


@pytest.mark.parametrize(("exit_code", "outcome"), [(0, "1 passed"), (1, "1 skipped")])
def test_docker_counts_when_its_server_answers(
    tmp_path: Path, exit_code: int, outcome: str
) -> None:
    """A docker command without a server behind it is no Docker engine."""
    command = tmp_path / "bin" / "docker"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\nexit {exit_code}\n", encoding="utf-8")
    command.chmod(0o755)
    assert outcome in run(tmp_path, "docker").stdout


def test_an_unknown_component_is_refused(tmp_path: Path) -> None:
    """A misspelt component stops the run instead of being ignored."""
    assert "names no component" in run(tmp_path, "dokcer").stderr
    assert (
        "ZAKAZ_REQUIRE names ['chrome']" in run(tmp_path, "docker", ZAKAZ_REQUIRE="chrome").stdout
    )


def test_the_mark_stands_only_where_it_is_honoured() -> None:
    """Tests of a room know no components: the mark works in the tests folder only."""
    for path in (ROOT / "dashboard-mvp").rglob("tests/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr == "needs"), path

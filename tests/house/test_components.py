"""A missing component is told as NOT RUN, and fails a run that requires it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = """
import importlib.util, pathlib, sys, pytest
root = pathlib.Path(sys.argv[1]).parent
sys.path += [str(root / ".ci"), str(root / "tests/support")]
spec = importlib.util.spec_from_file_location("root_conftest", sys.argv[1])
plugin = importlib.util.module_from_spec(spec)
spec.loader.exec_module(plugin)
sys.exit(pytest.main(["-ra", "-p", "no:cacheprovider", *sys.argv[2:]], plugins=[plugin]))
"""

AUTOLOAD = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def needing(*components: str) -> str:
    """A module with a test for each component, which needs it."""
    tests = [f'@pytest.mark.needs("{name}")\ndef test_{name}(): pass\n' for name in components]
    return "\n".join(["import pytest\n", *tests])


def run(
    folder: Path, module: str, *options: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run one test module in a fresh pytest that has nothing on its PATH, and no plugin but ours.

    The other plugins of this environment take longer to import than the test takes.
    """
    (folder / "test_marked.py").write_text(module, encoding="utf-8")
    (folder / "pytest.ini").write_text(
        "[pytest]\nmarkers =\n    needs: component\n    criterion: id\n", encoding="utf-8"
    )
    beside = os.pathsep.join([str(ROOT / ".ci"), str(ROOT / "tests/support")])  # as pyproject says
    return subprocess.run(
        [sys.executable, "-c", LAUNCHER, str(ROOT / "conftest.py"), *options],
        cwd=folder,
        env={"PATH": str(folder / "bin"), "PYTHONPATH": beside} | AUTOLOAD | environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


MISSING = {
    "docker": "a Docker engine: no docker command on the PATH",
    "browser": "Chromium: none of chromium, chromium-browser on the PATH",
    "systemd": "systemd-analyze: it is not on the PATH",
    "faketime": "faketime: it is not on the PATH",
}


def test_a_missing_component_is_told_as_not_run(tmp_path: Path) -> None:
    """A test without its component is skipped with what is missing and why, never passed."""
    answer = run(tmp_path, needing(*MISSING))
    assert (answer.returncode, f"{len(MISSING)} skipped" in answer.stdout) == (0, True), (
        answer.stdout
    )
    for reason in MISSING.values():
        assert f"NOT RUN (needs {reason}" in answer.stdout


def test_a_required_component_fails_when_missing(tmp_path: Path) -> None:
    """ZAKAZ_REQUIRE turns the lack of a component into a failure that names it."""
    answer = run(tmp_path, needing(*MISSING), ZAKAZ_REQUIRE="docker,browser,systemd,faketime")
    assert (answer.returncode, f"{len(MISSING)} errors" in answer.stdout) == (1, True), (
        answer.stdout
    )
    for component in MISSING:
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
    assert outcome in run(tmp_path, needing("docker")).stdout


def test_the_criteria_of_a_test_reach_its_record(tmp_path: Path) -> None:
    """The junit record names the criteria that a test proves, for the audit to read."""
    marked = 'import pytest\n\n@pytest.mark.criterion("CH-1")\ndef test_one(): pass\n'
    answer = run(tmp_path, marked, "--junitxml=record.xml")
    assert answer.returncode == 0, answer.stdout
    record = (tmp_path / "record.xml").read_text(encoding="utf-8")
    assert '<property name="criterion" value="CH-1"' in record


def test_an_unknown_component_is_refused(tmp_path: Path) -> None:
    """A misspelt component stops the run instead of being ignored."""
    assert "names no component" in run(tmp_path, needing("dokcer")).stderr
    assert (
        "ZAKAZ_REQUIRE names ['chrome']"
        in run(tmp_path, needing("docker"), ZAKAZ_REQUIRE="chrome").stdout
    )


def test_the_room_that_runs_alone_needs_no_component() -> None:
    """The VK Ads room has its own pytest settings, where the mark would not be honoured."""
    for path in (ROOT / "dashboard-mvp" / "vk-python" / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr == "needs"), path

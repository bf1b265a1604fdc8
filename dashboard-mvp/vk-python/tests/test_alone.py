"""The room runs alone: third-party packages, two source folders, nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[1]
CORE = ROOM.parent / "core"


def third_party(project: Path) -> set[str]:
    """What a project needs from an index."""
    told = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    return {name for name in told["project"]["dependencies"] if not name.startswith("zakaz-")}


def test_g17_the_install_line_names_every_dependency() -> None:
    """`requirements-test.txt` holds what core and the room declare, the test tools, no more."""
    lines = (ROOM / "requirements-test.txt").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line and not line.startswith("#")]
    assert listed == sorted(listed)
    tools = {line.partition(">")[0] for line in listed} - {
        line.partition(">")[0] for line in third_party(ROOM) | third_party(CORE)
    }
    assert third_party(ROOM) | third_party(CORE) <= set(listed)
    assert tools == {"pytest", "requests-mock"}


@pytest.mark.criterion("VK-3")
def test_the_readme_shows_the_two_commands() -> None:
    """The README of the room shows how to install the test packages and how to run the tests."""
    readme = (ROOM / "README.md").read_text(encoding="utf-8")
    assert "python -m pip install -r dashboard-mvp/vk-python/requirements-test.txt" in readme
    assert "cd dashboard-mvp/vk-python && python -m pytest" in readme


@pytest.mark.criterion("VK-3")
def test_the_readme_and_the_template_name_the_same_variables() -> None:
    """Every variable of the room stands in its README and in the environment template."""
    template = ROOM.parent / "test_env" / ".env.template"
    variable = re.compile(r"\bVK_ADS_[A-Z_]+\b")
    told = set(variable.findall((ROOM / "README.md").read_text(encoding="utf-8")))
    assert told == set(variable.findall(template.read_text(encoding="utf-8")))
    assert {"VK_ADS_CLIENT_ID", "VK_ADS_CLIENT_SECRET", "VK_ADS_BASE_URL"} <= told


def run_alone(*arguments: str, **environ: str) -> None:
    """Run Python in the room's folder with this environment and no other; it must end well."""
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOM,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.criterion("VK-1")
def test_g14_the_tests_need_no_environment() -> None:
    """They are found with an empty environment, and each is run with one: see ``conftest``."""
    run_alone("-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider")
    assert dict(os.environ) == {"PYTEST_CURRENT_TEST": os.environ["PYTEST_CURRENT_TEST"]}


def test_g1_every_module_of_the_room_imports() -> None:
    """Every module of the room imports with nothing but the two source folders given."""
    stems = sorted(path.stem for path in (ROOM / "src" / "vk_ads").glob("*.py"))
    names = [f"vk_ads.{stem}".removesuffix(".__init__") for stem in stems]
    run_alone(
        "-c",
        "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]",
        *names,
        PYTHONPATH=os.pathsep.join([str(ROOM / "src"), str(CORE / "src")]),
    )

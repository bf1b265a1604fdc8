"""The workflow runs every line of `nox -l`, and nothing else."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DESIGNED = [
    "lint", "types", "imports", "compileall", "validate", "schema(24.8)", "schema(26.9)",
    "room(core)", "room(qtickets_api)", "room(web)", "room(emulators)", "vk", "replay",
    "warehouse(24.8)", "warehouse(26.9)", "server", "images", "smoke", "browser",
    "faults(qtickets)", "faults(vk)", "seeded", "house", "docs", "demo", "bench", "audit",
]  # fmt: skip


@pytest.fixture(scope="module")
def listed() -> list[dict[str, Any]]:
    """What `nox --list --json` says, the source of the CI matrix."""
    answer = subprocess.run(
        [sys.executable, "-m", "nox", "--list", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    sessions: list[dict[str, Any]] = json.loads(answer.stdout)
    return sessions


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    """The parsed workflow; YAML 1.1 reads its key `on` as true."""
    text = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    parsed: dict[str, Any] = yaml.safe_load(text)
    return parsed


@pytest.mark.criterion("CI-4")
def test_the_sessions_are_those_of_the_design(listed: list[dict[str, Any]]) -> None:
    """Every session the house agreed on exists under its function's name."""
    assert sorted(DESIGNED) == sorted(session["session"] for session in listed)
    assert listed[-1]["session"] == "audit", "the audit reads the results of the others"


@pytest.mark.criterion("CI-4")
def test_the_matrix_is_the_list_of_sessions(workflow: dict[str, Any]) -> None:
    """The matrix is read from nox at run time, and one job runs each line of it."""
    listing = next(step for step in workflow["jobs"]["plan"]["steps"] if step.get("id") == "list")
    assert "nox --list --json | jq -c '[.[].session]'" in listing["run"]
    job = workflow["jobs"]["session"]
    assert job["strategy"]["matrix"] == {"session": "${{ fromJSON(needs.plan.outputs.sessions) }}"}
    assert job["env"]["SESSION"] == "${{ matrix.session }}"
    assert any('nox -s "$SESSION"' in step.get("run", "") for step in job["steps"])


@pytest.mark.criterion("CI-1")
@pytest.mark.parametrize(
    ("issued_by", "command"),
    [
        ("noxfile.py", "scripts/validate_clickhouse_schema.py"),
        ("noxfile.py", "python -m compileall dashboard-mvp"),
        ("noxfile.py", "cd dashboard-mvp/vk-python && python -m pytest"),
        ("tests/images/conftest.py", "docker build --no-cache"),
    ],
)
def test_k4_the_four_stages_of_the_specification_are_issued(issued_by: str, command: str) -> None:
    """The specification's four commands are run and logged as written, not only spoken of."""
    tree = ast.parse((ROOT / issued_by).read_text(encoding="utf-8"))
    spoken = [node for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    docstrings = {id(node.value) for node in spoken}
    literals = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in docstrings
    ]
    # The image's command is one list of words, printed behind the word docker.
    words = " ".join(text for text in literals if isinstance(text, str))
    assert command.removeprefix("docker ") in words


@pytest.mark.criterion("CI-1")
def test_k4_results_are_published(workflow: dict[str, Any]) -> None:
    """Every session's records and the audit report are uploaded, also after a failure."""
    for job in ("session", "all-green"):
        uploads = [
            step
            for step in workflow["jobs"][job]["steps"]
            if step.get("uses", "").startswith("actions/upload-artifact@")
        ]
        assert [step["if"] for step in uploads] == ["always()"]


@pytest.mark.criterion("CI-2")
def test_a_24_8_smoke_stage_exists(listed: list[dict[str, Any]]) -> None:
    """CI smokes the loader and runs every warehouse test on the 24.8 engine."""
    names = {session["session"] for session in listed}
    assert {"smoke", "schema(24.8)", "warehouse(24.8)", "server"} <= names
    assert "smoke" in (ROOT / "CI_RECOMMENDATIONS.md").read_text(encoding="utf-8")


def test_actions_are_pinned_and_rights_are_least(workflow: dict[str, Any]) -> None:
    """Actions come by commit hash, the token may read only, credentials do not persist."""
    text = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in used)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def test_one_job_decides_and_runs_weekly(workflow: dict[str, Any]) -> None:
    """The all-green job waits for every other job and fails unless all succeeded."""
    jobs = workflow["jobs"]
    assert set(jobs["all-green"]["needs"]) == set(jobs) - {"all-green"}
    assert jobs["all-green"]["if"] == "always()"
    assert 'test "$PLAN" = success && test "$SESSIONS" = success' in str(jobs["all-green"]["steps"])
    assert workflow[True]["schedule"], "the double bootstrap is proven weekly, without a push too"


@pytest.mark.criterion("CI-3")
def test_the_checklist_equals_nox_l(listed: list[dict[str, Any]]) -> None:
    """CONTRIBUTING's table names each session with the very words of `nox -l`, and no other."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("<!-- sessions", 1)[1].split("<!-- /sessions", 1)[0]
    written = dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", table, re.MULTILINE))
    assert {session["session"]: session["description"] for session in listed} == written


@pytest.mark.criterion("CI-1")
def test_k1_ci_runs_the_readme_test_command() -> None:
    """`.ci/run` takes the README's test line itself, so the two cannot differ."""
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pattern = re.search(r"grep -m1 -E '([^']+)' README.md", script)
    assert pattern is not None
    lines = [line for line in readme.splitlines() if re.search(pattern.group(1), line)]
    assert lines == ["python3 -m venv .venv && .venv/bin/pip install -q 'nox[uv]' && .venv/bin/nox"]


def test_g04_a_careless_workflow_is_refused(tmp_path: Path) -> None:
    """The check of workflows fails on unpinned actions and text that a title could inject into."""
    planted = tmp_path / "ci.yml"
    planted.write_text(
        "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
        "      - uses: actions/checkout@v4\n"
        "      - run: echo ${{ github.event.pull_request.title }}\n",
        encoding="utf-8",
    )
    gate = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--persona=auditor"]
    done = subprocess.run(
        [*gate, str(planted)], capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert "template-injection" in done.stdout

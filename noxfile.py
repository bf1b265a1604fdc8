#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = ["nox[uv]>=2026.10.20", "uv>=0.13"]
# ///
"""Every check of Zakaz Dashboard, one session each: `nox -l` is the developer checklist."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent / ".ci"))

from sessions import Run, check, exclusive, quick

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "none"  # the sessions share one environment per engine
if not {"-s", "--session", "--sessions", "-e"}.intersection(sys.argv):
    # Sessions that nobody named run side by side, in this order; containers and pages also wait.
    nox.options.parallel = (os.cpu_count() or 1) + 1

ENGINES = ["24.8", "26.9"]
FOLDERS = ("core", "integrations/qtickets_api", "web", "emulators")
ROOMS = {folder.rpartition("/")[2]: f"dashboard-mvp/{folder}" for folder in FOLDERS}
SOURCES = ["noxfile.py", ".ci", "dashboard-mvp", "tests", "scripts"]


@quick
def lint(run: Run) -> None:
    """Check style of Python, shell, YAML, Dockerfile, compose and workflows."""
    shell = str(run.session.run("git", "ls-files", "*.sh", ".ci/run", silent=True)).split()
    yaml = str(run.session.run("git", "ls-files", "*.yml", silent=True)).split()
    schema = ["check-jsonschema", "--builtin-schema"]
    for command in (
        ["ruff", "check", *SOURCES],
        ["ruff", "format", "--check", *SOURCES],
        ["shellcheck", *shell],
        ["yamllint", "--strict", *yaml],
        ["hadolint", "dashboard-mvp/integrations/qtickets_api/Dockerfile"],
        [*schema, "vendor.github-workflows", ".github/workflows/ci.yml"],
        [*schema, "vendor.compose-spec", "infra/clickhouse/docker-compose.yml"],
        ["zizmor", "--offline", "--quiet", "--persona=auditor", ".github/workflows"],
    ):  # fmt: skip
        run.command(*command)


@quick
def types(run: Run) -> None:
    """Check the types of every room, strictly."""
    sources = [f"{folder}/src" for folder in [*ROOMS.values(), "dashboard-mvp/vk-python"]]
    run.command("mypy", "--strict", *sources)


@quick
def imports(run: Run) -> None:
    """Enforce who may import whom."""
    run.command("lint-imports")


@check
def compileall(run: Run) -> None:
    """Compile every module: python -m compileall dashboard-mvp."""
    run.command("bash", "-c", "python -m compileall dashboard-mvp", silent=True)


@quick
def validate(run: Run) -> None:
    """Validate the schema's sources: scripts/validate_clickhouse_schema.py."""
    run.command("python", "scripts/validate_clickhouse_schema.py")
    run.pytest("tests/warehouse/validator")


@check
def images(run: Run) -> None:
    """Build the loader's image with docker build --no-cache and run it."""
    run.needs("docker", "a Docker engine: `docker info` must answer")
    run.pytest("tests/images", apart=True, ZAKAZ_NATIVE_PYTHON=run.engine("24.8"))


@nox.parametrize("version", ENGINES, ids=ENGINES)
@check
def warehouse(run: Run, version: str) -> None:
    """Prove port, store, facts, views and the ledger on a real engine."""
    others = [f"--ignore=tests/warehouse/{folder}" for folder in ("schema", "validator")]
    decided = ["-m", "engine"] if version == "24.8" else []  # the rest is the same on both
    run.pytest("tests/warehouse", *others, *decided, version=version)


@check
def docs(run: Run) -> None:
    """Run every command of the READMEs as it is written."""
    # On the disk of the package cache, from which environments are linked and not copied.
    run.pytest("tests/docs", TMPDIR=tempfile.gettempdir())


@nox.parametrize("source", ["qtickets", "vk"], ids=["qtickets", "vk"])
@check
def faults(run: Run, source: str) -> None:
    """Break source, payload and process: qtickets is the ticket loads, vk the ad loads."""
    others = ["tests/faults", "--ignore=tests/faults/vk"]
    run.pytest(*(others if source == "qtickets" else ["tests/faults/vk"]))


@check
def browser(run: Run) -> None:
    """Look at the dashboard in headless Chromium."""
    run.needs("browser", "Chromium on the PATH, or ZAKAZ_CHROMIUM naming it")
    run.pytest("tests/browser", apart=True)


@check
def server(run: Run) -> None:
    """Prove the server adapter on a 24.8 container, else on the native-protocol test server."""
    run.pytest("tests/stack", apart=True, ZAKAZ_NATIVE_PYTHON=run.engine("24.8"))


@check
def smoke(run: Run) -> None:
    """Dry-run the Qtickets loader with the untouched environment template."""
    with run.containers_apart():
        run.command("scripts/smoke_qtickets_dryrun.sh", *run.posargs)


@nox.parametrize("version", ENGINES, ids=ENGINES)
@check
def schema(run: Run, version: str) -> None:
    """Bootstrap, migrate, detect drift and read every view on a real engine."""
    # On 24.8 only what the engine decides; on 26.9 the validator has a session of its own.
    engine = ["tests/warehouse/validator", "-m", "engine"] if version == "24.8" else []
    run.pytest("tests/warehouse/schema", *engine, version=version)


@check
def seeded(run: Run) -> None:
    """Plant mistakes into a copy of the tree: the tests named beside each must notice it."""
    run.pytest("tests/seeded")


@nox.parametrize("room", list(ROOMS), ids=list(ROOMS))
@quick
def room(run: Run, room: str) -> None:
    """Run a room's own tests: core (ground, commands), qtickets_api, web (pages), emulators."""
    run.pytest(f"{ROOMS[room]}/tests")


@quick
def house(run: Run) -> None:
    """Check the rules of the house: CI mirrors nox, criteria have tests, files are clean."""
    run.pytest("tests/house")


@check
def vk(run: Run) -> None:
    """Run the VK Ads room alone: cd dashboard-mvp/vk-python && python -m pytest."""
    traced, variables = run.traced()
    more = ["pytest-cov>=6"] * bool(traced)
    python = run.alone("vk", "-r", "dashboard-mvp/vk-python/requirements-test.txt", *more)
    options = " ".join([f"--junitxml={run.results}/vk.xml", *traced])
    command = "cd dashboard-mvp/vk-python && python -m pytest"
    run.command("bash", "-c", command, python=python, PYTEST_ADDOPTS=options, **variables)


@check
def replay(run: Run) -> None:
    """Replay the recorded APIs; `-- --record` records them again."""
    run.pytest("tests/replay")


@check
def demo(run: Run) -> None:
    """Fill a warehouse from the demo organisation and open the dashboard."""
    asked = not run.session.parallel and any(word.startswith("demo") for word in sys.argv[1:])
    once = [] if asked and not os.environ.get("CI") else ["--once"]
    python = run.environment("demo", "rooms", "engine-26-9")
    run.command("zakaz", "demo", *(run.posargs or once), python=python)


@exclusive
def bench(run: Run) -> None:
    """Measure speed and memory as figures; `-- --large` measures other loaders beside ours."""
    large = "--large" in run.posargs
    peers = ["--peers", run.alone("peers", "-r", "tests/bench/peers.txt")] if large else []
    native = {"ZAKAZ_NATIVE_PYTHON": run.engine("24.8")} if run.posargs else {}
    run.command("python", "tests/bench/run.py", *run.posargs, *peers, **native)


@exclusive
def audit(run: Run) -> None:
    """Write ZAKAZ_DASHBOARD_AUDIT_REPORT.md from the results of the other sessions."""
    run.command("python", "tests/acceptance/audit.py", str(run.results))

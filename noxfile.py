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

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT / ".ci"))

from sessions import RESULTS, alone, beside, check, containers_apart, engine  # noqa: E402, I001
from sessions import environment, exclusive, needs, pytest  # noqa: E402

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "none"  # the sessions share one environment per engine
if not sys.argv[1:]:  # a bare nox runs side by side, in this order; containers and pages also wait
    nox.options.parallel = (os.cpu_count() or 1) + 1

ENGINES = ["24.8", "26.9"]
FOLDERS = ("core", "integrations/qtickets_api", "web", "emulators")
ROOMS = {folder.rpartition("/")[2]: f"dashboard-mvp/{folder}" for folder in FOLDERS}
SOURCES = ["noxfile.py", ".ci", "dashboard-mvp", "tests", "scripts"]


@check
def lint(session: nox.Session) -> None:
    """Check style of Python, shell, YAML, Dockerfile, compose and workflows."""
    bin_ = Path(engine(session)).parent
    shell = str(session.run("git", "ls-files", "*.sh", ".ci/run", silent=True)).split()
    yaml = str(session.run("git", "ls-files", "*.yml", silent=True)).split()
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
        session.run(str(bin_ / command[0]), *command[1:], external=True)


@check
def types(session: nox.Session) -> None:
    """Check the types of every room, strictly."""
    python = engine(session)
    sources = [f"{folder}/src" for folder in [*ROOMS.values(), "dashboard-mvp/vk-python"]]
    session.run(python, "-m", "mypy", "--strict", *sources, external=True)


@check
def imports(session: nox.Session) -> None:
    """Enforce who may import whom."""
    session.run(str(Path(engine(session)).parent / "lint-imports"), external=True)


@check
def compileall(session: nox.Session) -> None:
    """Compile every module: python -m compileall dashboard-mvp."""
    path = beside(engine(session))
    session.run("bash", "-c", "python -m compileall dashboard-mvp", env={"PATH": path}, silent=True)


@check
def validate(session: nox.Session) -> None:
    """Validate the schema's sources: scripts/validate_clickhouse_schema.py."""
    python = engine(session)
    session.run(python, "scripts/validate_clickhouse_schema.py", external=True)
    pytest(session, python, "tests/warehouse/validator")


@check
def images(session: nox.Session) -> None:
    """Build the loader's image with docker build --no-cache and run it."""
    needs(session, "docker", "a Docker engine: `docker info` must answer")
    native = engine(session, "24.8")
    pytest(session, engine(session), "tests/images", apart=True, ZAKAZ_NATIVE_PYTHON=native)


@check
def docs(session: nox.Session) -> None:
    """Run every command of the READMEs as it is written."""
    # On the disk of the package cache, from which environments are linked and not copied.
    pytest(session, engine(session), "tests/docs", TMPDIR=tempfile.gettempdir())


@nox.parametrize("source", ["qtickets", "vk"], ids=["qtickets", "vk"])
@check
def faults(session: nox.Session, source: str) -> None:
    """Break the source, the payload and the process, and compare with the ledger."""
    others = ["tests/faults", "--ignore=tests/faults/vk"]
    pytest(session, engine(session), *(others if source == "qtickets" else ["tests/faults/vk"]))


@check
def browser(session: nox.Session) -> None:
    """Look at the dashboard in headless Chromium."""
    needs(session, "browser", "Chromium on the PATH, or ZAKAZ_CHROMIUM naming it")
    pytest(session, engine(session), "tests/browser", apart=True)


@nox.parametrize("version", ENGINES, ids=ENGINES)
@check
def warehouse(session: nox.Session, version: str) -> None:
    """Prove port, store, facts, views and the ledger on a real engine."""
    chosen = [
        "tests/warehouse",
        *(f"--ignore=tests/warehouse/{one}" for one in ("schema", "validator")),
    ]
    if version == "24.8":  # only what the engine decides
        chosen += ["tests/faults", "-m", "engine"]
    pytest(session, engine(session, version), *chosen)


@check
def server(session: nox.Session) -> None:
    """Prove the server adapter on a 24.8 container, else on the native-protocol test server."""
    native = engine(session, "24.8")
    pytest(session, engine(session), "tests/stack", apart=True, ZAKAZ_NATIVE_PYTHON=native)


@check
def smoke(session: nox.Session) -> None:
    """Dry-run the Qtickets loader with the untouched environment template."""
    path = beside(engine(session))
    with containers_apart():
        session.run("scripts/smoke_qtickets_dryrun.sh", *session.posargs, env={"PATH": path})


@nox.parametrize("version", ENGINES, ids=ENGINES)
@check
def schema(session: nox.Session, version: str) -> None:
    """Bootstrap, migrate, detect drift and read every view on a real engine."""
    more = ["tests/warehouse/validator/test_schema_validator.py"] * (version == "24.8")
    pytest(session, engine(session, version), "tests/warehouse/schema", *more)


@nox.parametrize("room", list(ROOMS), ids=list(ROOMS))
@check
def room(session: nox.Session, room: str) -> None:
    """Run one room's own tests."""
    pytest(session, engine(session), f"{ROOMS[room]}/tests")


@check
def house(session: nox.Session) -> None:
    """Check the rules of the house: CI mirrors nox, criteria have tests, files are clean."""
    pytest(session, engine(session), "tests/house")


@check
def vk(session: nox.Session) -> None:
    """Run the VK Ads room alone: cd dashboard-mvp/vk-python && python -m pytest."""
    python = alone(session, "vk", "dashboard-mvp/vk-python/requirements-test.txt")
    command = "cd dashboard-mvp/vk-python && python -m pytest"
    junit = f"--junitxml={RESULTS}/vk.xml"
    session.run("bash", "-c", command, env={"PATH": beside(python), "PYTEST_ADDOPTS": junit})


@check
def replay(session: nox.Session) -> None:
    """Replay the recorded APIs; `-- --record` records them again."""
    pytest(session, engine(session), "tests/replay")


@check
def demo(session: nox.Session) -> None:
    """Fill a warehouse from the demo organisation and open the dashboard."""
    asked = not session.parallel and any(word.startswith("demo") for word in sys.argv[1:])
    once = [] if asked and not os.environ.get("CI") else ["--once"]
    zakaz = Path(environment(session, "demo", "rooms", "engine-26-9")).with_name("zakaz")
    session.run(str(zakaz), "demo", *(session.posargs or once), env={"PATH": beside(str(zakaz))})


@exclusive
def bench(session: nox.Session) -> None:
    """Measure speed and memory as figures; `-- --large` measures other loaders beside ours."""
    large = "--large" in session.posargs
    peers = ["--peers", alone(session, "peers", "tests/bench/peers.txt")] if large else []
    native = {"ZAKAZ_NATIVE_PYTHON": engine(session, "24.8")} if session.posargs else {}
    command = [engine(session), "tests/bench/run.py", *session.posargs, *peers]
    session.run(*command, env=native, external=True)


@exclusive
def audit(session: nox.Session) -> None:
    """Write ZAKAZ_DASHBOARD_AUDIT_REPORT.md from the results of the other sessions."""
    session.run(engine(session), "tests/acceptance/audit.py", str(RESULTS), external=True)

"""The machinery behind the noxfile: environments, recorded outcomes, missing components."""

from __future__ import annotations

import fcntl
import functools
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import nox
from components import is_required, lacking
from tree import tree_digest

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "results"
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - Linux' own place for files in memory
_ROOM_IN_MEMORY = 4 * 2**30
# chDB 3.2.0 reads file descriptor 0 when that is an open pipe: no check inherits one.
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


def environment(session: nox.Session, name: str, *groups: str) -> str:
    """Make or refresh the shared environment `name` from the lock and give its python."""
    folder = ROOT / ".nox" / name
    # chDB 3.2.0 (the 24.8 engine) has wheels for 3.11-3.13 only.
    python = "3.13" if name == "engine-24-8" and sys.version_info >= (3, 14) else sys.executable
    wanted = [argument for group in groups for argument in ("--group", group)]
    command = [_uv(), "sync", "--quiet", "--locked", "--python", python, *wanted]
    variables = {"UV_PROJECT_ENVIRONMENT": str(folder), "VIRTUAL_ENV": ""}
    session.run_install(*command, env=variables, silent=True, log=False)
    return str(folder / "bin" / "python")


def alone(session: nox.Session, name: str, requirements: str) -> str:
    """Make an environment of third-party packages only and give its python."""
    folder = ROOT / ".nox" / name
    uv, python = _uv(), str(folder / "bin" / "python")
    new = ["venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)]
    session.run_install(uv, *new, silent=True, log=False)
    session.run_install(uv, "pip", "install", "--quiet", "--python", python, "-r", requirements)
    return python


def _uv() -> str:
    try:
        from uv import find_uv_bin
    except ImportError:
        return shutil.which("uv") or "uv"
    return str(find_uv_bin())


def engine(session: nox.Session, version: str = "26.9") -> str:
    """Give the python of an engine's environment; 26.9 also holds the developer's tools."""
    if version == "24.8":
        return environment(session, "engine-24-8", "rooms", "test", "engine-24-8")
    groups = ("rooms", "test", "engine-26-9", "browser", "lint", "bench")
    return environment(session, "engine-26-9", *groups)


def beside(python: str) -> str:
    """Give a PATH on which the commands installed beside `python` come first."""
    return f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"


def file_name(session_name: str) -> str:
    """Give the name under which a session's records stand in results/."""
    return session_name.replace("(", "-").replace(")", "")


def pytest(
    session: nox.Session, python: str, *arguments: str, apart: bool = False, **variables: str
) -> None:
    """Run pytest with its junit and coverage records in results/, where the audit finds them.

    A store is thousands of small files: they stand in memory where there is plenty of it.
    ``apart`` keeps the run and other sessions' containers apart.
    """
    name = file_name(session.name)
    records = [f"--junitxml={RESULTS / name}.xml", "-o", "tmp_path_retention_policy=failed"]
    if _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > _ROOM_IN_MEMORY:
        variables = {"TMPDIR": str(_IN_MEMORY)} | variables
    # CI publishes the coverage of the rooms; tracing costs time, so only CI traces.
    if name.startswith("room") and "CI" in os.environ:
        records += ["--cov", f"--cov-report=xml:{RESULTS / name}-coverage.xml", "--cov-report="]
        variables["COVERAGE_FILE"] = str(RESULTS / f".coverage-{name}")
    command = [python, "-m", "pytest", "-q", *records, *arguments, *session.posargs]
    with containers_apart() if apart else nullcontext():
        session.run(*command, env={"PATH": beside(python), **variables})


def needs(session: nox.Session, component: str, what: str) -> None:
    """Skip as NOT RUN without the component, or fail where ZAKAZ_REQUIRE names it."""
    why = lacking(component)
    if not why:
        return
    if is_required(component):
        session.error(f"ZAKAZ_REQUIRE names {component}, but it is missing: {why}")
    session.skip(f"NOT RUN (needs {what})")


@contextmanager
def containers_apart() -> Iterator[None]:
    """Let one session at a time start containers, or look at pages while none is started.

    Chromium drops its requests when a container changes the machine's networks, and removing an
    image takes its layers from under a build of the same Dockerfile elsewhere.
    """
    with (RESULTS / "containers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def check(function: Callable[..., None]) -> Callable[..., None]:
    """Make a nox session whose outcome and seconds are kept in results/ for the audit.

    A bare ``nox`` runs as many of them side by side as there are processors.
    """
    return nox.session(_recorded(function), allow_parallel=True)


def exclusive(function: Callable[..., None]) -> Callable[..., None]:
    """Make a session like ``check`` that starts when all others have ended."""
    return nox.session(_recorded(function), allow_parallel=False)


def _recorded(function: Callable[..., None]) -> Callable[..., None]:

    @functools.wraps(function)
    def recorded(session: nox.Session, *arguments: str, **named: str) -> None:
        RESULTS.mkdir(exist_ok=True)
        started, outcome, note, tree = time.time(), "failed", "", tree_digest()
        try:
            function(session, *arguments, **named)
            outcome = "passed"
        except Exception as error:
            note = str(error)
            outcome = "NOT RUN" if note.startswith("NOT RUN") else "failed"
            raise
        finally:
            record = {"session": session.name, "outcome": outcome, "note": note}
            record |= {"seconds": f"{time.time() - started:.1f}", "tree": tree}
            path = RESULTS / f"{file_name(session.name)}.json"
            path.write_text(json.dumps(record) + "\n", encoding="utf-8")

    return recorded

"""The machinery behind the noxfile: environments, recorded outcomes, missing components."""

from __future__ import annotations

import fcntl
import functools
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import nox
from components import is_required, lacking
from tree import tree_digest

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "results"
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - Linux' own place for files in memory
_ROOM_IN_MEMORY = 4 * 2**30


class Run:
    """One run of a nox session: where its environments are and how it runs pytest."""

    results = RESULTS

    def __init__(self, session: nox.Session) -> None:
        self.session = session
        self.posargs = session.posargs
        self._made: dict[str, str] = {}  # environments made in this run, by name

    def environment(self, name: str, *groups: str) -> str:
        """Make or refresh the shared environment ``name`` from the lock; return its python."""
        if name in self._made:
            return self._made[name]
        folder = ROOT / ".nox" / name
        # chDB 3.2.0 (the 24.8 engine) has wheels for 3.11-3.13 only.
        python = "3.13" if name == "engine-24-8" and sys.version_info >= (3, 14) else sys.executable
        wanted = [argument for group in groups for argument in ("--group", group)]
        command = [_uv(), "sync", "--quiet", "--locked", "--python", python, *wanted]
        variables = {"UV_PROJECT_ENVIRONMENT": str(folder), "VIRTUAL_ENV": ""}
        self.session.run_install(*command, env=variables, silent=True, log=False)
        return self._made.setdefault(name, str(folder / "bin" / "python"))

    def alone(self, name: str, *requirements: str) -> str:
        """Make an environment of third-party packages only; return its python.

        ``requirements`` are what ``pip install`` takes.
        """
        folder = ROOT / ".nox" / name
        uv, python = _uv(), str(folder / "bin" / "python")
        new = ["venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)]
        self.session.run_install(uv, *new, silent=True, log=False)
        install = [uv, "pip", "install", "--quiet", "--python", python, *requirements]
        self.session.run_install(*install)
        return python

    def engine(self, version: str = "26.9") -> str:
        """Return the python of an engine's environment; 26.9 also holds the developer's tools."""
        if version == "24.8":
            return self.environment("engine-24-8", "rooms", "test", "engine-24-8")
        groups = ("rooms", "test", "engine-26-9", "browser", "lint", "bench")
        return self.environment("engine-26-9", *groups)

    def command(
        self, *words: str, python: str = "", silent: bool = False, **variables: str
    ) -> None:
        """Run a command with the tools of an environment, 26.9's by default, first on its PATH."""
        python = python or self.engine()
        folder = Path(python).parent
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        own = folder / words[0]
        words = (str(own), *words[1:]) if own.is_file() else words
        # Where compiled modules are not kept, each of the many processes compiles them all again.
        kept = {"PYTHONDONTWRITEBYTECODE": None}
        environ = {"PATH": path, **kept, **variables}
        self.session.run(*words, env=environ, external=True, silent=silent)

    def pytest(
        self, *arguments: str, version: str = "26.9", apart: bool = False, **variables: str
    ) -> None:
        """Run pytest with its junit and coverage records in results/, where the audit finds them.

        A store is thousands of small files: they stand in memory where there is plenty of it.
        ``apart`` keeps the run and other sessions' containers apart.
        """
        name = file_name(self.session.name)
        records = [f"--junitxml={RESULTS / name}.xml", "-o", "tmp_path_retention_policy=failed"]
        if _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > _ROOM_IN_MEMORY:
            variables = {"TMPDIR": str(_IN_MEMORY)} | variables
        traced, measured = self.traced()
        # Importing Playwright's plugin takes longer than many a folder's tests.
        unused = [] if "tests/browser" in arguments else ["-p", "no:playwright"]
        command = ["-m", "pytest", "-q", *unused, *records, *traced, *arguments, *self.posargs]
        python = self.engine(version)
        with self.containers_apart() if apart else nullcontext():
            self.command(python, *command, python=python, **{**measured, **variables})

    def traced(self) -> tuple[list[str], dict[str, str]]:
        """Return pytest's arguments and variables that record coverage, in rooms and under CI only.

        Tracing costs time; CI publishes the coverage, and the audit adds the rooms up.
        """
        name = file_name(self.session.name)
        if "CI" not in os.environ or not name.startswith(("room", "vk")):
            return [], {}
        report = f"--cov-report=xml:{RESULTS / name}-coverage.xml"
        arguments = ["--cov", f"--cov-config={ROOT / 'pyproject.toml'}", report, "--cov-report="]
        return arguments, {"COVERAGE_FILE": str(RESULTS / f"{name}.coverage")}

    def needs(self, component: str, what: str) -> None:
        """Skip as NOT RUN without the component, or fail where ZAKAZ_REQUIRE names it."""
        why = lacking(component)
        if not why:
            return
        if is_required(component):
            self.session.error(f"ZAKAZ_REQUIRE names {component}, but it is missing: {why}")
        self.session.skip(f"NOT RUN (needs {what})")

    @contextmanager
    def containers_apart(self) -> Iterator[None]:
        """Let one session at a time start containers, or look at pages while none is started.

        Chromium drops its requests when a container changes the machine's networks, and removing an
        image takes its layers from under a build of the same Dockerfile elsewhere.
        """
        with (RESULTS / "containers.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def file_name(session_name: str) -> str:
    """Return the name under which a session's records stand in results/."""
    return session_name.replace("(", "-").replace(")", "")


def check(function: Callable[..., None]) -> Callable[..., None]:
    """Make a nox session whose outcome, seconds and processor seconds are kept for the audit.

    A bare ``nox`` runs as many of them side by side as there are processors.
    """
    return nox.session(_recorded(function), allow_parallel=True)


def quick(function: Callable[..., None]) -> Callable[..., None]:
    """Make a session like ``check`` that belongs to the loop of every day: ``nox -t quick``."""
    return nox.session(_recorded(function), allow_parallel=True, tags=["quick"])


def exclusive(function: Callable[..., None]) -> Callable[..., None]:
    """Make a session like ``check`` that starts when all others have ended."""
    return nox.session(_recorded(function), allow_parallel=False)


def _recorded(function: Callable[..., None]) -> Callable[..., None]:

    @functools.wraps(function)
    def recorded(session: nox.Session, **named: Any) -> None:
        RESULTS.mkdir(exist_ok=True)
        # chDB 3.2.0 reads file descriptor 0 when that is an open pipe: no check inherits one.
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        started, used, tree = time.time(), _processor(), tree_digest()
        outcome, note = "failed", ""
        try:
            function(Run(session), **named)
            outcome = "passed"
        except Exception as error:
            note = str(error)
            outcome = "NOT RUN" if note.startswith("NOT RUN") else "failed"
            raise
        finally:
            record = {"session": session.name, "outcome": outcome, "note": note}
            record |= {"seconds": f"{time.time() - started:.1f}", "tree": tree}
            record["processor"] = f"{_processor() - used:.1f}"
            path = RESULTS / f"{file_name(session.name)}.json"
            path.write_text(json.dumps(record) + "\n", encoding="utf-8")

    return recorded


def _processor() -> float:
    """Return the processor seconds of all children so far; a Docker engine's own are not among."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _uv() -> str:
    try:
        from uv import find_uv_bin
    except ImportError:
        return shutil.which("uv") or "uv"
    return str(find_uv_bin())

"""A seeded mistake: one small patch of the product, and the tests that must notice it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryFile
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests/seeded/mistakes"
FAILED = 1  # pytest's exit code when tests ran and some failed: an import error is another one
_SECONDS = 300


@dataclass(frozen=True)
class Mistake:
    """One patch file; above its diff stand ``Mistake:`` and a line ``Caught by:`` for each test."""

    path: Path

    @property
    def sentence(self) -> str:
        """Return what the patched product does wrong."""
        return " ".join(self._told("Mistake"))

    @property
    def tests(self) -> tuple[str, ...]:
        """Return the node ids of the tests that must fail."""
        return self._told("Caught by")

    def apply(self, tree: Path) -> None:
        """Patch a copy of the tree; a patch that fits no more raises CalledProcessError."""
        subprocess.run(
            ["git", "apply", "--unsafe-paths", f"--directory={tree}", str(self.path)],
            cwd=tree, stdin=subprocess.DEVNULL, check=True, capture_output=True, text=True,
        )  # fmt: skip

    def _told(self, key: str) -> tuple[str, ...]:
        preamble = self.path.read_text(encoding="utf-8").partition("\ndiff --git ")[0]
        return tuple(re.findall(rf"^{key}: (.+)$", preamble, re.MULTILINE))


def mistakes() -> list[Mistake]:
    """Return every seeded mistake, in the order of the file names."""
    return [Mistake(path) for path in sorted(FOLDER.glob("*.patch"))]


def is_ours(place: str | None) -> bool:
    """Return whether a file or folder lies in the real tree, beside its environments."""
    here = Path(place or "/")
    return here.is_relative_to(ROOT) and not here.is_relative_to(ROOT / ".nox")


def copy_tree(target: Path) -> Path:
    """Copy the tracked files with their times, so that compiled modules stay valid."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT, stdin=subprocess.DEVNULL, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def run_tests(tree: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Run tests of a copy on the copy's own code; return pytest's exit code and its output.

    A fork of this process runs them: most of these tests take less time than importing pytest.
    """
    with TemporaryFile("w+") as told:
        run = get_context("fork").Process(target=_run_here, args=(tree, tests, told.fileno()))
        run.start()
        run.join(_SECONDS)
        if run.is_alive():
            run.kill()
            run.join()
        told.seek(0)
        return run.exitcode or 0, told.read()


def _run_here(tree: Path, tests: Sequence[str], told: int) -> NoReturn:
    """Become a pytest over a copy of the tree, as if nothing of the real one had been imported.

    The rooms are installed from the real tree: the copy's folders come before it on the path.
    """
    for number in (1, 2):
        os.dup2(told, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout = sys.stderr = open(1, "w", closefd=False)  # noqa: SIM115
    os.chdir(tree)
    for name, module in list(sys.modules.items()):
        if is_ours(getattr(module, "__file__", None)):
            del sys.modules[name]
    sources = [str(path) for path in sorted(tree.glob("dashboard-mvp/**/src"))]
    sys.path[:] = [*sources, *(path for path in sys.path if path and not is_ours(path))]
    sys.path_importer_cache.clear()
    # Importing every other plugin takes longer than most of these tests.
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": os.pathsep.join(sources)}
    os.environ.pop("PYTEST_ADDOPTS", None)
    plugins = ["-p", "no:cacheprovider", "-p", "requests_mock"]
    code = pytest.main(["-q", "-x", *plugins, *tests])
    sys.stdout.flush()
    os._exit(code)

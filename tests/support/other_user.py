"""A command run by another user of the machine, for which the tests themselves must be root."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

OTHER = 51_234
as_root = pytest.mark.skipif(os.getuid() != 0, reason="NOT RUN (needs root: to change the user)")

# The interpreter may lie in a folder that is closed to the other user: everything that the command
# imports is imported first, by the same command on another store.
_CODE = """
import encodings.utf_8_sig, importlib, io, json, logging, os, pkgutil, sys, traceback
from contextlib import redirect_stderr, redirect_stdout
import zakaz
from zakaz.cli.app import run

def told(arguments):
    out, err = io.StringIO(), io.StringIO()
    logging.getLogger().handlers.clear()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(arguments)
    return code, out.getvalue(), err.getvalue()

_, trial, store, folder, user, lines = sys.argv
for module in pkgutil.walk_packages(zakaz.__path__, "zakaz."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
os.environ["ZAKAZ_WAREHOUSE_URL"] = f"chdb://{trial}"
for line in (["doctor"], ["query", "SELECT 1"], ["rebuild"], ["query", "SELECT 1", "--csv"]):
    told(line)
os.environ["ZAKAZ_WAREHOUSE_URL"] = f"chdb://{store}"
os.chdir(folder)
os.setgroups([])
os.setgid(int(user))
os.setuid(int(user))
print(json.dumps([told(line) for line in json.loads(lines)]))
"""


@dataclass(frozen=True)
class Done:
    """How a command line ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class OtherUser:
    """A user without rights, with a folder of his own and a store in it."""

    folder: Path
    store: Path
    trial: Path

    def run(self, *lines: Sequence[str], folder: Path | None = None) -> list[Done]:
        """Run command lines of ``zakaz`` as this user, one after the other in one process."""
        where = [str(path) for path in (self.trial, self.store, folder or self.folder)]
        done = subprocess.run(
            [sys.executable, "-c", _CODE, *where, str(OTHER), json.dumps(lines)],
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return [Done(*told) for told in json.loads(done.stdout)]

    def owns(self, path: Path) -> None:
        """Give him a file, or a folder with everything in it."""
        for entry in (path, *path.rglob("*")):
            os.chown(entry, OTHER, OTHER, follow_symlinks=False)


@contextmanager
def other_user(store: Path) -> Iterator[OtherUser]:
    """Make the user with a copy of a store; his folder is gone afterwards."""
    folder = Path(mkdtemp())  # pytest's own is closed to others
    try:
        user = OtherUser(folder, folder / "store", folder.parent / f"{folder.name}-trial")
        shutil.copytree(store, user.store, symlinks=True)
        shutil.copytree(store, user.trial, symlinks=True)
        user.owns(folder)
        yield user
    finally:
        shutil.rmtree(folder)
        shutil.rmtree(folder.parent / f"{folder.name}-trial")

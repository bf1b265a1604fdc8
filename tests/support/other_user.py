"""A command run by another user of the machine, for which the tests themselves must be root."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

OTHER = 51_234
as_root = pytest.mark.skipif(os.getuid() != 0, reason="NOT RUN (needs root: to change the user)")

# The interpreter may lie in a folder that is closed to the other user: everything that the command
# imports is imported first, by such commands on another store.
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

_, trial, lines, store, folder, user = sys.argv
asked = os.fdopen(os.dup(0), encoding="utf-8")
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # no command reads what is asked of us
for module in pkgutil.walk_packages(zakaz.__path__, "zakaz."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
os.environ["ZAKAZ_WAREHOUSE_URL"] = f"chdb://{trial}"
for line in json.loads(lines):
    told(line)
os.environ["ZAKAZ_WAREHOUSE_URL"] = f"chdb://{store}"
os.chdir(folder)
os.setgroups([])
os.setgid(int(user))
os.setuid(int(user))
for lines in asked:
    print(json.dumps([told(line) for line in json.loads(lines)]), flush=True)
"""


@dataclass(frozen=True)
class Done:
    """How a command line ended."""

    code: int
    out: str
    err: str


@dataclass
class OtherUser:
    """A user without rights, with a folder of his own and a store in it."""

    folder: Path
    store: Path
    trial: Path
    tried: Sequence[Sequence[str]]
    _process: subprocess.Popen[str] | None = None

    def run(self, *lines: Sequence[str], folder: Path | None = None) -> list[Done]:
        """Run command lines of ``zakaz`` as this user, one after the other in one process.

        Every later call goes on in that process, in the folder of the first one.
        """
        if not self._process:
            first = [str(self.trial), json.dumps(self.tried)]
            where = [str(self.store), str(folder or self.folder)]
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CODE, *first, *where, str(OTHER)],
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
        process = self._process
        assert process.stdin
        assert process.stdout
        assert process.stderr
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(lines) + "\n")
            process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, process.stderr.read()
        return [Done(*told) for told in json.loads(answer)]

    def end(self) -> None:
        """End the process of the commands."""
        if self._process:
            self._process.communicate(timeout=300)

    def renew(self, store: Path) -> None:
        """Put a copy of another store in the place of his own."""
        shutil.rmtree(self.store, ignore_errors=True)
        shutil.copytree(store, self.store, symlinks=True)
        self.owns(self.store)

    def owns(self, path: Path) -> None:
        """Make him the owner of a file, or a folder with everything in it."""
        for entry in (path, *path.rglob("*")):
            os.chown(entry, OTHER, OTHER, follow_symlinks=False)


@contextmanager
def other_user(store: Path, *, tried: Sequence[Sequence[str]]) -> Iterator[OtherUser]:
    """Make the user with a copy of a store; his folder is gone afterwards.

    The commands ``tried`` import what his will need.
    """
    folder = Path(mkdtemp())  # pytest's own is closed to others
    user = OtherUser(folder, folder / "store", folder.parent / f"{folder.name}-trial", tried)
    try:
        shutil.copytree(store, user.store, symlinks=True)
        shutil.copytree(store, user.trial, symlinks=True)
        user.owns(folder)
        yield user
    finally:
        user.end()
        shutil.rmtree(folder)
        shutil.rmtree(folder.parent / f"{folder.name}-trial")

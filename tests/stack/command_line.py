"""Commands of the product: the operator's script as a process, ``zakaz`` in this one."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from stack_server import StackServer
from zakaz.cli.app import run as zakaz
from zakaz.log import CHATTERING

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/bootstrap_clickhouse.sh"

Done = subprocess.CompletedProcess[str]


def run(arguments: list[str], environ: dict[str, str], folder: Path) -> Done:
    """Run ``zakaz`` in this process with this environment and nothing of the developer's."""
    out, err = io.StringIO(), io.StringIO()
    with (
        _log_put_back(),
        mock.patch.dict(os.environ, _environment(environ, folder), clear=True),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = zakaz(arguments)
    return Done(["zakaz", *arguments], code, out.getvalue(), err.getvalue())


def bootstrap(server: StackServer, folder: Path) -> Done:
    """Bootstrap the server with the operator's script, and passwords for its accounts."""
    return subprocess.run(
        [str(SCRIPT)],
        cwd=folder,
        env=_environment(_with_passwords(server), folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def bootstrap_again(server: StackServer, folder: Path) -> Done:
    """Bootstrap the server as the script does, in this process."""
    return run(["bootstrap"], _with_passwords(server), folder)


@contextlib.contextmanager
def _log_put_back() -> Iterator[None]:
    """Undo what a command does to the log of its process."""
    root = logging.getLogger()
    handlers, raising = list(root.handlers), logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in ("", "stamina", *CHATTERING)}
    try:
        yield
    finally:
        root.handlers[:] = handlers
        logging.raiseExceptions = raising
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _with_passwords(server: StackServer) -> dict[str, str]:
    return {
        **server.environ(),
        "ZAKAZ_WRITER_PASSWORD": server.passwords["etl_writer"],
        "ZAKAZ_READER_PASSWORD": server.passwords["datalens_reader"],
    }


def _environment(environ: dict[str, str], folder: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), **environ}

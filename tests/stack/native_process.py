"""The native-protocol test server as a child process, and the fixtures that lend it to tests.

Any conftest may offer the fixtures: put ``tests/stack`` on ``sys.path`` and import
``native_server`` and ``server_url`` from here.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

SERVER = Path(__file__).with_name("native")
WRITER = ("zakaz_writer", "writer-of-the-tests")
READER = ("zakaz_reader", "reader-of-the-tests")
_PATIENCE = 120.0


def native_python() -> str | None:
    """Give an interpreter that has chDB 3.2.0, None where the machine has none."""
    named = os.environ.get("ZAKAZ_NATIVE_PYTHON")
    if named:
        return named
    try:
        installed = importlib.metadata.version("chdb")
    except importlib.metadata.PackageNotFoundError:
        return None
    return sys.executable if installed.startswith("3.2.") else None


class NativeServer:
    """One server process on a folder; ``start`` again after ``stop`` or ``kill`` reopens it.

    Accounts: ``default`` without a password, a writer, and a reader whose profile is readonly=2.
    The port stays the same over restarts.
    """

    host = "127.0.0.1"

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._folder = folder
        self._arguments = arguments
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def start(self) -> Self:
        """Start the server and wait until it listens."""
        python = native_python()
        assert python, "no interpreter with chDB 3.2.0"
        command = [python, str(SERVER), "--folder", str(self._folder), "--port", str(self.port)]
        for account in (":".join(WRITER), ":".join(READER) + ":2"):
            command += ["--account", account]
        process = subprocess.Popen(
            [*command, *self._arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={key: value for key, value in os.environ.items() if not key.startswith("COV_")},
        )
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], _PATIENCE)
        line = process.stdout.readline() if ready else ""
        if not line:
            process.kill()
            process.wait()
            pytest.fail("the native test server did not start")
        self.port = int(json.loads(line)["port"])
        self._process = process
        return self

    def stop(self) -> None:
        """Stop the server as a service manager does."""
        self._end("terminate")

    def kill(self) -> None:
        """Kill the server without a word."""
        self._end("kill")

    def _end(self, how: str) -> None:
        if self._process is None:
            return
        getattr(self._process, how)()
        self._process.wait(_PATIENCE)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None

    def url(self, user: str = "default", password: str = "") -> str:
        """Give the ZAKAZ_WAREHOUSE_URL of an account."""
        login = f"{user}:{password}@" if password else f"{user}@"
        return f"clickhouse://{login}{self.host}:{self.port}/zakaz"


@pytest.fixture(scope="session")
def native_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NativeServer]:
    """Give a running native-protocol test server; tests share it and its folder."""
    if native_python() is None:
        pytest.skip("NOT RUN (needs chDB 3.2.0: ZAKAZ_NATIVE_PYTHON names its interpreter)")
    server = NativeServer(tmp_path_factory.mktemp("native") / "data").start()
    yield server
    server.stop()


@pytest.fixture
def server_url(native_server: NativeServer) -> str:
    """Give the administrator's URL of a server without the databases `zakaz` and `bi`."""
    from clickhouse_driver import Client

    with Client(native_server.host, native_server.port) as client:
        for database in ("bi", "zakaz"):
            # Not SYNC: chDB 3.2.0 answers that with code 341.
            client.execute(f"DROP DATABASE IF EXISTS {database}")
    return native_server.url()

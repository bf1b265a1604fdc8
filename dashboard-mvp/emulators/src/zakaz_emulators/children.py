"""The demo's child processes: the emulator and the dashboard, ended by their own process ids."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from zakaz.errors import WarehouseError, ZakazError

PATIENCE = 20.0
GRACE = 5.0


class DemoError(WarehouseError):
    """A part of the demo did not start; run it again."""


@dataclass(frozen=True, slots=True)
class RunningEmulator:
    """Where the emulator listens and what opens it."""

    url: str
    base_url: str
    token: str
    now: str
    orders: int

    def ledger(self) -> dict[str, Any]:
        """Fetch the truth that the loaded figures must equal."""
        headers = {"Authorization": f"Bearer {self.token}"}
        found: dict[str, Any] = json.loads(fetch(self.url, "/__ledger", headers))
        return found


@contextmanager
def emulator(arguments: Sequence[str]) -> Iterator[RunningEmulator]:
    """Run the Qtickets emulator in a process of its own; it ends with us, whatever happens."""
    command = [sys.executable, "-m", "zakaz_emulators", "qtickets", "--until-stdin-closes"]
    with subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is ours to handle, not the children's
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise DemoError("the Qtickets emulator did not start; its reason stands above")
            yield RunningEmulator(**json.loads(line))
        finally:
            end(process)


@contextmanager
def dashboard(port: int, environ: Mapping[str, str], folder: str) -> Iterator[str]:
    """Run ``zakaz serve`` in a process of its own and give its address once it answers."""
    call = "from zakaz.cli.app import main; main()"
    command = [sys.executable, "-c", call, "serve", "--port", str(port)]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        env=dict(environ),
        cwd=folder,  # no .env of the user's folder reaches the demo
        start_new_session=True,
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until(lambda: _answers(address), process)
            yield address
        finally:
            end(process)


def wait_until(
    ready: Callable[[], bool],
    process: subprocess.Popen[Any],
    *,
    patience: float = PATIENCE,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Wait for a child to be ready; one that ended or stays silent is a DemoError."""
    until = clock() + patience
    while not ready():
        if process.poll() is not None:
            raise DemoError("the dashboard did not start; its reason stands above")
        if clock() > until:
            raise DemoError(f"the dashboard did not answer within {patience:.0f} s")
        sleep(0.05)


def end(process: subprocess.Popen[Any]) -> None:
    """End a child gently, then firmly."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()


def fetch(url: str, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Read one page of a server on loopback; no proxy is ever asked."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=GRACE)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        body = answer.read()
        if answer.status >= 400:
            raise ZakazError(f"{path} answered {answer.status}")
        return body
    finally:
        connection.close()


def _answers(address: str) -> bool:
    try:
        fetch(address, "/")
    except (OSError, HTTPException, ZakazError):
        return False
    return True

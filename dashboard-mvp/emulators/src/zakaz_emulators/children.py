"""The demo's child processes: the emulators and the dashboard, ended by their own process ids."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from zakaz.errors import WarehouseError, ZakazError

PATIENCE = 20.0
GRACE = 5.0
ADDRESS = re.compile(r"https?://\S+")


class DemoError(WarehouseError):
    """A part of the demo did not start; run it again."""


@dataclass(frozen=True, slots=True)
class RunningVkAds:
    """Where the emulator of VK Ads listens and what opens it."""

    url: str
    base_url: str
    client_id: str
    client_secret: str
    now: str
    banners: int

    def ledger(self) -> dict[str, Any]:
        """Fetch the truth that the loaded spend must equal."""
        return _ledger(self.url, self.client_secret)


@dataclass(frozen=True, slots=True)
class RunningEmulator:
    """Where the emulator of Qtickets listens and what opens it."""

    url: str
    base_url: str
    token: str
    now: str
    orders: int

    def ledger(self) -> dict[str, Any]:
        """Fetch the truth that the loaded figures must equal."""
        return _ledger(self.url, self.token)


def _ledger(url: str, secret: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {secret}"}
    found: dict[str, Any] = json.loads(fetch(url, "/__ledger", headers))
    return found


@contextmanager
def emulators(arguments: Sequence[str]) -> Iterator[tuple[RunningEmulator, RunningVkAds]]:
    """Run both emulators, each in a process of its own; they end with us, whatever happens."""
    with (
        _emulator("qtickets", *arguments) as tickets,
        _emulator("vk", "--demo", *arguments) as ads,
    ):  # both are starting by now, neither waits for the other
        yield RunningEmulator(**_told(tickets)), RunningVkAds(**_told(ads))


def _told(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Read the line in which an emulator says where it is."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise DemoError("an emulator did not start; its reason stands above")
    found: dict[str, Any] = json.loads(line)
    return found


@contextmanager
def _emulator(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "zakaz_emulators", *arguments, "--until-stdin-closes"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is ours to handle, not the children's
    ) as process:
        try:
            yield process
        finally:
            end(process)


@dataclass(frozen=True, slots=True)
class RunningDashboard:
    """Where the dashboard is, and a way to stay with it."""

    address: str
    process: subprocess.Popen[str]

    def stay(self) -> None:
        """Wait as long as the dashboard runs; that it ends by itself is a DemoError."""
        code = self.process.wait()
        raise DemoError(f"the dashboard ended by itself (exit code {code})")


@contextmanager
def dashboard(port: int, environ: Mapping[str, str], folder: str) -> Iterator[RunningDashboard]:
    """Run ``zakaz serve`` in a process of its own; it has an address once it answers."""
    call = "from zakaz.cli.app import main; main()"
    command = [sys.executable, "-c", call, "serve", "--no-open", "--port", str(port)]
    with running(command, environ, folder) as process:
        yield RunningDashboard(first_address(process), process)


@contextmanager
def running(
    command: Sequence[str], environ: Mapping[str, str], folder: str
) -> Iterator[subprocess.Popen[str]]:
    """Run a child whose output we read, in a folder whose ``.env`` is nobody's."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(environ),
        cwd=folder,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            end(process)


def first_address(process: subprocess.Popen[str], patience: float = PATIENCE) -> str:
    """Read a child's output up to the first address; silence or an end is a DemoError."""
    timer = Timer(patience, process.terminate)
    timer.start()
    try:
        for line in process.stdout or ():
            found = ADDRESS.search(line)
            if found is not None:
                return found[0]
    finally:
        timer.cancel()
    raise DemoError(f"the dashboard gave no address within {patience:.0f} s; see the lines above")


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

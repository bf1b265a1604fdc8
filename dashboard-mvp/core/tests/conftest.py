"""Fixtures of the core's tests: loopback servers, fake sources, an embedded store."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from copied import copied
from kept import Kept
from zakaz.errors import PermanentSourceError, SettingsError
from zakaz.moscow import MOSCOW
from zakaz.progress import silent
from zakaz.source import ProbeAnswer, Source, SyncReport, SyncRequest

if TYPE_CHECKING:
    from zakaz.warehouse.port import Warehouse
    from zakaz.warehouse.url import WarehouseUrl


@dataclass
class Wire:
    """A tiny real server: each connection gets the next scripted answer, byte for byte."""

    url: str
    answers: list[bytes]
    requests: list[bytes] = field(default_factory=list)


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def wire() -> Iterator[Callable[..., Wire]]:
    """Give a function that starts a scripted server; the last answer repeats."""
    stop = threading.Event()
    listeners: list[tuple[socket.socket, threading.Thread]] = []

    def start(*answers: bytes) -> Wire:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(0.05)
        server = Wire(f"http://127.0.0.1:{listener.getsockname()[1]}/api", list(answers))

        def serve() -> None:
            while not stop.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(60)
                    server.requests.append(_read_request(connection))
                    number = min(len(server.requests), len(server.answers)) - 1
                    connection.sendall(server.answers[number])

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        listeners.append((listener, thread))
        return server

    yield start
    stop.set()
    for listener, thread in listeners:
        thread.join(60)
        listener.close()


@dataclass
class FakeTime:
    """A clock that moves only when someone sleeps on it."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        """Give the monotonic instant."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> FakeTime:
    """Give a clock under the test's control."""
    return FakeTime()


def answer(status: str, body: bytes, **headers: Any) -> bytes:
    """Write one whole HTTP answer; the connection closes after it."""
    lines = {"Content-Type": "application/json", "Connection": "close"}
    lines.update({name.replace("_", "-"): str(value) for name, value in headers.items()})
    lines.setdefault("Content-Length", str(len(body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value != "None")
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


@pytest.fixture
def answers() -> Callable[..., bytes]:
    """Give the writer of HTTP answers."""
    return answer


@pytest.fixture(scope="session")
def bootstrapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an embedded store with our schema and no data; copy it, never open it."""
    from zakaz.schema.bootstrap import bootstrap
    from zakaz.warehouse.connect import open_for_writing
    from zakaz.warehouse.url import WarehouseUrl

    root = tmp_path_factory.mktemp("bootstrapped") / "store"
    with open_for_writing(WarehouseUrl("embedded", path=root)) as warehouse:
        bootstrap(warehouse)
    return root


@pytest.fixture
def ready_store(bootstrapped: Path, tmp_path: Path) -> Path:
    """Put a fresh store with our schema where ``cli`` looks; nothing is published in it yet."""
    return copied(bootstrapped, tmp_path / "store")


@pytest.fixture
def store_url(ready_store: Path) -> WarehouseUrl:
    """Give the address of a fresh store with our schema."""
    from zakaz.warehouse.url import WarehouseUrl

    return WarehouseUrl("embedded", path=ready_store)


@pytest.fixture(scope="module")
def kept(bootstrapped: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Return the store that a module's tests share."""
    store = Kept(bootstrapped / "live", tmp_path_factory.mktemp("kept"))
    yield store
    store.close()


@pytest.fixture
def warehouse(kept: Kept) -> Warehouse:
    """Return the module's open store, with our schema and no rows; tests change no table of it."""
    kept.empty()
    return kept.warehouse


@pytest.fixture
def at() -> datetime:
    """Give an instant to write under."""
    return datetime(2026, 2, 1, 12, 0, tzinfo=MOSCOW)


@pytest.fixture
def request_of(at: datetime) -> Callable[..., SyncRequest]:
    """Give a function that makes a request on a clock that stands still."""

    def make(**fields: Any) -> SyncRequest:
        known: dict[str, Any] = {"environ": {}, "clock": lambda: at, "progress": silent()}
        return SyncRequest(**{**known, **fields})

    return make


@pytest.fixture
def holder() -> Iterator[Callable[[Path], int]]:
    """Give a function that lets another process hold a lock file; gives its process id."""
    code = (
        "import sys, pathlib\n"
        "from zakaz.file_lock import FileLock\n"
        "FileLock(pathlib.Path(sys.argv[1])).acquire()\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    started: list[subprocess.Popen[bytes]] = []

    def hold(path: Path) -> int:
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        return process.pid

    yield hold
    for process in started:
        process.communicate(timeout=300)


@dataclass(frozen=True)
class Done:
    """How a command line ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Done]:
    """Give a function that runs ``zakaz`` in this process; keywords are variables.

    The environment starts empty but for a store of the test's own, and is put back afterwards.
    """
    from zakaz.cli.app import run

    root = logging.getLogger()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}

    def call(*arguments: str, **variables: str) -> Done:
        environ = {**kept, "ZAKAZ_WAREHOUSE_URL": f"chdb://{tmp_path}/store", **variables}
        handlers, level, raising = list(root.handlers), root.level, logging.raiseExceptions
        capfd.readouterr()
        try:
            with mock.patch.dict(os.environ, environ, clear=True):
                code = run(arguments)
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
            logging.raiseExceptions = raising
        return Done(code, *capfd.readouterr())

    monkeypatch.chdir(tmp_path)
    return call


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Install one invented room, whose source loads what the test puts into ``shop.load``."""
    room: Any = ModuleType("shop_room")
    room.load = lambda warehouse, request: SyncReport(
        received=3, accepted=2, quarantined=1, inserted=2, requests=1, mode="full", notes=["hello"]
    )
    room.asked = []

    def check(environ: Any) -> None:
        if not environ.get("SHOP_TOKEN"):
            raise SettingsError("SHOP_TOKEN is not set.")

    def dry_run(request: SyncRequest) -> SyncReport:
        room.asked.append(request)
        return SyncReport(received=3, accepted=3, mode="dry-run")

    room.ahead = timedelta(seconds=1)

    def probe(request: SyncRequest) -> ProbeAnswer:
        if request.environ["SHOP_TOKEN"] == "wrong":
            raise PermanentSourceError("GET /orders on shop.example answered 403.", status=403)
        return ProbeAnswer(["GET /orders: 200, 3 orders"], room.ahead)

    room.SOURCE = Source(
        "qtickets", "The shop", lambda environ: bool(environ.get("SHOP_TOKEN")), check,
        lambda warehouse, request: room.load(warehouse, request), dry_run, probe,
        access_help="Take a token from the shop's cabinet and put it into SHOP_TOKEN.",
    )  # fmt: skip
    room.register = lambda registry: registry.add_source("qtickets", "The shop", "shop_room:SOURCE")
    monkeypatch.setitem(sys.modules, "shop_room", room)
    point = EntryPoint("shop", "shop_room:register", "zakaz.commands")
    monkeypatch.setattr("zakaz.rooms.entry_points", lambda group: [point])
    return room

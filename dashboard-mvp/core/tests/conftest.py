"""Fixtures of the core's tests: loopback servers, fake sources, an embedded store."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest


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
                    connection.settimeout(5)
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
        thread.join(5)
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

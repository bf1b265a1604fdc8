"""An emulator as an HTTP server on loopback, with a log of everything that was asked."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event as Flag
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from zakaz_emulators.delivery import head, pieces
from zakaz_emulators.faults import Faults
from zakaz_emulators.wire import Delivery, Request, Response

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and the status it got; the token is not kept."""

    number: int
    method: str
    path: str
    query: str
    body: str
    status: int

    @property
    def json(self) -> Any:
        """The body as JSON, ``None`` when there was none."""
        return json.loads(self.body) if self.body else None


class Handler(BaseHTTPRequestHandler):
    """Reads one request and puts the answer on the wire, whole or broken."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def handle_method(self) -> None:
        """Answer any method: what is allowed is the API's business."""
        length = int(self.headers.get("Content-Length") or 0)
        path, _, query = self.path.partition("?")
        response = self.server.emulator.respond(
            self.command,
            unquote(path),
            query,
            self.rfile.read(length) if length else b"",
            {name.lower(): value for name, value in self.headers.items()},
        )
        if response.delay:
            self.server.stopping.wait(response.delay)
        with contextlib.suppress(ConnectionError):
            self._send(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_method  # noqa: N815

    def _send(self, response: Response) -> None:
        if response.delivery is not Delivery.CHUNKED:
            self.close_connection = True
        if response.delivery is Delivery.SILENCE:
            return
        sent = head(response, self.server.emulator.server_name, self.server.emulator.date())
        if self.command != "HEAD":
            sent += pieces(response)
        self.wfile.write(sent)
        if response.delivery is Delivery.RESET:
            # Lingering for zero seconds makes the kernel send RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet: the request log is ``emulator.requests``."""


class Server(ThreadingHTTPServer):
    """A loopback server that can be stopped at once, with no thread or socket left behind."""

    daemon_threads = False

    def __init__(self, emulator: Emulator, port: int) -> None:
        self.emulator = emulator
        self.stopping = Flag()
        self._open: set[socket.socket] = set()
        self._open_lock = Lock()
        super().__init__((LOOPBACK, port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that stopping can end it."""
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that ended."""
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet about clients that hang up; they are part of the tests."""

    def stop(self) -> None:
        """Stop accepting, end every kept connection, wait for the threads."""
        self.stopping.set()
        self.shutdown()
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Emulator(ABC):
    """A running service: ``with emulator: emulator.url``.

    ``requests`` is the log, ``faults`` the switches. ``answer`` is the service itself.
    """

    server_name = "nginx"

    def __init__(self, port: int = 0) -> None:
        self.faults = Faults()
        self.requests: list[Asked] = []
        self._numbers = 0
        self._lock = Lock()
        self._server = Server(self, port)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @abstractmethod
    def answer(self, request: Request) -> Response:
        """Answer a request honestly."""

    def headers(self, response: Response) -> tuple[tuple[str, str], ...]:
        """Give the headers that the service adds to a response, broken or not."""
        return response.headers

    def date(self) -> str:
        """Give the instant that answers are dated by, as HTTP writes it."""
        return formatdate(usegmt=True)

    @property
    def url(self) -> str:
        """The address without the API's path."""
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def respond(
        self, method: str, path: str, query: str, body: bytes, headers: dict[str, str]
    ) -> Response:
        """Answer one request and log it; private ``/__`` paths are neither logged nor broken."""
        if path.startswith("/__"):
            return self._dressed(self.answer(Request(0, method, path, query, body, headers)))
        with self._lock:
            self._numbers += 1
            request = Request(self._numbers, method, path, query, body, headers)
        response = self.faults.apply(request, self.answer)
        text = body.decode("utf-8", "replace")
        self.requests.append(Asked(request.number, method, path, query, text, response.status))
        return self._dressed(response)

    def _dressed(self, response: Response) -> Response:
        return replace(response, headers=self.headers(response))

    def start(self) -> Self:
        """Serve in a thread."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving; every connection ends."""
        self._server.stop()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

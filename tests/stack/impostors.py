"""What may answer at a port in place of a ClickHouse server."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Serve = Callable[[socket.socket], None]


@contextmanager
def answering(serve: Serve, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Listen on loopback as something that is no ClickHouse server."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(client, server_side=True) if context else client as line:
                    line.settimeout(60)
                    serve(line)
            except OSError:
                client.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(60)


def web_server(client: socket.socket) -> None:
    """Answer whatever comes as ClickHouse's HTTP port answers what it cannot read."""
    client.recv(4096)
    client.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nPoco::Exception")


def patient_web_server(client: socket.socket) -> None:
    """Wait for the end of a request line, then answer: a greeting never ends one."""
    asked = b""
    while b"\n" not in asked and (piece := client.recv(4096)):
        asked += piece
    client.sendall(b"HTTP/1.1 200 OK\r\n\r\nOk.\n")


def hang_up(client: socket.socket) -> None:
    client.recv(4096)


def babble(client: socket.socket) -> None:
    client.recv(4096)
    client.sendall(b"\x63garbage")

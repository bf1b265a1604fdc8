"""A TCP proxy that does to a connection what networks do: cut it, lose or slow the answer."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from types import TracebackType
from typing import Self


class TcpProxy:
    """Stands before a port on loopback; ``cut`` closes what is open, the rest is set before.

    ``answer_limit`` cuts every new connection after so many bytes of answers;
    ``cut_next_answer_after`` cuts an open one once. ``is_silent`` swallows what is answered,
    ``drip`` lets a byte of a body through every so many seconds. With a ``context`` the proxy
    speaks TLS to its clients. ``seen`` counts the bytes that clients sent.
    """

    def __init__(self, target: tuple[str, int], context: ssl.SSLContext | None = None) -> None:
        self._target = target
        self._context = context
        self._stopped = threading.Event()
        self.is_silent = False
        self.drip = 0.0
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.answer_limit: int | None = None
        self._once: int | None = None
        self.connections = 0
        self.seen = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._stopped.set()
        self.cut()

    def cut(self) -> None:
        """Close every open connection on both sides."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _close(*pair)

    def cut_next_answer_after(self, size: int) -> None:
        """Let so many more bytes of answers through, then cut that connection."""
        self._once = size

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._context is not None:
                try:
                    client = self._context.wrap_socket(client, server_side=True)
                except OSError:
                    continue  # a client that does not trust us; wrapping has closed the socket
            server = socket.create_connection(self._target)
            self.connections += 1
            self._pairs.append((client, server))
            for source, target in ((client, server), (server, client)):
                arguments = (source, target, source is server)
                threading.Thread(target=self._pump, args=arguments, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        left = self.answer_limit
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not answers:
                    self.seen += len(data)
                elif self._once is not None:
                    left, self._once = self._once, None
                if answers and self.is_silent:
                    continue
                if answers and self.drip:
                    head, blank, body = data.partition(b"\r\n\r\n")
                    target.sendall(head + blank)
                    for byte in body:
                        self._stopped.wait(self.drip)
                        target.sendall(bytes([byte]))
                    continue
                if answers and left is not None:
                    if len(data) > left:  # the rest is lost: the server has done its part
                        target.sendall(data[:left])
                        break
                    left -= len(data)
                target.sendall(data)
        _close(source, target)


def _close(*sockets: socket.socket) -> None:
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()

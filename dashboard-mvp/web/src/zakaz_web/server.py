"""Running the application on a socket until a signal asks to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from zakaz.errors import SettingsError

from zakaz_web.connections import LimitedConnection

GRACE_SECONDS = 3  # an open browser keeps its connection; it must not keep us


def listen(host: str, port: int) -> socket.socket:
    """Take the port; one that is taken already is a SettingsError naming ``--port``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's delay (40 ms a page) off only where the protocol is told.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Cannot listen on {host}, port {port} ({error.strerror}). "
            "Another program has it, or may have it: choose another one with --port."
        ) from None
    return listener


def address(listener: socket.socket) -> str:
    """Give the address of the first page as a person opens it."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    if ":" in shown and not shown.startswith("["):
        shown = f"[{shown}]"
    return f"http://{shown}:{port}/sales"


def run(app: ASGIApp, listener: socket.socket, *, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then end as a success."""
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        http=LimitedConnection,
        ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _Server(config, ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn, except that Ctrl-C is the way to end it and not an error."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Turn both signals into an orderly end."""

        def stop(number: int, frame: FrameType | None) -> None:
            self.handle_exit(number, frame)

        kept: dict[int, Any] = {
            number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)

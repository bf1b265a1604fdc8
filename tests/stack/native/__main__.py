"""A test server: ClickHouse's native protocol over chDB 3.2.0 (the 24.8 engine).

It is a test double around the real engine, not a ClickHouse server: clickhouse-driver proves the
wire, the engine's own 24.8 proves the SQL. What it does not do: access statements (CREATE USER,
GRANT …) are checked for syntax only and accounts come from ``--account``; queries run one after
the other; a cancel is heard between two blocks of an answer; there is no TLS.

Run with the interpreter of the 24.8 environment, standard input from /dev/null::

    python tests/stack/native --folder DIR [--port 0] [--account NAME:PASSWORD[:READONLY]]
        [--profile NAME=VALUE] [--zone UTC]

Prints one JSON line, ``{"port": …, "version": …}``, when it listens on loopback; stops on
SIGTERM or when its parent is gone.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socketserver
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from engine import Engine
from session import Account, Session
from wire import Channel


class Server(socketserver.ThreadingTCPServer):
    """Listens on loopback, one thread a client."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, serve: Callable[[Channel], None]) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.serve = serve


class Handler(socketserver.BaseRequestHandler):
    """One client."""

    server: Server

    def handle(self) -> None:
        """Serve until the client leaves or is cut off."""
        with contextlib.suppress(EOFError, OSError):
            self.server.serve(Channel(self.request))


def account(text: str) -> tuple[str, Account]:
    """Read ``name:password[:readonly]``."""
    name, password, readonly = [*text.split(":"), "0"][:3]
    return name, Account(password, int(readonly))


def pair(text: str) -> tuple[str, str]:
    """Read ``name=value``."""
    name, _, value = text.partition("=")
    return name, value


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="native", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--account", type=account, action="append", default=[])
    parser.add_argument("--profile", type=pair, action="append", default=[])
    parser.add_argument("--zone", default="UTC")
    options = parser.parse_args()
    accounts = {"default": Account(), **dict(options.account)}
    engine = Engine(options.folder, dict(options.profile))

    server = Server(
        options.port, lambda channel: Session(channel, engine, accounts).serve(options.zone)
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_address[1], "version": engine.version}), flush=True)
    parent = os.getppid()
    while not stop.wait(0.5) and os.getppid() == parent:
        pass
    server.shutdown()
    server.server_close()
    engine.close()
    sys.stdout.flush()
    os._exit(0)  # clients that are still connected keep threads that nobody waits for


if __name__ == "__main__":
    main()

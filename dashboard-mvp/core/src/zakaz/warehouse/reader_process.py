"""A reader of the embedded store in a process of its own.

The engine leaves threads, descriptors and memory behind whenever a folder is reopened within one
process, and a crash of it takes its process along. So a long-lived program gives each generation
processes of its own. One is started ahead of its generation, with the engine loaded, is told once
what to open, answers queries, and ends when its pipe closes: with its owner, however that ends.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from zakaz.errors import WarehouseError, ZakazError
from zakaz.warehouse.port import Table

OPEN_SECONDS = 60.0
OVER_SECONDS = 5.0  # beyond a query's own limit, which the engine looks at only now and then

log = logging.getLogger(__name__)


class ReaderGoneError(WarehouseError):
    """The process of a reader ended or cannot read; another reader may answer."""


class ReaderProcess:
    """One reader, used by one thread at a time; ``close`` may come from any."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for our owner; we end when its pipe closes
            )
        self._pipe = Connection(ours.detach())
        self._is_ready = False
        self._patience: float | None = None

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Return whether the process has not ended yet; one that has is reaped."""
        return self._process.poll() is None

    def open(self, root: Path, generation: str, query_seconds: int) -> None:
        """Name what to open; ``ready`` or the first query waits until that is done."""
        self._patience = query_seconds + OVER_SECONDS if query_seconds else None
        self._send((root, generation, query_seconds))

    def ready(self) -> None:
        """Return when the generation is open; raises what opening it came to."""
        if not self._is_ready:
            self._receive(OPEN_SECONDS)
            self._is_ready = True

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Run one SELECT and return its answer; ReaderGoneError where another reader may."""
        try:
            self.ready()
        except ZakazError as error:
            raise ReaderGoneError(str(error)) from None
        self._send((sql, dict(params or {})))
        answer: Table = self._receive(self._patience)
        return answer

    def close(self) -> None:
        """Close the pipe, upon which a process without a query ends by itself; waits for nothing.

        A second call does nothing.
        """
        with suppress(OSError), socket.socket(fileno=os.dup(self._pipe.fileno())) as pipe:
            pipe.shutdown(socket.SHUT_RDWR)  # the descriptor stays: a thread may be reading it

    def kill(self) -> None:
        """End the process at once, with a query or without."""
        self._process.kill()

    def wait(self, seconds: float) -> None:
        """Wait until the process has ended; after so many seconds it is ended by force."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()

    def _send(self, told: object) -> None:
        try:
            self._pipe.send(told)
        except OSError:  # it ended, or the pool was closed meanwhile
            raise self._gone() from None

    def _receive(self, patience: float | None) -> Any:
        try:
            if not self._pipe.poll(patience):
                self.kill()
                raise WarehouseError(f"a reader did not answer within {patience} s")
            answer = self._pipe.recv()
        except (EOFError, OSError):
            raise self._gone() from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _gone(self) -> ReaderGoneError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)  # its pipe closes just before it has ended
        return ReaderGoneError(f"reader process {self.pid} ended with {self._process.returncode}")


def unreadable(error: OSError, root: Path) -> ZakazError:
    """Return what a refusal of the file system means to who reads the store."""
    from zakaz.file_faults import explained

    return explained(error, root) or WarehouseError(f"the store {root} cannot be read: {error}")


def serve(pipe: Connection) -> None:
    """Open what the other end names and answer its queries until it hangs up."""
    from zakaz.store import Store
    from zakaz.warehouse.embedded import load_engine

    with suppress(ZakazError):  # told when there is something to open
        load_engine()
    root, generation, query_seconds = pipe.recv()
    try:
        warehouse = Store(root).open_generation(generation, query_seconds=query_seconds)
    except ZakazError as error:
        pipe.send(error)
        return
    except OSError as error:
        pipe.send(unreadable(error, root))
        return
    with warehouse:
        pipe.send(None)
        while True:
            sql, params = pipe.recv()
            try:
                pipe.send(warehouse.query(sql, params))
            except ZakazError as error:
                pipe.send(error)
                if isinstance(error, WarehouseError) and error.code is None:
                    return  # the engine itself is no longer usable
            except (TypeError, ValueError, ArithmeticError) as error:  # a bug in the statement
                log.exception("A reader cannot ask this")
                pipe.send(RuntimeError(repr(error)))


def main() -> None:
    """Serve the pipe whose descriptor is the only argument."""
    with Connection(int(sys.argv[1])) as pipe, suppress(EOFError, ConnectionError):
        serve(pipe)


if __name__ == "__main__":
    main()

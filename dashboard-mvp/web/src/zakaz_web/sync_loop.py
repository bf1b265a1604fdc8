"""``zakaz serve --sync-every``: a child process loads at an interval, beside the dashboard."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zakaz.errors import EXIT_BUG
from zakaz.interval import interval
from zakaz.moscow import now as moscow_now

__all__ = ["SyncLoop", "SyncState", "interval"]

log = logging.getLogger(__name__)

COMMAND = (
    sys.executable,
    "-c",
    "import sys; from zakaz.cli.app import main; sys.exit(main())",
    "sync",
    "--due",
)
STOP_SECONDS = 10.0
STOPPED = -15  # as a child that SIGTERM ended


@dataclass(frozen=True, slots=True)
class SyncState:
    """What the last load came to; nothing of it is set without ``--sync-every``."""

    running_since: datetime | None = None
    finished_at: datetime | None = None
    exit_code: int | None = None
    next_at: datetime | None = None


class SyncLoop:
    """Runs ``zakaz sync --due`` at once and then every ``interval``; one at a time.

    The load is a process of its own: it takes the store's writer lock, and a fault in it cannot
    take the dashboard along.
    """

    def __init__(
        self,
        interval: timedelta,
        environ: Mapping[str, str],
        *,
        command: Sequence[str] = COMMAND,
        clock: Callable[[], datetime] = moscow_now,
    ) -> None:
        self._interval = interval
        self._environ = dict(environ)
        self._command = list(command)
        self._clock = clock
        self._stop = threading.Event()
        self._starting = threading.Lock()  # no child may start once the end was asked for
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="sync-loop", daemon=True)
        self.state = SyncState()

    def start(self) -> None:
        """Begin with the first load."""
        self._thread.start()

    def stop(self) -> None:
        """Ask a running load to end and wait for it, at most ten seconds."""
        with self._starting:
            self._stop.set()
            child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
        self._thread.join(STOP_SECONDS)
        if child is not None and child.poll() is None:
            child.kill()

    def _run(self) -> None:
        while not self._stop.is_set():
            began = self._clock()
            self.state = replace(self.state, running_since=began)
            code = self._load()
            finished = self._clock()
            following = max(began + self._interval, finished)
            self.state = SyncState(None, finished, code, following)
            if self._stop.wait(max(0.0, (following - finished).total_seconds())):
                return

    def _load(self) -> int:
        log.info("Loading: zakaz sync")
        with self._starting:
            if self._stop.is_set():
                return STOPPED
            try:
                child = subprocess.Popen(self._command, env=self._environ, stdin=subprocess.DEVNULL)
            except OSError as error:
                log.error("zakaz sync did not start: %s", error)
                return EXIT_BUG
            self._child = child
        code = child.wait()
        if code == 0:
            log.info("Loaded; the dashboard shows the new figures")
        elif not self._stop.is_set():
            log.warning("zakaz sync ended with exit code %s; see zakaz runs", code)
        return code

"""The clock of an emulated service: Moscow time that stands until it is moved, or runs."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from threading import Lock

MOSCOW = timezone(timedelta(hours=3))
"""The services write every instant with this offset, whatever the city."""


class Clock:
    """An instant in Moscow; ``runs=True`` lets it go on with the machine's clock."""

    def __init__(self, now: datetime, *, runs: bool = False) -> None:
        self._now = _in_moscow(now)
        self._since = time.monotonic() if runs else None
        self._lock = Lock()

    @property
    def now(self) -> datetime:
        """The present instant."""
        with self._lock:
            if self._since is None:
                return self._now
            return self._now + timedelta(seconds=time.monotonic() - self._since)

    @property
    def today(self) -> date:
        """The present Moscow day."""
        return self.now.date()

    def set(self, now: datetime) -> None:
        """Jump to an instant; a naive one is Moscow time."""
        with self._lock:
            self._now = _in_moscow(now)
            if self._since is not None:
                self._since = time.monotonic()

    def advance(self, by: timedelta | float) -> None:
        """Let time pass; a number is seconds."""
        step = by if isinstance(by, timedelta) else timedelta(seconds=by)
        with self._lock:
            self._now += step

    def sleep(self, seconds: float) -> None:
        """Wait in this clock's time: what a client under test is given instead of a real sleep."""
        self.advance(seconds)

    def timestamp(self) -> float:
        """Give the present instant as seconds since 1970."""
        return self.now.timestamp()


def _in_moscow(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        return instant.replace(tzinfo=MOSCOW)
    return instant.astimezone(MOSCOW)

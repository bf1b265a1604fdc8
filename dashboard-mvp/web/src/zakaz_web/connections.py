"""Limits of a connection: how long a request's head may take, and how many may be open.

uvicorn limits only the time between two requests: a half request is kept open for ever.
"""

from __future__ import annotations

import asyncio
import logging
import resource

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0  # from the first byte that may come to the end of a request's head
STUCK_SECONDS = 60.0  # for a reader to take something of an answer
MOST_OPEN = 400  # the usual limit of a process is 1 024 descriptors; the engine needs some

log = logging.getLogger(__name__)


def most_open() -> int:
    """Return how many connections the descriptors of this process allow."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_OPEN if soft == resource.RLIM_INFINITY else max(16, min(MOST_OPEN, soft // 2))


class LimitedConnection(H11Protocol):
    """One connection: closed when its head is late, or when a newer one needs its place."""

    most_open = most_open()
    _late: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the time of the first request; where too many are open, close one for it."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._watch()
        if len(self.connections) > self.most_open:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Read on; a byte that leaves a head unfinished does not lengthen its time."""
        super().data_received(data)
        self._watch()

    def pause_writing(self) -> None:
        """Start the time in which a reader has to take some of what was sent."""
        super().pause_writing()
        self._stuck = self.loop.call_later(STUCK_SECONDS, self._end)

    def resume_writing(self) -> None:
        """End that time."""
        super().resume_writing()
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def connection_lost(self, exc: Exception | None) -> None:
        """End every time that still runs."""
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        for timer in (self._late, self._stuck):
            if timer is not None:
                timer.cancel()

    def patience(self) -> tuple[int, float] | None:
        """Return what orders connections that wait for their other end, None for those at work.

        First come those without a request, the longest open first; then those whose reader takes
        nothing of its answer.
        """
        if self._stuck is not None:
            return 1, self._stuck.when()
        return (0, self._late.when() if self._late else 0.0) if self._is_idle() else None

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _watch(self) -> None:
        if self._is_idle() and not self.transport.is_closing():
            self._late = self._late or self.loop.call_later(HEAD_SECONDS, self._end)
        elif self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        log.debug("Closed a connection: its request or its reader took too long")
        self.transport.abort()

    def _make_room(self) -> None:
        """Close the connection that has waited longest; where none waits, this one."""
        others = [one for one in self.connections if isinstance(one, LimitedConnection)]
        waiting = {one: one.patience() for one in others if one is not self and one.patience()}
        if not waiting:
            log.warning("Refused a connection: %d requests are being answered", len(others) - 1)
        closed = min(waiting, key=lambda one: waiting[one] or (0, 0.0), default=self)
        self.connections.discard(closed)
        closed.transport.abort()

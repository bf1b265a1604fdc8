"""Fault switches: each is a small wrapper around the honest answer, added for chosen requests.

``emulator.faults.add(faults.reset(), nth=2)`` breaks the second request;
``path="/orders"`` counts that list's requests only, ``when=`` takes any condition, ``times=None``
never stops. The first matching fault that still has turns left answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from zakaz_emulators.wire import JSON_TYPE, Delivery, Request, Response

Answer = Callable[[Request], Response]
Fault = Callable[[Request, Answer], Response]


@dataclass(slots=True)
class Switch:
    """One fault with the requests it is meant for."""

    fault: Fault
    path: str | None
    when: Callable[[Request], bool] | None
    nth: int
    times: int | None
    seen: int = 0
    used: int = 0

    def takes(self, request: Request) -> bool:
        """Count a request that fits, and tell whether this one is to be broken."""
        if self.path is not None and not request.path.endswith(self.path):
            return False
        if self.when is not None and not self.when(request):
            return False
        self.seen += 1
        if self.seen < self.nth or (self.times is not None and self.used >= self.times):
            return False
        self.used += 1
        return True


class Faults:
    """The switches of one emulator."""

    def __init__(self) -> None:
        self._switches: list[Switch] = []
        self._lock = Lock()

    def add(
        self,
        fault: Fault,
        *,
        nth: int = 1,
        times: int | None = 1,
        path: str | None = None,
        when: Callable[[Request], bool] | None = None,
    ) -> Switch:
        """Break ``times`` requests, from the ``nth`` that fits on; ``used`` counts them."""
        switch = Switch(fault, path, when, nth, times)
        with self._lock:
            self._switches.append(switch)
        return switch

    def always(self, fault: Fault, *, path: str | None = None) -> Switch:
        """Break every request that fits."""
        return self.add(fault, times=None, path=path)

    def clear(self) -> None:
        """Become honest again."""
        with self._lock:
            self._switches.clear()

    def apply(self, request: Request, honest: Answer) -> Response:
        """Answer a request, broken by the first switch that takes it."""
        with self._lock:
            taking = [switch for switch in self._switches if switch.takes(request)]
        return taking[0].fault(request, honest) if taking else honest(request)


# Instead of the answer ------------------------------------------------------------------------


def body(raw: bytes, *, code: int = 200, content_type: str = JSON_TYPE) -> Fault:
    """Answer with these very bytes: empty, ``null``, ``[]``, a wrong encoding."""
    return lambda _request, _honest: Response(code, raw, content_type)


# On the wire ----------------------------------------------------------------------------------


def _delivered(delivery: Delivery, cut: float) -> Fault:
    return lambda request, honest: replace(honest(request), delivery=delivery, cut=cut)


def short_length(cut: float = 0.5) -> Fault:
    """Promise the whole length, send a part and close."""
    return _delivered(Delivery.SHORT_LENGTH, cut)


def cut_chunk(cut: float = 0.5) -> Fault:
    """Send a chunked body and close before its end."""
    return _delivered(Delivery.CUT_CHUNK, cut)


def cut_close(cut: float = 0.5) -> Fault:
    """Send a body without a length and close in the middle: nothing on the wire shows it."""
    return _delivered(Delivery.CUT_CLOSE, cut)


def reset(cut: float = 0.5) -> Fault:
    """Reset the connection in the middle of the body."""
    return _delivered(Delivery.RESET, cut)


def silence(seconds: float = 30.0) -> Fault:
    """Accept, say nothing for a bounded time, close."""
    return lambda _request, _honest: Response(
        200, b"", delivery=Delivery.SILENCE, delay=min(seconds, 60.0)
    )


def slow(seconds: float) -> Fault:
    """Answer honestly after a bounded delay."""
    return lambda request, honest: replace(honest(request), delay=min(seconds, 60.0))


# What is said ---------------------------------------------------------------------------------


def edited(change: Callable[[Any], Any], encode: Callable[[Any], bytes]) -> Fault:
    """Change the JSON of the answer; the callback edits in place or gives a new value."""

    def change_text(raw: bytes) -> bytes:
        payload = json.loads(raw)
        changed = change(payload)
        return encode(payload if changed is None else changed)

    return rewrite(change_text)


def rewrite(change: Callable[[bytes], bytes]) -> Fault:
    """Change the bytes of the answer: a byte order mark, another encoding, a number like 1e999."""

    def fault(request: Request, honest: Answer) -> Response:
        response = honest(request)
        return replace(response, body=change(response.body))

    return fault


def byte_order_mark() -> Fault:
    """Begin the body with a UTF-8 byte order mark."""
    return rewrite(lambda raw: b"\xef\xbb\xbf" + raw)


# What happens meanwhile -----------------------------------------------------------------------


def before(change: Callable[[], object]) -> Fault:
    """Let something happen in the organisation just before the request is answered."""

    def fault(request: Request, honest: Answer) -> Response:
        change()
        return honest(request)

    return fault


def after(change: Callable[[], object]) -> Fault:
    """Let something happen in the organisation after the page was read: between two pages."""

    def fault(request: Request, honest: Answer) -> Response:
        response = honest(request)
        change()
        return response

    return fault

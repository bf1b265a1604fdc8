"""How fast VK Ads may be asked: per method, in calendar windows, as the newest answer told it.

Limits differ between accounts and change; the documented advice is to rely on live values only. So
a method starts slowly and then keeps to what its answers say.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from zakaz.errors import PermanentSourceError
from zakaz.http_answer import retry_after
from zakaz.loose_json import UNREADABLE

# The windows of the headers, in seconds; the minute was seen in older answers only.
_LONGEST = 9
_WINDOWS = {"RPS": 1, "Minutely": 60, "Hourly": 3600, "Daily": 86_400}


@dataclass(slots=True)
class _Method:
    """What is known of one method: the gap between two requests, and windows that are used up."""

    gap: float
    last: float = -math.inf
    shut_until: dict[int, float] = field(default_factory=dict)


class Rates:
    """Waits before a request and reads what its answer says of the limits.

    ``per_second`` is the rate until the API tells one, None for no pacing at all. ``clock`` gives
    seconds since 1970: windows follow the calendar. ``clock``, ``sleep`` and ``jitter`` are
    injected by tests.
    """

    def __init__(
        self,
        per_second: float | None,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        jitter: Callable[[], float] = lambda: random.uniform(0, 0.5),  # noqa: S311 - spreads load
    ) -> None:
        self._per_second = per_second
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._methods: dict[str, _Method] = {}

    def before(self, method: str) -> None:
        """Wait until a request to the method fits into every window."""
        known = self._of(method)
        now = self._clock()
        open_at = max([known.last + known.gap, *known.shut_until.values()])
        if open_at > now:
            self._sleep(open_at - now)
        known.last = max(now, open_at)
        known.shut_until.clear()

    def after(self, method: str, headers: Mapping[str, str]) -> None:
        """Take the limits from an answer."""
        known = self._of(method)
        for name, seconds in _WINDOWS.items():
            limit = _number(headers.get(f"X-RateLimit-{name}-Limit"))
            left = _number(headers.get(f"X-RateLimit-{name}-Remaining"))
            if name == "RPS" and limit and self._per_second is not None:
                known.gap = 1.0 / limit
            if left == 0 and limit:
                known.shut_until[seconds] = self._end_of_window(seconds)

    def limited(self, endpoint: str, headers: Mapping[str, str], answer: bytes) -> float | None:
        """Give the seconds that a 429 asks to wait: to the end of the window that is used up.

        Raises PermanentSourceError when every limit is 0: the account has no right to the method.
        """
        limits, left = _windows(answer)
        if limits and not any(limits.values()):
            raise PermanentSourceError(
                f"GET {endpoint}: this account has no right to the method (all its limits are 0). "
                "Ask VK Ads support to open it for the account.",
                endpoint=endpoint,
                status=429,
            )
        told = retry_after(headers)
        if told is not None:
            return told
        used_up = [seconds for seconds, number in left.items() if number == 0]
        if not used_up:
            return None
        # Several programs of one account must not all wake in the first instant of the window.
        return self._end_of_window(max(used_up)) - self._clock() + self._jitter()

    def _of(self, method: str) -> _Method:
        gap = 0.0 if self._per_second is None else 1.0 / self._per_second
        return self._methods.setdefault(method, _Method(gap))

    def _end_of_window(self, seconds: int) -> float:
        # Their day is Moscow's; every shorter window ends at the same instant in every zone.
        shift = 3 * 3600 if seconds == _WINDOWS["Daily"] else 0
        return (math.floor((self._clock() + shift) / seconds) + 1) * seconds - shift


def _number(text: str | None) -> int | None:
    """Read a header; what is no number of a sensible length is no limit."""
    told = (text or "").strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) <= _LONGEST else None


def _windows(answer: bytes) -> tuple[dict[int, int], dict[int, int]]:
    """Read ``{"limits": {"1": 2}, "remaining": {"1": 0}}``; keys are lengths in seconds."""
    try:
        body = msgspec.json.decode(answer)
    except UNREADABLE:
        return {}, {}
    if not isinstance(body, dict):
        return {}, {}
    return _table(body.get("limits")), _table(body.get("remaining"))


def _table(value: Any) -> dict[int, int]:
    if not isinstance(value, dict):
        return {}
    windows = {_number(seconds): number for seconds, number in value.items()}
    return {
        seconds: number for seconds, number in windows.items() if seconds and type(number) is int
    }

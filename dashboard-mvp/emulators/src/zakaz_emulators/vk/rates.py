"""How often a method may be asked: calendar windows per user and method, told with every answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from zakaz_emulators.clock import Clock
from zakaz_emulators.vk.refusals import answer
from zakaz_emulators.vk.switches import Switches
from zakaz_emulators.wire import Response

WINDOWS = {"RPS": 1, "Minutely": 60, "Hourly": 3_600, "Daily": 86_400}
_MOSCOW_SHIFT = 3 * 3_600
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests each window holds."""

    second: int
    minute: int
    hour: int
    day: int

    def by_seconds(self) -> dict[int, int]:
        """Give the limits by the length of their window."""
        return {1: self.second, 60: self.minute, 3_600: self.hour, 86_400: self.day}


STATISTICS = Limits(2, 60, 1_000, 10_000)
OTHERS = Limits(35, 600, 10_000, 100_000)
FORBIDDEN = Limits(0, 0, 0, 0)


class Rates:
    """Counts requests in the present second, minute, hour and Moscow day of a clock.

    ``limit`` sets the limits of the methods whose path ends so, ``forbid`` takes the right to them
    away, ``refused`` counts the answers with 429.
    """

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self._clock = clock
        self._switches = switches
        self._lock = Lock()
        self._set: list[tuple[str, Limits]] = []
        self._used: dict[tuple[int, str, int], tuple[int, int]] = {}
        self.refused = 0

    def limit(
        self,
        path: str = "",
        *,
        second: int = 1_000_000,
        minute: int = 1_000_000,
        hour: int = 1_000_000,
        day: int = 1_000_000,
    ) -> None:
        """Set limits; without a path for all methods, a window not named is as good as open."""
        with self._lock:
            self._set.append((path, Limits(second, minute, hour, day)))

    def forbid(self, path: str) -> None:
        """Take the right to a method away: all its limits are 0."""
        with self._lock:
            self._set.append((path, FORBIDDEN))

    def take(self, user: int, method: str) -> tuple[Headers, Response | None]:
        """Count a request; give the headers it is answered with, and the refusal if it is one."""
        with self._lock:
            limits, left = self._of(user, method)
            allowed = all(number > 0 for number in left.values())
            if allowed:
                for seconds in left:
                    self._count(user, method, seconds)
                    left[seconds] -= 1
            headers = tuple(
                (f"X-RateLimit-{name}-{kind}", str(table[seconds]))
                for name, seconds in WINDOWS.items()
                if seconds in left
                for kind, table in (("Limit", limits), ("Remaining", left))
            )
            if allowed:
                return headers, None
            self.refused += 1
            return headers, answer({"remaining": _texts(left), "limits": _texts(limits)}, 429)

    def table(self, user: int, methods: Iterable[str]) -> dict[str, Any]:
        """Give what is left of every method, as ``throttling.json`` does."""
        told: dict[str, Any] = {}
        with self._lock:
            for method in methods:
                version, _, name = method.removeprefix("/api/").partition("/")
                resource = name.removesuffix(".json").replace("/", "_").upper()
                limits, left = self._of(user, method)
                entry = {"remaining": _texts(left), "limits": _texts(limits)}
                told.setdefault(resource, {})[version] = {"READ": entry}
        return told

    def _of(self, user: int, method: str) -> tuple[dict[int, int], dict[int, int]]:
        chosen = STATISTICS if "/statistics/" in method else OTHERS
        for path, limits in self._set:
            if method.endswith(path):
                chosen = limits
        told = chosen.by_seconds()
        if not self._switches.minute_window:
            del told[60]
        left = {}
        for seconds, limit in told.items():
            window, used = self._used.get((user, method, seconds), (0, 0))
            left[seconds] = max(limit - (used if window == self._window(seconds) else 0), 0)
        return told, left

    def _count(self, user: int, method: str, seconds: int) -> None:
        key, now = (user, method, seconds), self._window(seconds)
        window, used = self._used.get(key, (now, 0))
        self._used[key] = (now, used + 1 if window == now else 1)

    def _window(self, seconds: int) -> int:
        return int(self._clock.timestamp() + _MOSCOW_SHIFT) // seconds


def _texts(table: dict[int, int]) -> dict[str, int]:
    return {str(seconds): number for seconds, number in table.items()}

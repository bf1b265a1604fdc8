"""Pacing: how many requests a second a source may get; off when it is this very machine."""

from __future__ import annotations

from dataclasses import dataclass

import requests

from zakaz.environment import is_loopback


@dataclass(frozen=True, slots=True)
class Pacing:
    """A ceiling of requests per second and host; None means no ceiling."""

    per_second: float | None = None

    def session(self, base_url: str) -> requests.Session:
        """Give a session that keeps to the ceiling, a plain one for a loopback address."""
        if self.per_second is None or is_loopback(base_url):
            return requests.Session()
        # Half as much to import as requests itself, for nothing at a loopback address.
        from requests_ratelimiter import LimiterSession

        # Waiting after a 429 is decided in zakaz.http, where Retry-After is known.
        return LimiterSession(per_second=self.per_second, limit_statuses=())


NO_PACING = Pacing()

"""One page of a Qtickets list: asked with a GET, held against what was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from zakaz.errors import DataError, PermanentSourceError, TransientSourceError
from zakaz.http import HttpSource
from zakaz.pacing import Pacing
from zakaz.scrub import scrub

from qtickets_api import wire
from qtickets_api.query import Query
from qtickets_api.settings import QticketsSettings

_REFUSED = frozenset({400, 401, 403, 404, 422})


@dataclass(frozen=True, slots=True)
class Page:
    """A page that obeyed its query: rows as bytes, and the ids that could be read, ascending."""

    rows: Sequence[bytes]
    ids: tuple[int, ...]
    per_page: int
    total: int
    fetched_at: datetime


class QticketsClient:
    """Reads lists with GET only: a POST would create an order (E5)."""

    def __init__(self, http: HttpSource, clock: Callable[[], datetime]) -> None:
        self._http = http
        self._clock = clock

    @property
    def requests(self) -> int:
        """How many requests went out."""
        return self._http.requests

    def page(self, path: str, query: Query) -> Page:
        """Fetch one page and prove it; raises FilterIgnoredError, SourceError or DataError."""
        answer = self._http.get_json(path, body=query.body(), params=query.params())
        fetched_at = self._clock()
        envelope = _envelope(answer, path)
        paging = envelope.paging
        if paging.per_page < 1 or paging.total < 0:
            raise DataError(
                f"GET {path}: the paging of the answer makes no sense (perPage "
                f"{paging.per_page}, total {paging.total}); nothing of it was loaded."
            )
        ids = query.verify(envelope.data, path)
        return Page(envelope.data, ids, paging.per_page, paging.total, fetched_at)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def connect(settings: QticketsSettings, clock: Callable[[], datetime]) -> QticketsClient:
    """Make a client of the account in the settings; the first page sends the first request."""
    http = HttpSource(
        settings.base_url,
        ("Authorization", f"Bearer {settings.token.get_secret_value()}"),
        pacing=Pacing(settings.requests_per_second),
        deadline=settings.run_deadline_seconds,
        user_agent="zakaz-dashboard",
    )
    return QticketsClient(http, clock)


def _envelope(answer: bytes, path: str) -> wire.Envelope:
    try:
        return wire.decode_envelope(answer)
    except msgspec.ValidationError as error:
        said = _error(answer)
        if said is None:
            raise DataError(
                f"GET {path}: the answer is not a page of a list ({error}); nothing of it was "
                "loaded. The API has changed or QTICKETS_BASE_URL is wrong."
            ) from None
    status = said.get("status")
    told = said["error"] if isinstance(said["error"], dict) else {"message": said["error"]}
    text = scrub(f"{told.get('code') or said.get('code', '')} {told.get('message', '')}", 200)
    number = status if isinstance(status, int) else None
    if number in _REFUSED:
        raise PermanentSourceError(
            f"GET {path} was refused inside an answer with status 200: {text.strip()}. "
            "Check QTICKETS_TOKEN and QTICKETS_BASE_URL.",
            endpoint=path,
            status=number,
        )
    raise TransientSourceError(
        f"GET {path} failed inside an answer with status 200: {text}. Run again later.",
        endpoint=path,
        status=number,
    )


def _error(answer: bytes) -> dict[str, Any] | None:
    """Give the body of an error that came with status 200, if it is one (S15)."""
    body = msgspec.json.decode(answer)
    return body if isinstance(body, dict) and body.get("error") else None

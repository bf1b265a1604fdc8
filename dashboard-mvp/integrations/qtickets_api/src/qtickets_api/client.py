"""One page of a Qtickets list: asked with a GET, held against what was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from zakaz.errors import DataError, PermanentSourceError, TransientSourceError, ZakazError
from zakaz.fault_point import reach
from zakaz.http import HttpSource
from zakaz.http_answer import sent_at
from zakaz.pacing import Pacing
from zakaz.scrub import scrub

from qtickets_api import envelope, seats, wire
from qtickets_api.query import Query
from qtickets_api.settings import QticketsSettings

_REFUSED = frozenset({400, 401, 403, 404, 422})


class _Item(msgspec.Struct, frozen=True):
    data: msgspec.Raw


_decode_item = msgspec.json.Decoder(_Item).decode


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

    @property
    def their_time(self) -> datetime | None:
        """The API's clock as its newest answer told it."""
        return sent_at(self._http.last_headers)

    def page(self, path: str, query: Query) -> Page:
        """Fetch one page and prove it; raises FilterIgnoredError, SourceError or DataError."""
        answer = self._http.get_json(path, body=query.body(), params=query.params())
        fetched_at = self._clock()
        reach("fetch")
        paging, rows, keys = _page(answer, path)
        if paging.per_page < 1 or paging.total < 0:
            raise DataError(
                f"GET {path}: the paging of the answer makes no sense (perPage "
                f"{paging.per_page}, total {paging.total}); nothing of it was loaded."
            )
        ids = query.verify(rows, keys, path)
        return Page(rows, ids, paging.per_page, paging.total, fetched_at)

    def item(self, path: str) -> tuple[bytes, datetime]:
        """Fetch one thing by its own address; gives it as it came and when.

        Raises PermanentSourceError when the source does not know it.
        """
        answer = self._http.get_json(path)
        fetched_at = self._clock()
        try:
            return bytes(_decode_item(answer).data), fetched_at
        except msgspec.ValidationError as error:
            raise _refusal(answer, path, f"the answer holds no item ({error})") from None

    def seats(self, show_id: str) -> tuple[bytes, datetime]:
        """Fetch the seats of a show with their counts; gives the answer as it came and when."""
        path = f"/shows/{show_id}/seats"
        answer = self._http.get_json(path, body={"select": list(seats.SELECT), "flat": True})
        fetched_at = self._clock()
        if _error(answer) is not None:
            raise _refusal(answer, path, "")
        return answer, fetched_at

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


def _page(
    answer: bytes, path: str
) -> tuple[envelope.Paging, Sequence[bytes], Sequence[wire.Keys | None]]:
    try:
        return envelope.decode_page(answer)
    except msgspec.ValidationError as error:
        told = f"the answer is not a page of a list ({error})"
    raise _refusal(answer, path, told)


def _refusal(answer: bytes, path: str, wrong: str) -> ZakazError:
    """Word an answer of status 200 that is not what was asked: an error, or something strange."""
    said = _error(answer)
    if said is None:
        return DataError(
            f"GET {path}: {wrong}; nothing of it was loaded. "
            "The API has changed or QTICKETS_BASE_URL is wrong."
        )
    status = said.get("status")
    told = said["error"] if isinstance(said["error"], dict) else {"message": said["error"]}
    text = scrub(f"{told.get('code') or said.get('code', '')} {told.get('message', '')}", 200)
    number = status if isinstance(status, int) else None
    if number in _REFUSED:
        return PermanentSourceError(
            f"GET {path} was refused inside an answer with status 200: {text.strip()}. "
            "Check QTICKETS_TOKEN and QTICKETS_BASE_URL.",
            endpoint=path,
            status=number,
        )
    return TransientSourceError(
        f"GET {path} failed inside an answer with status 200: {text}. Run again later.",
        endpoint=path,
        status=number,
    )


def _error(answer: bytes) -> dict[str, Any] | None:
    """Give the body of an error that came with status 200, if it is one (S15)."""
    body = msgspec.json.decode(answer)
    return body if isinstance(body, dict) and body.get("error") else None

"""One page of a Qtickets list: asked with a GET, held against what was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec
from zakaz.errors import DataError, PermanentSourceError, TransientSourceError, ZakazError
from zakaz.fault_point import reach
from zakaz.http import HttpSource
from zakaz.http_answer import sent_at
from zakaz.loose_json import UNREADABLE, fields_of
from zakaz.pacing import Pacing

from qtickets_api import envelope, seats, wire
from qtickets_api.query import Query
from qtickets_api.settings import QticketsSettings

_REFUSED = frozenset({400, 401, 403, 404, 422})
# The codes of the contract: nothing else of an error is told, it may name a buyer.
_CODES = frozenset({
    "UNKNOWN_ERROR", "WRONG_AUTHORIZATION", "RESOURCE_NOT_FOUND", "VALIDATION_ERROR",
    "EVENT_NOT_FOUND", "SEAT_NOT_FOUND", "SEAT_NOT_AVAILABLE", "TICKET_NOT_FOUND",
})  # fmt: skip


class _Item(msgspec.Struct, frozen=True):
    data: msgspec.Raw


class _Told(msgspec.Struct, frozen=True):
    """What an error says; each part as it came."""

    error: msgspec.Raw
    status: msgspec.Raw = wire.NULL
    code: msgspec.Raw = wire.NULL


_NO_ERROR = frozenset({b"null", b"false", b"0", b'""', b"[]", b"{}"})
_Plain = TypeVar("_Plain", int, str)

_decode_item = msgspec.json.Decoder(_Item).decode
_decode_told = msgspec.json.Decoder(_Told).decode


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
        except UNREADABLE:
            data = (fields_of(answer) or {}).get("data")  # half a character spoils the row alone
            if data is None:
                raise _refusal(answer, path, "the answer holds no item") from None
            return bytes(data), fetched_at

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
    error = _error(answer)
    if error is None:
        return DataError(
            f"GET {path}: {wrong}; nothing of it was loaded. "
            "The API has changed or QTICKETS_BASE_URL is wrong."
        )
    number = _plain(error.status, int)
    inner = (fields_of(error.error) or {}).get("code", error.code)
    code = _plain(inner, str)
    told = code if code in _CODES else "no code that we know"
    if number in _REFUSED:
        return PermanentSourceError(
            f"GET {path} was refused inside an answer with status 200 ({number}, {told}). "
            "Check QTICKETS_TOKEN and QTICKETS_BASE_URL.",
            endpoint=path,
            status=number,
        )
    return TransientSourceError(
        f"GET {path} failed inside an answer with status 200 ({told}). Run again later.",
        endpoint=path,
        status=number,
    )


def _error(answer: bytes) -> _Told | None:
    """Return the error that came with status 200, if it is one (S15)."""
    try:
        told = _decode_told(answer)
    except UNREADABLE:
        found = fields_of(answer) or {}
        if "error" not in found:
            return None
        told = _Told(**{name: found[name] for name in _Told.__struct_fields__ if name in found})
    return None if bytes(told.error) in _NO_ERROR else told


def _plain(sent: msgspec.Raw, kind: type[_Plain]) -> _Plain | None:
    try:
        return msgspec.json.decode(sent, type=kind)
    except UNREADABLE:
        return None

"""The fault switches of the Qtickets emulator: the shared ones and those of its own answers.

``emulator.faults.add(faults.status(429, retry_after=3), nth=2)`` breaks the second request;
``path="/orders"`` counts that list's requests only; see ``zakaz_emulators.faults``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from zakaz_emulators.faults import (
    Answer,
    Fault,
    Faults,
    Switch,
    after,
    before,
    body,
    byte_order_mark,
    cut_chunk,
    cut_close,
    edited,
    reset,
    rewrite,
    short_length,
    silence,
    slow,
)
from zakaz_emulators.qtickets.wire import HTML_MAINTENANCE, encode, failure
from zakaz_emulators.wire import HTML_TYPE, Request, Response

__all__ = [
    "Answer",
    "Fault",
    "Faults",
    "Switch",
    "after",
    "before",
    "body",
    "byte_order_mark",
    "cut_chunk",
    "cut_close",
    "edit",
    "empty_hall",
    "error_object",
    "growing_total",
    "html",
    "ignore_filters",
    "repeat_first",
    "reset",
    "rewrite",
    "short_length",
    "short_page",
    "silence",
    "slow",
    "status",
    "stuck_page",
    "without_body",
]

FATES = {
    401: ("UNAUTHORIZED", "Unauthorized"),
    403: ("WRONG_AUTHORIZATION", "Wrong authorization"),
    429: ("TOO_MANY_REQUESTS", "Too many requests"),
    503: ("UNKNOWN_ERROR", "Unknown error"),
}


# Instead of the answer ------------------------------------------------------------------------


def status(code: int, *, retry_after: int | str | None = None) -> Fault:
    """Answer with an error status and the service's error object."""
    name, text = FATES.get(code, ("UNKNOWN_ERROR", "Unknown error"))
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return lambda _request, _honest: replace(failure(code, name, text), headers=headers)


def html(code: int = 200) -> Fault:
    """Answer with a maintenance page."""
    return body(HTML_MAINTENANCE, code=code, content_type=HTML_TYPE)


def error_object(name: str = "UNKNOWN_ERROR", text: str = "Unknown error") -> Fault:
    """Answer 200 with an error object where the list should be."""
    return body(encode({"error": {"code": name, "message": text}}))


def empty_hall() -> Fault:
    """Answer with a hall that has no seats."""
    return body(encode({"data": []}))


# What is understood ---------------------------------------------------------------------------


def ignore_filters(*columns: str) -> Fault:
    """Ignore conditions on these columns; with none named, all of ``where``, order and select."""
    bent: dict[str, Any] = {"ignored": columns} if columns else {"filters": "ignored"}

    def fault(request: Request, honest: Answer) -> Response:
        return honest(replace(request, bent={**request.bent, **bent}))

    return fault


def without_body() -> Fault:
    """Lose body and query on the way: of a hall that leaves no counts, of a list page one."""
    return lambda request, honest: honest(replace(request, body=b"", query=""))


def stuck_page(page: int) -> Fault:
    """Give this page whatever page is asked."""
    return lambda request, honest: honest(replace(request, bent={**request.bent, "page": page}))


# What is said ---------------------------------------------------------------------------------


def edit(change: Callable[[Any], Any]) -> Fault:
    """Change the JSON of the answer; the callback edits in place or gives a new value."""
    return edited(change, encode)


def repeat_first(times: int = 1) -> Fault:
    """List the first order of the page again, at its end."""

    def change(page: Any) -> None:
        page["data"].extend(page["data"][:1] * times)

    return edit(change)


def short_page(rows: int) -> Fault:
    """Give fewer rows than the page holds, while more follow."""

    def change(page: Any) -> None:
        del page["data"][rows:]

    return edit(change)


def growing_total(by: int = 30) -> Fault:
    """Let ``paging.total`` grow with every answer, as a live list does."""
    grown = 0

    def change(page: Any) -> None:
        nonlocal grown
        grown += by
        page["paging"]["total"] += grown

    return edit(change)

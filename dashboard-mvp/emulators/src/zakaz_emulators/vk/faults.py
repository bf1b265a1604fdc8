"""The fault switches of the VK Ads emulator: the shared ones and those of its own answers.

``emulator.faults.add(faults.status(500), nth=2, path="/banners/day.json")`` breaks the second
request for statistics; see ``zakaz_emulators.faults``. What happens to the account meanwhile is
said with ``before`` and ``after``: ``before(emulator.tokens.expire)`` lets a token expire in the
middle of a run, ``after(lambda: account.remove_banner(71200345))`` takes an ad away between the
list and the statistics.
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
from zakaz_emulators.vk import refusals
from zakaz_emulators.vk.refusals import HTML_502, answer, encode
from zakaz_emulators.vk.server import gzipped
from zakaz_emulators.wire import HTML_TYPE

__all__ = [
    "Answer",
    "Fault",
    "Faults",
    "Switch",
    "after",
    "before",
    "body",
    "broken_json",
    "byte_order_mark",
    "compressed",
    "cut_chunk",
    "cut_close",
    "edit",
    "error",
    "html",
    "nothing",
    "oauth_error",
    "reset",
    "rewrite",
    "short_length",
    "silence",
    "slow",
    "status",
    "too_many",
    "unauthorized",
]


def status(code: int, *, retry_after: int | str | None = None) -> Fault:
    """Answer with an error status and the body that statistics give when they fail."""
    return error(code, "ERR_INTERNAL", "Internal error", retry_after=retry_after)


def error(
    status: int, code: str, message: str = "", *, retry_after: int | str | None = None
) -> Fault:
    """Refuse as resources and statistics do."""
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    response = replace(refusals.refused(status, code, message or code).response, headers=headers)
    return lambda _request, _honest: response


def unauthorized(code: str) -> Fault:
    """Refuse the token with one of the codes of a 401."""
    response = refusals.unauthorized(code, code.replace("_", " ")).response
    return lambda _request, _honest: response


def oauth_error(status: int, code: str) -> Fault:
    """Refuse as the token endpoint does; ``401, "deleted"`` is what older stacks said."""
    response = refusals.oauth(status, code, code.replace("_", " ")).response
    return lambda _request, _honest: response


def too_many(
    limits: dict[str, int] | None = None, *, retry_after: int | str | None = None
) -> Fault:
    """Answer 429 with the second used up; limits that are all 0 mean no right to the method."""
    told = {"1": 2, "3600": 1000} if limits is None else limits
    left = {window: 0 if window == "1" else number for window, number in told.items()}
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    response = replace(answer({"remaining": left, "limits": told}, 429), headers=headers)
    return lambda _request, _honest: response


def html(code: int = 502) -> Fault:
    """Answer with the page of the server in front."""
    return body(HTML_502, code=code, content_type=HTML_TYPE)


def broken_json() -> Fault:
    """Say that all is well and send half of the JSON."""
    return rewrite(lambda raw: raw[: len(raw) // 2])


def nothing() -> Fault:
    """Say that all is well and send no byte of a body."""
    return body(b"")


def compressed() -> Fault:
    """Compress the answer, whatever the client accepts."""
    return lambda request, honest: gzipped(honest(request))


def edit(change: Callable[[Any], Any]) -> Fault:
    """Change the JSON of the answer; the callback edits in place or gives a new value."""
    return edited(change, encode)

"""What an HTTP answer means: served, wait, or fix something first.

Nothing of an answer is quoted: an error may name a buyer or repeat our own credentials, in any
spelling. What is told of it is the status, a code or a type from a list, and a sentence of ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from zakaz.errors import DataError, PermanentSourceError

_RETRIED = frozenset({408, 429, 500, 502, 503, 504})
_LONGEST_RETRY_AFTER = 3600.0
_TYPES = frozenset({
    "text/html", "text/plain", "text/xml", "application/xml", "application/octet-stream",
})  # fmt: skip
_ADVICE = {
    401: "The token is not accepted (auth). Take a new one from the account's settings.",
    403: "The token has no right to this (auth). Check the token and its rights.",
    404: "There is no such endpoint. Check the base URL.",
}


class BrokenAnswerError(Exception):
    """One attempt went wrong in a way that a later one may not; never leaves ``zakaz.http``."""

    def __init__(
        self, message: str, *, status: int | None = None, wait: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.wait = wait


def check_status(where: str, endpoint: str, status: int, headers: Mapping[str, str]) -> None:
    """Raise what a status other than 200 means: wait and ask again, or a permanent error."""
    if status == 200:
        return
    if status in _RETRIED:
        word = " (rate_limited)" if status == 429 else ""
        raise BrokenAnswerError(
            f"{where} answered {status}{word}",
            status=status,
            wait=retry_after(headers) if status in {429, 503} else None,
        )
    if status == 204:
        raise BrokenAnswerError(f"{where} answered 204 without a body", status=status)
    advice = _ADVICE.get(status, "The request is not accepted as it is.")
    raise PermanentSourceError(
        f"{where} answered {status}. {advice}",
        endpoint=endpoint,
        status=status,
    )


def json_object(
    where: str, endpoint: str, status: int, headers: Mapping[str, str], answer: bytes
) -> bytes:
    """Give the body if it is one whole JSON object in UTF-8; a byte order mark is dropped.

    NaN and lone surrogates are no JSON, but no cut either: the room judges their rows (P06, P14).
    """
    body = answer.removeprefix(b"\xef\xbb\xbf").strip()
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in {"", "application/json", "text/json"} and not kind.endswith("+json"):
        told = kind if kind in _TYPES else "something else"
        raise BrokenAnswerError(
            f"{where} answered {status} with {told} instead of JSON", status=status
        )
    if not body:
        raise BrokenAnswerError(f"{where} answered {status} with an empty body", status=status)
    try:
        body.decode("utf-8")
        _check_whole(body)
    except RecursionError:
        raise DataError(f"{where} answered JSON nested too deeply to be read.") from None
    except ValueError:
        raise BrokenAnswerError(
            f"{where} answered {status} with a broken or cut JSON body (bad_json)", status=status
        ) from None
    if not body.startswith(b"{"):
        raise DataError(
            f"{where} answered {status} with JSON that is not an object; nothing was loaded. "
            "The API has changed or the base URL is wrong."
        )
    return body


def _check_whole(body: bytes) -> None:
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except msgspec.DecodeError:
        json.loads(body)  # it takes what strict JSON does not have, but nothing that was cut


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After as seconds, given as a number or a date; None when absent or unreadable."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(text)
        sent = headers.get("Date")
        since = parsedate_to_datetime(sent) if sent else datetime.now(UTC)
        return min(max((until - since).total_seconds(), 0.0), _LONGEST_RETRY_AFTER)
    except (ValueError, TypeError, OverflowError):
        return None


def sent_at(headers: Mapping[str, str]) -> datetime | None:
    """Read the clock of whoever answered, its Date header; None when absent or unreadable."""
    try:
        at = parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)

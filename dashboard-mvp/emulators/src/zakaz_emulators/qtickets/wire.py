"""The bytes of the service: PHP's default JSON encoder, requests and responses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

HTML_404 = (
    '<!DOCTYPE html>\n<html lang="ru">\n<head><meta charset="UTF-8">'
    "<title>Страница не найдена 404 – Qtickets</title></head>\n"
    "<body><h1>404</h1><p>Страница не найдена</p></body>\n</html>\n"
).encode()
HTML_MAINTENANCE = (
    '<!DOCTYPE html>\n<html lang="ru">\n<head><title>Технические работы</title></head>\n'
    "<body><h1>Мы скоро вернёмся</h1></body>\n</html>\n"
).encode()
JSON_TYPE = "application/json"
HTML_TYPE = "text/html; charset=UTF-8"


class Delivery(Enum):
    """How the bytes of a response travel: whole, or broken in one of the known ways."""

    CHUNKED = "chunked"
    SHORT_LENGTH = "Content-Length promises more than is sent"
    CUT_CHUNK = "the chunked body ends without its last chunk"
    CUT_CLOSE = "no length at all, the connection closes in the middle"
    RESET = "the connection is reset in the middle of the body"
    SILENCE = "the connection is held, then closed without a byte"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as the emulator received it; ``number`` counts from 1."""

    number: int
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    ignored_columns: frozenset[str] = frozenset()
    ignores_filters: bool = False
    forced_page: int | None = None

    @property
    def token(self) -> str:
        """The bearer token, or an empty string."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response before it is put on the wire; ``cut`` is the share that is sent."""

    status: int
    body: bytes
    content_type: str = JSON_TYPE
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery.CHUNKED
    cut: float = 0.5
    delay: float = 0.0


def encode(value: Any) -> bytes:
    r"""Encode as PHP does by default: compact, pure ASCII, slashes as ``\/``."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    return text.replace("/", "\\/").encode("ascii")


def answer(value: Any, status: int = 200) -> Response:
    """Give a JSON response."""
    return Response(status, encode(value))


def failure(status: int, code: str, text: str, info: Any = None) -> Response:
    """Give the service's own error object; an empty ``info`` is PHP's empty array."""
    return answer({"error": text, "status": status, "code": code, "info": info or []}, status)


def unknown_error() -> Response:
    """Give the service's generic answer to a request it could not handle."""
    return failure(503, "UNKNOWN_ERROR", "Unknown error")


def page_not_found() -> Response:
    """Give the HTML page of a route that does not exist."""
    return Response(404, HTML_404, HTML_TYPE)

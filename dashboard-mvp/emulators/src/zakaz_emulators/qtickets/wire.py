"""The bytes of the service: PHP's default JSON encoder, its error objects and pages."""

from __future__ import annotations

import json
from typing import Any

from zakaz_emulators.wire import HTML_TYPE, Response

HTML_404 = (
    '<!DOCTYPE html>\n<html lang="ru">\n<head><meta charset="UTF-8">'
    "<title>Страница не найдена 404 – Qtickets</title></head>\n"
    "<body><h1>404</h1><p>Страница не найдена</p></body>\n</html>\n"
).encode()
HTML_MAINTENANCE = (
    '<!DOCTYPE html>\n<html lang="ru">\n<head><title>Технические работы</title></head>\n'
    "<body><h1>Мы скоро вернёмся</h1></body>\n</html>\n"
).encode()


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

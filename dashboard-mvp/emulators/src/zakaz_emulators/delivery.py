"""Writes a response as the bytes of HTTP/1.1: the service's headers, whole or broken bodies."""

from __future__ import annotations

from http import HTTPStatus

from zakaz_emulators.wire import Delivery, Response


def head(response: Response, server: str, date: str) -> bytes:
    """Write the status line and the headers; ``server`` is how the service names itself."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [
        f"HTTP/1.1 {response.status} {phrase}",
        f"Server: {server}",
        f"Date: {date}",
        f"Content-Type: {response.content_type}",
        *_framing(response),
        *(f"{name}: {value}" for name, value in response.headers),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _framing(response: Response) -> list[str]:
    if response.status == HTTPStatus.NO_CONTENT:
        return ["Connection: keep-alive"]
    match response.delivery:
        case Delivery.SHORT_LENGTH | Delivery.RESET:
            return [f"Content-Length: {len(response.body)}", "Connection: close"]
        case Delivery.CUT_CLOSE:
            return ["Connection: close"]
        case Delivery.CUT_CHUNK:
            return ["Transfer-Encoding: chunked", "Connection: close"]
        case _:
            return ["Transfer-Encoding: chunked", "Connection: keep-alive"]


def pieces(response: Response) -> bytes:
    """Write the body, or the part of it that is to arrive."""
    if response.status == HTTPStatus.NO_CONTENT:
        return b""
    body = response.body
    if response.delivery is Delivery.CHUNKED:
        return _chunk(body) + b"0\r\n\r\n"
    part = body[: int(len(body) * response.cut)]
    if response.delivery is Delivery.CUT_CHUNK:
        # The size line promises the whole body: the cut falls inside the chunk.
        return b"%x\r\n" % len(body) + part
    return part


def _chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body) if body else b""

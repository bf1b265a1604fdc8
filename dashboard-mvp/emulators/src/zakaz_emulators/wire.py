"""Requests and responses of every emulator, before they become bytes and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

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
    """One HTTP request as an emulator received it; ``number`` counts from 1.

    ``bent`` is what a fault wants understood otherwise: the API that knows the key reads it.
    """

    number: int
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    bent: Mapping[str, Any] = field(default_factory=dict)

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

"""The bytes of the service: its JSON, and the four shapes of its refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from zakaz_emulators.wire import HTML_TYPE, Response

HTML_502 = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n"
    b"</html>\r\n"
)
HTML_414 = HTML_502.replace(b"502 Bad Gateway", b"414 Request-URI Too Large")
HTML_404 = HTML_502.replace(b"502 Bad Gateway", b"404 Not Found")
_PREFIX = "ERR_"


class RefusedError(Exception):
    """A request that the service does not accept, with the answer it gets."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def encode(value: Any) -> bytes:
    """Encode compactly, letters as they are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def answer(value: Any, status: int = 200) -> Response:
    """Give a JSON response."""
    return Response(status, encode(value), "application/json; charset=utf-8")


def html(status: int, body: bytes) -> Response:
    """Give a page of the server in front of the service."""
    return Response(status, body, HTML_TYPE)


def unauthorized(code: str, message: str) -> RefusedError:
    """Refuse a token: flat, and the code once more in a header."""
    response = answer({"code": code, "message": message}, 401)
    told = f'Bearer realm="api", error="{code}", error_description="{message}"'
    headers = (("WWW-Authenticate", told),)
    return RefusedError(
        Response(response.status, response.body, response.content_type, headers=headers)
    )


def oauth(status: int, error: str, description: str) -> RefusedError:
    """Refuse at the token endpoint, as OAuth words it."""
    return RefusedError(answer({"error": error, "error_description": description}, status))


def refused(status: int, code: str, message: str, *, prefix: bool = True) -> RefusedError:
    """Refuse a resource or a statistic: nested; ``prefix=False`` leaves ``ERR_`` out."""
    told = code if prefix else code.removeprefix(_PREFIX)
    return RefusedError(answer({"error": {"code": told, "message": message}}, status))


def invalid(fields: Mapping[str, str], code: str = "bad_value") -> RefusedError:
    """Refuse parameters by name."""
    named = {name: {"code": code, "message": text} for name, text in fields.items()}
    error = {"code": "validation_failed", "message": "Validation failed", "fields": named}
    return RefusedError(answer({"error": error}, 400))

"""What VK Ads says when it refuses: four shapes of bodies, read into one typed refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from zakaz.errors import PermanentSourceError
from zakaz.scrub import scrub

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal: its code without the prefix ERR_, its text, and the fields it names."""

    code: str
    message: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Give the refusal as one short text without secrets."""
        named = f" (fields: {', '.join(self.fields)})" if self.fields else ""
        return scrub(f"{self.code}: {self.message}{named}".strip(": "), _SHOWN)


class AuthorizationError(Exception):
    """A 401; never leaves this room."""

    def __init__(self, code: str, endpoint: str) -> None:
        super().__init__(code)
        self.code = code
        self.endpoint = endpoint

    def as_permanent(self) -> PermanentSourceError:
        """Word it for whoever must act."""
        advice = _ADVICE.get(self.code, "Check VK_ADS_CLIENT_ID and VK_ADS_CLIENT_SECRET.")
        return PermanentSourceError(
            f"GET {self.endpoint}: VK Ads does not accept the token ({scrub(self.code, 60)}). "
            f"{advice}",
            endpoint=self.endpoint,
            status=401,
        )


class RefusedError(PermanentSourceError):
    """The API did not accept a request; ``code`` says why, without the prefix ERR_."""

    def __init__(self, message: str, *, endpoint: str, status: int, code: str) -> None:
        super().__init__(message, endpoint=endpoint, status=status)
        self.code = code


class TokenRefusedError(PermanentSourceError):
    """The token endpoint gave no token; ``status`` 403 means that no slot is free."""


_ADVICE = {
    "invalid_client": "The client id or its secret is wrong, or the API client is blocked.",
    "invalid_user": "The account is blocked; VK support has to open it.",
    "revoked_token": "The access was withdrawn; give it again in the cabinet: settings, API.",
}


def refusal_of(answer: bytes) -> Refusal:
    """Read any of the four shapes; a body that is none of them gives an empty code."""
    try:
        body = msgspec.json.decode(answer)
    except msgspec.DecodeError:
        return Refusal("", "")
    if not isinstance(body, dict):
        return Refusal("", "")
    error = body.get("error")
    if isinstance(error, dict):  # resources, statistics and validation
        named = error.get("fields")
        fields = tuple(sorted(map(str, named))) if isinstance(named, dict | list) else ()
        return Refusal(_code(error.get("code")), _text(error.get("message")), fields)
    if error is not None:  # the token endpoint, as OAuth words it
        return Refusal(_code(error), _text(body.get("error_description")))
    return Refusal(_code(body.get("code")), _text(body.get("message")))  # authorization, flat


def _code(value: Any) -> str:
    return _text(value).strip().removeprefix("ERR_")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

"""What VK Ads says when it refuses: four shapes of bodies, read into one code that is known.

Nothing else of a refusal is told: its text may name a person or repeat our own credentials.
"""

from __future__ import annotations

from typing import Any

import msgspec
from zakaz.errors import PermanentSourceError
from zakaz.loose_json import UNREADABLE

# The codes of the contract, as they are without the prefix ERR_, which comes and goes.
CODES = frozenset({
    "expired_token", "invalid_token", "invalid_client", "invalid_user", "revoked_token",
    "token_limit_exceeded", "invalid_grant", "invalid_request", "invalid_scope", "deleted",
    "unauthorized_client", "unsupported_grant_type", "access_denied",
    "validation_failed", "bad_value", "unknown_resource_fields", "method_not_allowed",
    "WRONG_PARAMETER", "LIMIT_EXCEEDED", "WRONG_DATE", "WRONG_BANNERS", "WRONG_ADGROUPS",
    "WRONG_ADPLANS", "WRONG_USERS", "WRONG_CAMPAIGNS", "ACCESS_DENIED", "WRONG_RESOURCE",
    "WRONG_IDS", "INTERNAL",
})  # fmt: skip


def told(code: str) -> str:
    """Return how a code is told; '' stands for every code that is in no list."""
    return code or "no code that we know"


class AuthorizationError(Exception):
    """A 401; never leaves this room."""

    def __init__(self, code: str, endpoint: str) -> None:
        super().__init__(code)
        self.code = code
        self.endpoint = endpoint

    def as_permanent(self) -> PermanentSourceError:
        """Return the error for whoever must act."""
        advice = _ADVICE.get(self.code, "Check VK_ADS_CLIENT_ID and VK_ADS_CLIENT_SECRET.")
        return PermanentSourceError(
            f"GET {self.endpoint}: VK Ads does not accept the token ({told(self.code)}). {advice}",
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


def code_of(answer: bytes) -> str:
    """Return the code of a refusal in any of the four shapes, '' for one that is not known."""
    try:
        body = msgspec.json.decode(answer)
    except UNREADABLE:
        return ""
    if not isinstance(body, dict):
        return ""
    error = body.get("error")
    if isinstance(error, dict):  # resources, statistics and validation
        return _known(error.get("code"))
    if error is not None:  # the token endpoint, as OAuth words it
        return _known(error)
    return _known(body.get("code"))  # authorization, flat


def _known(value: Any) -> str:
    code = value.strip().removeprefix("ERR_") if isinstance(value, str) else ""
    return code if code in CODES else ""

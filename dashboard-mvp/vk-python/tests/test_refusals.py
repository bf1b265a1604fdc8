"""Four shapes of refusals, one typed reading."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vk_ads.refusals import AuthorizationError, Refusal, refusal_of


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (
            {"code": "expired_token", "message": "Access token is expired"},
            Refusal("expired_token", "Access token is expired"),
        ),
        (
            {"error": "token_limit_exceeded", "error_description": "Active limit reached."},
            Refusal("token_limit_exceeded", "Active limit reached."),
        ),
        (
            {"error": {"code": "ERR_WRONG_PARAMETER", "message": "date_from is required"}},
            Refusal("WRONG_PARAMETER", "date_from is required"),
        ),
        (
            {"error": {"code": "WRONG_PARAMETER", "message": ""}},
            Refusal("WRONG_PARAMETER", ""),
        ),
        (
            {"error": {"code": "validation_failed", "message": "no", "fields": {"b": {}, "a": 1}}},
            Refusal("validation_failed", "no", ("a", "b")),
        ),
        ({"error": {"code": 5}}, Refusal("", "")),
        ([], Refusal("", "")),
        ({"error": None}, Refusal("", "")),
    ],
)
def test_every_shape_of_a_refusal_is_read(body: Any, read: Refusal) -> None:
    """The prefix ERR_ comes and goes; a strange body is no refusal and no crash."""
    assert refusal_of(json.dumps(body).encode()) == read


def test_a_page_of_html_is_no_refusal() -> None:
    """A gateway may answer anything."""
    assert refusal_of(b"<html>502</html>") == Refusal("", "")


def test_what_a_refusal_says_is_short_and_without_secrets() -> None:
    """It goes to the log and to the journal."""
    said = refusal_of(
        json.dumps({"error": {"code": "x", "message": "token=abc123secret"}}).encode()
    )
    assert "abc123secret" not in str(said)


def test_an_authorization_error_says_whom_to_ask() -> None:
    """A blocked account is not mended by another secret."""
    error = AuthorizationError("invalid_user", "/api/v3/user.json").as_permanent()
    assert "VK support" in str(error)
    assert error.status == 401

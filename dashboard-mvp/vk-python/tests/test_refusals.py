"""Four shapes of refusals, one code; nothing else of them is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests_mock as rm
from vk_ads import client, lists
from vk_ads.refusals import CODES, AuthorizationError, code_of
from vk_ads.settings import VkAdsSettings
from zakaz.errors import DataError, SourceError
from zakaz.moscow import now

BASE = "http://127.0.0.1:9"
TOKEN = f"{BASE}/api/v2/oauth2/token.json"
CANARIES = (
    "Anna Petrova",
    "client-canary-1",
    "secret-canary-1",
    "SECRET-CANARY-1",
    "access-canary",
)
SETTINGS = VkAdsSettings.load(
    {
        "VK_ADS_BASE_URL": BASE,
        "VK_ADS_CLIENT_ID": "client-canary-1",
        "VK_ADS_CLIENT_SECRET": "secret-canary-1",
    }
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": "expired_token", "message": "Access token is expired"}, "expired_token"),
        ({"error": "token_limit_exceeded", "error_description": "x"}, "token_limit_exceeded"),
        ({"error": {"code": "ERR_WRONG_PARAMETER", "message": "x"}}, "WRONG_PARAMETER"),
        ({"error": {"code": "WRONG_PARAMETER", "message": ""}}, "WRONG_PARAMETER"),
        ({"error": {"code": "validation_failed", "fields": {"b": {}}}}, "validation_failed"),
        ({"error": {"code": "Anna Petrova"}}, ""),
        ({"error": "secret-canary-1"}, ""),
        ({"error": {"code": 5}}, ""),
        ({"error": ["INTERNAL"]}, ""),
        ([], ""),
        ({"error": None}, ""),
    ],
)
def test_every_shape_of_a_refusal_is_read(body: Any, code: str) -> None:
    """The prefix ERR_ comes and goes; a code that is in no list is none."""
    assert code_of(json.dumps(body).encode()) == code


@pytest.mark.parametrize(
    "body", [b"<html>502</html>", b"", b"[" * 5000, b'{"error":"\xff"}', b'{"error":"\\ud83d"}']
)
def test_what_is_no_refusal_is_no_crash(body: bytes) -> None:
    """A gateway may answer anything."""
    assert code_of(body) == ""


def said(code: str = "") -> list[Any]:
    """A refusal in each shape, full of what must not be told."""
    words = " ".join(CANARIES)
    return [
        {"code": code or words, "message": words},
        {"error": code or words, "error_description": words},
        {"error": {"code": code or words, "message": words, "fields": {words: {"code": words}}}},
        words,
    ]


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 405, 413, 414, 418, 429, 500])
@pytest.mark.parametrize("code", ["", "ERR_WRONG_DATE", "revoked_token"])
def test_found_e10_only_status_and_a_known_code_are_told(
    requests_mock: rm.Mocker,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    status: int,
    code: str,
) -> None:
    """Of a list and of the token endpoint alike: no word of the body is quoted."""
    for body in said(code):
        requests_mock.post(TOKEN, json={"access_token": "access-canary", "expires_in": "None"})
        requests_mock.get(rm.ANY, json=body, status_code=status)
        api = client.connect(SETTINGS, tmp_path, now, sleep=lambda _: None)
        with pytest.raises((SourceError, DataError)) as caught:
            api.listed(lists.BANNERS)
        api.close()
        told = [str(caught.value)]
        for file in tmp_path.glob("*.json"):
            file.unlink()
        if status != 200:
            requests_mock.post(TOKEN, json=body, status_code=status)
            with pytest.raises(SourceError) as caught:
                client.connect(SETTINGS, tmp_path, now)
            told.append(str(caught.value))
        assert [canary for canary in CANARIES if canary in "".join(told) + caplog.text] == []
        if code and isinstance(body, dict) and status in (400, 403):
            assert code.removeprefix("ERR_") in told[0]


def test_the_codes_are_those_of_the_contract() -> None:
    """Each is a plain word: it can be told without a look at what surrounds it."""
    assert all(re.fullmatch(r"[A-Za-z_]{4,40}", code) for code in CODES)
    assert not [code for code in CODES if code.startswith("ERR_")]


def test_an_authorization_error_says_whom_to_ask() -> None:
    """A blocked account is not mended by another secret."""
    error = AuthorizationError("invalid_user", "/api/v3/user.json").as_permanent()
    assert "VK support" in str(error)
    assert error.status == 401

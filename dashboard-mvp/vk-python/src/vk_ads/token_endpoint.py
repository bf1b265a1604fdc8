"""The token endpoint: the only POST of this room, and no other path can be posted to.

It is never tried twice by itself: a token that was given and got lost has taken a slot.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import msgspec
import requests
from urllib3.exceptions import HTTPError
from zakaz.environment import is_loopback
from zakaz.errors import PermanentSourceError, TransientSourceError
from zakaz.http_machine import proxy_error, trust_advice
from zakaz.loose_json import UNREADABLE

from vk_ads.refusals import TokenRefusedError, code_of, told

PATH = "/api/v2/oauth2/token.json"
_TIMEOUT = (10.0, 30.0)
_LARGEST = 64 * 1024
_LONGEST_LIFE = 10 * 366 * 86_400


class Grant(msgspec.Struct, frozen=True):
    """A token as it was given; ``expires_in`` in seconds, None for one that never expires."""

    access_token: str
    refresh_token: str = ""
    expires_in: int | None = None
    tokens_left: int | None = None

    def __repr__(self) -> str:
        """Tell all but the secrets."""
        return f"Grant(expires_in={self.expires_in}, tokens_left={self.tokens_left})"


class TokenEndpoint:
    """Asks for tokens of one client id; counts the tokens it asked for."""

    def __init__(self, base_url: str, client_id: str, client_secret: str) -> None:
        self._url = base_url.rstrip("/") + PATH
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._is_local = is_loopback(base_url)
        self.requests = 0

    def issue(self) -> Grant:
        """Ask for a new token, which takes a slot."""
        return self._ask({"grant_type": "client_credentials"})

    def renew(self, refresh_token: str) -> Grant:
        """Renew a token in its own slot; the old one is dead at once."""
        return self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _ask(self, asked: Mapping[str, str]) -> Grant:
        self.requests += 1
        try:
            with requests.Session() as session:
                session.trust_env = not self._is_local
                answer = session.post(
                    self._url,
                    data={**asked, **self._client},
                    timeout=_TIMEOUT,
                    allow_redirects=False,
                    stream=True,
                )
                status, body = answer.status_code, answer.raw.read(_LARGEST, decode_content=True)
        except requests.exceptions.SSLError:
            raise PermanentSourceError(
                f"POST {PATH}: the TLS certificate is not trusted. {trust_advice(os.environ)}",
                endpoint=PATH,
            ) from None
        except (requests.exceptions.RequestException, HTTPError) as error:
            # The body is read by urllib3, whose errors are its own. Texts of requests carry the
            # whole request: only the class is told.
            lasting = proxy_error(os.environ, self._url, error)
            raise lasting or TransientSourceError(
                f"POST {PATH}: VK Ads gave no token ({type(error).__name__}). Run again later.",
                endpoint=PATH,
            ) from None
        except ValueError:  # requests looks where a redirect leads even when it is not followed
            raise PermanentSourceError(
                f"POST {PATH} redirects to what is no address. Check VK_ADS_BASE_URL.",
                endpoint=PATH,
            ) from None
        if status == 200:
            return _granted(body)
        raise _refused(status, body)


def _granted(body: bytes) -> Grant:
    try:
        given = msgspec.json.decode(body, type=dict[str, Any])
        grant = msgspec.convert(
            {
                "access_token": given["access_token"],
                "refresh_token": given.get("refresh_token") or "",
                "expires_in": _seconds(given.get("expires_in")),
                "tokens_left": given.get("tokens_left"),
            },
            Grant,
        )
        if not grant.access_token.strip():
            raise ValueError("an empty token")
        return grant
    except (*UNREADABLE, KeyError, ValueError, TypeError):
        raise PermanentSourceError(
            f"POST {PATH} answered 200 without a token. Check VK_ADS_BASE_URL.",
            endpoint=PATH,
            status=200,
        ) from None


def _seconds(value: Any) -> int | None:
    """Read a number of seconds that comes as a number, as text, or as null or "None".

    Raises ValueError or TypeError for anything else.
    """
    if value in (None, "", "None"):
        return None
    seconds = int(value)
    if not 0 <= seconds <= _LONGEST_LIFE:
        raise ValueError("no life of a token")
    return seconds


def _refused(status: int, body: bytes) -> Exception:
    if status == 429 or status >= 500:
        return TransientSourceError(
            f"POST {PATH} answered {status}: VK Ads gave no token. Run again later.",
            endpoint=PATH,
            status=status,
        )
    advice = "Check VK_ADS_CLIENT_ID and VK_ADS_CLIENT_SECRET."
    return TokenRefusedError(
        f"POST {PATH} answered {status}: VK Ads gave no token ({told(code_of(body))}). {advice}",
        endpoint=PATH,
        status=status,
    )

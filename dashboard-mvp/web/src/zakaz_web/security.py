"""The door of the dashboard: who may ask, and what every answer forbids the browser."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zakaz_web.wrong_logins import WrongLogins

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

Refusal = Callable[[Request, int, str], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Login:
    """What a request carries as its login, and whether name and password are ours."""

    is_name: bool
    is_right: bool


@dataclass(frozen=True, slots=True)
class Door:
    """Who is let in: the names the dashboard answers to, and a login where one is set."""

    hosts: frozenset[str] = frozenset()
    any_address: bool = False  # bound beyond loopback: any numeric address is ours
    user: str = ""
    password: str = field(default="", repr=False)

    def knows_host(self, host: str) -> bool:
        """Say whether a Host header names this dashboard (a rebound DNS name does not)."""
        name = host_name(host)
        if name in LOOPBACK_NAMES or name in self.hosts:
            return True
        return self.any_address and _is_address(name)

    def login(self, authorization: str) -> Login:
        """Return what a login is worth, in a time that does not depend on how wrong it is."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "basic":
            return Login(is_name=False, is_right=False)
        try:
            given = base64.b64decode(token.strip(), validate=True)
        except (binascii.Error, ValueError):
            return Login(is_name=False, is_right=False)
        user, _, password = given.partition(b":")
        user_fits = hmac.compare_digest(user, self.user.encode())
        password_fits = hmac.compare_digest(password, self.password.encode())
        return Login(is_name=user_fits, is_right=user_fits and password_fits)


class Guard:
    """Outermost middleware: checks each request and marks each answer, errors included."""

    def __init__(
        self,
        app: ASGIApp,
        door: Door,
        refuse: Refusal,
        *,
        wrong_logins: WrongLogins | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._app = app
        self._door = door
        self._refuse = refuse
        self._wrong_logins = wrong_logins or WrongLogins(time.monotonic)
        self._pause = pause

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer 403, 401 or 429."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        headers = Headers(scope=scope)
        status, key, retry_after = 200, "", 0
        if not self._door.knows_host(headers.get("host", "")):
            status, key = 403, "error.403.host"
        elif _is_foreign(headers):
            status = 403
        elif self._door.user:
            status, retry_after = await self._check_login(scope, headers.get("authorization", ""))
        if status == 200:
            await self._app(scope, receive, marked)
            return
        response = await self._refuse(Request(scope, receive), status, key)
        if status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="Zakaz", charset="UTF-8"'
        if retry_after:
            response.headers["Retry-After"] = str(retry_after)
        await response(scope, receive, marked)

    async def _check_login(self, scope: Scope, authorization: str) -> tuple[int, int]:
        """Return the status, and with 429 the seconds until a login is looked at again."""
        if not authorization:
            return 401, 0
        address = str((scope.get("client") or ("",))[0])
        login, wrong = self._door.login(authorization), self._wrong_logins
        if seconds := wrong.locked_for(address, is_name=login.is_name):
            return 429, seconds
        if login.is_right:
            wrong.forget(address, is_name=True)
            return 200, 0
        if seconds_slow := wrong.count(address, is_name=login.is_name):
            await self._pause(seconds_slow)
        return 401, 0


def _is_foreign(headers: Headers) -> bool:
    """Return whether a page of another site asks."""
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2].lower() != headers["host"].lower()


def host_name(host: str) -> str:
    """Return the name of a Host header: small letters, in ASCII, without port and final dot."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    name = host.partition(":")[0].removesuffix(".").lower()
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return name


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True

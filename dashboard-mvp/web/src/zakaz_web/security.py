"""The door of the dashboard: who may ask, and what every answer forbids the browser."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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

Refusal = Callable[[Request, int], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Door:
    """Who is let in: the names the dashboard answers to, and a login where one is set."""

    hosts: frozenset[str] = frozenset()
    any_address: bool = False  # bound beyond loopback: any numeric address is ours
    user: str = ""
    password: str = field(default="", repr=False)

    def knows_host(self, host: str) -> bool:
        """Say whether a Host header names this dashboard (a rebound DNS name does not)."""
        name = _without_port(host).lower()
        if name in LOOPBACK_NAMES or name in self.hosts:
            return True
        return self.any_address and _is_address(name)

    def knows_user(self, authorization: str) -> bool:
        """Say whether the login is right, in a time that does not depend on how wrong it is."""
        if not self.user:
            return True
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            given = base64.b64decode(token.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        user, _, password = given.partition(b":")
        user_fits = hmac.compare_digest(user, self.user.encode())
        password_fits = hmac.compare_digest(password, self.password.encode())
        return user_fits and password_fits


class Guard:
    """Outermost middleware: checks each request and marks each answer, errors included."""

    def __init__(self, app: ASGIApp, door: Door, refuse: Refusal) -> None:
        self._app = app
        self._door = door
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer 403 or 401."""
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

        status = self._verdict(Headers(scope=scope))
        if status == 200:
            await self._app(scope, receive, marked)
            return
        response = await self._refuse(Request(scope, receive), status)
        if status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="Zakaz", charset="UTF-8"'
        await response(scope, receive, marked)

    def _verdict(self, headers: Headers) -> int:
        host = headers.get("host", "")
        if not self._door.knows_host(host):
            return 403
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2].lower() != host.lower():
            return 403
        return 200 if self._door.knows_user(headers.get("authorization", "")) else 401


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True

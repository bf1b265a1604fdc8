"""Wrong logins cost time, then a pause, and never memory."""

from __future__ import annotations

import base64
import logging
from collections.abc import Awaitable, Callable

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from zakaz_web.security import Door, Guard
from zakaz_web.wrong_logins import (
    ADDRESSES,
    FREE,
    LOCK_SECONDS,
    LONGEST_LOCK,
    MOST,
    SLOW_SECONDS,
    WrongLogins,
)

RIGHT = ("anna", "long enough")


class _Guarded:
    """A page behind a login, with a clock and a pause of the test's own."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.paused: list[float] = []
        self._door = Door(any_address=True, user=RIGHT[0], password=RIGHT[1])
        self._wrong = WrongLogins(lambda: self.now)

    def get(self, user: str, password: str, address: str = "192.0.2.7") -> Response:
        """Ask for the page from an address."""

        async def page(scope: Scope, receive: Receive, send: Send) -> None:
            await PlainTextResponse("shown")(scope, receive, send)

        async def refuse(request: Request, status: int, key: str = "") -> Response:
            return PlainTextResponse(key, status)

        async def pause(seconds: float) -> None:
            self.paused.append(seconds)

        guard = Guard(page, self._door, refuse, wrong_logins=self._wrong, pause=pause)
        client = TestClient(guard, base_url="http://192.0.2.1", client=(address, 50_000))
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        return client.get("/", headers={"Authorization": f"Basic {token}"})  # type: ignore[return-value]


def test_found_e6_wrong_logins_are_slowed_and_then_locked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Three at once, then slowly, then none for a while; each has its line in the log."""
    guarded = _Guarded()
    with caplog.at_level(logging.WARNING):
        codes = [guarded.get("anna", f"guess-{at}").status_code for at in range(MOST + 5)]
    assert codes == [401] * MOST + [429] * 5
    assert guarded.paused == [SLOW_SECONDS] * (MOST - FREE)
    assert len(caplog.records) == MOST
    assert "192.0.2.7" in caplog.text
    assert "refused for 60 seconds" in caplog.records[-1].message
    assert "guess" not in caplog.text


def test_found_e6_the_lock_ends_and_grows() -> None:
    """Locked, the right password is not looked at either; another address is."""
    guarded = _Guarded()
    for at in range(MOST):
        guarded.get("anna", str(at))
    locked = guarded.get(*RIGHT)
    assert (locked.status_code, locked.headers["retry-after"]) == (429, "60")
    assert guarded.get(*RIGHT, address="192.0.2.8").status_code == 200
    guarded.now += LOCK_SECONDS + 1
    assert guarded.get("anna", "again").status_code == 401
    guarded.now += LOCK_SECONDS + 1
    assert guarded.get(*RIGHT).status_code == 429
    guarded.now += LOCK_SECONDS
    assert guarded.get(*RIGHT).status_code == 200
    assert guarded.get("anna", "mistyped").status_code == 401


def test_found_e6_a_foreign_name_does_not_lock_ours() -> None:
    """Who guesses names is locked with them, and whoever shares the address gets in."""
    guarded = _Guarded()
    codes = [guarded.get(f"name-{at}", "x").status_code for at in range(MOST + 1)]
    assert codes == [401] * MOST + [429]
    assert guarded.get(*RIGHT).status_code == 200


def test_found_e6_a_page_without_any_login_is_no_wrong_login() -> None:
    """The first request of every browser carries none: it is asked for one, without end."""
    wrong = WrongLogins(lambda: 0.0)

    async def refuse(request: Request, status: int, key: str = "") -> Response:
        return PlainTextResponse("", status)

    never: Callable[[float], Awaitable[None]] = _never
    door = Door(user=RIGHT[0], password=RIGHT[1])
    guard = Guard(PlainTextResponse("x"), door, refuse, wrong_logins=wrong, pause=never)
    client = TestClient(guard, base_url="http://127.0.0.1")
    assert {client.get("/").status_code for _ in range(MOST + 5)} == {401}


async def _never(seconds: float) -> None:
    raise AssertionError(seconds)


def test_found_e6_memory_does_not_grow_with_addresses_and_names() -> None:
    """The oldest go; of IPv6 a whole network is one; no lock is longer than a quarter hour."""
    wrong = WrongLogins(lambda: 0.0)
    for at in range(ADDRESSES + 50):
        wrong.count(f"10.0.{at // 256}.{at % 256}", is_name=bool(at % 2))
    assert len(wrong._tries) == ADDRESSES
    for at in range(MOST + 40):
        wrong.count(f"2001:db8::{at + 1:x}", is_name=True)
    assert 0 < wrong.locked_for("2001:db8::ffff", is_name=True) <= LONGEST_LOCK + 1
    assert wrong.locked_for("2001:db8:0:1::1", is_name=True) == 0

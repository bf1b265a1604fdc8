"""Pacing: a ceiling for strangers, none for this machine."""

from __future__ import annotations

import requests
from requests_ratelimiter import LimiterSession
from zakaz.pacing import NO_PACING, Pacing


def test_pacing_is_off_on_loopback() -> None:
    """An emulator is read as fast as it answers."""
    session = Pacing(1).session("http://127.0.0.1:8080/api")

    assert type(session) is requests.Session
    session.close()


def test_pacing_is_off_unless_set() -> None:
    """Without a ceiling the session is a plain one."""
    session = NO_PACING.session("https://shop.example/api")

    assert type(session) is requests.Session
    session.close()


def test_a_stranger_is_asked_no_faster_than_the_ceiling() -> None:
    """At two a second, the third request of that second would have to wait."""
    session = Pacing(2).session("https://shop.example/api")
    assert isinstance(session, LimiterSession)

    passed = [session.limiter.try_acquire("shop.example", blocking=False) for _ in range(3)]

    assert passed == [True, True, False]
    session.close()

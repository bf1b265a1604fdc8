"""How fast VK Ads is asked: slowly at first, then as its answers say."""

from __future__ import annotations

import json

import pytest
from vk_ads.rates import Rates
from zakaz.errors import PermanentSourceError

STATISTICS = "/api/v2/statistics/banners/day.json"
LISTS = "/api/v2/banners.json"
MIDNIGHT = 1_770_238_800.0  # 2026-02-05 00:00 in Moscow


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self, now: float = MIDNIGHT + 10 * 3600 + 0.25) -> None:
        self.now = now
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


def headers(**numbers: int) -> dict[str, str]:
    """Give headers: ``RPS_Limit=2`` is X-RateLimit-RPS-Limit: 2."""
    return {f"X-RateLimit-{n.replace('_', '-')}": str(v) for n, v in numbers.items()}


def test_methods_are_paced_each_by_itself(time: Time) -> None:
    """Two requests to one method keep half a second apart; another method does not wait for it."""
    rates = Rates(2.0, time.clock, time.sleep)
    rates.before(STATISTICS)
    rates.before(LISTS)
    rates.before(STATISTICS)
    assert time.slept == [0.5]


def test_the_live_limit_takes_the_place_of_the_first_guess(time: Time) -> None:
    """An account that may ask 20 times a second is asked that fast."""
    rates = Rates(2.0, time.clock, time.sleep)
    rates.before(LISTS)
    rates.after(LISTS, headers(RPS_Limit=20, RPS_Remaining=19, Hourly_Limit=9, Hourly_Remaining=8))
    rates.before(LISTS)
    assert time.slept == [0.05]


@pytest.mark.parametrize(
    ("window", "waits"),
    [("RPS", 0.75), ("Minutely", 59.75), ("Hourly", 3599.75), ("Daily", 50399.75)],
)
def test_a_window_that_is_used_up_is_waited_out(time: Time, window: str, waits: float) -> None:
    """To the end of the second, minute, hour or Moscow day, not for a whole one."""
    rates = Rates(None, time.clock, time.sleep)
    rates.before(LISTS)
    rates.after(LISTS, headers(**{f"{window}_Limit": 5, f"{window}_Remaining": 0}))
    rates.before(LISTS)
    rates.before(LISTS)
    assert time.slept == [waits]


def test_s02_a_429_waits_for_the_window_that_it_names(time: Time) -> None:
    """Retry-After first; else the longest window of the body that has nothing left."""
    rates = Rates(2.0, time.clock, time.sleep, lambda: 0.0)
    body = json.dumps({"limits": {"1": 2, "3600": 100}, "remaining": {"1": 0, "3600": 0}}).encode()
    assert rates.limited(STATISTICS, {"Retry-After": "7"}, body) == 7.0
    assert rates.limited(STATISTICS, {}, body) == pytest.approx(3599.75)
    one = json.dumps({"limits": {"1": 2}, "remaining": {"1": 0, "3600": 5}}).encode()
    assert rates.limited(STATISTICS, {}, one) == pytest.approx(0.75)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"limits": 5}', b'{"limits": {"x": 0}}'])
def test_a_429_that_says_nothing_is_left_to_the_common_rules(time: Time, body: bytes) -> None:
    """No invented wait."""
    assert Rates(2.0, time.clock, time.sleep).limited(LISTS, {}, body) is None


def test_limits_of_zero_are_a_missing_right(time: Time) -> None:
    """Waiting would never end: exit 78, with whom to ask."""
    body = json.dumps({"limits": {"1": 0, "3600": 0}, "remaining": {"1": 0, "3600": 0}}).encode()
    with pytest.raises(PermanentSourceError, match="no right to the method") as caught:
        Rates(2.0, time.clock, time.sleep).limited(LISTS, {"Retry-After": "7"}, body)
    assert caught.value.exit_code == 78


@pytest.mark.parametrize("odd", ["\u00b2", "9" * 5000, "-1", "", "2.5", "\u0661"])
def test_a_limit_that_is_no_number_is_none(time: Time, odd: str) -> None:
    """In a header or in the answer: the method goes on at the pace it had."""
    rates = Rates(2.0, time.clock, time.sleep)
    rates.before(LISTS)
    rates.after(LISTS, {"X-RateLimit-RPS-Limit": odd, "X-RateLimit-RPS-Remaining": odd})
    body = json.dumps({"limits": {odd: 5, "1": odd}, "remaining": {odd: 0, "x": 0}})
    assert rates.limited(LISTS, {}, body.encode()) is None
    for broken in (b'{"limits":"\xff"}', b"[" * 5000, b"[]", b'{"limits":[]}'):
        assert rates.limited(LISTS, {}, broken) is None
    rates.before(LISTS)
    assert time.slept == [0.5]

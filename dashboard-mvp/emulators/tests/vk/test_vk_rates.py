"""Rate limits, over real HTTP: calendar windows per method, told with every answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import requests
from zakaz_emulators.vk import MOSCOW, VkAdsEmulator

Get = Callable[..., requests.Response]
PLANS = "/api/v2/ad_plans.json"
DAY = "/api/v2/statistics/banners/day.json"
GOOD = {"id": "71200346", "date_from": "2026-03-01"}


@pytest.fixture
def ask(
    emulator: VkAdsEmulator,
    session: requests.Session,
    ask_token: Callable[..., requests.Response],
) -> Get:
    """Reads with a good token within the limits of the live service."""
    session.headers["Authorization"] = f"Bearer {ask_token().json()['access_token']}"
    return lambda path, parameters=None: session.get(
        emulator.url + path, params=parameters, timeout=300
    )


def limits(response: requests.Response) -> dict[str, str]:
    prefix = "X-RateLimit-"
    return {
        name.removeprefix(prefix): value
        for name, value in response.headers.items()
        if name.startswith(prefix)
    }


def test_six_headers_tell_the_limits_with_every_answer(ask: Get) -> None:
    """Also with refusals; statistics have two requests a second, the rest thirty-five."""
    assert limits(ask(PLANS)) == {
        "RPS-Limit": "35",
        "RPS-Remaining": "34",
        "Hourly-Limit": "10000",
        "Hourly-Remaining": "9999",
        "Daily-Limit": "100000",
        "Daily-Remaining": "99999",
    }
    refused = ask(DAY, {})
    assert refused.status_code == 400
    assert limits(refused)["RPS-Limit"] == "2"
    assert len(limits(ask("/api/v2/none.json"))) == 6


def test_the_third_request_of_a_second_is_refused(ask: Get, emulator: VkAdsEmulator) -> None:
    """The body tells what is left by the length of each window; nothing says how long to wait."""
    assert [ask(DAY, GOOD).status_code for _ in range(3)] == [200, 200, 429]
    refused = ask(DAY, GOOD)
    assert refused.json() == {
        "remaining": {"1": 0, "3600": 998, "86400": 9998},
        "limits": {"1": 2, "3600": 1000, "86400": 10000},
    }
    assert limits(refused)["RPS-Remaining"] == "0"
    assert "Retry-After" not in refused.headers
    assert emulator.rates.refused == 2


def test_windows_follow_the_calendar(ask: Get, emulator: VkAdsEmulator) -> None:
    """A new second, hour or Moscow day opens its window, however little time has passed."""
    emulator.clock.set(datetime(2026, 3, 20, 15, 0, 0, 900_000, MOSCOW))
    ask(DAY, GOOD)
    ask(DAY, GOOD)
    emulator.clock.advance(0.1)
    assert ask(DAY, GOOD).status_code == 200
    emulator.rates.limit(DAY, hour=1)
    assert ask(DAY, GOOD).status_code == 429
    emulator.clock.set(datetime(2026, 3, 20, 16, 0, tzinfo=MOSCOW))
    assert ask(DAY, GOOD).status_code == 200
    emulator.rates.limit(DAY, day=1)
    emulator.clock.set(datetime(2026, 3, 20, 23, 59, 59, tzinfo=MOSCOW))
    assert ask(DAY, GOOD).status_code == 429
    emulator.clock.advance(1)
    assert ask(DAY, GOOD).status_code == 200


def test_each_method_has_its_own_windows(ask: Get) -> None:
    """Ads that are used up leave groups open."""
    for _ in range(3):
        ask(DAY, GOOD)
    groups = ask("/api/v2/statistics/ad_groups/day.json", {**GOOD, "id": "30455102"})
    assert groups.status_code == 200


def test_a_minute_window_is_a_switch(ask: Get, emulator: VkAdsEmulator) -> None:
    """Older answers had it."""
    emulator.switches.minute_window = True
    assert limits(ask(DAY, GOOD))["Minutely-Limit"] == "60"
    emulator.rates.limit(DAY, minute=1)
    assert ask(DAY, GOOD).json()["remaining"]["60"] == 0


def test_a_forbidden_method_has_nothing_but_zeros(ask: Get, emulator: VkAdsEmulator) -> None:
    """It stays refused at any time, while other methods answer."""
    emulator.rates.forbid(DAY)
    refused = ask(DAY, GOOD)
    assert refused.status_code == 429
    assert set(refused.json()["limits"].values()) == {0}
    emulator.clock.advance(100_000)
    assert ask(PLANS).status_code == 401  # the token has expired meanwhile
    assert limits(refused)["Daily-Limit"] == "0"


def test_the_whole_table_can_be_read(ask: Get) -> None:
    """What is left of every method, by version and length of window."""
    ask(DAY, GOOD)
    table = ask("/api/v2/throttling.json").json()
    assert table["STATISTICS_BANNERS_DAY"]["v2"]["READ"] == {
        "remaining": {"1": 1, "3600": 999, "86400": 9999},
        "limits": {"1": 2, "3600": 1000, "86400": 10000},
    }
    assert table["AD_PLANS"]["v2"]["READ"]["limits"]["1"] == 35

"""What statistics refuse, over real HTTP: too much, too old, not yours, not understood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from zakaz_emulators.vk import VkAdsEmulator, wide_account
from zakaz_emulators.vk.sample import IDLE_AD, LOOKALIKE, OLD_VIDEO, SPRING

Get = Callable[..., requests.Response]
AD = 71_200_346
BANNERS = "/api/v2/statistics/banners/day.json"
GOOD = {"id": str(AD), "date_from": "2026-03-01", "date_to": "2026-03-10"}


def code(response: requests.Response) -> str:
    assert response.status_code == 400, response.text
    assert set(response.json()) == {"error"}
    assert set(response.json()["error"]) == {"code", "message"}
    told: str = response.json()["error"]["code"]
    return told


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"date_from": ""}, "ERR_WRONG_PARAMETER"),
        ({"id": ""}, "ERR_WRONG_PARAMETER"),
        ({"id": "x"}, "ERR_WRONG_PARAMETER"),
        ({"metrics": "base,impressions"}, "ERR_WRONG_PARAMETER"),
        ({"attribution": "click"}, "ERR_WRONG_PARAMETER"),
        ({"date_from": "2026-02-30"}, "ERR_WRONG_DATE"),
        ({"date_to": "10.03.2026"}, "ERR_WRONG_DATE"),
        ({"date_from": "2026-03-11"}, "ERR_WRONG_DATE"),
        ({"date_from": "2025-03-18"}, "ERR_LIMIT_EXCEEDED"),
        ({"date_from": "2025-03-19", "date_to": "2026-03-20"}, "ERR_LIMIT_EXCEEDED"),
        ({"id": "71200346,1"}, "ERR_WRONG_BANNERS"),
    ],
)
def test_a_bad_request_has_its_code(get: Get, changed: dict[str, str], expected: str) -> None:
    """Each fault of a request is refused with 400 and a nested code of its own."""
    assert code(get(BANNERS, {**GOOD, **changed})) == expected


def test_the_prefix_of_codes_is_a_switch(get: Get, emulator: VkAdsEmulator) -> None:
    """Live clients saw codes without it."""
    emulator.switches.err_prefix = False
    assert code(get(BANNERS, {**GOOD, "id": "1"})) == "WRONG_BANNERS"


@pytest.mark.parametrize(
    "changed",
    [
        {"date_from": "2025-03-19", "date_to": "2025-03-19"},
        {"date_from": "2025-03-20", "date_to": "2026-03-20"},
        {"attribution": "impression"},
        {"ids": "1", "status": "x"},
    ],
)
def test_what_is_just_allowed_is_answered(get: Get, changed: dict[str, str]) -> None:
    """366 days of span and of age, either attribution, and parameters nobody knows."""
    assert get(BANNERS, {**GOOD, **changed}).status_code == 200


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("banners", "ERR_WRONG_BANNERS"),
        ("ad_groups", "ERR_WRONG_ADGROUPS"),
        ("campaigns", "ERR_WRONG_CAMPAIGNS"),
        ("ad_plans", "ERR_WRONG_ADPLANS"),
        ("users", "ERR_WRONG_USERS"),
    ],
)
def test_one_foreign_id_fails_the_whole_call(get: Get, level: str, expected: str) -> None:
    """The code names the level and never the id; the account's own id is not its user's."""
    own = {"banners": AD, "ad_groups": LOOKALIKE, "campaigns": LOOKALIKE, "ad_plans": SPRING}
    path = f"/api/v2/statistics/{level}/day.json"
    refused = get(path, {**GOOD, "id": f"{own.get(level, 5_550_123)},5550999"})
    assert code(refused) == expected
    assert "5550999" not in refused.text


def test_ids_belong_to_a_level(get: Get) -> None:
    """A group's id is no ad's, unless the two numbers happen to meet."""
    assert code(get(BANNERS, {**GOOD, "id": str(LOOKALIKE)})) == "ERR_WRONG_BANNERS"
    assert get(BANNERS, {**GOOD, "id": str(OLD_VIDEO)}).status_code == 200


def test_two_hundred_ids_are_the_most(get: Get, emulator: VkAdsEmulator) -> None:
    """The next one is refused; switches make the limits narrower."""
    wide = wide_account(201)
    emulator.account.put(*wide.banners.values())
    ids = list(map(str, wide.banners))
    assert len(get(BANNERS, {**GOOD, "id": ",".join(ids[:200])}).json()["items"]) == 200
    assert code(get(BANNERS, {**GOOD, "id": ",".join(ids)})) == "ERR_LIMIT_EXCEEDED"
    emulator.switches.most_ids = 1
    assert code(get(BANNERS, {**GOOD, "id": f"{AD},{IDLE_AD}"})) == "ERR_LIMIT_EXCEEDED"
    emulator.switches.most_days = 9
    assert code(get(BANNERS, GOOD)) == "ERR_LIMIT_EXCEEDED"


def test_without_ids_everything_may_be_given(get: Get, emulator: VkAdsEmulator) -> None:
    """A switch behaves as some saw the live service behave."""
    emulator.switches.need_ids = False
    answer: dict[str, Any] = get(BANNERS, {"date_from": "2026-03-01"}).json()
    assert len(answer["items"]) == 12


def test_there_is_no_summary_in_the_third_version(get: Get) -> None:
    """An address that does not exist is 404 with its code."""
    missing = get("/api/v3/statistics/banners/summary.json", GOOD)
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "ERR_WRONG_RESOURCE")

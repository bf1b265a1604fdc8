"""Totals of the third version, over real HTTP: no days in them, and a count of two meanings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import requests
from zakaz_emulators.vk import VkAdsEmulator
from zakaz_emulators.vk.sample import LEADS, LOOKALIKE

Get = Callable[..., requests.Response]
PATH = "/api/v3/statistics/banners/day.json"
DAYS = {"date_from": "2026-03-01", "date_to": "2026-03-10"}


def told(response: requests.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def test_a_period_comes_as_one_total_per_object(get: Get, emulator: VkAdsEmulator) -> None:
    """In spite of ``day`` in the address there are no rows; the parts of ``spent`` are there."""
    answer = told(get(PATH, DAYS))
    assert set(answer) == {"items", "total", "limit", "offset", "count"}
    truth = emulator.ledger.per_banner(date(2026, 3, 1), date(2026, 3, 10))
    for item in answer["items"]:
        assert set(item) == {"id", "user_id", "total"}
        base = item["total"]["base"]
        assert base["a_amount"] == base["spent"]
        known = truth.get(str(item["id"]))
        assert Decimal(base["spent"]) == (known.spent if known else 0)


def test_one_call_per_day_gives_the_accounts_control_sum(get: Get, emulator: VkAdsEmulator) -> None:
    """The grand total is that of all ads, however few are on the page."""
    day = {"date_from": "2026-03-08", "date_to": "2026-03-08", "fields": "base.spent", "limit": 1}
    answer = told(get(PATH, day))
    assert answer["total"] == {"base": {"spent": answer["total"]["base"]["spent"]}}
    known = emulator.ledger.per_day()[date(2026, 3, 8)]
    assert Decimal(answer["total"]["base"]["spent"]) == known.spent


def test_pages_hold_twenty_and_two_hundred_and_fifty_at_most(
    get: Get, emulator: VkAdsEmulator
) -> None:
    """``count`` is the total, or with a switch what the page holds."""
    assert told(get(PATH, DAYS))["limit"] == 20
    page = told(get(PATH, {**DAYS, "limit": 5, "offset": 10}))
    assert (len(page["items"]), page["count"], page["offset"]) == (2, 12, 10)
    emulator.switches.v3_count = "page"
    assert told(get(PATH, {**DAYS, "limit": 5, "offset": 10}))["count"] == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": 251},
        {"limit": 0},
        {"offset": "x"},
        {"fields": "base.impressions"},
        {"fields": "impressions"},
        {"banner_status": "gone"},
        {"sort_by": "base.cpm"},
        {"date_from": ""},
    ],
)
def test_bad_parameters_are_refused(get: Get, asked: dict[str, Any]) -> None:
    """Every one with the same nested code."""
    refused = get(PATH, {**DAYS, **asked})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "ERR_WRONG_PARAMETER")


@pytest.mark.parametrize(
    ("asked", "ads"),
    [
        ({"id": "71200346,71200349"}, 2),
        ({"id_ne": "71200346,71200349"}, 9),
        ({"ad_group_id": str(LOOKALIKE)}, 2),
        ({"ad_group_id_ne": str(LOOKALIKE)}, 9),
        ({"package_id": "1"}, 0),
        ({"banner_status": "deleted"}, 5),
        ({"banner_status_ne": "deleted"}, 6),
        ({"ad_group_status": "blocked"}, 3),
        ({"banner_status": "all"}, 11),
    ],
)
def test_filters_choose_ads(get: Get, asked: dict[str, str], ads: int) -> None:
    """By id, group, package and status, each also the other way round."""
    items = told(get(PATH, {"date_from": "2026-02-01", **asked}))["items"]
    assert sum(Decimal(item["total"]["base"]["spent"]) > 0 for item in items) == ads


def test_ads_can_be_sorted_by_a_figure(get: Get) -> None:
    """The most expensive one comes first when asked so."""
    asked = {**DAYS, "sort_by": "base.spent", "d": "desc"}
    spent = [Decimal(item["total"]["base"]["spent"]) for item in told(get(PATH, asked))["items"]]
    assert spent == sorted(spent, reverse=True)


def test_groups_have_totals_too(get: Get) -> None:
    """Every level answers; a foreign id fails the call here as well."""
    path = "/api/v3/statistics/ad_groups/day.json"
    assert told(get(path, {**DAYS, "id": str(LEADS)}))["items"][0]["id"] == LEADS
    assert get(path, {**DAYS, "id": "1"}).json()["error"]["code"] == "ERR_WRONG_ADGROUPS"

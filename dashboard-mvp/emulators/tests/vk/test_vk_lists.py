"""The lists, over real HTTP: few fields, short pages, and filters that say nothing when wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from zakaz_emulators.vk import AdGroup, VkAdsEmulator, wide_account
from zakaz_emulators.vk.sample import ARCHIVED_AD, AUTUMN, LOOKALIKE, OLD_VIDEO, SPRING

Get = Callable[..., requests.Response]
PLANS, GROUPS, BANNERS = (f"/api/v2/{name}.json" for name in ("ad_plans", "ad_groups", "banners"))
ALL = {"_status__in": "active,blocked,deleted", "sorting": "id", "limit": "50"}


def ids(response: requests.Response) -> list[int]:
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


def refusal(response: requests.Response) -> dict[str, Any]:
    assert response.status_code == 400
    error: dict[str, Any] = response.json()["error"]
    return error


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (PLANS, {"id", "name"}),
        (GROUPS, {"id", "name", "package_id"}),
        (BANNERS, {"id", "ad_group_id", "moderation_status", "ord_marker"}),
    ],
)
def test_unasked_the_fields_are_few(get: Get, path: str, fields: set[str]) -> None:
    """Neither status nor links come by themselves."""
    assert all(set(item) == fields for item in get(path).json()["items"])


@pytest.mark.parametrize(
    ("path", "field"), [(PLANS, "ad_groups"), (GROUPS, "banners"), (BANNERS, "urls.primary")]
)
def test_an_unknown_field_refuses_the_request(get: Get, path: str, field: str) -> None:
    """Nested lists and dotted names are no fields; the allowed ones are told."""
    error = refusal(get(path, {"fields": f"id,{field}"}))
    assert error["code"] == "unknown_resource_fields"
    assert "status" in error["allowed"]


def test_asked_fields_come_in_the_types_of_the_sheet(get: Get) -> None:
    """Ids are numbers, money is text or null, instants carry no offset."""
    fields = "id,name,status,objective,budget_limit,budget_limit_day,created,date_start,date_end"
    plan = get(PLANS, {"fields": fields, "_id": SPRING}).json()["items"][0]
    assert plan == {
        "id": SPRING,
        "name": "Весна в Казани",
        "status": "active",
        "objective": "site_conversions",
        "budget_limit": None,
        "budget_limit_day": "2500",
        "created": "2025-12-30 15:00:00",
        "date_start": "2025-12-30",
        "date_end": None,
    }


def test_links_are_keyed_by_role_and_macros_are_not_expanded(get: Get) -> None:
    """A lead form has no link at all."""
    asked = {**ALL, "fields": "id,urls"}
    found = {item["id"]: item["urls"] for item in get(BANNERS, asked).json()["items"]}
    assert found[71_200_346]["primary"]["url"].endswith("utm_content={{banner_id}}")
    assert found[71_200_351] == {}


def test_groups_tell_their_tags(get: Get) -> None:
    """A template, automatic tags as null or empty, and a template that is switched off."""
    asked = {**ALL, "fields": "id,enable_utm,utm"}
    found = [(item["enable_utm"], item["utm"]) for item in get(GROUPS, asked).json()["items"]]
    assert (True, None) in found
    assert (True, "") in found
    assert (False, "utm_source=never_added") in found


def test_campaigns_is_an_old_name_of_groups(get: Get) -> None:
    """The alias answers with groups, not with what the cabinet calls campaigns."""
    assert get("/api/v2/campaigns.json", ALL).json() == get(GROUPS, ALL).json()


def test_a_group_may_be_older_than_campaigns(emulator: VkAdsEmulator, get: Get) -> None:
    """Its ad_plan_id is null."""
    made = emulator.clock.now
    emulator.account.put(AdGroup(9, None, "До кампаний", made, made))
    assert get("/api/v2/ad_groups/9.json", {"fields": "ad_plan_id"}).json() == {"ad_plan_id": None}


def test_ids_of_different_levels_meet(get: Get) -> None:
    """One number is a group and an ad."""
    assert OLD_VIDEO in ids(get(GROUPS, ALL))
    assert OLD_VIDEO in ids(get(BANNERS, ALL))


def test_single_objects_are_read_by_id(get: Get) -> None:
    """With the same few fields; an unknown id is 404."""
    assert set(get(f"/api/v2/ad_plans/{AUTUMN}.json").json()) == {"id", "name"}
    missing = get("/api/v2/banners/1.json")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "ERR_WRONG_RESOURCE")


def test_a_page_holds_twenty_and_count_is_the_total(get: Get, emulator: VkAdsEmulator) -> None:
    """The default hides most of a long list; pages past the end are empty."""
    emulator.account.put(*wide_account(123).banners.values())
    page = get(BANNERS, {"sorting": "id", "_id__lt": 71_200_000}).json()
    assert (len(page["items"]), page["count"], page["offset"], page["limit"]) == (20, 123, 0, 20)
    past = get(BANNERS, {"_id__lt": 71_200_000, "offset": 123}).json()
    assert (past["items"], past["count"]) == ([], 123)
    emulator.switches.tell_limit = False
    assert set(get(BANNERS).json()) == {"count", "offset", "items"}


@pytest.mark.parametrize(
    ("cap", "limit", "given"),
    [
        ("reject", 50, 50),
        ("reject", 51, None),
        ("clamp", 51, 50),
        ("allow", 250, 120),
        ("allow", 251, None),
        ("reject", 0, None),
    ],
)
def test_the_cap_of_a_page_is_a_switch(
    get: Get, emulator: VkAdsEmulator, cap: Any, limit: int, given: int | None
) -> None:
    """Above fifty the service refuses, cuts, or obeys."""
    emulator.account.put(*wide_account(120).banners.values())
    emulator.switches.list_cap = cap
    response = get(BANNERS, {"limit": limit, "_id__lt": 71_200_000})
    if given is None:
        assert set(refusal(response)["fields"]) == {"limit"}
    else:
        assert len(ids(response)) == given


@pytest.mark.parametrize("asked", [{"limit": "x"}, {"offset": "-1"}, {"sorting": "budget"}])
def test_bad_parameters_are_named(get: Get, asked: dict[str, str]) -> None:
    """The validation's shape: a code, and the fields with a code each."""
    error = refusal(get(PLANS, asked))
    assert error["code"] == "validation_failed"
    assert [field["code"] for field in error["fields"].values()] == ["bad_value"]
    assert set(error["fields"]) == set(asked)


def test_archived_objects_are_hidden_unless_asked_for(get: Get, emulator: VkAdsEmulator) -> None:
    """Their spend is still spend; a switch shows them always."""
    assert ARCHIVED_AD not in ids(get(BANNERS))
    assert len(ids(get(BANNERS))) == 7
    assert len(ids(get(BANNERS, ALL))) == 12
    assert ARCHIVED_AD in ids(get(BANNERS, {"_status": "deleted"}))
    emulator.switches.hide_deleted = False
    assert len(ids(get(BANNERS))) == 12


def test_filters_without_an_underscore_are_ignored_in_silence(get: Get) -> None:
    """``status=deleted`` reads as nothing at all."""
    assert ids(get(PLANS, {"status": "deleted", "ids": SPRING})) == ids(get(PLANS))


def test_several_statuses_need_the_suffix(get: Get) -> None:
    """``_status=active,blocked`` is one status that nothing has."""
    assert ids(get(PLANS, {"_status": "active,blocked"})) == []
    assert len(ids(get(PLANS, {"_status__in": "active,blocked"}))) == 2


@pytest.mark.parametrize(
    ("path", "asked", "found"),
    [
        (PLANS, {"_id__in": f"{SPRING},{AUTUMN}", "_status__in": "deleted"}, 1),
        (PLANS, {"_status__ne": "active"}, 2),
        (GROUPS, {"_ad_plan_id": SPRING}, 2),
        (GROUPS, {"_ad_plan_id__in": f"{SPRING},1"}, 2),
        (GROUPS, {"_last_updated__gte": "2027-01-01 00:00:00"}, 0),
        (BANNERS, {"_ad_group_id": LOOKALIKE}, 2),
        (BANNERS, {"_ad_group_status": "blocked"}, 4),
        (BANNERS, {"_id__gte": 71_200_350}, 3),
        (BANNERS, {"_url": "utm_campaign=vesna"}, 4),
        (BANNERS, {"_url": "UTM_CAMPAIGN"}, 0),
        (BANNERS, {"_textblock": "Афиша"}, 1),
    ],
)
def test_filters_compare_by_suffix(get: Get, path: str, asked: dict[str, Any], found: int) -> None:
    """Each filter of the sheet chooses what it says."""
    assert len(ids(get(path, asked))) == found


@pytest.mark.parametrize("asked", [{"_budget": "1"}, {"_id": "x"}, {"_id__like": "1"}])
def test_unknown_filters_with_an_underscore_are_refused(get: Get, asked: dict[str, str]) -> None:
    """So are values that are no ids."""
    assert set(refusal(get(PLANS, asked))["fields"]) == set(asked)


def test_changes_move_updated_and_can_be_asked_for(get: Get, emulator: VkAdsEmulator) -> None:
    """A renamed ad is found by the instant of its change."""
    emulator.clock.advance(timedelta(hours=1))
    emulator.account.change(emulator.account.banners[71_200_346], name="Другое фото")
    asked = {"_updated__gt": "2026-03-20 15:00:00", "fields": "id,name,updated"}
    assert get(BANNERS, asked).json()["items"] == [
        {"id": 71_200_346, "name": "Другое фото", "updated": "2026-03-20 16:00:00"}
    ]


def test_sorting_has_directions_and_an_order(get: Get) -> None:
    """Several names sort one inside the other; unasked no order is promised."""
    by_id = ids(get(BANNERS, ALL))
    assert by_id == sorted(by_id)
    assert ids(get(BANNERS, {**ALL, "sorting": "-id"})) == by_id[::-1]
    assert ids(get(PLANS, {**ALL, "sorting": "-status,id"})) == [AUTUMN, 8_801_311, SPRING]
    assert ids(get(BANNERS)) != sorted(ids(get(BANNERS)))


def test_a_thousand_ads_over_three_campaigns_page_fully(get: Get, emulator: VkAdsEmulator) -> None:
    """Twenty pages of fifty hold each ad once."""
    emulator.account.banners = wide_account(1_000).banners
    emulator.account.groups |= wide_account(3).groups
    found: list[int] = []
    while len(found) < get(BANNERS, {"limit": 1}).json()["count"]:
        found += ids(get(BANNERS, {**ALL, "offset": len(found)}))
    assert found == list(range(71_000_000, 71_001_000))


def test_a_very_long_address_is_refused_by_the_server_in_front(get: Get) -> None:
    """The page of a 414 is no JSON."""
    response = get(BANNERS, {"_id__in": ",".join(map(str, range(10_000_000, 10_001_000)))})
    assert response.status_code == 414
    assert response.headers["Content-Type"].startswith("text/html")

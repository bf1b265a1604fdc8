"""Faults on demand, over real HTTP, and what happens to the account in the middle of a run."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest
import requests
from zakaz_emulators.vk import Account, VkAdsEmulator, faults

Get = Callable[..., requests.Response]
PLANS = "/api/v2/ad_plans.json"
BANNERS = "/api/v2/banners.json"
DAY = "/api/v2/statistics/banners/day.json"
GOOD = {"id": "71200346", "date_from": "2026-03-01"}


@pytest.mark.parametrize("code", [500, 503])
def test_the_nth_call_fails(get: Get, emulator: VkAdsEmulator, code: int) -> None:
    """Only that one, only on that path, with the code of an internal error."""
    emulator.faults.add(faults.status(code), nth=2, path=DAY)
    assert get(PLANS).status_code == 200
    answers = [get(DAY, GOOD) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, code, 200]
    assert answers[1].json()["error"]["code"] == "ERR_INTERNAL"


def test_a_page_of_the_server_in_front_is_no_json(get: Get, emulator: VkAdsEmulator) -> None:
    """A 502 comes as HTML."""
    emulator.faults.add(faults.html())
    answer = get(DAY, GOOD)
    assert answer.status_code == 502
    assert answer.text.startswith("<html>")


@pytest.mark.parametrize("fault", [faults.broken_json(), faults.nothing()])
def test_a_success_may_hold_no_json(get: Get, emulator: VkAdsEmulator, fault: faults.Fault) -> None:
    """Half of it, or nothing at all, with a status of 200."""
    emulator.faults.add(fault)
    answer = get(DAY, GOOD)
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        answer.json()


@pytest.mark.parametrize("fault", [faults.reset(), faults.short_length(), faults.cut_chunk()])
def test_a_connection_may_break_in_the_middle(
    get: Get, emulator: VkAdsEmulator, fault: faults.Fault
) -> None:
    """The client sees a broken body, and the next request is answered."""
    emulator.faults.add(fault)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        get(DAY, GOOD)
    assert get(DAY, GOOD).status_code == 200


def test_an_answer_may_be_slow(get: Get, emulator: VkAdsEmulator) -> None:
    """A client that waits less gives up."""
    emulator.faults.add(faults.slow(0.2))
    with pytest.raises(requests.ReadTimeout):
        requests.get(emulator.url + PLANS, timeout=0.05)


def test_an_answer_may_be_compressed(get: Get, emulator: VkAdsEmulator) -> None:
    """Whatever the client accepts."""
    emulator.faults.add(faults.compressed())
    answer = get(PLANS, headers={"Accept-Encoding": "identity"}, stream=True)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.raw.read(decode_content=False)))["count"] == 2


def test_refusals_of_every_shape_can_be_had(get: Get, emulator: VkAdsEmulator) -> None:
    """Authorization, OAuth, resources, and a 429 with and without any right."""
    answers = []
    for fault in (
        faults.unauthorized("revoked_token"),
        faults.oauth_error(401, "deleted"),
        faults.error(403, "ERR_ACCESS_DENIED"),
        faults.too_many(retry_after=3),
        faults.too_many({"1": 0, "3600": 0}),
    ):
        emulator.faults.add(fault)
        answers.append(get(PLANS))
    flat, oauth, nested, limited, forbidden = answers
    assert (flat.status_code, flat.json()["code"]) == (401, "revoked_token")
    assert "revoked_token" in flat.headers["WWW-Authenticate"]
    assert (oauth.status_code, oauth.json()["error"]) == (401, "deleted")
    assert (nested.status_code, nested.json()["error"]["code"]) == (403, "ERR_ACCESS_DENIED")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "3")
    assert limited.json()["remaining"] == {"1": 0, "3600": 1000}
    assert set(forbidden.json()["limits"].values()) == {0}


def test_a_token_may_expire_in_the_middle_of_a_run(
    get: Get, emulator: VkAdsEmulator, ask_token: Get
) -> None:
    """The next read is a 401, and the slot stays taken."""
    emulator.faults.add(faults.before(emulator.tokens.expire), path=DAY)
    assert get(PLANS).status_code == 200
    assert get(DAY, GOOD).json()["code"] == "expired_token"
    assert ask_token().json()["tokens_left"] == 3


def test_an_ad_may_vanish_between_the_list_and_the_statistics(
    get: Get, emulator: VkAdsEmulator, account: Account
) -> None:
    """Its id then fails the call that asks for it."""
    emulator.faults.add(faults.after(lambda: account.remove_banner(71_200_346)), path=BANNERS)
    listed = [item["id"] for item in get(BANNERS).json()["items"]]
    assert 71_200_346 in listed
    assert get(DAY, GOOD).json()["error"]["code"] == "ERR_WRONG_BANNERS"
    assert 71_200_346 not in [item["id"] for item in get(BANNERS).json()["items"]]


def test_a_list_may_change_between_two_pages(
    get: Get, emulator: VkAdsEmulator, account: Account
) -> None:
    """An ad archived after the first page moves the second one up: one ad is skipped."""
    asked = {"sorting": "id", "limit": 3}
    whole = [item["id"] for item in get(BANNERS, {"sorting": "id"}).json()["items"]]
    archive = faults.after(lambda: account.archive(account.banners[whole[0]]))
    emulator.faults.add(archive, path=BANNERS)
    first = get(BANNERS, asked).json()
    second = get(BANNERS, {**asked, "offset": 3}).json()
    assert (first["count"], second["count"]) == (7, 6)
    assert whole[3] not in [item["id"] for item in first["items"] + second["items"]]


def test_an_answer_can_be_edited(get: Get, emulator: VkAdsEmulator) -> None:
    """For whatever no switch gives: results that differ from goals."""

    def differ(body: dict[str, object]) -> None:
        body["strange"] = True

    emulator.faults.add(faults.edit(differ))
    assert get(PLANS).json()["strange"] is True

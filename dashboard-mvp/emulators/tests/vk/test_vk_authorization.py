"""Who is let in, over real HTTP: a 401 says why in its body and once more in a header."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from zakaz_emulators.vk import VkAdsEmulator

Get = Callable[..., requests.Response]
PLANS = "/api/v2/ad_plans.json"


def expire(emulator: VkAdsEmulator) -> None:
    emulator.clock.advance(timedelta(hours=24))


def block_client(emulator: VkAdsEmulator) -> None:
    emulator.account.clients[emulator.client_id].blocked = True


def revoke(emulator: VkAdsEmulator) -> None:
    emulator.account.clients[emulator.client_id].revoked = True


def block_user(emulator: VkAdsEmulator) -> None:
    emulator.account.user.status = "blocked"


def idle(emulator: VkAdsEmulator) -> None:
    emulator.clock.advance(timedelta(days=31))


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (expire, "expired_token"),
        (block_client, "invalid_client"),
        (revoke, "revoked_token"),
        (block_user, "invalid_user"),
        (idle, "invalid_token"),
    ],
)
def test_each_401_has_its_code_in_a_flat_body_and_a_header(
    emulator: VkAdsEmulator, get: Get, happens: Callable[[VkAdsEmulator], None], code: str
) -> None:
    """A good token stops opening for five reasons, each told apart."""
    assert get(PLANS).status_code == 200
    happens(emulator)
    refused = get(PLANS)
    assert refused.status_code == 401
    assert set(refused.json()) == {"code", "message"}
    assert refused.json()["code"] == code
    told = refused.headers["WWW-Authenticate"]
    assert told.startswith(f'Bearer realm="api", error="{code}", error_description="')


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer", "Basic wrong"])
def test_an_unknown_token_is_invalid(emulator: VkAdsEmulator, header: str | None) -> None:
    """So is none at all, whatever the address under the API."""
    headers = {"Authorization": header} if header else {}
    for path in (PLANS, "/api/v2/no-such-thing.json"):
        refused = requests.get(emulator.url + path, headers=headers, timeout=300)
        assert (refused.status_code, refused.json()["code"]) == (401, "invalid_token")


def test_unknown_addresses_are_refused_nested(emulator: VkAdsEmulator, get: Get) -> None:
    """Under the API with a code, elsewhere with the page of the server in front."""
    unknown = get("/api/v2/statistics/reports.json")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "ERR_WRONG_RESOURCE")
    emulator.switches.err_prefix = False
    assert get("/api/v3/ad_plans.json").json()["error"]["code"] == "WRONG_RESOURCE"
    elsewhere = get("/method/ads.getAds")
    assert elsewhere.status_code == 404
    assert elsewhere.headers["Content-Type"].startswith("text/html")


def test_an_advertiser_is_no_agency(get: Get) -> None:
    """The list of an agency's clients is forbidden to everybody else."""
    refused = get("/api/v2/agency/clients.json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "ERR_ACCESS_DENIED")


def test_writing_is_not_allowed_and_is_remembered(
    emulator: VkAdsEmulator, session: requests.Session, get: Get
) -> None:
    """A POST to a list answers 405; only token calls are no writes."""
    assert get(PLANS).status_code == 200
    refused = session.post(emulator.url + "/api/v2/banners.json", json={}, timeout=300)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")
    assert [asked.path for asked in emulator.writes] == ["/api/v2/banners.json"]


def test_answers_are_dated_by_the_emulators_clock(emulator: VkAdsEmulator, get: Get) -> None:
    """A client that takes the time from the answers takes the virtual one; ids are told too."""
    answer = get(PLANS)
    assert answer.headers["Date"] == "Fri, 20 Mar 2026 12:00:00 GMT"
    assert answer.headers["x-request-id"] != get(PLANS).headers["x-request-id"]


def test_answers_may_be_compressed(emulator: VkAdsEmulator, get: Get) -> None:
    """With the switch on, for clients that accept it."""
    emulator.switches.gzip = True
    packed = get(PLANS)
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = get(PLANS, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_the_account_tells_too_much_unasked(get: Get) -> None:
    """Without ``fields`` a name and an address come along; with them nothing but what is asked."""
    assert get("/api/v3/user.json").json()["email"] == "owner@example.test"
    asked = get("/api/v2/user.json", {"fields": "id,currency,account"}).json()
    assert set(asked) == {"id", "currency", "account"}
    assert asked["account"]["balance"] == "12750.40"
    assert (asked["id"], asked["account"]["id"]) == (5_550_123, 5_550_999)

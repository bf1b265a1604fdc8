"""Token slots, over real HTTP: five of them, refreshed in place, emptied only by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from zakaz_emulators.vk import Client, VkAdsEmulator

Ask = Callable[..., requests.Response]
TOKEN = "/api/v2/oauth2/token.json"
DELETE = "/api/v2/oauth2/token/delete.json"
PLANS = "/api/v2/ad_plans.json"


def opens(emulator: VkAdsEmulator, token: str) -> bool:
    header = {"Authorization": f"Bearer {token}"}
    return requests.get(emulator.url + PLANS, headers=header, timeout=300).status_code == 200


def test_a_token_comes_with_its_life_and_the_slots_left(
    emulator: VkAdsEmulator, ask_token: Ask
) -> None:
    """The answer has the fields and types of the sheet, and the token opens the API."""
    given = ask_token().json()
    assert given["token_type"] == "bearer"
    assert given["expires_in"] == 86_400
    assert given["tokens_left"] == 4
    assert given["scope"] == "read_ads read_payments create_ads"
    assert opens(emulator, given["access_token"])


def test_the_life_may_come_as_text_or_not_at_all(emulator: VkAdsEmulator, ask_token: Ask) -> None:
    """Switches give the spellings of other samples."""
    emulator.switches.expires_in_as_text = True
    emulator.switches.scope_as_list = True
    emulator.switches.tell_tokens_left = False
    given = ask_token().json()
    assert given["expires_in"] == "86400"
    assert given["scope"][0] == "read_ads"
    assert "tokens_left" not in given
    emulator.switches.token_seconds = None
    assert ask_token().json()["expires_in"] == "None"


def test_the_sixth_token_is_refused_though_all_others_expired(
    emulator: VkAdsEmulator, ask_token: Ask
) -> None:
    """An expired token holds its slot: five days of careless asking end in a 403."""
    for _ in range(5):
        assert ask_token().status_code == 200
        emulator.clock.advance(timedelta(days=2))
    sixth = ask_token()
    assert sixth.status_code == 403
    assert sixth.json()["error"] == "token_limit_exceeded"
    assert set(sixth.json()) == {"error", "error_description"}
    assert (emulator.tokens.issued, emulator.tokens.refused) == (5, 1)


def test_slots_are_counted_for_each_client(emulator: VkAdsEmulator, ask_token: Ask) -> None:
    """Another API client of the same account has five slots of its own."""
    emulator.account.clients["demo-second"] = Client("demo-second", "demo-second-secret")
    for _ in range(5):
        ask_token()
    other = ask_token(client_id="demo-second", client_secret="demo-second-secret")
    assert other.json()["tokens_left"] == 4


def test_a_refresh_takes_no_slot_and_kills_the_old_value(
    emulator: VkAdsEmulator, ask_token: Ask
) -> None:
    """The same slot holds the new token; the refresh token stays."""
    old = ask_token().json()
    new = ask_token("refresh_token", refresh_token=old["refresh_token"]).json()
    assert new["tokens_left"] == 4
    assert new["refresh_token"] == old["refresh_token"]
    assert not opens(emulator, old["access_token"])
    assert opens(emulator, new["access_token"])
    assert (emulator.tokens.issued, emulator.tokens.renewed) == (1, 1)


def test_an_expired_token_can_be_refreshed(emulator: VkAdsEmulator, ask_token: Ask) -> None:
    """That a token is over does not end its slot."""
    old = ask_token().json()
    emulator.clock.advance(timedelta(days=3))
    new = ask_token("refresh_token", refresh_token=old["refresh_token"])
    assert opens(emulator, new.json()["access_token"])


def test_a_rotated_refresh_token_works_once(emulator: VkAdsEmulator, ask_token: Ask) -> None:
    """With rotation switched on the newest refresh token is the only one."""
    emulator.switches.rotate_refresh = True
    first = ask_token().json()["refresh_token"]
    second = ask_token("refresh_token", refresh_token=first).json()["refresh_token"]
    assert second != first
    again = ask_token("refresh_token", refresh_token=first)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_token_idle_for_a_month_frees_its_slot(emulator: VkAdsEmulator, ask_token: Ask) -> None:
    """It is gone with its refresh token; an eternal one stays."""
    old = ask_token().json()
    emulator.clock.advance(timedelta(days=31))
    assert ask_token("refresh_token", refresh_token=old["refresh_token"]).status_code == 400
    assert ask_token().json()["tokens_left"] == 4
    emulator.switches.token_seconds = None
    eternal = ask_token().json()["access_token"]
    emulator.clock.advance(timedelta(days=90))
    assert opens(emulator, eternal)


def test_deleting_empties_all_slots(
    emulator: VkAdsEmulator, session: requests.Session, ask_token: Ask
) -> None:
    """Every worker loses access, and five slots are free again."""
    token = [ask_token().json()["access_token"] for _ in range(5)][-1]
    form = {"client_id": emulator.client_id, "client_secret": emulator.client_secret}
    wrong = session.post(emulator.url + DELETE, data={**form, "user_id": "1"}, timeout=300)
    assert wrong.status_code == 400
    gone = session.post(emulator.url + DELETE, data={**form, "username": "demo_user"}, timeout=300)
    assert (gone.status_code, gone.content) == (204, b"")
    assert not opens(emulator, token)
    assert ask_token().json()["tokens_left"] == 4
    emulator.switches.delete_status = 200
    assert session.post(emulator.url + DELETE, data=form, timeout=300).status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant": "refresh_token", "refresh_token": "wrong"}, 400, "invalid_grant"),
        ({"grant": "agency_client_credentials"}, 403, "access_denied"),
        ({"grant": "authorization_code", "code": "x"}, 400, "invalid_grant"),
        ({"grant": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_refusals_are_worded_as_oauth_does(
    ask_token: Ask, form: dict[str, str], status: int, error: str
) -> None:
    """Status, ``error`` and ``error_description``; nothing nested."""
    refused = ask_token(**form)
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert refused.json()["error_description"]


def test_only_a_posted_form_is_understood(
    emulator: VkAdsEmulator, session: requests.Session
) -> None:
    """JSON and GET get no token."""
    form = {"client_id": emulator.client_id, "client_secret": emulator.client_secret}
    asked = {"grant_type": "client_credentials", **form}
    by_json = session.post(emulator.url + TOKEN, json=asked, timeout=300)
    assert (by_json.status_code, by_json.json()["error"]) == (400, "invalid_request")
    assert session.get(emulator.url + TOKEN, params=asked, timeout=300).status_code == 405
    assert emulator.tokens.issued == 0

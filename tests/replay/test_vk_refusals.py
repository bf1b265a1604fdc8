"""Tokens and refusals of VK Ads on recorded answers: four shapes of refusals, two of limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from recorded_vk import DAYS
from vk_ads import lists
from vk_ads.client import ACCOUNT
from vk_ads.refusals import RefusedError
from vk_ads.statistics import BANNERS, Asked
from zakaz.errors import PermanentSourceError

AD = "71200345"
DAILY = {"id": AD, "date_from": DAYS[0].isoformat(), "date_to": DAYS[1].isoformat()}


def test_a_token_is_asked_for_once_and_renewed_in_its_slot(vk_play: Any) -> None:
    """The first run asks for a token, the next day's first one renews it before it expires."""
    with vk_play("token") as tape:
        for later in (timedelta(0), timedelta(hours=12), timedelta(hours=23, minutes=45)):
            with tape.client(later=later) as client:
                assert client.account().currency == "RUB"
        (kept,) = tape.folder.glob("vk-token-*.json")

    assert kept.stat().st_mode & 0o777 == 0o600


def test_s06_an_expired_token_is_renewed_and_the_same_page_read_again(vk_play: Any) -> None:
    """401 ``expired_token``, flat: one renewal, and the list is whole."""
    with vk_play("expired") as tape, tape.client() as client:
        plans = client.listed(lists.PLANS)

    assert (len(plans.items), plans.odd) == (3, [])


def test_a_withdrawn_access_ends_the_run(vk_play: Any) -> None:
    """401 ``revoked_token``, flat: exit 78 after one request, and no token is asked for."""
    with (
        vk_play("revoked") as tape,
        tape.client() as client,
        pytest.raises(PermanentSourceError, match="revoked_token") as caught,
    ):
        client.account()

    assert (caught.value.exit_code, client.requests) == (78, 1)


def test_a_wrong_secret_is_told_and_not_shown(vk_play: Any) -> None:
    """The token endpoint's own shape: exit 78 with what to check, before any other request."""
    with (
        vk_play("wrong_secret", secret="wrong-secret-of-the-client") as tape,
        pytest.raises(PermanentSourceError, match=r"invalid_client.*CLIENT_SECRET") as caught,
        tape.client(),
    ):
        pass

    assert caught.value.exit_code == 78
    assert "wrong-secret" not in str(caught.value)


def test_no_free_slot_is_told_with_what_to_do(vk_play: Any) -> None:
    """403 ``token_limit_exceeded``: one request, and never a sixth token."""
    with (
        vk_play("no_slot") as tape,
        pytest.raises(PermanentSourceError, match="all five slots") as caught,
        tape.client(),
    ):
        pass

    assert (caught.value.exit_code, caught.value.status) == (78, 403)


def test_g3_s05_every_nested_refusal_is_typed_by_its_code(vk_play: Any) -> None:
    """A missing day, a page too long, a field and an address nobody knows: one request each."""
    cases = {
        BANNERS: ({"id": AD}, "WRONG_PARAMETER"),
        lists.PLANS.path: ({"limit": 1000}, "validation_failed"),
        lists.GROUPS.path: ({"fields": "id,banners"}, "unknown_resource_fields"),
        "/api/v2/statistics/reports.json": ({}, "WRONG_RESOURCE"),
    }
    with vk_play("refused") as tape, tape.client() as client:
        for path, (parameters, told) in cases.items():
            with pytest.raises(RefusedError, match=told) as caught:
                client.ask(path, parameters)
            assert caught.value.exit_code == 78
        assert client.requests == len(cases)


def test_g4_s02_a_reached_limit_is_waited_for(vk_play: Any) -> None:
    """429 with the second used up: the end of the second is awaited, then the days come."""
    with vk_play("rate_limit") as tape, tape.client() as client:
        parts = list(client.days([AD], DAYS, Asked()))

    assert [len(ad.rows) for part in parts for ad in part.ads] == [3]
    assert client.requests == 2


def test_a_method_without_rights_is_not_asked_twice(vk_play: Any) -> None:
    """429 whose limits are all 0 is no rate but a right that is missing: exit 78 at once."""
    with (
        vk_play("no_right") as tape,
        tape.client() as client,
        pytest.raises(PermanentSourceError, match="no right to the method") as caught,
    ):
        list(client.days([AD], DAYS, Asked()))

    assert (caught.value.exit_code, client.requests) == (78, 1)
    assert ACCOUNT not in str(caught.value)

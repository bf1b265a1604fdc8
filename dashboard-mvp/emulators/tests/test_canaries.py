"""The canary buyers: unique, planted everywhere, and found in whatever spelling they come out."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from urllib.parse import quote

import pytest
import requests
from zakaz_emulators.qtickets import (
    Canaries,
    QticketsEmulator,
    canaries_in,
    canary_organisation,
)
from zakaz_emulators.qtickets.canaries import Buyer


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    return canary_organisation()


@pytest.fixture(scope="module")
def answers(canaries: Canaries) -> dict[str, str]:
    """Everything the emulator says about the canary organisation."""
    asked = {
        "/orders": {"perPage": 500},
        "/discounts": {},
        "/promo-codes": {},
        "/shows/800010/seats": {"select": ["id", "spread"]},
        "/events": {},
    }
    with QticketsEmulator(canaries.organisation) as emulator, requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {emulator.token}"
        return {
            path: json.dumps(
                session.get(emulator.base_url + path, json=body, timeout=300).json(),
                ensure_ascii=False,
            )
            for path, body in asked.items()
        }


def test_g02_five_hundred_buyers_share_neither_surname_nor_address_nor_phone(
    canaries: Canaries,
) -> None:
    """First names are ordinary: of themselves they name nobody."""
    for part in ("surname", "email", "phone"):
        assert len({getattr(buyer, part) for buyer in canaries.buyers}) == 500
    assert len({buyer.name for buyer in canaries.buyers}) == 5
    assert {len(canaries_in(text)) > 0 for text in canaries.strings} == {True}


def test_g02_every_planted_spelling_is_in_an_answer(
    canaries: Canaries, answers: dict[str, str]
) -> None:
    """Names, addresses and phones, in each of the places."""
    everything = "".join(answers.values())
    places = Counter((one.place, one.kind) for one in canaries.planted)
    assert {place for place, _ in places} >= {
        "client", "baskets.comment", "custom", "fields", "note", "promo_code", "discount", "seats",
        "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "price", "payed",
    }  # fmt: skip
    assert {kind for _, kind in places} == {"name", "email", "phone"}
    said = set(re.findall(r'"((?:[^"\\]|\\.)*)"', everything))  # most stand there as they are
    missing = [one for one in canaries.planted if one.text not in said]
    missing = [one for one in missing if json.dumps(one.text)[1:-1] not in everything]
    missing = [one for one in missing if one.text not in everything]
    assert missing == []
    assert not canaries_in(answers["/events"])


def test_names_stand_in_promo_codes_only_when_asked(canaries: Canaries) -> None:
    """Nobody can tell them from other words there."""
    named = canary_organisation(30, names_in_promo_codes=True)
    for one, kinds in ((canaries, {"email", "phone"}), (named, {"email", "phone", "name"})):
        assert {p.kind for p in one.planted if p.place == "promo_code"} == kinds


def test_some_orders_are_malformed_in_six_ways(canaries: Canaries) -> None:
    """Few enough for a load to go on."""
    assert len(canaries.malformed) == 13
    assert len(canaries.organisation.spoilers) == 500
    wrong = {"price", "updated_at", "event_id", "payed", "baskets.price", "created_at"}
    assert wrong <= {one.place for one in canaries.planted}


BUYER = Buyer(7)


@pytest.mark.parametrize(
    "text",
    [
        f"покупатель {BUYER.surname.lower()} и другие",
        json.dumps(BUYER.surname),
        quote(BUYER.surname),
        quote(quote(BUYER.surname)),
        BUYER.email.upper(),
        quote(BUYER.email, safe=""),
        b64encode(BUYER.email.encode()).decode(),
        f"x={b64encode(BUYER.surname.encode()).decode().rstrip('=')};",
        *BUYER.phones,
        f"tel%3A{quote(BUYER.phone)}",
    ],
)
def test_g02_a_canary_is_found_however_it_comes_out(text: str) -> None:
    """Plain, escaped, percent-encoded once or twice, in base64, in any case."""
    assert canaries_in(text)


@pytest.mark.parametrize(
    "text", ["", "7000001 900001 870000000011", "канарский берег", "9000000", "%zz \\u12 AAAA====="]
)
def test_what_is_no_canary_is_not_found(text: str) -> None:
    """Ids, sums and other words stay what they are."""
    assert canaries_in(text) == set()

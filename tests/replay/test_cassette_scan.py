"""Nobody's data is on a cassette: the tracked ones are looked through, and saving is tried."""

from __future__ import annotations

import copy
import gzip
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
import yaml
from cassette_recorder import recorder
from cassette_scan import interactions, leaks
from cassette_services import QTICKETS, SERVICES, VK
from zakaz_emulators.qtickets import QticketsEmulator, canaries_in, canary_organisation
from zakaz_emulators.vk import VkAdsEmulator, small_account
from zakaz_emulators.vk.oauth import TOKEN as TOKEN_PATH

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "cassettes").rglob("*.yaml"))
EMAIL, PHONE = "canary@example.org", "+79000000001"
Exchange = dict[str, Any]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_g02_no_cassette_holds_anything_private(path: Path) -> None:
    """No token, person, address, phone, card, cookie or link that opens something is recorded."""
    assert leaks(interactions(path), SERVICES[path.parent.name]) == set()
    assert canaries_in(path.read_text(encoding="utf-8")) == set()


def _answer(exchange: Exchange, change: Callable[[Any], None]) -> None:
    said = exchange["response"]["body"]
    page = json.loads(said["string"])
    change(page["data"][0])
    said["string"] = json.dumps(page)


def _in_order(**fields: Any) -> Callable[[Exchange], None]:
    return lambda exchange: _answer(exchange, lambda order: order.update(fields))


def _header(side: str, name: str, value: str) -> Callable[[Exchange], None]:
    return lambda exchange: exchange[side]["headers"].update({name: [value]})


def _address(change: Callable[[str], str]) -> Callable[[Exchange], None]:
    return lambda exchange: exchange["request"].update(uri=change(exchange["request"]["uri"]))


def _packed(exchange: Exchange) -> None:
    exchange["response"]["body"]["string"] = gzip.compress(f'{{"tel": "{PHONE}"}}'.encode())


def _escaped(exchange: Exchange) -> None:
    body = exchange["response"]["body"]
    body["string"] = body["string"].replace('"RUB"', '"canary\\u0040example.org"', 1)


def _jwt(payload: str) -> str:
    head = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return f"{head}.{urlsafe_b64encode(payload.encode()).decode()}."


PLANTS: dict[str, tuple[str, Callable[[Exchange], None]]] = {
    "token in the request's header": ("token", _header("request", "Authorization", "Bearer abc1")),
    "token in the query": ("token", _address(lambda uri: f"{uri}?access_token=abc1")),
    "password in the address": (
        "password in an address", _address(lambda uri: uri.replace("://", "://me:abc1@")),
    ),
    "set-cookie of the answer": ("cookie", _header("response", "Set-Cookie", "session=abc1")),
    "e-mail in base64 in a cookie": (
        "e-mail", _header("request", "Cookie", f"who={b64encode(EMAIL.encode()).decode()}"),
    ),
    "token in a header of the answer": ("token", _header("response", "X-Debug", _jwt("me"))),
    "e-mail escaped in the answer": ("e-mail", _escaped),
    "e-mail percent-encoded twice in the address": (
        "e-mail", _address(lambda uri: f"{uri}?q={quote(quote(EMAIL, safe=''))}"),
    ),
    "phone in the request's body": (
        "phone", lambda exchange: exchange["request"].update(body=f'{{"where":"{PHONE}"}}'),
    ),
    "card in url-safe base64 without padding": (
        "card",
        _in_order(series=urlsafe_b64encode(b"card 400000******0002").decode().rstrip("=")),
    ),
    "phone in a packed answer": ("phone", _packed),
    "person in JSON within JSON": (
        "person", _in_order(uniqid="", custom="", series=json.dumps({"client_surname": "Кенар"})),
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", PLANTS)
def test_g02_each_of_twelve_planted_canaries_is_found(place: str, tmp_path: Path) -> None:
    """In headers, addresses, queries and bodies of both sides, in whatever encoding."""
    kind, plant = PLANTS[place]
    exchange = copy.deepcopy(interactions(ROOT / "cassettes/qtickets_api/orders.yaml")[0])
    plant(exchange)
    path = tmp_path / "planted.yaml"
    path.write_text(yaml.safe_dump({"interactions": [exchange]}), encoding="utf-8")

    assert kind in leaks(interactions(path))


def test_g02_a_link_that_opens_something_is_found() -> None:
    """With the slashes PHP escapes."""
    said = {"string": r'{"payment_note": "https:\/\/qtickets.ru\/pay\/aB3"}'}
    assert leaks(said) == {"link that opens something"}
    assert leaks({"string": '{"a": "https://qtickets.ru/legal", "id": 7000001}'}) == set()


def test_g02_nothing_of_five_hundred_buyers_is_saved(tmp_path: Path) -> None:
    """Recorded as the cassettes are, of buyers who hide in every field, nothing is left."""
    path = tmp_path / "buyers.yaml"
    asked = {
        "/orders": {"perPage": 500},
        "/orders/7000009": None,
        "/discounts": {"perPage": 500},
        "/promo-codes": {},
        "/shows/800010/seats": {"select": ["id", "name", "spread"]},
    }
    with (
        QticketsEmulator(canary_organisation().organisation) as emulator,
        requests.Session() as session,
        recorder(QTICKETS, "all", "emulator").use_cassette(str(path)),
    ):
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {emulator.token}"
        session.headers["Cookie"] = f"who={EMAIL}"
        for place, body in asked.items():
            answer = session.get(emulator.base_url + place, json=body, timeout=300)
            assert answer.status_code == 200
            assert canaries_in(answer.text)

    saved = path.read_text(encoding="utf-8")
    assert emulator.token not in saved
    exchanges = interactions(path)
    assert len(exchanges) == len(asked)
    assert canaries_in(saved) == set()
    assert leaks(exchanges) == set()
    kept = json.loads(exchanges[0]["response"]["body"]["string"])["data"]
    assert len(kept) == 500
    assert {order["utm"]["utm_source"] for order in kept} == {"vk", "[removed]"}


VK_PLANTS: dict[str, tuple[str, Callable[[Exchange], None]]] = {
    "secret in the form": (
        "token", lambda exchange: exchange["request"].update(body="client_secret=abc1"),
    ),
    "token of the answer": (
        "token", lambda exchange: _said(exchange, access_token="EXAMPLEaccess0001"),
    ),
    "renewing token of the answer": (
        "token", lambda exchange: _said(exchange, refresh_token="EXAMPLErefresh0001"),
    ),
    "owner of the account": ("person", lambda exchange: _said(exchange, username="demo_user")),
    "balance of the account": (
        "person", lambda exchange: _said(exchange, account={"balance": "12750.40"}),
    ),
}  # fmt: skip


def _said(exchange: Exchange, **fields: Any) -> None:
    body = exchange["response"]["body"]
    body["string"] = json.dumps(json.loads(body["string"]) | fields)


@pytest.mark.parametrize("place", VK_PLANTS)
def test_g02_a_planted_secret_of_vk_ads_is_found(place: str) -> None:
    """What opens the account, and who owns it, is seen on a cassette."""
    kind, plant = VK_PLANTS[place]
    exchange = copy.deepcopy(interactions(VK.folder / "token.yaml")[0])
    assert leaks(exchange, VK) == set()
    plant(exchange)

    assert leaks(exchange, VK) == {kind}


def test_g02_nothing_that_opens_the_account_or_names_its_owner_is_saved(tmp_path: Path) -> None:
    """Recorded as the cassettes are, a token request and the whole account leave no secret."""
    path = tmp_path / "owner.yaml"
    with (
        VkAdsEmulator(small_account()) as emulator,
        requests.Session() as session,
        recorder(VK, "all", "emulator").use_cassette(str(path)),
    ):
        session.trust_env = False
        opens = {"client_id": emulator.client_id, "client_secret": emulator.client_secret}
        grants = {"grant_type": "client_credentials"}, {"grant_type": "refresh_token"}
        for grant in grants:
            form = grant | opens | {"refresh_token": session.headers.get("X-Renew", "")}
            given = session.post(emulator.url + TOKEN_PATH, data=form, timeout=300).json()
            session.headers["Authorization"] = f"Bearer {given['access_token']}"
            session.headers["X-Renew"] = given["refresh_token"]
        fields = "id,username,email,firstname,lastname,account"
        whole = f"{emulator.base_url}/api/v3/user.json?fields={fields}"
        owner = session.get(whole, timeout=300).json()

    saved = path.read_text(encoding="utf-8")
    user = emulator.account.user
    assert owner["email"] == user.email
    for secret in (*opens.values(), "EXAMPLE", user.email, user.lastname, str(user.balance)):
        assert secret not in saved
    assert leaks(interactions(path), VK) == set()
    assert len(interactions(path)) == 3

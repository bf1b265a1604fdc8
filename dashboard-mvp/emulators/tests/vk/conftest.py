"""What the tests of the VK Ads emulator share: a small account behind a server, and a reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from zakaz_emulators.vk import Account, VkAdsEmulator, small_account

TOKEN = "/api/v2/oauth2/token.json"


@pytest.fixture
def account() -> Account:
    return small_account()


@pytest.fixture
def emulator(account: Account) -> Iterator[VkAdsEmulator]:
    with VkAdsEmulator(account) as running:
        yield running


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as open_session:
        open_session.trust_env = False
        yield open_session


@pytest.fixture
def ask_token(
    emulator: VkAdsEmulator, session: requests.Session
) -> Callable[..., requests.Response]:
    """Asks the token endpoint; what is named replaces or adds to a good form."""

    def ask(grant: str = "client_credentials", **form: str) -> requests.Response:
        good = {"client_id": emulator.client_id, "client_secret": emulator.client_secret}
        data = {"grant_type": grant, **good, **form}
        return session.post(emulator.url + TOKEN, data=data, timeout=300)

    return ask


@pytest.fixture
def get(
    emulator: VkAdsEmulator,
    session: requests.Session,
    ask_token: Callable[..., requests.Response],
) -> Callable[..., requests.Response]:
    """Reads with a good token, as often as one likes."""
    emulator.rates.limit()
    session.headers["Authorization"] = f"Bearer {ask_token().json()['access_token']}"

    def read(path: str, parameters: Any = None, **options: Any) -> requests.Response:
        return session.get(emulator.url + path, params=parameters, timeout=300, **options)

    return read

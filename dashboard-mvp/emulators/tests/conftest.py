"""What the emulator's tests share: a small organisation behind a running server, and a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest
import requests
from zakaz_emulators.demo_organisation import demo_organisation
from zakaz_emulators.qtickets import Organisation, QticketsEmulator, small_organisation


@pytest.fixture(scope="session")
def invented() -> Callable[..., Organisation]:
    """Return the maker of demo organisations, each made once a session: nobody changes them."""
    return cache(demo_organisation)


@pytest.fixture
def organisation() -> Organisation:
    return small_organisation()


@pytest.fixture
def emulator(organisation: Organisation) -> Iterator[QticketsEmulator]:
    with QticketsEmulator(organisation, token="right-token") as running:
        yield running


@pytest.fixture
def session(emulator: QticketsEmulator) -> Iterator[requests.Session]:
    with requests.Session() as open_session:
        open_session.trust_env = False
        open_session.headers["Authorization"] = f"Bearer {emulator.token}"
        yield open_session

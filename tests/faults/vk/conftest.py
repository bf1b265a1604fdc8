"""The stage of every fault of VK Ads: an advertiser that can be broken, a store with the schema."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kept import Kept
from vk_ads import client, load
from warehouse.vk.conftest import (
    _time_of_the_service,
    account,
    kept,
)
from zakaz_emulators.vk import Account, VkAdsEmulator

sys.path.append(str(Path(__file__).parent))

from account_service import AccountProcess, Service
from ad_trial import AdTrial

__all__ = ["_time_of_the_service", "account", "kept"]


@pytest.fixture
def trial(account: Account, kept: Kept, tmp_path: Path, said: list[str]) -> Iterator[AdTrial]:
    """Give the advertiser behind a running emulator, and a store that was read up to yesterday.

    A run then reads the last thirty days, which is one window.
    """
    kept.empty()
    with VkAdsEmulator(account) as emulator:
        trial = AdTrial(emulator, kept, tmp_path, said)
        trial.read_to_yesterday()
        yield trial
        assert emulator.writes == [], "a loader must never send anything but GET"
        assert trial.leaks() == [], "a secret was told"


@pytest.fixture(scope="session")
def account_process() -> Iterator[AccountProcess]:
    """Yield the process that serves accounts."""
    process = AccountProcess()
    yield process
    process.end()


@pytest.fixture
def service(
    account_process: AccountProcess, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Service:
    """Return an account in a process of its own, on its own clock, and an empty store."""
    monkeypatch.setattr(load, "connect", client.connect)
    kept.empty()
    return account_process.begin(kept, tmp_path)

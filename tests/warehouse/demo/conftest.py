"""The demo organisation behind both emulators, and a store that the real loaders fill from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import demo_by_hand
import pytest
from kept import Kept
from marketing_by_hand import Ledger
from qtickets_api.__main__ import SOURCE as QTICKETS
from vk_ads.__main__ import SOURCE as VK
from zakaz import sync
from zakaz.progress import silent
from zakaz.source import Source, SyncRequest
from zakaz.sync import SourceOutcome
from zakaz.warehouse.url import warehouse_url
from zakaz_emulators.clock import MOSCOW
from zakaz_emulators.demo_account import demo_account
from zakaz_emulators.demo_organisation import demo_organisation
from zakaz_emulators.qtickets import QticketsEmulator
from zakaz_emulators.vk import VkAdsEmulator

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=MOSCOW)
"""The days that VK still corrects lie on both sides of a month's end."""

ORDERS = 400


class Ground:
    """One organiser with one ad account, and one store; ``sync`` is the whole of ``zakaz sync``."""

    def __init__(
        self, tickets: QticketsEmulator, ads: VkAdsEmulator, store: Kept, home: Path
    ) -> None:
        self.tickets = tickets
        self.ads = ads
        self.store = store
        self.environ = {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home),
            "QTICKETS_TOKEN": tickets.token,
            "QTICKETS_BASE_URL": tickets.base_url,
            "QTICKETS_ACCOUNT_ID": "demo",
            "VK_ADS_CLIENT_ID": ads.client_id,
            "VK_ADS_CLIENT_SECRET": ads.client_secret,
            "VK_ADS_BASE_URL": ads.base_url,
            "ZAKAZ_WAREHOUSE_URL": f"chdb://{store.root}",
        }

    def clock(self) -> datetime:
        """Give the present of the services."""
        return self.ads.clock.now

    def sync(self, *sources: Source) -> list[SourceOutcome]:
        """Load the sources, both by default, one second after the last time."""
        self.ads.clock.advance(1)
        self.store.close()
        request = SyncRequest(environ=self.environ, clock=self.clock, progress=silent())
        outcomes = sync.run(sources or (QTICKETS, VK), request, warehouse_url(self.environ))
        assert [one.error or one.run.message for one in outcomes if one.exit_code] == []
        return outcomes

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        return self.store.warehouse.query(sql).rows


@contextmanager
def organiser(store: Kept, home: Path) -> Iterator[Ground]:
    """Serve the organisation, as it is at ``NOW``, beside a store."""
    organisation = demo_organisation(now=NOW, orders=ORDERS)
    account = demo_account(now=NOW, orders=ORDERS)
    with QticketsEmulator(organisation, frozen=True) as tickets, VkAdsEmulator(account) as ads:
        ads.rates.limit()
        ads.switches.fill_zero_days = False  # as zakaz demo serves it
        yield Ground(tickets, ads, store, home)
        assert [*tickets.writes, *ads.writes] == [], "a loader must never send anything but GET"
    store.close()


@pytest.fixture(scope="session")
def synced(bootstrapped_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Return the organisation with its store filled by one synchronisation; the store is closed."""
    store = Kept(bootstrapped_folder, tmp_path_factory.mktemp("kept"))
    store.empty()
    with organiser(store, tmp_path_factory.mktemp("home")) as ground:
        ground.sync()
        yield ground


@pytest.fixture(scope="session")
def by_hand(synced: Ground) -> Ledger:
    """Return the entries that the figures are added up from, out of the records."""
    return demo_by_hand.read(synced.tickets.organisation, synced.ads.account)


@pytest.fixture(scope="module")
def loaded(synced: Ground) -> Iterator[Ground]:
    """Return the organisation with its store, which the tests only read."""
    yield synced
    synced.store.close()


@pytest.fixture
def restated(synced: Ground, tmp_path: Path) -> Iterator[Ground]:
    """Return the same organisation at the same instant with a store of its own: a copy."""
    synced.store.close()
    store = Kept(synced.store.root / "live", tmp_path)
    store.empty()
    with organiser(store, tmp_path / "home") as ground:
        ground.ads.clock.advance(synced.clock() - ground.clock())
        yield ground

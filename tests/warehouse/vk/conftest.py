"""An advertiser behind an emulator, a store on a real engine, and the ledger to compare with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from kept import Kept
from vk_ads import client, staging
from vk_ads.__main__ import SOURCE
from zakaz import facts
from zakaz.progress import silent
from zakaz.snapshot import snapshot
from zakaz.source import SyncReport, SyncRequest
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz_emulators.vk import Account, VkAdsEmulator, small_account

Figures = tuple[int, int, Decimal, int]
STAGED = """
SELECT banner_id, stat_date, impressions, clicks, spend, goals
FROM zakaz.stg_vk_ads_daily FINAL WHERE NOT is_deleted
"""


class Ground:
    """One advertiser and one store; ``load`` is the real loader over real HTTP."""

    def __init__(self, emulator: VkAdsEmulator, store: Kept, home: Path) -> None:
        self.emulator = emulator
        self.account: Account = emulator.account
        self.store = store
        self.environ = {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "VK_ADS_CLIENT_ID": emulator.client_id,
            "VK_ADS_CLIENT_SECRET": emulator.client_secret,
            "VK_ADS_BASE_URL": emulator.base_url,
            "ZAKAZ_WAREHOUSE_URL": f"chdb://{store.root}",
        }

    @property
    def warehouse(self) -> EmbeddedWarehouse:
        """The open store."""
        return self.store.warehouse

    def clock(self) -> datetime:
        """Give the present of the service."""
        return self.account.clock.now

    def pass_(self, **time: float) -> None:
        """Let time pass at the service and here."""
        self.account.clock.advance(timedelta(**time))

    def request(self, **asked: Any) -> SyncRequest:
        """Give what a run is asked."""
        return SyncRequest(environ=self.environ, clock=self.clock, progress=silent(), **asked)

    def read_to_yesterday(self) -> None:
        """Let the store know that it was read, so that a run reads the trailing days only."""
        now = self.clock()
        yesterday = now.date() - timedelta(days=1)
        staging.move_to(self.warehouse, str(self.account.user.id), yesterday, now)

    def load(self, **asked: Any) -> SyncReport:
        """Load and rebuild the facts, one second after the last load."""
        self.pass_(seconds=1)
        report = SOURCE.load(self.warehouse, self.request(run_id="run", **asked))
        facts.rebuild_dirty(self.warehouse, at=self.clock())
        return report

    def staged(self) -> dict[tuple[str, date], Figures]:
        """Give what staging counts, without days on which nothing was done."""
        rows = self.warehouse.query(STAGED).rows
        return {(ad, day): (*figures,) for ad, day, *figures in rows if any(figures)}  # type: ignore[misc]

    def truth(self, *days: date) -> dict[tuple[str, date], Figures]:
        """Give the same by the ledger, as of now."""
        return {
            (row.banner_id, row.stat_date): (row.shows, row.clicks, row.spent, row.goals)
            for row in self.emulator.ledger.daily(*days)
        }

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        return [tuple(row) for row in self.warehouse.query(sql).rows]


@pytest.fixture
def account() -> Account:
    """Give the advertiser of a test: three campaigns, twelve ads, sixty days."""
    return small_account()


@pytest.fixture(autouse=True)
def _time_of_the_service(monkeypatch: pytest.MonkeyPatch, account: Account) -> None:
    """Let the loader wait in the time of the service."""
    wait_with(account, monkeypatch)


def wait_with(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the loader wait in the time of a service, where no test has to wait with it."""
    real: Callable[..., Any] = client.connect
    waits = account.clock.sleep
    for module in ("vk_ads.load", "vk_ads.dry_run", "vk_ads.probe"):
        monkeypatch.setattr(
            f"{module}.connect", lambda *given, **more: real(*given, **{"sleep": waits} | more)
        )


@pytest.fixture(scope="module")
def kept(bootstrapped_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Give the store that a module's tests share."""
    store = Kept(bootstrapped_folder, tmp_path_factory.mktemp("kept"))
    yield store
    store.close()


@pytest.fixture
def ground(account: Account, kept: Kept, tmp_path: Path) -> Iterator[Ground]:
    """Give the advertiser behind a running emulator, and an empty store with the schema."""
    kept.empty()
    with VkAdsEmulator(account) as emulator:
        yield Ground(emulator, kept, tmp_path)
        assert emulator.writes == [], "a loader must never send anything but GET"


@dataclass(frozen=True)
class FirstLoad:
    """A store after the first load of the small account, and what its clock told then."""

    folder: Path
    now: datetime


@pytest.fixture(scope="session")
def first_loads() -> list[FirstLoad]:
    """Return what was loaded already: one, or none yet."""
    return []


@pytest.fixture(scope="module")
def first_load(
    first_loads: list[FirstLoad], kept: Kept, tmp_path_factory: pytest.TempPathFactory
) -> FirstLoad:
    """Load once what many tests begin with."""
    if not first_loads:
        kept.empty()
        account, place = small_account(), tmp_path_factory.mktemp("first-load")
        with VkAdsEmulator(account) as emulator, pytest.MonkeyPatch.context() as patch:
            wait_with(account, patch)
            ground = Ground(emulator, kept, place)
            ground.load()
            kept.close()
            snapshot(kept.root / "live", place / "live")
            first_loads.append(FirstLoad(place / "live", ground.clock()))
    return first_loads[0]


@pytest.fixture
def loaded(first_load: FirstLoad, account: Account, kept: Kept, tmp_path: Path) -> Iterator[Ground]:
    """Return what ``ground`` is after its first load; the store is a copy of one."""
    kept.renew(first_load.folder)
    account.clock.set(first_load.now)
    with VkAdsEmulator(account) as emulator:
        yield Ground(emulator, kept, tmp_path)
        assert emulator.writes == [], "a loader must never send anything but GET"

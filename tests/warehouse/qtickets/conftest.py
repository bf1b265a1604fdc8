"""An organiser behind an emulator, a store on a real engine, and the ledger to compare with."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kept import Kept
from qtickets_api import client
from qtickets_api.__main__ import SOURCE
from zakaz import facts, sync
from zakaz.http import HttpSource
from zakaz.progress import silent
from zakaz.snapshot import snapshot
from zakaz.source import SyncReport, SyncRequest
from zakaz.sync import SourceOutcome
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.url import warehouse_url
from zakaz_emulators.qtickets import Organisation, QticketsEmulator, small_organisation

STAGING = ("orders", "baskets", "events", "shows", "discounts", "promo_codes")


class Ground:
    """One organiser and one store; ``load`` is the real loader over real HTTP."""

    def __init__(self, emulator: QticketsEmulator, store: Kept) -> None:
        self.emulator = emulator
        self.organisation: Organisation = emulator.organisation
        self.now: datetime = emulator.organisation.now
        self.store = store
        self.environ = {
            "QTICKETS_TOKEN": emulator.token,
            "QTICKETS_BASE_URL": emulator.base_url,
            "QTICKETS_PAGE_SIZE": "50",
            "ZAKAZ_WAREHOUSE_URL": f"chdb://{store.root}",
        }

    @property
    def root(self) -> Path:
        """The folder of the whole store."""
        return self.store.root

    @property
    def warehouse(self) -> EmbeddedWarehouse:
        """The open store."""
        return self.store.warehouse

    def close(self) -> None:
        """Close the store; the next use opens it again."""
        self.store.close()

    def clock(self) -> datetime:
        """Give the present, a second later each time."""
        self.now += timedelta(seconds=1)
        return self.now

    def request(self, **asked: Any) -> SyncRequest:
        """Give what a run is asked."""
        return SyncRequest(environ=self.environ, clock=self.clock, progress=silent(), **asked)

    def load(self, **asked: Any) -> SyncReport:
        """Load with the store open and rebuild the facts; errors come out as they are."""
        report = SOURCE.load(self.warehouse, self.request(run_id="run", **asked))
        facts.rebuild_dirty(self.warehouse, at=self.clock())
        return report

    def counts(self, report: SyncReport, *streams: str) -> tuple[int, int, int]:
        """Give received, accepted and quarantined of the streams, events and orders by default."""
        chosen = [one for one in report.streams if one.stream in (streams or ("events", "orders"))]
        return (
            sum(one.received for one in chosen),
            sum(one.accepted for one in chosen),
            sum(one.quarantined for one in chosen),
        )

    def sync(self, **asked: Any) -> SourceOutcome:
        """Run the whole machinery of ``zakaz sync`` with its lock, journal and publication."""
        self.close()
        (outcome,) = sync.run([SOURCE], self.request(**asked), warehouse_url(self.environ))
        return outcome

    def live_an_hour(self) -> None:
        """Let an hour pass in which an order comes, one is refunded and one cancelled."""
        self.now += timedelta(hours=1)
        ids = [order.id for order in self.organisation.orders]
        came = self.now - timedelta(minutes=10)
        self.organisation.insert_order(event_id=80001, created_at=came)
        self.organisation.refund(ids[-3], at=self.now)
        self.organisation.cancel(ids[-5], self.now)

    def rows(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """Ask the open store."""
        return self.warehouse.query(sql, params).rows

    def sales(self) -> list[tuple[Any, ...]]:
        """Give the figures of the dashboard's view by day, event and currency."""
        return self.rows(
            "SELECT d, event_id, currency, sum(orders), sum(tickets_sold), sum(gross),"
            " sum(refunds), sum(revenue) FROM bi.v_sales_daily GROUP BY d, event_id, currency"
            " HAVING sum(orders) + sum(tickets_sold) > 0 OR sum(gross) != 0 OR sum(refunds) != 0"
            " ORDER BY d, toUInt64(event_id), currency"
        )

    def seats(self) -> list[tuple[Any, ...]]:
        """Give event, show, capacity, sold, reserved, left of the dashboard's view."""
        return self.rows(
            "SELECT event_id, show_id, seats_total, seats_sold, seats_reserved, seats_left"
            " FROM bi.v_inventory ORDER BY toUInt64(event_id), toUInt64(show_id)"
        )

    def true_seats(self) -> list[tuple[Any, ...]]:
        """Give the same figures out of the emulator's ledger, of the shows that are open."""
        return [
            (row.event_id, row.show_id, row.capacity, row.sold, row.reserved, row.left)
            for row in self.emulator.ledger.inventory()
            if row.is_open
        ]

    def truth(self, without: Collection[int] = ()) -> list[tuple[Any, ...]]:
        """Give the same figures out of the emulator's ledger."""
        return [
            (row.sales_date, row.event_id, row.currency, row.orders, row.tickets, row.gross,
             row.refunds, row.net)
            for row in self.emulator.ledger.daily(without)
        ]  # fmt: skip

    def day(self, day: date) -> tuple[Any, ...]:
        """Give orders, tickets, gross, refunds and net of one day in the dashboard's view."""
        (row,) = self.rows(
            "SELECT sum(orders), sum(tickets_sold), sum(gross), sum(refunds), sum(revenue)"
            " FROM bi.v_sales_daily WHERE d = {day:Date}",
            day=day,
        )
        return row

    def digest(self) -> dict[str, list[tuple[Any, ...]]]:
        """Give the business columns of all staging tables and facts."""
        found = {}
        for table in [*(f"stg_qtickets_{name}" for name in STAGING), "fact_qtickets_sales_daily",
                      "fact_qtickets_sales_hourly"]:  # fmt: skip
            found[table] = self.rows(
                f"SELECT * EXCEPT (_ver, _loaded_at) FROM zakaz.{table} FINAL ORDER BY ALL"
            )
        return found

    def cursors(self) -> list[tuple[Any, ...]]:
        """Give the place of every stream."""
        return self.rows("SELECT stream, value FROM zakaz.meta_watermarks FINAL ORDER BY stream")

    def modes(self) -> list[str]:
        """Give the conditions' columns of every request for orders so far."""
        return [
            "+".join(condition["column"] for condition in asked.json.get("where", []))
            for asked in self.emulator.requests
            if asked.path.endswith("/orders")
        ]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let retries follow each other at once."""
    impatient = functools.partial(HttpSource, sleep=lambda seconds: None)
    monkeypatch.setattr(client, "HttpSource", impatient)


@pytest.fixture(scope="module")
def organiser() -> Callable[[], Organisation]:
    """Return the maker of the organiser of a test: 123 orders over two weeks."""
    return small_organisation


@pytest.fixture
def organisation(organiser: Callable[[], Organisation]) -> Organisation:
    """Return the organiser of a test, the same each time."""
    return organiser()


@pytest.fixture
def ground(organisation: Organisation, kept: Kept) -> Iterator[Ground]:
    """Give the organiser behind a running emulator, and an empty store with the schema."""
    kept.empty()
    with standing_on(organisation, kept) as ground:
        yield ground


@dataclass(frozen=True)
class FirstLoad:
    """A store after the first load of an organiser, and when that was."""

    folder: Path
    now: datetime


@pytest.fixture(scope="session")
def first_loads() -> dict[Callable[[], Organisation], FirstLoad]:
    """Return what was loaded already, by the maker of its organiser."""
    return {}


@pytest.fixture(scope="module")
def first_load(
    first_loads: dict[Callable[[], Organisation], FirstLoad],
    organiser: Callable[[], Organisation],
    kept: Kept,
    tmp_path_factory: pytest.TempPathFactory,
) -> FirstLoad:
    """Load once what many tests begin with."""
    if organiser not in first_loads:
        kept.empty()
        folder = tmp_path_factory.mktemp("first-load") / "live"
        with standing_on(organiser(), kept) as ground:
            ground.load()
            kept.close()
            snapshot(kept.root / "live", folder)
            first_loads[organiser] = FirstLoad(folder, ground.now)
    return first_loads[organiser]


@pytest.fixture
def loaded(organisation: Organisation, first_load: FirstLoad, kept: Kept) -> Iterator[Ground]:
    """Return what ``ground`` is after its first load; the store is a copy of one."""
    kept.renew(first_load.folder)
    with standing_on(organisation, kept) as ground:
        ground.now = first_load.now
        yield ground


@contextmanager
def standing_on(organisation: Organisation, kept: Kept) -> Iterator[Ground]:
    """Run the emulator; nothing but GET may have come when it ends."""
    with QticketsEmulator(organisation) as emulator:
        yield Ground(emulator, kept)
        assert emulator.writes == [], "a loader must never send anything but GET"

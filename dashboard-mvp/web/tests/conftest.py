"""One known store for all tests of this room, and a client of the dashboard over it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from zakaz.warehouse.connect import open_for_writing
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl
from zakaz_web.app import Dashboard, create_app
from zakaz_web.reading import Reading
from zakaz_web.security import Door

sys.path.append(str(Path(__file__).resolve().parent))

import sample_ads
import sample_store
from bench_store import BenchStore
from in_process import InProcess
from sample_ads import Ad
from sample_store import NOW, Sale

ADDRESS = "http://127.0.0.1:8765"
Holding = Callable[[Callable[[Warehouse], None]], TestClient]


@pytest.fixture(scope="session")
def sales() -> list[Sale]:
    """Give the sales that the store holds."""
    return sample_store.invent(NOW)


@pytest.fixture(scope="session")
def ads() -> list[Ad]:
    """Give the ads that the store holds."""
    return sample_ads.invent(NOW.date())


@pytest.fixture(scope="session")
def store_url(
    tmp_path_factory: pytest.TempPathFactory, sales: list[Sale], ads: list[Ad]
) -> WarehouseUrl:
    """Give a published store that holds these sales and ads, with no engine open."""
    return sample_store.fill(tmp_path_factory.mktemp("known") / "store", sales, NOW, ads=ads)


@pytest.fixture(scope="module")
def reading(store_url: WarehouseUrl) -> Iterator[Reading]:
    """Give the known store as the dashboard reads it; the engine is closed with the module."""
    opened = Reading(InProcess(store_url))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def browse() -> Callable[..., TestClient]:
    """Give a maker of clients: a reading, and whatever else the dashboard is to be given."""

    def make(reading: Reading, door: Door | None = None, **options: object) -> TestClient:
        dashboard = Dashboard(reading, clock=lambda: NOW, **options)  # type: ignore[arg-type]
        return TestClient(
            create_app(dashboard, door or Door()),
            base_url=ADDRESS,
            raise_server_exceptions=False,
            headers={"Accept-Language": "ru"},
        )

    return make


@pytest.fixture(scope="module")
def client(reading: Reading, browse: Callable[..., TestClient]) -> Iterator[TestClient]:
    """Give a client of the dashboard over the known store, at 14:25 of its last day."""
    with browse(reading) as client:  # one event loop for all requests of the module
        yield client


@pytest.fixture(scope="module")
def holding(
    browse: Callable[..., TestClient], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Holding]:
    """Yield a maker of a client over a store that holds what a function writes, and no more."""
    url = sample_store.bootstrapped(tmp_path_factory.mktemp("bench") / "store")
    with open_for_writing(url) as warehouse:
        bench = BenchStore(warehouse)
        reading = Reading(bench)
        with browse(reading) as client:

            def make(write: Callable[[Warehouse], None]) -> TestClient:
                bench.hold(write)
                return client

            yield make
        reading.close()

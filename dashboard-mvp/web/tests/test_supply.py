"""Where the dashboard's warehouse comes from: reader processes over a real store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sample_store
from sample_store import NOW
from zakaz.errors import WarehouseError, ZakazError
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl
from zakaz_web.queries import Query
from zakaz_web.reading import Reading
from zakaz_web.supply import WarehouseSupply

SALES = sample_store.invent(NOW, days=3)
BEFORE = [sale for sale in SALES if sale.day < NOW.date()]
TODAY = [sale for sale in SALES if sale.day == NOW.date()]
Supplied = tuple[WarehouseUrl, WarehouseSupply, Reading]


@pytest.fixture(scope="module")
def supplied(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Supplied]:
    """Yield a store with the sales before today, and what reads it in processes of its own.

    The last test of the module leaves the store as no reader can open it.
    """
    store = tmp_path_factory.mktemp("supplied") / "store"
    url = sample_store.fill(store, BEFORE, NOW - timedelta(days=1))
    supply = WarehouseSupply(url)
    reading = Reading(supply)
    yield url, supply, reading
    reading.close()
    supply.close()


def orders(reading: Reading) -> int:
    """Count all orders that readers see."""
    counted = Query("all", "SELECT toUInt64(sum(orders)) FROM bi.v_sales_daily", {})
    with reading.snapshot() as snapshot:
        return int(snapshot.query(counted).scalar())


def test_b05_the_dashboard_opens_its_warehouse_with_a_limit(supplied: Supplied) -> None:
    """What the dashboard really opens has the limit set."""
    asked = Query("limit", "SELECT toUInt32(getSetting('max_execution_time'))", {})
    with supplied[2].snapshot() as snapshot:
        assert snapshot.query(asked).scalar() == 10


def test_a_second_reader_opens_when_the_first_is_busy(supplied: Supplied) -> None:
    """One process reads a load until two questions come at once; closing waits for neither."""
    url, supply, _ = supplied
    pool = supply.open(str(supply.generation()))
    copies = len(list((url.path / "readers").glob("*.lock")))
    with ThreadPoolExecutor(1) as other:
        endless = "SELECT count() FROM system.numbers WHERE sleepEachRow(0.00001) = 0"
        busy = other.submit(pool.query, endless)
        while not pool._busy:
            time.sleep(0.01)
        assert pool.query("SELECT toUInt8(1)").scalar() == 1
        assert len(list((url.path / "readers").glob("*.lock"))) == copies + 1
        pool.close()
        with pytest.raises(WarehouseError):
            busy.result()


def test_a_load_beside_the_dashboard_is_seen_at_once(supplied: Supplied) -> None:
    """A writer works while a page is read; the next page shows the whole load."""
    url, _, reading = supplied
    assert sample_store.total(BEFORE, "orders") == orders(reading)
    with open_for_writing(url) as warehouse:
        sample_store.write(warehouse, TODAY, NOW)
        assert sample_store.total(BEFORE, "orders") == orders(reading)
        publish(url)
        assert sample_store.total(SALES, "orders") == orders(reading)


def test_a_folder_without_a_store_has_nothing_published(tmp_path: Path) -> None:
    """Looking for a generation creates nothing."""
    supply = WarehouseSupply(WarehouseUrl("embedded", path=tmp_path / "none"))
    assert supply.generation() is None
    assert not (tmp_path / "none").exists()


def test_field_p06_a_folder_that_cannot_be_read_leaves_the_load_before_in_its_place(
    supplied: Supplied,
) -> None:
    """Not even the name of the newest load can be had: the page shows the one it has."""
    url, supply, reading = supplied
    before, current = orders(reading), url.path / "published" / "current"
    current.unlink()
    current.write_text("no link")
    assert orders(reading) == before
    with pytest.raises(ZakazError, match="published"):
        supply.generation()

"""Where the dashboard's warehouse comes from: reader processes over a real store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sample_store
from sample_store import NOW
from zakaz.errors import ZakazError
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl
from zakaz_web.queries import Query
from zakaz_web.reading import Reading
from zakaz_web.supply import WarehouseSupply


def test_a_load_beside_the_dashboard_is_seen_at_once(tmp_path: Path) -> None:
    """A writer works while a page is read; the next page shows the whole load."""
    sales = sample_store.invent(NOW, days=3)
    first = [sale for sale in sales if sale.day < NOW.date()]
    rest = [sale for sale in sales if sale.day == NOW.date()]
    url = sample_store.fill(tmp_path / "store", first, NOW - timedelta(days=1))
    supply = WarehouseSupply(url)
    reading = Reading(supply)
    try:
        assert sample_store.total(first, "orders") == orders(reading)
        with open_for_writing(url) as warehouse:
            sample_store.write(warehouse, rest, NOW)
            assert sample_store.total(first, "orders") == orders(reading)
            publish(url)
            assert sample_store.total(sales, "orders") == orders(reading)
    finally:
        reading.close()
        supply.close()


def orders(reading: Reading) -> int:
    """Count all orders that readers see."""
    counted = Query("all", "SELECT toUInt64(sum(orders)) FROM bi.v_sales_daily", {})
    with reading.snapshot() as snapshot:
        return int(snapshot.query(counted).scalar())


def test_a_folder_without_a_store_has_nothing_published(tmp_path: Path) -> None:
    """Looking for a generation creates nothing."""
    supply = WarehouseSupply(WarehouseUrl("embedded", path=tmp_path / "none"))
    assert supply.generation() is None
    assert not (tmp_path / "none").exists()


def test_field_p06_a_folder_that_cannot_be_read_leaves_the_load_before_in_its_place(
    tmp_path: Path,
) -> None:
    """Not even the name of the newest load can be had: the page shows the one it has."""
    sales = sample_store.invent(NOW, days=1)
    url = sample_store.fill(tmp_path / "store", sales, NOW)
    supply = WarehouseSupply(url)
    reading = Reading(supply)
    try:
        before = orders(reading)
        (url.path / "published" / "current").unlink()
        (url.path / "published" / "current").write_text("no link")
        assert orders(reading) == before
    finally:
        reading.close()
        supply.close()
    with pytest.raises(ZakazError, match="published"):
        supply.generation()


def test_b05_the_dashboard_opens_its_warehouse_with_a_limit(store_url: WarehouseUrl) -> None:
    """What the dashboard really opens has the limit set."""
    supply = WarehouseSupply(store_url)
    try:
        opened = supply.open(str(supply.generation()))
        seconds = opened.query("SELECT toUInt32(getSetting('max_execution_time'))").scalar()
        opened.close()
    finally:
        supply.close()
    assert seconds == 10

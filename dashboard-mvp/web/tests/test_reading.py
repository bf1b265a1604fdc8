"""One engine, one lock, one cache per generation."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sample_store
from sample_store import NOW
from zakaz.errors import WarehouseError
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.port import Table
from zakaz.warehouse.url import WarehouseUrl
from zakaz_web import queries
from zakaz_web.queries import Query
from zakaz_web.reading import CACHE_SIZE, NothingPublishedError, Reading
from zakaz_web.supply import WarehouseSupply


class _Engine:
    """Counts what it is asked; fails on demand."""

    backend = "embedded"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.closed = 0
        self.broken = False

    def query(self, sql: str, params: object = None) -> Table:
        self.asked.append(sql)
        if self.broken:
            raise WarehouseError("gone")
        return Table(("n",), ("UInt8",), [(len(self.asked),)])

    def close(self) -> None:
        self.closed += 1


class _Supply:
    """Publishes what the test says."""

    def __init__(self, keep_seconds: float = 1e9) -> None:
        self.keep_seconds = keep_seconds
        self.name: str | None = "1"
        self.opened: list[_Engine] = []

    def generation(self) -> str | None:
        return self.name

    def open(self) -> Any:
        self.opened.append(_Engine())
        return self.opened[-1]


QUERY = Query("q", "SELECT {n:UInt8}", {"n": "UInt8"})


def ask(reading: Reading, n: int = 1) -> int:
    """Ask one question as a page does."""
    with reading.snapshot() as snapshot:
        return int(snapshot.query(QUERY, {"n": n, "other": 2}).scalar())


def test_a_question_is_asked_once_per_generation() -> None:
    """The same question again is answered from memory, another one is not."""
    supply = _Supply()
    reading = Reading(supply)
    assert [ask(reading), ask(reading), ask(reading, 2)] == [1, 1, 2]
    assert len(supply.opened) == 1


def test_a_new_generation_is_opened_and_nothing_old_is_shown() -> None:
    """A flip closes the old engine before the new one opens, and empties the memory."""
    supply = _Supply()
    reading = Reading(supply)
    ask(reading)
    supply.name = "2"
    ask(reading)
    assert [engine.closed for engine in supply.opened] == [1, 0]
    assert len(supply.opened[1].asked) == 1


def test_answers_of_a_server_age() -> None:
    """A server names no generation: what it said is asked again after a while."""
    clock = [0.0]
    reading = Reading(_Supply(keep_seconds=60), monotonic=lambda: clock[0])
    assert [ask(reading), ask(reading)] == [1, 1]
    clock[0] = 61.0
    assert ask(reading) == 2


def test_the_memory_is_small() -> None:
    """The oldest answers go first."""
    supply = _Supply()
    reading = Reading(supply)
    for n in range(CACHE_SIZE + 1):
        ask(reading, n)
    ask(reading, CACHE_SIZE)
    ask(reading, 0)
    assert len(supply.opened[0].asked) == CACHE_SIZE + 2


def test_a_failure_reopens_the_engine() -> None:
    """After an error the next page starts from a fresh engine."""
    supply = _Supply()
    reading = Reading(supply)
    ask(reading)
    supply.opened[0].broken = True
    with pytest.raises(WarehouseError):
        ask(reading, 2)
    assert ask(reading, 2) == 1
    assert supply.opened[0].closed == 1


def test_whoever_waits_too_long_is_told_so() -> None:
    """A page that cannot get at the engine in time is a 503, not an endless wait."""
    reading = Reading(_Supply(), wait_seconds=0.05)
    told: list[Exception] = []

    def other() -> None:
        try:
            ask(reading)
        except WarehouseError as error:
            told.append(error)

    with reading.snapshot():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert "busy" in str(told[0])


def test_nothing_published_is_told_apart_from_a_fault() -> None:
    """A store that was never loaded is no error."""
    supply = _Supply()
    supply.name = None
    with pytest.raises(NothingPublishedError), Reading(supply).snapshot():
        pass


def test_a_closed_reading_opens_again() -> None:
    """Closing twice does nothing."""
    supply = _Supply()
    reading = Reading(supply)
    ask(reading)
    reading.close()
    reading.close()
    assert supply.opened[0].closed == 1
    assert ask(reading) == 1


def test_a_load_beside_the_dashboard_is_seen_at_once(tmp_path: Path) -> None:
    """A writer works while a page is read; the next page shows the whole load."""
    sales = sample_store.invent(NOW, days=3)
    first = [sale for sale in sales if sale.day < NOW.date()]
    rest = [sale for sale in sales if sale.day == NOW.date()]
    url = sample_store.fill(tmp_path / "store", first, NOW - timedelta(days=1))
    reading = Reading(WarehouseSupply(url))
    try:
        assert sample_store.total(first, "orders") == orders(reading)
        reading.close()  # the engine knows one folder per process; elsewhere both stay open
        with open_for_writing(url) as warehouse:
            sample_store.write(warehouse, rest, NOW)
        assert sample_store.total(first, "orders") == orders(reading)
        reading.close()
        publish(url)
        assert sample_store.total(sales, "orders") == orders(reading)
    finally:
        reading.close()


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


def test_parameters_of_every_query_are_known_to_a_page() -> None:
    """No query declares a parameter that the page does not fill."""
    from zakaz_web.sales import PANELS

    declared = {name for query in queries.names() for name in queries.load(query).parameters}
    assert {"from", "to", "currency", "cities", "events"} <= declared
    assert set(PANELS) <= set(queries.names())

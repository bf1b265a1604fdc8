"""One generation open for all pages, each question asked once, and the change to the next."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from zakaz.errors import SettingsError, WarehouseError, ZakazError
from zakaz.warehouse.port import Table
from zakaz_web import queries
from zakaz_web.answers import KEPT
from zakaz_web.queries import Query
from zakaz_web.reading import RETRY_SECONDS, NothingPublishedError, Reading

PATIENCE = 30.0


class _Engine:
    """Counts what it is asked; fails on demand, and answers when it may."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.closed = 0
        self.broken: WarehouseError | None = None
        self.may_answer = threading.Event()
        self.may_answer.set()

    def query(self, sql: str, params: object = None) -> Table:
        self.asked.append(sql)
        assert self.may_answer.wait(PATIENCE)
        if self.broken:
            raise self.broken
        return Table(("n",), ("UInt8",), [(len(self.asked),)])

    def close(self) -> None:
        self.closed += 1


class _Supply:
    """Publishes what the test says."""

    def __init__(self, keep_seconds: float = 1e9) -> None:
        self.keep_seconds = keep_seconds
        self.name: str | None = "1"
        self.opened: list[_Engine] = []
        self.fault: ZakazError | None = None
        self.may_open = threading.Event()
        self.may_open.set()

    def generation(self) -> str | None:
        return self.name

    def open(self, generation: str) -> _Engine:
        assert self.may_open.wait(PATIENCE)
        if self.fault:
            raise self.fault
        self.opened.append(_Engine())
        return self.opened[-1]


QUERY = Query("q", "SELECT {n:UInt8}", {"n": "UInt8"})


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is true, or fail."""
    pause, left = threading.Event(), PATIENCE
    while not condition():
        pause.wait(0.005)
        left -= 0.005
        assert left > 0, "it never came true"


def reading_users(reading: Reading) -> int:
    """Count the pages that are being made."""
    return reading._opened.users if reading._opened else 0


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
    """A flip opens the new generation, closes the old one, and answers nothing from memory."""
    supply = _Supply()
    reading = Reading(supply)
    ask(reading)
    supply.name = "2"
    ask(reading)
    assert [engine.closed for engine in supply.opened] == [1, 0]
    assert len(supply.opened[1].asked) == 1


def test_found_e2_a_page_sees_one_generation_to_its_end() -> None:
    """A load published while a page is made shows on the next one; the old engine ends with it."""
    supply = _Supply()
    reading = Reading(supply)
    with reading.snapshot() as page:
        page.query(QUERY, {"n": 1})
        supply.name = "2"
        ask(reading)
        page.query(QUERY, {"n": 2})
        assert page.generation == "1"
        assert [len(engine.asked) for engine in supply.opened] == [2, 1]
        assert [engine.closed for engine in supply.opened] == [0, 0]
    assert [engine.closed for engine in supply.opened] == [1, 0]


def test_found_e2_pages_are_made_side_by_side() -> None:
    """Nobody waits for a page that is being made."""
    reading = Reading(_Supply())
    with reading.snapshot(), ThreadPoolExecutor(1) as other:
        assert other.submit(ask, reading).result(PATIENCE) == 1


def test_found_e2_one_question_of_many_is_asked_once() -> None:
    """Who asks what is being asked waits for that answer, and a failure is told to all."""
    supply = _Supply()
    reading = Reading(supply)
    ask(reading, 7)
    engine = supply.opened[0]
    for fault in (None, WarehouseError("too slow", code=159)):
        engine.broken = fault
        engine.asked.clear()
        engine.may_answer.clear()
        with ThreadPoolExecutor(20) as pool:
            asked = [pool.submit(ask, reading, 1 if fault is None else 2) for _ in range(20)]
            wait_for(lambda: reading_users(reading) == 20)
            engine.may_answer.set()
        assert [one.exception() for one in asked] == [fault] * 20
        assert len(engine.asked) == 1


def test_found_e2_who_comes_while_a_load_is_opened_is_shown_the_one_before() -> None:
    """Opening a generation keeps one reader waiting: the one who found it."""
    supply = _Supply()
    reading = Reading(supply)
    ask(reading)
    supply.name = "2"
    supply.may_open.clear()
    with ThreadPoolExecutor(1) as first:
        opening = first.submit(ask, reading)
        wait_for(reading._opening.locked)
        with reading.snapshot() as page:
            assert page.generation == "1"
        supply.may_open.set()
        opening.result(PATIENCE)
    with reading.snapshot() as page:
        assert page.generation == "2"


def test_field_p06_what_cannot_be_read_leaves_the_load_before_in_its_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says why, once; the new one is tried again after a while, and shown when it opens."""
    clock = [0.0]
    supply = _Supply()
    reading = Reading(supply, monotonic=lambda: clock[0])
    ask(reading)
    supply.name, supply.fault = "2", SettingsError("published/2 of user root cannot be read")
    for _ in range(3):
        clock[0] += RETRY_SECONDS
        with reading.snapshot() as page:
            assert page.generation == "1"
    assert caplog.text.count("of user root cannot be read") == 1
    supply.fault = None
    with reading.snapshot() as page:
        assert page.generation == "1"
    clock[0] += RETRY_SECONDS
    with reading.snapshot() as page:
        assert page.generation == "2"


def test_what_cannot_be_read_at_first_is_an_error() -> None:
    """Without a load before there is nothing to show; a page a moment later tries again."""
    clock = [0.0]
    supply = _Supply()
    supply.fault = SettingsError("no")
    reading = Reading(supply, monotonic=lambda: clock[0])
    with pytest.raises(SettingsError):
        ask(reading)
    supply.fault = None
    with pytest.raises(SettingsError):
        ask(reading)
    clock[0] += RETRY_SECONDS
    assert ask(reading) == 1


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
    for n in range(KEPT + 1):
        ask(reading, n)
    ask(reading, KEPT)
    ask(reading, 0)
    assert len(supply.opened[0].asked) == KEPT + 2


def test_a_failure_reopens_the_engine() -> None:
    """After no engine answered the next page starts from a fresh one."""
    supply = _Supply()
    reading = Reading(supply)
    ask(reading)
    supply.opened[0].broken = WarehouseError("gone")
    with pytest.raises(WarehouseError):
        ask(reading, 2)
    assert ask(reading, 2) == 1
    assert supply.opened[0].closed == 1


def test_a_refused_query_keeps_the_engine_and_its_answers() -> None:
    """An error of the engine's own is that query's alone."""
    supply = _Supply()
    reading = Reading(supply)
    ask(reading)
    supply.opened[0].broken = WarehouseError("too slow", code=159)
    with pytest.raises(WarehouseError):
        ask(reading, 2)
    assert ask(reading) == 1
    assert len(supply.opened) == 1


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


def test_parameters_of_every_query_are_known_to_a_page() -> None:
    """No query declares a parameter that the page does not fill."""
    from zakaz_web.sales import PANELS

    declared = {name for query in queries.names() for name in queries.load(query).parameters}
    assert {"from", "to", "currency", "cities", "events"} <= declared
    assert set(PANELS) <= set(queries.names())

"""Batches are stored while the next pages are read, one at a time and in their order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from qtickets_api import plan, staging, transform
from qtickets_api.client import connect
from qtickets_api.intake import Intake
from qtickets_api.ladder import Ladder
from qtickets_api.settings import QticketsSettings
from qtickets_api.staging import Staging
from qtickets_api.taken import Taken
from zakaz.errors import WarehouseError
from zakaz.source import SyncReport

BATCH = 20


@pytest.fixture
def report() -> SyncReport:
    """Give a report to count in."""
    return SyncReport()


@pytest.fixture
def pages(ground: Any, report: SyncReport) -> Iterator[Taken[Any]]:
    """Give the orders of the organisation in pages of ten, as the loader takes them."""
    client = connect(QticketsSettings.load(ground.environ), ground.clock)
    intake: Any = Intake(
        "orders", transform.orders, account_id="main", loaded_at=ground.now, report=report
    )
    yield intake.take(Ladder(client, "/orders", 10, plan.whole().rungs, print).pages())
    client.close()


@pytest.fixture
def batches(
    ground: Any, report: SyncReport, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Staging[Any]]:
    """Give a staging of small batches."""
    monkeypatch.setattr(staging, "ROWS_PER_INSERT", BATCH)
    with Staging[Any](
        ground.warehouse, "orders", account_id="main", run_id="run", clock=ground.clock,
        report=report, reads_all=True,
    ) as given:  # fmt: skip
        yield given


def orders_stored(ground: Any) -> int:
    """Count the orders in the store."""
    return int(ground.rows("SELECT count() FROM zakaz.stg_qtickets_orders FINAL")[0][0])


def test_x05_all_batches_are_stored_when_the_stream_ends(
    ground: Any, report: SyncReport, pages: Iterator[Taken[Any]], batches: Staging[Any]
) -> None:
    """Every order of the list is stored, and the manifest numbers the batches in their order."""
    for taken in pages:
        batches.add(taken)
    batches.flush()

    assert orders_stored(ground) == report.accepted == 123
    assert ground.rows(
        "SELECT batch, received FROM zakaz.meta_manifest WHERE run_id = 'run' ORDER BY batch"
    ) == [*((number, BATCH) for number in range(1, 7)), (7, 3)]


def test_e14_what_follows_a_batch_waits_until_it_is_stored(
    ground: Any, report: SyncReport, pages: Iterator[Taken[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place of a first load is written behind the rows it stands for, never before them."""
    monkeypatch.setattr(staging, "ROWS_PER_INSERT", BATCH)
    found: list[tuple[int, int, str]] = []

    def on_batch() -> Any:
        expected = report.accepted
        return lambda: found.append(
            (expected, orders_stored(ground), threading.current_thread().name)
        )

    with Staging[Any](
        ground.warehouse, "orders", account_id="main", run_id="run", clock=ground.clock,
        report=report, reads_all=True, on_batch=on_batch,
    ) as batches:  # fmt: skip
        for taken in pages:
            batches.add(taken)
        batches.flush()

    assert [expected for expected, _, _ in found] == [20, 40, 60, 80, 100, 120]
    assert all(expected == stored for expected, stored, _ in found)
    assert {name for _, _, name in found} == {"staging_0"}


def test_d4_a_batch_that_fails_stops_the_load_with_its_own_error(
    ground: Any,
    pages: Iterator[Taken[Any]],
    batches: Staging[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the store said to an earlier batch is raised, and no later batch is stored."""
    insert = ground.warehouse.insert

    def refuse(table: str, columns: Any) -> int:
        if table.endswith("_orders") and orders_stored(ground) == BATCH:
            raise WarehouseError("no space left", code=243)
        return int(insert(table, columns))

    monkeypatch.setattr(ground.warehouse, "insert", refuse)
    with pytest.raises(WarehouseError, match="no space left"):
        any(map(batches.add, pages))

    assert orders_stored(ground) == BATCH


def test_x03_nothing_is_being_stored_when_a_stopped_load_ends(
    ground: Any,
    pages: Iterator[Taken[Any]],
    monkeypatch: pytest.MonkeyPatch,
    report: SyncReport,
) -> None:
    """Ctrl-C between two pages leaves whole batches: the one being stored is finished first."""
    monkeypatch.setattr(staging, "ROWS_PER_INSERT", BATCH)

    def read() -> None:
        with Staging[Any](
            ground.warehouse, "orders", account_id="main", run_id="run", clock=ground.clock,
            report=report, reads_all=True,
        ) as batches:  # fmt: skip
            for number, taken in enumerate(pages, start=1):
                batches.add(taken)
                if number == 4:
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()

    assert orders_stored(ground) == 40
    assert not [one for one in threading.enumerate() if one.name.startswith("staging")]

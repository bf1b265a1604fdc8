"""The history of runs: rows and lines told as one story."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from zakaz import run_history, run_journal
from zakaz.errors import DataError, WarehouseError
from zakaz.run_journal import JobRun, RunStatus
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl


@pytest.fixture
def run(at: datetime) -> JobRun:
    """Give a run."""
    return JobRun("qtickets", "20260201-120000-aaaaaa", at, at, RunStatus.OK)


@pytest.fixture
def skipped(at: datetime) -> JobRun:
    """Give a later run that never reached the warehouse."""
    later = at + timedelta(minutes=30)
    return JobRun("qtickets", "20260201-123000-bbbbbb", later, later, RunStatus.SKIPPED, "locked")


def test_i9_a_run_that_never_reached_the_warehouse_is_told(
    store_url: WarehouseUrl, run: JobRun, skipped: JobRun
) -> None:
    """Rows and lines are joined, the newest first, nothing twice."""
    with open_for_writing(store_url) as warehouse:
        run_journal.write(warehouse, run)
    publish(store_url)
    for each in (run, skipped):
        run_journal.append_line(store_url.path / "state", each, store=str(store_url))

    found, away = run_history.history(store_url, {}, 20)

    assert away == ""
    assert [entry["status"] for entry in found] == ["skipped", "ok"]
    assert run_history.history(store_url, {}, 1)[0] == found[:1]


def test_lines_of_another_store_and_broken_lines_are_left_out(
    store_url: WarehouseUrl, run: JobRun
) -> None:
    """Half a line after a full disk does not hide the whole ones."""
    state = store_url.path / "state"
    run_journal.append_line(state, run, store="clickhouse://elsewhere:9000/zakaz")
    run_journal.append_line(state, run, store=str(store_url))
    with (state / "runs.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"job": "qtick\nnull\n[]\n{"store": "' + str(store_url) + '"}\n')

    assert len(run_history.local_runs(store_url, {})) == 1


def test_d5_while_the_server_is_away_the_local_lines_are_told(
    tmp_path: Path, run: JobRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason comes with them."""

    def refuse(_url: WarehouseUrl) -> Any:
        raise WarehouseError("no connection to ch.example")

    monkeypatch.setattr(run_history, "open_for_reading", refuse)
    url = WarehouseUrl("server", host="ch.example")
    environ = {"XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)}
    run_journal.append_line(tmp_path / "zakaz" / "state", run, store=str(url))

    found, away = run_history.history(url, environ, 20)

    assert "ch.example" in away
    assert [entry["run_id"] for entry in found] == [run.run_id]


def test_one_run_is_found_by_the_beginning_of_its_id(
    store_url: WarehouseUrl, run: JobRun, skipped: JobRun
) -> None:
    """An ambiguous beginning names the candidates; an unknown one says where to look."""
    for each in (run, skipped):
        run_journal.append_line(store_url.path / "state", each, store=str(store_url))

    assert run_history.find(store_url, {}, "20260201-123")[0]["status"] == "skipped"
    with pytest.raises(DataError, match="2 runs begin with 20260201"):
        run_history.find(store_url, {}, "20260201")
    with pytest.raises(DataError, match="no run 1999"):
        run_history.find(store_url, {}, "1999")


def test_the_last_run_of_each_job_may_be_a_line(run: JobRun, skipped: JobRun, at: datetime) -> None:
    """A run that was locked out is newer than the row before it."""
    local = [
        {**run.columns(), "duration_seconds": 0},
        {**skipped.columns(), "duration_seconds": 0},
    ]

    assert run_history.last_by_job(None, local)["qtickets"]["status"] == "skipped"

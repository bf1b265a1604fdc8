"""The run journal: a row in the warehouse, a line beside it."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from zakaz import run_journal
from zakaz.errors import SettingsError, WarehouseError
from zakaz.run_journal import JobRun, RunStatus
from zakaz.source import SyncReport
from zakaz.warehouse.port import Warehouse


@pytest.fixture
def run(at: datetime) -> JobRun:
    """Give the run of a load that went well."""
    report = SyncReport(
        received=5, accepted=3, quarantined=1, duplicate=1, inserted=9, requests=2,
        mode="updated_at", months={202602, 202601},
    )  # fmt: skip
    return JobRun("qtickets", "r1", at, at + timedelta(seconds=7), RunStatus.OK, "fine", report)


def test_a_run_is_read_back_as_it_was_written(warehouse: Warehouse, run: JobRun) -> None:
    """Counts, months, mode and duration survive the table and its view."""
    run_journal.write(warehouse, run)

    (found,) = run_journal.recent(warehouse)

    assert found["status"] == "ok"
    assert found["duration_seconds"] == 7
    assert found["months"] == [202601, 202602]
    assert (found["received"], found["rows_processed"], found["mode"]) == (5, 9, "updated_at")
    assert found["started_at"] == run.started_at


@pytest.mark.parametrize("status", list(RunStatus))
def test_d6_every_status_of_the_program_is_known_to_the_table(
    warehouse: Warehouse, run: JobRun, status: RunStatus
) -> None:
    """Program and Enum8 share one vocabulary."""
    run_journal.write(warehouse, replace(run, status=status))

    assert [found["status"] for found in run_journal.recent(warehouse)] == [status.value]


@pytest.mark.parametrize("word", ["success", "error", "running", "OK", ""])
def test_d6_an_unknown_status_is_refused_by_the_table(warehouse: Warehouse, word: str) -> None:
    """A monitor can rely on five words, whoever writes."""
    with pytest.raises(WarehouseError):
        warehouse.execute(
            "INSERT INTO zakaz.meta_job_runs (job, run_id, status)"
            f" SELECT 'qtickets', 'x', '{word}'"
        )

    assert run_journal.recent(warehouse) == []


def test_f8_the_last_run_of_each_job_is_found(warehouse: Warehouse, run: JobRun) -> None:
    """Later runs of another job do not hide this one's."""
    later = run.started_at + timedelta(hours=1)
    run_journal.write(warehouse, run)
    run_journal.write(warehouse, replace(run, run_id="r2", started_at=later, finished_at=later))
    run_journal.write(warehouse, replace(run, job="vk", run_id="r3"))

    found = {row["job"]: row["run_id"] for row in run_journal.last_by_job(warehouse)}

    assert found == {"qtickets": "r2", "vk": "r3"}


def test_a_run_is_found_by_the_beginning_of_its_id(warehouse: Warehouse, run: JobRun) -> None:
    """Nobody types a whole identifier."""
    run_journal.write(warehouse, replace(run, run_id="20260201-120000-abc123"))

    assert len(run_journal.find(warehouse, "20260201")) == 1
    assert run_journal.find(warehouse, "2025") == []


def test_e19_the_message_is_scrubbed(run: JobRun) -> None:
    """Neither row nor line carries a token or an address."""
    columns = replace(run, message="Bearer canary1234 for anna@example.test").columns()

    assert "canary" not in columns["message"]
    assert "@" not in columns["message"]


def test_a_line_is_one_json_object(tmp_path: Path, run: JobRun) -> None:
    """The local journal can be read with any tool, and knows which store it speaks of."""
    run_journal.append_line(tmp_path / "state", run, store="chdb:///x")
    run_journal.append_line(tmp_path / "state", run, store="chdb:///x")

    lines = (tmp_path / "state" / "runs.jsonl").read_text(encoding="utf-8").splitlines()

    assert len(lines) == 2
    line = json.loads(lines[0])
    assert (line["job"], line["status"], line["store"]) == ("qtickets", "ok", "chdb:///x")
    assert line["started_at"] == "2026-02-01T12:00:00+03:00"


def test_the_local_journal_does_not_grow_for_ever(
    tmp_path: Path, run: JobRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full file becomes the one old file, and a new one begins."""
    monkeypatch.setattr(run_journal, "_LARGEST_FILE", 100)
    for _ in range(3):
        run_journal.append_line(tmp_path, run, store="s")

    assert len((tmp_path / "runs.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs.jsonl", "runs.jsonl.1"]


def test_x06_a_disk_that_takes_no_line_stops_nothing(
    tmp_path: Path, run: JobRun, caplog: pytest.LogCaptureFixture
) -> None:
    """The outcome is logged instead."""
    (tmp_path / "runs.jsonl").mkdir()

    with caplog.at_level(logging.WARNING):
        run_journal.append_line(tmp_path, run, store="s")

    assert '"status": "ok"' in caplog.text


def test_x08_an_unwritable_journal_is_a_setting_to_fix(tmp_path: Path) -> None:
    """Before any work the run stops with exit 78 and names the file."""
    (tmp_path / "state").write_text("a file where a folder belongs", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"runs\.jsonl"):
        run_journal.require_writable(tmp_path / "state")


def test_run_ids_sort_by_start_and_differ(at: datetime) -> None:
    """Two runs of one second are two runs."""
    ids = {run_journal.new_run_id(at) for _ in range(50)}

    assert len(ids) == 50
    assert run_journal.new_run_id(at) < run_journal.new_run_id(at + timedelta(seconds=1))

"""The journal of streams: each stream of a run has a status of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from zakaz import stream_journal
from zakaz.source import StreamRun
from zakaz.warehouse.port import Warehouse


def test_streams_are_read_back_in_the_order_they_were_read(
    warehouse: Warehouse, at: datetime
) -> None:
    """Counts and messages survive, and one second is no reason to shuffle."""
    runs = [
        StreamRun(name, at, at, status, "full", 3, 2, 1, 0, told)
        for name, status, told in (
            ("orders", "ok", ""),
            ("events", "failed", "token=abcdefgh was refused"),
            ("inventory", "partial", ""),
        )
    ]
    stream_journal.write(warehouse, "qtickets", "r1", runs, at)

    found = stream_journal.of_run(warehouse, "qtickets", "r1")
    assert [row["stream"] for row in found] == ["orders", "events", "inventory"]
    assert (found[1]["status"], found[1]["quarantined"]) == ("failed", 1)
    assert "abcdefgh" not in found[1]["message"]


def test_the_newest_run_of_each_stream_counts(warehouse: Warehouse, at: datetime) -> None:
    """A stream that was not read this time keeps the status it had."""
    later = at + timedelta(hours=1)
    for run_id, when, streams in (("r1", at, ("events", "orders")), ("r2", later, ("orders",))):
        rows = [StreamRun(name, when, when, "ok") for name in streams]
        stream_journal.write(warehouse, "qtickets", run_id, rows, when)

    found = {row["stream"]: row["run_id"] for row in stream_journal.newest(warehouse)}
    assert found == {"events": "r1", "orders": "r2"}


def test_a_run_without_streams_leaves_no_row(warehouse: Warehouse, at: datetime) -> None:
    """A source that knows no streams is journalled as a whole only."""
    stream_journal.write(warehouse, "vk", "r1", [], at)
    assert stream_journal.newest(warehouse) == []

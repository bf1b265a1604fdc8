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


def test_p10_names_of_new_fields_are_kept_and_nothing_else_of_them(
    warehouse: Warehouse, at: datetime
) -> None:
    """A source may call a field anything: the name is stored readable, without personal data."""
    names = ("wallet", "loyalty\ud800\n", "x@example.org", "y@example.org", "long" * 50)
    runs = [StreamRun("orders", at, at, "ok", received=1, new_fields=names)]
    stream_journal.write(warehouse, "qtickets", "r1", runs, at)

    (row,) = stream_journal.of_run(warehouse, "qtickets", "r1")
    assert row["new_fields"] == ["[e-mail]", ("long" * 15)[:59] + "…", "loyalty??", "wallet"]


def test_p10_a_run_that_received_nothing_takes_no_new_field_back(
    warehouse: Warehouse, at: datetime
) -> None:
    """What the last real look saw stands until another one sees it no more."""
    for hour, received, names in ((0, 3, ("wallet",)), (1, 0, ())):
        when = at + timedelta(hours=hour)
        run = StreamRun("orders", when, when, "ok", received=received, new_fields=names)
        stream_journal.write(warehouse, "qtickets", f"r{hour}", [run], when)
    told = {"job": "qtickets", "stream": "orders", "new_fields": ["wallet"]}
    assert stream_journal.new_fields(warehouse) == [told]

    when = at + timedelta(hours=2)
    run = StreamRun("orders", when, when, "ok", received=3)
    stream_journal.write(warehouse, "qtickets", "r2", [run], when)
    assert stream_journal.new_fields(warehouse) == []


def test_p10_of_endless_new_names_fifty_are_kept(warehouse: Warehouse, at: datetime) -> None:
    """A source that makes up a name for every item does not fill the journal."""
    names = tuple(f"field_{number:03}" for number in range(200))
    run = StreamRun("orders", at, at, "ok", received=200, new_fields=names)
    stream_journal.write(warehouse, "qtickets", "r1", [run], at)

    (row,) = stream_journal.of_run(warehouse, "qtickets", "r1")
    assert row["new_fields"] == list(names[:50])

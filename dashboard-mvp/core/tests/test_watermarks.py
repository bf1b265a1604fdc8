"""Watermarks: one per stream, the last one counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from zakaz import watermarks
from zakaz.warehouse.port import Warehouse


def test_before_the_first_load_there_is_no_watermark(warehouse: Warehouse) -> None:
    """Absence is None, not an empty text and not 1970."""
    assert watermarks.read(warehouse, "qtickets", "orders") is None


def test_the_last_value_written_counts(warehouse: Warehouse, at: datetime) -> None:
    """Writing again replaces, without waiting for a merge."""
    for value in ("a", "b", "c"):
        watermarks.write(warehouse, "qtickets", "orders", value, at)

    assert watermarks.read(warehouse, "qtickets", "orders") == "c"


def test_a_clock_that_steps_back_does_not_bring_an_old_value_back(
    warehouse: Warehouse, at: datetime
) -> None:
    """Versions rise even when the machine's time does not."""
    watermarks.write(warehouse, "qtickets", "orders", "first", at)
    watermarks.write(warehouse, "qtickets", "orders", "second", at - timedelta(days=1))

    assert watermarks.read(warehouse, "qtickets", "orders") == "second"


def test_a27_streams_do_not_overwrite_each_other(warehouse: Warehouse, at: datetime) -> None:
    """Two streams survive OPTIMIZE."""
    watermarks.write(warehouse, "qtickets", "orders", "1", at)
    watermarks.write(warehouse, "qtickets", "events", "2", at)
    watermarks.write(warehouse, "vk", "orders", "3", at)
    warehouse.execute("OPTIMIZE TABLE zakaz.meta_watermarks FINAL")

    assert [mark[:3] for mark in watermarks.all_of(warehouse)] == [
        ("qtickets", "events", "2"),
        ("qtickets", "orders", "1"),
        ("vk", "orders", "3"),
    ]


def test_several_streams_are_moved_and_read_at_once(warehouse: Warehouse, at: datetime) -> None:
    """One insert moves all of them; those that nobody wrote or that were forgotten are left out."""
    watermarks.write(warehouse, "vk", "orders", "other", at)
    watermarks.write_some(warehouse, "qtickets", {"orders": "1", "events": "2", "shows": ""}, at)

    asked = ["orders", "events", "shows", "seats"]
    assert watermarks.read_some(warehouse, "qtickets", asked) == {"orders": "1", "events": "2"}


def test_an_empty_value_forgets_a_stream(warehouse: Warehouse, at: datetime) -> None:
    """A stream that must begin again has no watermark."""
    watermarks.write(warehouse, "qtickets", "orders", "1", at)
    watermarks.write(warehouse, "qtickets", "orders", "", at)

    assert watermarks.read(warehouse, "qtickets", "orders") is None
    assert watermarks.all_of(warehouse) == []


def test_c06_a_watermark_from_the_future_is_found(warehouse: Warehouse, at: datetime) -> None:
    """State dated 2999 is named; ids and ordinary instants are not."""
    watermarks.write(warehouse, "qtickets", "id", "7000101", at)
    watermarks.write(warehouse, "qtickets", "now", "2026-02-01T11:00:00+03:00", at)
    watermarks.write(warehouse, "qtickets", "soon", "2026-02-03T11:00:00+03:00", at)
    watermarks.write(warehouse, "qtickets", "wild", "2999-01-01T00:00:00+03:00", at)

    ahead = watermarks.ahead(warehouse, at + timedelta(days=1))

    assert ahead == [
        "qtickets soon 2026-02-03T11:00:00+03:00",
        "qtickets wild 2999-01-01T00:00:00+03:00",
    ]


def test_e14_a_place_kept_as_json_is_no_future(warehouse: Warehouse, at: datetime) -> None:
    """The place of a first load that was cut short is ahead only if an instant in it is."""
    for stream, day in (("known", "2026-02-01"), ("ahead", "2027-02-01")):
        value = f'{{"last_id": 7, "updated_at": "{day}T10:00:00+03:00"}}'
        watermarks.write(warehouse, "qtickets", stream, value, at)

    assert [told.split()[1] for told in watermarks.ahead(warehouse, at)] == ["ahead"]

"""bi.v_inventory and bi.v_shows on golden rows: capacity, sold, reserved, left."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from staged import Staged, msk
from zakaz import facts
from zakaz.warehouse.port import Warehouse

pytestmark = pytest.mark.engine

NOW = datetime.fromisoformat("2026-02-11T10:00:00+03:00")


def rebuilt(staged: Staged) -> Warehouse:
    """Rebuild what the views stand on."""
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    return staged.warehouse


def inventory(staged: Staged) -> list[dict[str, Any]]:
    """Give the view's rows by show."""
    return rebuilt(staged).query("SELECT * FROM bi.v_inventory ORDER BY show_id").dicts()


def test_inventory_of_nothing_is_empty(staged: Staged) -> None:
    """Without a count there is no row, whatever shows are known."""
    staged.event()
    staged.show()
    assert inventory(staged) == []


def test_inventory_names_the_show_and_its_seats(staged: Staged) -> None:
    """One counted show: its names, its four figures and the share no longer free."""
    staged.event()
    staged.show(show_name="Вечер")
    staged.inventory()
    (row,) = inventory(staged)
    assert (row["event_name"], row["show_name"], row["city"]) == ("Ёлка", "Вечер", "томск")
    assert (row["starts_at"], row["event_date"]) == (msk("2026-03-01 12:00"), date(2026, 3, 1))
    assert [row[f"seats_{part}"] for part in ("total", "sold", "reserved", "left")] == [
        100, 60, 10, 30,
    ]  # fmt: skip
    assert row["sell_through"] == pytest.approx(0.7)


def test_inventory_shows_the_newest_count_of_each_show(staged: Staged) -> None:
    """Of n shows with several snapshots, in months apart and delivered twice, the newest counts."""
    for show in ("s1", "s2"):
        staged.show(show)
        for _ in range(3):
            staged.inventory(show, snapshot_at="2026-01-31 23:59", seats_left=90)
            staged.inventory(show, snapshot_at="2026-02-01 00:10", seats_left=int(show[1]))
    rows = inventory(staged)
    assert [(row["show_id"], row["seats_left"]) for row in rows] == [("s1", 1), ("s2", 2)]


def test_f19_a_sold_out_show_is_sold_through(staged: Staged) -> None:
    """Zero seats left stays zero and the sell-through is 1; without seats it is NULL."""
    staged.inventory("s1", seats_sold=100, seats_reserved=0, seats_left=0)
    staged.inventory("s2", seats_total=0, seats_sold=0, seats_reserved=0, seats_left=0)
    sold_out, seatless = inventory(staged)
    assert (sold_out["seats_left"], sold_out["sell_through"]) == (0, 1.0)
    assert seatless["sell_through"] is None


def test_f22_deleted_shows_and_events_have_no_inventory(staged: Staged) -> None:
    """A show deleted by itself or with its event disappears from the view; its sales stay."""
    staged.event("e2", deleted_at="2026-02-10 10:00")
    staged.show("s1", deleted_at="2026-02-10 10:00")
    staged.show("s2", event_id="e2")
    staged.inventory("s1")
    staged.inventory("s2", event_id="e2")
    assert inventory(staged) == []
    shows = staged.warehouse.query("SELECT show_id, is_deleted FROM bi.v_shows ORDER BY show_id")
    assert shows.rows == [("s1", True), ("s2", True)]


def test_t04_seats_of_an_unknown_show_stay_visible(staged: Staged) -> None:
    """A count that came before its show has a row without names and dates."""
    staged.inventory("s9")
    (row,) = inventory(staged)
    assert (row["show_id"], row["event_name"], row["city"]) == ("s9", "", "unknown")
    assert row["starts_at"] is row["event_date"] is None


def test_inventory_keeps_accounts_apart(staged: Staged) -> None:
    """The same show id of two accounts is two shows."""
    staged.inventory("s1")
    staged.inventory("s1", account_id="other", seats_left=5)
    assert [(row["account_id"], row["seats_left"]) for row in inventory(staged)] == [
        ("main", 30), ("other", 5),
    ]  # fmt: skip

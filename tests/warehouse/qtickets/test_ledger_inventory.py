"""Seats counted by the real loader equal the ledger of the organiser's own records."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zakaz.errors import PermanentSourceError
from zakaz_emulators.qtickets import faults

SHOW = 800010  # of event 80001; 800020 is that of event 80002


def test_seats_equal_the_ledger(ground: Any) -> None:
    """Sold, reserved in orders and baskets, disabled, returned: all as the truth has it."""
    organisation = ground.organisation
    organisation.insert_order(event_id=80001, paid=False, prices=(1000, 1000))
    organisation.hold(SHOW, "BALKON", 3)
    organisation.change_zone(SHOW, "BALKON", disabled=frozenset({7, 8, 9}))
    organisation.refund(organisation.orders[4].id)
    organisation.cancel(organisation.orders[6].id)
    report = ground.load()

    assert ground.seats() == ground.true_seats()
    assert [row[4] for row in ground.seats()] == [3, 0]
    assert ground.counts(report, "inventory") == (2, 2, 0)


def test_f19_f22_a_sold_out_show_has_no_seats_left_and_a_closed_one_is_still_counted(
    ground: Any,
) -> None:
    """A hall as large as its sales, the rest of it disabled, has no seat left: 0, not NULL.

    A show whose sale is closed is often sold out: people still attend.
    """
    ground.organisation.change_zone(SHOW, "PARTERRE", capacity=20)
    ground.organisation.change_zone(SHOW, "BALKON", capacity=20, disabled=frozenset(range(20)))
    ground.organisation.events[80001].shows[0].is_active = False
    ground.load()

    (row,) = ground.rows(
        "SELECT seats_left, sell_through FROM bi.v_inventory WHERE show_id = '800010'"
    )
    assert row == (0, 1.0)
    assert [row[1] for row in ground.seats()] == ["800010", "800020"]
    assert ground.seats() == ground.true_seats()


def test_every_run_adds_a_snapshot_and_the_page_shows_the_newest(loaded: Any) -> None:
    """History stays: after an hour there are two counts of each show, and the view has the last."""
    before = loaded.seats()
    loaded.live_an_hour()
    loaded.load()

    assert loaded.seats() == loaded.true_seats() != before
    counted = loaded.rows("SELECT show_id, count() FROM zakaz.stg_qtickets_inventory GROUP BY ALL")
    assert sorted(counted) == [("800010", 2), ("800020", 2)]


def test_f20_a_show_that_fails_costs_no_other_its_snapshot(ground: Any) -> None:
    """One show answers 500: the other is counted, the run is partial and says which failed.

    When every show fails the sales of the run land; its inventory is journalled as failed.
    """
    ground.emulator.faults.always(faults.status(500), path=f"/shows/{SHOW}/seats")
    outcome = ground.sync()

    assert (outcome.status, outcome.exit_code) == ("partial", 75)
    assert "the seats of 1 of 2 shows" in outcome.report.failures[0]
    assert [row[1] for row in ground.seats()] == ["800020"]
    assert ground.sales() == ground.truth()
    assert ground.rows(
        "SELECT stream, status FROM zakaz.meta_stream_runs ORDER BY started_at"
    ) == [("events", "ok"), ("orders", "ok"), ("discounts", "empty"), ("promo_codes", "empty"),
          ("inventory", "partial")]  # fmt: skip

    ground.emulator.faults.clear()
    ground.emulator.faults.add(
        faults.status(500), times=None, when=lambda asked: asked.path.endswith("/seats")
    )
    ground.live_an_hour()
    outcome = ground.sync()

    assert (outcome.status, outcome.exit_code) == ("partial", 75)
    assert ground.sales() == ground.truth()
    assert ground.rows(
        "SELECT status FROM zakaz.meta_stream_runs WHERE stream = 'inventory' ORDER BY started_at"
    ) == [("partial",), ("failed",)]


def test_e12_a_show_without_seats_is_a_note(ground: Any) -> None:
    """A show that Qtickets no longer knows is left out, and the run is ok."""
    ground.emulator.faults.always(faults.status(404), path=f"/shows/{SHOW}/seats")
    outcome = ground.sync()

    assert (outcome.status, outcome.exit_code) == ("ok", 0)
    assert any(f"no seats of show {SHOW}" in note for note in outcome.report.notes)


def test_f22_past_and_deleted_shows_are_not_asked_for(ground: Any) -> None:
    """Only shows that are neither begun nor deleted, of events that are not, are counted."""
    one, other = (ground.organisation.events[number] for number in (80001, 80002))
    one.shows[0].starts_at = ground.now - timedelta(hours=1)
    other.deleted_at = ground.now
    ground.load()

    assert ground.seats() == []
    assert not [asked for asked in ground.emulator.requests if asked.path.endswith("/seats")]


def test_seats_without_counts_are_quarantined(ground: Any) -> None:
    """An answer that does not obey select has no counts: a reason is kept, never a zero."""
    bare = b'{"data":{"P-1;1":{"seat_id":"P-1;1","admission":false}}}'
    ground.emulator.faults.always(faults.body(bare), path=f"/shows/{SHOW}/seats")
    report = ground.load()

    assert [row[1] for row in ground.seats()] == ["800020"]
    assert ground.counts(report, "inventory") == (2, 1, 1)
    assert ground.rows("SELECT entity, row_key, reason FROM zakaz.meta_quarantine") == [
        ("inventory", "800010", "no_counts")
    ]


def test_one_show_is_counted_again_by_its_id_and_a_refused_token_stops_there(loaded: Any) -> None:
    """--only inventory --id counts that show alone, with one request.

    403 is no failure of one show: it is asked once and told as what it is (E7).
    """
    before = len(loaded.emulator.requests)
    loaded.organisation.insert_order(event_id=80001)
    loaded.load(only=("inventory",), entity=str(SHOW))

    assert len(loaded.emulator.requests) == before + 1
    assert loaded.seats() == loaded.true_seats()

    refusal = loaded.emulator.faults.add(
        faults.status(403), times=None, when=lambda asked: asked.path.endswith("/seats")
    )
    with pytest.raises(PermanentSourceError, match="Check the token"):
        loaded.load()
    assert refusal.used == 1

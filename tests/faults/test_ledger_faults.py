"""What a source ignores or refuses: rows and cursor stay true, the next run repairs the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from qtickets_api import cursor, staging
from zakaz_emulators.qtickets import faults as broken


def test_e2_an_ignored_filter_leads_to_the_next_rung(ground: Any) -> None:
    """Whichever filters the source ignores, the figures equal the ledger and the mode says how."""
    ground.environ["QTICKETS_TRAILING_DAYS"] = "3"
    ground.load()
    for ignored, mode in (
        (("updated_at",), "keyset"),
        (("updated_at", "payed_at"), "full-keyset"),
        (("updated_at", "event_id"), "full-keyset"),
        (("updated_at", "id"), "full-paging"),
        ((), "full-paging"),
    ):
        ground.live_an_hour()
        ground.emulator.faults.always(broken.ignore_filters(*ignored), path="/orders")
        report = ground.load()
        ground.emulator.faults.clear()

        assert (ignored, report.mode, report.incremental) == (ignored, mode, True)
        assert any("did not obey" in note for note in report.notes)
        assert ground.sales() == ground.truth()


def test_e2_a_source_deaf_from_the_start_is_read_whole(ground: Any) -> None:
    """The first load of a source that ignores every filter still equals the ledger."""
    ground.emulator.faults.always(broken.ignore_filters())

    assert ground.load().mode == "full-paging"
    assert ground.sales() == ground.truth()


def test_when_no_rung_holds_nothing_is_loaded(ground: Any) -> None:
    """A source that answers in no order at all ends with 78, and not one row is stored."""

    def reverse(page: Any) -> None:
        page["data"].reverse()

    ground.emulator.faults.always(broken.edit(reverse), path="/orders")
    outcome = ground.sync()

    assert outcome.exit_code == 78
    assert "none of the ways" in outcome.error
    assert ground.rows("SELECT count() FROM zakaz.stg_qtickets_orders") == [(0,)]
    assert not [name for name, _ in ground.cursors() if "/orders/" in name]


def test_d4_a_run_that_fails_half_way_is_journalled_with_its_counts(ground: Any) -> None:
    """What was read and stored before the fault stands in the journal, not zeros."""
    ground.emulator.faults.always(broken.status(403), path="/orders")
    outcome = ground.sync()

    (told,) = ground.rows(
        "SELECT status, received, accepted + quarantined + duplicate, inserted, requests, mode"
        " FROM bi.v_job_runs"
    )
    events = len(ground.organisation.events)
    shows = sum(len(event.shows) for event in ground.organisation.events.values())
    assert (outcome.exit_code, told[:4]) == (78, ("failed", events, events, events + shows))
    assert told[4] == len(ground.emulator.requests)


def test_e7_e17_a_wrong_token_is_one_request_and_78(ground: Any) -> None:
    """A refused token ends the run at once with exit 78."""
    ground.environ["QTICKETS_TOKEN"] = "wrong-canary-token"
    outcome = ground.sync()

    assert outcome.exit_code == 78
    assert len(ground.emulator.requests) == 1
    assert "wrong-canary-token" not in outcome.error


def test_e14_a_first_load_goes_on_where_it_stopped(
    ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that fails in a long first load costs the rest only, and no change behind it."""
    monkeypatch.setattr(staging, "ROWS_PER_INSERT", 30)
    ground.environ["QTICKETS_PAGE_SIZE"] = "10"
    fault = ground.emulator.faults.add(broken.status(503), nth=8, times=None, path="/orders")
    assert ground.sync().exit_code == 75
    assert ground.rows("SELECT count() FROM zakaz.stg_qtickets_orders FINAL") == [(60,)]
    ground.now += timedelta(hours=9)
    ground.organisation.cancel(ground.organisation.orders[3].id, ground.now)
    ground.organisation.insert_order(event_id=80001, created_at=ground.now)
    ground.now += timedelta(hours=9)
    ground.emulator.faults.clear()
    sent = len(ground.modes())
    report = ground.load()

    assert fault.used == 5
    assert (report.mode, ground.counts(report)[0]) == ("full-keyset", 64 + 2)
    assert set(ground.modes()[sent:]) == {"id"}
    assert ground.load().mode == "updated_at"
    assert ground.sales() == ground.truth()
    assert ground.rows(
        "SELECT value FROM zakaz.meta_watermarks FINAL WHERE endsWith(stream, 'backfill')"
    ) == [("",)]


def test_e14_a_place_that_is_no_longer_obeyed_is_left(ground: Any) -> None:
    """Where ``id >`` is ignored, the place of a broken first load is not relied on."""
    place = cursor.Backfill(7_000_060, ground.now, ground.now)
    cursor.write_backfill(ground.warehouse, "main", "orders", place, ground.now)
    ground.emulator.faults.always(broken.ignore_filters("id"), path="/orders")

    assert ground.load().mode == "full-paging"
    assert ground.sales() == ground.truth()

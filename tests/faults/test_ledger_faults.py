"""What a source ignores or refuses: rows and cursor stay true, the next run repairs the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from qtickets_api import cursor, staging
from trial import Trial
from zakaz_emulators.qtickets import faults as broken


def test_e2_an_ignored_filter_leads_to_the_next_rung(fresh: Trial) -> None:
    """Whichever filters the source ignores, the figures equal the ledger and the mode says how."""
    fresh.environ["QTICKETS_TRAILING_DAYS"] = "3"
    fresh.load()
    for ignored, mode in (
        (("updated_at",), "keyset"),
        (("updated_at", "payed_at"), "full-keyset"),
        (("updated_at", "event_id"), "full-keyset"),
        (("updated_at", "id"), "full-paging"),
        ((), "full-paging"),
    ):
        fresh.live_an_hour()
        fresh.emulator.faults.always(broken.ignore_filters(*ignored), path="/orders")
        report = fresh.load()
        fresh.emulator.faults.clear()

        assert (ignored, report.mode, report.incremental) == (ignored, mode, True)
        assert any("did not obey" in note for note in report.notes)
        assert fresh.sales() == fresh.truth()


def test_e2_a_source_deaf_from_the_start_is_read_whole(fresh: Trial) -> None:
    """The first load of a source that ignores every filter still equals the ledger."""
    fresh.emulator.faults.always(broken.ignore_filters())

    assert fresh.load().mode == "full-paging"
    assert fresh.sales() == fresh.truth()


def test_when_no_rung_holds_nothing_is_loaded(fresh: Trial) -> None:
    """A source that answers in no order at all ends with 78, and not one row is stored."""

    def reverse(page: Any) -> None:
        page["data"].reverse()

    fresh.emulator.faults.always(broken.edit(reverse), path="/orders")
    outcome = fresh.sync()

    assert outcome.exit_code == 78
    assert "none of the ways" in outcome.error
    assert fresh.rows("SELECT count() FROM zakaz.stg_qtickets_orders") == [(0,)]
    assert not [name for name, _ in fresh.cursors() if "/orders/" in name]


def test_d4_a_run_that_fails_half_way_is_journalled_with_its_counts(fresh: Trial) -> None:
    """What was read and stored before the fault stands in the journal, not zeros."""
    fresh.emulator.faults.always(broken.status(403), path="/orders")
    outcome = fresh.sync()

    (told,) = fresh.rows(
        "SELECT status, received, accepted + quarantined + duplicate, inserted, requests, mode"
        " FROM bi.v_job_runs"
    )
    events = len(fresh.organisation.events)
    shows = sum(len(event.shows) for event in fresh.organisation.events.values())
    assert (outcome.exit_code, told[:4]) == (78, ("failed", events, events, events + shows))
    assert told[4] == len(fresh.emulator.requests)


def test_e7_e17_a_wrong_token_is_one_request_and_78(fresh: Trial) -> None:
    """A refused token ends the run at once with exit 78."""
    fresh.environ["QTICKETS_TOKEN"] = "wrong-canary-token"
    outcome = fresh.sync()

    assert outcome.exit_code == 78
    assert len(fresh.emulator.requests) == 1
    assert "wrong-canary-token" not in outcome.error


def test_e14_a_first_load_goes_on_where_it_stopped(
    fresh: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that fails in a long first load costs the rest only, and no change behind it."""
    monkeypatch.setattr(staging, "ROWS_PER_INSERT", 30)
    fresh.environ["QTICKETS_PAGE_SIZE"] = "10"
    fault = fresh.emulator.faults.add(broken.status(503), nth=8, times=None, path="/orders")
    assert fresh.sync().exit_code == 75
    assert fresh.rows("SELECT count() FROM zakaz.stg_qtickets_orders FINAL") == [(60,)]
    fresh.now += timedelta(hours=9)
    fresh.organisation.cancel(fresh.organisation.orders[3].id, fresh.now)
    fresh.organisation.insert_order(event_id=80001, created_at=fresh.now)
    fresh.now += timedelta(hours=9)
    fresh.emulator.faults.clear()
    sent = len(fresh.modes())
    report = fresh.load()

    assert fault.used == 5
    assert (report.mode, fresh.counts(report)[0]) == ("full-keyset", 64 + 2)
    assert set(fresh.modes()[sent:]) == {"id"}
    assert fresh.load().mode == "updated_at"
    assert fresh.sales() == fresh.truth()
    assert fresh.rows(
        "SELECT value FROM zakaz.meta_watermarks FINAL WHERE endsWith(stream, 'backfill')"
    ) == [("",)]


def test_e14_a_place_that_is_no_longer_obeyed_is_left(fresh: Trial) -> None:
    """Where ``id >`` is ignored, the place of a broken first load is not relied on."""
    place = cursor.Backfill(7_000_060, fresh.now, fresh.now)
    cursor.write_backfill(fresh.warehouse, "main", "orders", place, fresh.now)
    fresh.emulator.faults.always(broken.ignore_filters("id"), path="/orders")

    assert fresh.load().mode == "full-paging"
    assert fresh.sales() == fresh.truth()

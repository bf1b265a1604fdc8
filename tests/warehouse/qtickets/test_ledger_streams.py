"""Each stream by itself: whole, what changed, one thing again, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from zakaz.errors import DataError, PermanentSourceError
from zakaz_emulators.qtickets import Organisation, faults, small_organisation
from zakaz_emulators.qtickets.records import Discount, PromoCode

HOUR = timedelta(hours=1)
CODES = "SELECT promo_code_id, promo_code, is_active, deleted_at IS NOT NULL FROM"


def coded() -> Organisation:
    """Return an organiser of two discounts, three codes and an order that used one."""
    organisation = small_organisation()
    made = organisation.now - timedelta(days=60)
    for number in (4401, 4402):
        organisation.put_discount(Discount(number, f"Скидка {number}", made))
    for number, code in ((55003, "ПРИМЕР20"), (55001, "пример20"), (55002, "VK10")):
        organisation.put_promo_code(PromoCode(number, 4401, code, made))
    order = organisation.orders[-1]
    order.discount_id, order.promo_code_id = 4401, 55003
    organisation.touch(order.id)
    return organisation


@pytest.fixture(scope="module")
def organiser() -> Callable[[], Organisation]:
    """Return the maker of the organiser of these tests."""
    return coded


def codes(ground: Any) -> list[tuple[Any, ...]]:
    """Give the promo codes of the warehouse."""
    return ground.rows(f"{CODES} zakaz.stg_qtickets_promo_codes FINAL ORDER BY promo_code_id")


def test_dictionaries_are_loaded_whole_then_what_changed_and_explain_the_sales(loaded: Any) -> None:
    """Codes in no order, alike but for their case, come in; a deleted one becomes a tombstone.

    The sale with a code is found under its text, whatever the order of loading.
    """
    assert codes(loaded) == [
        ("55001", "пример20", True, False),
        ("55002", "VK10", True, False),
        ("55003", "ПРИМЕР20", True, False),
    ]
    assert loaded.rows("SELECT count() FROM zakaz.stg_qtickets_discounts FINAL") == [(2,)]
    (row,) = loaded.rows("SELECT promo_code, discount_name, orders FROM bi.v_promo_codes_daily")
    assert row == ("ПРИМЕР20", "Скидка 4401", 1)

    loaded.now += HOUR
    made = loaded.organisation.promo_codes[2]
    gone = replace(made, deleted_at=loaded.now, updated_at=loaded.now)
    loaded.organisation.put_promo_code(gone)
    report = loaded.load()

    mode = {one.stream: one.mode for one in report.streams}
    assert mode["promo_codes"] == "updated_at"
    assert codes(loaded)[1] == ("55002", "VK10", True, True)


def test_a_list_that_cannot_be_ordered_is_read_by_page_number(ground: Any) -> None:
    """The API lists codes in no order; where orderBy is ignored, every code is still met."""
    ground.emulator.faults.always(faults.ignore_filters(), path="/promo-codes")
    report = ground.load()

    assert len(codes(ground)) == 3
    (one,) = [one for one in report.streams if one.stream == "promo_codes"]
    assert (one.mode, one.status) == ("full-unordered", "ok")


def test_e12_an_optional_list_that_is_not_there_is_a_note(ground: Any) -> None:
    """404 on promo codes: the run is ok, the stream skipped; 404 on orders fails the run."""
    ground.emulator.faults.always(faults.status(404), path="/promo-codes")
    outcome = ground.sync()
    assert (outcome.status, outcome.exit_code) == ("ok", 0)
    assert any("promo_codes left out" in note for note in outcome.report.notes)
    (status,) = ground.rows(
        "SELECT status FROM zakaz.meta_stream_runs WHERE stream = 'promo_codes'"
    )
    assert status == ("skipped",)

    ground.emulator.faults.always(faults.status(404), path="/orders")
    assert ground.sync().status == "failed"


def test_an_optional_list_that_fails_leaves_the_rest_standing(ground: Any) -> None:
    """Discounts broken for good: sales and seats land, the run is partial and says why."""
    ground.emulator.faults.always(faults.body(b"[]"), path="/discounts")
    outcome = ground.sync()

    assert (outcome.status, outcome.exit_code) == ("partial", 75)
    assert outcome.report.failures[0].startswith("discounts: ")
    assert (ground.sales(), ground.seats()) == (ground.truth(), ground.true_seats())


def test_only_reads_the_chosen_streams(ground: Any) -> None:
    """--only leaves every other stream alone, its cursor too."""
    report = ground.load(only=("promo_codes", "discounts"))

    assert [one.stream for one in report.streams] == ["discounts", "promo_codes"]
    asked = {request.path.rpartition("/")[2] for request in ground.emulator.requests}
    assert asked == {"discounts", "promo-codes"}
    assert {stream.split("/")[1] for stream, _ in ground.cursors()} == {"discounts", "promo_codes"}


def test_one_thing_is_read_again_by_its_id_and_what_is_not_there_is_said(loaded: Any) -> None:
    """--only orders --id repairs one order's figures with one request; no cursor moves.

    Every stream has a re-read of one thing; codes, which have no address, by a filter. A wrong id
    ends in an error that names it, and nothing is written.
    """
    order, cursors = loaded.organisation.orders[50], loaded.cursors()
    loaded.organisation.refund(order.id, at=loaded.now, touch=False)
    before = len(loaded.emulator.requests)
    report = loaded.load(only=("orders",), entity=str(order.id))

    assert len(loaded.emulator.requests) == before + 1
    assert (report.mode, report.received) == ("entity", 1)
    assert loaded.sales() == loaded.truth()

    loaded.organisation.events[80001].name = "Другое имя"
    loaded.organisation.put_discount(replace(loaded.organisation.discounts[0], name="Иначе"))
    loaded.organisation.put_promo_code(replace(loaded.organisation.promo_codes[0], code="ИНАЧЕ"))
    for stream, identity in (("events", 80001), ("discounts", 4401), ("promo_codes", 55003)):
        loaded.load(only=(stream,), entity=str(identity))
    assert loaded.rows("SELECT event_name FROM bi.v_events WHERE event_id = '80001'") == [
        ("Другое имя",)
    ]
    assert loaded.rows("SELECT promo_code, discount_name FROM bi.v_promo_codes_daily") == [
        ("ИНАЧЕ", "Иначе")
    ]

    before = loaded.digest()
    for stream in ("orders", "events", "discounts", "promo_codes", "inventory"):
        with pytest.raises((DataError, PermanentSourceError), match="999"):
            loaded.load(only=(stream,), entity="999")
        with pytest.raises(DataError, match=r"whole numbers|no show abc"):
            loaded.load(only=(stream,), entity="abc")
    assert loaded.digest() == before
    assert loaded.cursors() == cursors


def test_events_are_read_without_their_heavy_fields(ground: Any) -> None:
    """Only the fields that are stored are asked for; whole rows where the source cannot select."""
    ground.load(only=("events",))
    (asked,) = [request for request in ground.emulator.requests if request.path.endswith("events")]
    assert "shows.start_date" in asked.json["select"]
    stored = "SELECT event_id, show_id, starts_at FROM zakaz.stg_qtickets_shows FINAL ORDER BY ALL"
    selected = ground.rows(stored)

    broken = faults.body(
        b'{"data":[{"id":80001}],"paging":{"perPage":20,"currentPage":1,"total":1}}'
    )
    ground.emulator.faults.add(broken, path="/events")
    report = ground.load(only=("events",), full_refresh=True)
    assert any("select" in note for note in report.notes)
    assert ground.rows(stored) == selected


def test_every_stream_is_idempotent(ground: Any) -> None:
    """Three full loads leave the business columns of every table as one did (R3)."""
    ground.load(full_refresh=True)
    once = ground.digest()
    for _ in range(2):
        ground.load(full_refresh=True)
    assert ground.digest() == once


def test_a_stream_that_fails_is_journalled_with_its_counts(ground: Any) -> None:
    """The row of a failed stream says how far it came and why it stopped."""
    ground.emulator.faults.add(faults.status(403), nth=2, times=None, path="/orders")
    assert ground.sync().exit_code == 78
    (row,) = ground.rows(
        "SELECT status, received, message FROM zakaz.meta_stream_runs WHERE stream = 'orders'"
    )
    assert row[:2] == ("failed", 50)
    assert "403" in row[2]

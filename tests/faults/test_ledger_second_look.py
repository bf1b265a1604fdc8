"""Ambiguous and unfamiliar orders through the real client, against the ledger."""

from __future__ import annotations

from typing import Any

from trial import Trial
from zakaz.verify import verify
from zakaz_emulators.qtickets import faults as broken


def test_p19_an_ambiguous_order_is_quarantined_and_the_rest_lands(fresh: Trial) -> None:
    """An order with one key twice is kept out with its reason; the others equal the ledger."""
    sick = fresh.organisation.orders[60].id

    def repeat(body: bytes) -> bytes:
        known = f'{{"id":{sick},'.encode()
        return body.replace(known, known + b'"price":1,')

    fresh.emulator.faults.always(broken.rewrite(repeat), path="/orders")
    report = fresh.load()

    assert fresh.sales() == fresh.truth(without={sick})
    assert fresh.counts(report) == (125, 124, 1)
    assert fresh.rows("SELECT row_key, reason, context FROM zakaz.meta_quarantine") == [
        (str(sick), "duplicate_key", "price")
    ]


def test_p10_an_unknown_field_is_told_in_the_journal(fresh: Trial) -> None:
    """A field that appears is named once in the run, and the figures stay the ledger's."""

    def extend(page: Any) -> None:
        for row in page["data"]:
            row["loyalty_card"] = "1234"
            for line in row["baskets"]:
                line["wallet"] = None

    fresh.emulator.faults.always(broken.edit(extend), path="/orders")
    outcome = fresh.sync()

    assert outcome.exit_code == 0
    assert fresh.sales() == fresh.truth()
    ((message,),) = fresh.rows("SELECT message FROM zakaz.meta_job_runs WHERE job = 'qtickets'")
    assert message.count("baskets.wallet, loyalty_card") == 1
    assert "1234" not in message
    assert outcome.run.report.new_fields > 125
    assert fresh.rows(
        "SELECT stream, new_fields FROM zakaz.meta_stream_runs WHERE notEmpty(new_fields)"
    ) == [("orders", ["baskets.wallet", "loyalty_card"])]


def test_p10_a_new_field_of_any_name_does_not_hinder_the_run(fresh: Trial) -> None:
    """A line break, an address, nothing at all for a name: all rows land, the run is written."""

    def extend(page: Any) -> None:
        for row in page["data"]:
            row[""] = row["a\nb"] = row["anna@example.org"] = 1

    fresh.emulator.faults.always(broken.edit(extend), path="/orders")
    outcome = fresh.sync()

    assert outcome.exit_code == 0
    assert fresh.sales() == fresh.truth()
    assert fresh.rows("SELECT new_fields FROM zakaz.meta_stream_runs WHERE stream = 'orders'") == [
        (["", "[e-mail]", "a?b"],)
    ]
    assert fresh.rows("SELECT status FROM zakaz.meta_job_runs") == [("ok",)]


def test_field_p18_a_show_without_a_day_costs_its_event_nothing(fresh: Trial) -> None:
    """One show of an event loses its day: the event keeps its name, city and sales."""

    def spoil(page: Any) -> None:
        for row in page["data"]:
            if row["id"] == 80001:
                row["shows"][0]["start_date"] = None
                row["place_name"] = 7.5

    fresh.emulator.faults.always(broken.edit(spoil), path="/events")
    outcome = fresh.sync()

    assert outcome.exit_code == 0
    assert fresh.sales() == fresh.truth()
    assert fresh.rows(
        "SELECT DISTINCT event_name, city FROM bi.v_sales_daily WHERE event_id = '80001'"
    ) == [(fresh.organisation.events[80001].name, "казань")]
    assert fresh.rows("SELECT entity, reason, context FROM zakaz.meta_quarantine") == [
        ("show", "bad_date", "shows.start_date")
    ]
    assert any("place_name (1)" in note for note in outcome.run.report.notes)
    assert verify(fresh.warehouse) == []


def test_field_p23_money_in_what_is_no_currency_stays_apart(fresh: Trial) -> None:
    """Orders in ₽ and kzt: the sum in no currency stands under XXX, the other one under KZT."""
    orders = fresh.organisation.orders
    orders[-1].currency_id, orders[-2].currency_id = "₽", "kzt"
    fresh.load()

    found = fresh.rows("SELECT currency, sum(gross) FROM bi.v_sales_daily GROUP BY currency")
    assert sorted(currency for currency, _ in found) == ["KZT", "RUB", "XXX"]
    assert sum(gross for _, gross in found) == sum(row[5] for row in fresh.truth())

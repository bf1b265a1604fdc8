"""P09, P12, P14–P18: orders, tickets, texts and whole pages out of shape."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from trial import Case, Trial
from zakaz_emulators.qtickets import Organisation, small_organisation
from zakaz_emulators.qtickets import faults as broken

HOUR = timedelta(hours=1)
MEGABYTE = 1_000_000


def test_p09_of_two_orders_with_one_id_the_newer_wins(fresh: Trial) -> None:
    """Whatever the order on the page, the newer state is stored and the other counted."""
    twice = [(fresh.organisation.orders[60], True), (fresh.organisation.orders[70], False)]
    for one, _ in twice:
        fresh.organisation.change_price(one.tickets[0].id, "444.44", fresh.now)

    def double(page: Any) -> None:
        for one, newer_first in twice:
            for place, row in enumerate(page["data"]):
                if row["id"] == one.id:
                    older = copy.deepcopy(row)
                    older["updated_at"] = (one.updated_at - HOUR).isoformat()
                    older["baskets"][0] |= {"price": 1, "updated_at": older["updated_at"]}
                    page["data"].insert(place + newer_first, older)
                    break

    fresh.faults.always(broken.edit(double), path="/orders")
    outcome = fresh.ends(0, moves=True)

    assert (outcome.report.duplicate, outcome.report.quarantined) == (2, 0)
    fresh.equals()
    assert (
        fresh.rows(
            "SELECT price FROM zakaz.stg_qtickets_baskets FINAL"
            " WHERE basket_id IN {ids:Array(String)}",
            ids=[str(one.tickets[0].id) for one, _ in twice],
        )
        == [(Decimal("444.44"),)] * 2
    )


def test_p09_of_two_equal_versions_the_same_one_wins_every_time(fresh: Trial) -> None:
    """Two contents with one id and one time leave the same row, whichever comes first."""
    one = fresh.organisation.orders[70].id
    found = set()
    for turned in (False, True):

        def double(page: Any, turned: bool = turned) -> None:
            rows = [row for row in page["data"] if row["id"] == one]
            if rows:
                other = copy.deepcopy(rows[0]) | {"currency_id": "XTS"}
                place = page["data"].index(rows[0])
                page["data"].insert(place + turned, other)

        fresh.faults.always(broken.edit(double), path="/orders")
        assert fresh.ends(0, full_refresh=True).report.duplicate == 1
        fresh.faults.clear()
        found |= set(
            fresh.rows(
                "SELECT currency FROM zakaz.stg_qtickets_orders FINAL WHERE order_id = {id:String}",
                id=str(one),
            )
        )
    assert found == {("XTS",)}


def test_p12_p14_p18_no_text_and_no_lack_of_tickets_spoils_its_neighbours(fresh: Trial) -> None:
    """Emoji, right-to-left, combining marks and NUL are stored as sent, half a character refused.

    The event of the refused name is unknown to its orders, whose sales stand all the same. Null, an
    empty object and an empty list of tickets are an order with none. Every answer begins with a
    byte order mark, which is tolerated.
    """
    fresh.faults.always(broken.byte_order_mark())
    for nothing in (None, {}, []):
        made = fresh.organisation.insert_order(event_id=80001, prices=())
        fresh.organisation.spoil(made.id, lambda payload, n=nothing: payload.update(baskets=n))
    names = {
        80003: "Ёлка 🎄👨‍👩‍👧",
        80004: "\u202eשלום\u202c مرحبا",
        80005: "e\u0301 \u200b a\u0000b",
        80006: "half \ud83d",
    }
    for number, name in names.items():
        event = replace(fresh.organisation.events[80001], id=number, name=name, shows=[])
        fresh.organisation.events[number] = event
        fresh.organisation.insert_order(event_id=number, prices=(300,), utm={"utm_source": name})
    outcome = fresh.ends(0, moves=True)

    assert fresh.rows(
        "SELECT event_id, event_name FROM zakaz.stg_qtickets_events FINAL"
        " WHERE event_id > '80002' ORDER BY event_id"
    ) == [(str(number), name) for number, name in names.items() if number != 80006]
    sick = fresh.organisation.orders[-1].id
    assert fresh.quarantine() == [(str(sick), "bad_json", ""), ("80006", "bad_json", "")]
    assert outcome.report.quarantined == 2
    assert fresh.rows("SELECT count() FROM zakaz.stg_qtickets_orders FINAL") == [(123 + 3 + 3,)]
    fresh.equals(without={sick})


class TestTenThousand:
    """A large organisation."""

    @pytest.fixture
    def organisation(self) -> Organisation:
        """Give ten thousand orders."""
        return small_organisation(10_000)

    def test_p15_one_bad_row_of_ten_thousand_is_one(self, fresh: Trial) -> None:
        """9 999 are accepted and one is quarantined by its id."""
        fresh.environ["QTICKETS_PAGE_SIZE"] = "500"
        sick = fresh.organisation.orders[4_321].id
        fresh.spoil(sick, price="much")
        outcome = fresh.ends(0, moves=True)

        events = len(fresh.organisation.events)
        assert (outcome.report.accepted, outcome.report.quarantined) == (events + 9_999, 1)
        assert fresh.quarantine() == [(str(sick), "bad_amount", "price")]
        fresh.equals(without={sick})


def test_p16_too_many_bad_rows_stop_the_run(fresh: Trial) -> None:
    """More than five in a hundred is a changed API: exit 65, nothing stored, cursor unmoved."""
    numbers = [order.id for order in fresh.organisation.orders]
    for bad, code, told in ((7, 65, "missing_key price"), (6, 0, "")):
        fresh.organisation.spoilers.clear()
        for number in numbers[-bad:]:
            fresh.spoil(number, price=...)
        outcome = fresh.ends(code, told, moves=code == 0)

        stored = fresh.rows("SELECT count() FROM zakaz.stg_qtickets_orders FINAL")
        assert stored == [(0 if code else 123 - bad,)]
        assert outcome.report.quarantined == (0 if code else bad)
    fresh.organisation.spoilers.clear()
    fresh.ends(0, moves=True, full_refresh=True)
    fresh.equals()


def test_p17_a_giant_page_is_not_read_to_its_end(trial: Trial) -> None:
    """Beyond 64 megabytes a page is given up at once; one of fifty is read like any other."""

    def padded(size: int) -> Callable[[bytes], bytes]:
        return lambda raw: raw[:-1] + b',"padding":"%s"}' % (b"x" * size)

    trial.breaks(Case(broken.rewrite(padded(80 * MEGABYTE)), 78, "larger than 64 MB", 1))
    trial.organisation.insert_order(event_id=80001)
    trial.faults.always(broken.rewrite(padded(50 * MEGABYTE)), path="/orders")
    trial.ends(0)
    trial.equals()


def test_p17_a_giant_text_and_a_deep_one_are_typed(fresh: Trial) -> None:
    """A text of a megabyte is cut or refused, ten thousand levels are wrong data: no crash."""
    long, deep = fresh.organisation.orders[30].id, fresh.organisation.orders[60].id
    fresh.spoil(long, utm={"utm_source": "я" * MEGABYTE}, custom="x" * MEGABYTE)
    fresh.organisation.events[80001].name = "Ё" * MEGABYTE
    fresh.ends(0, moves=True)
    fresh.equals()
    assert fresh.rows(
        "SELECT max(length(utm_source)) < 5000, max(length(utm_raw)) < 50000"
        " FROM zakaz.stg_qtickets_orders"
    ) == [(1, 1)]
    assert fresh.rows(
        "SELECT max(lengthUTF8(event_name)) FROM zakaz.stg_qtickets_events FINAL"
    ) == [(1000,)]

    fresh.spoil(deep, price=98765)
    nested = b"[" * 10_000 + b"]" * 10_000
    fresh.faults.always(broken.rewrite(lambda raw: raw.replace(b"98765", nested)), path="/orders")
    fresh.ends(65, "nested too deeply", full_refresh=True)

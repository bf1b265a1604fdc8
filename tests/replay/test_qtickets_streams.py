"""Seats, discounts, promo codes and single things on recorded answers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from qtickets_api import dictionaries, plan, seats, streams, wire
from qtickets_api.client import QticketsClient, connect
from qtickets_api.ladder import Ladder, Read, Rung
from qtickets_api.query import Condition, Query
from qtickets_api.reread import read_again
from qtickets_api.settings import QticketsSettings
from qtickets_api.transform import Stamp
from recorded import BARE, FIRST_ORDER, HALL, STANDING, recorded_organisation
from zakaz.errors import PermanentSourceError, TransientSourceError
from zakaz.moscow import MOSCOW
from zakaz_emulators.qtickets import Ledger

NOW = datetime(2026, 3, 20, 15, tzinfo=MOSCOW)
STAMP = Stamp("main", NOW, NOW)


@contextlib.contextmanager
def client_on(tape: Any) -> Iterator[QticketsClient]:
    """Give the loader's client on a cassette."""
    client = connect(QticketsSettings.load(tape.environ), lambda: NOW)
    try:
        yield client
    finally:
        client.close()


def test_f21_the_seats_of_a_hall_a_standing_zone_and_a_show_without_a_hall(play: Any) -> None:
    """Counted as the loader counts, they are what the recorded organiser has."""
    found = {}
    with play("seats") as tape, client_on(tape) as client:
        for show in (HALL, STANDING, BARE):
            answer, at = client.seats(str(show))
            row = seats.count(
                seats.seats_of(answer),
                account_id="main",
                show_id=str(show),
                event_id="",
                snapshot_at=at,
                loaded_at=at,
            )
            found[row.show_id] = (
                row.seats_total, row.seats_sold, row.seats_reserved, row.seats_left,
            )  # fmt: skip

    assert found == {
        row.show_id: (row.capacity, row.sold, row.reserved, row.left)
        for row in Ledger(recorded_organisation()).inventory()
    }
    assert found[str(HALL)] == (38, 7, 2, 29)
    assert found[str(STANDING)][0] == 320
    assert found[str(BARE)] == (0, 0, 0, 0)


def test_discounts_with_a_deleted_one(play: Any) -> None:
    """Two discounts in one page, by id."""
    stream = streams.stream_of(streams.DISCOUNTS, 10)
    with play("discounts") as tape, client_on(tape) as client:
        [page] = Ladder(client, stream.path, 10, plan.whole_list().rungs, print).pages()

    taken = dictionaries.discounts(page.rows, STAMP)
    rows: list[Any] = [item.row for item in taken.items]
    assert [(row.discount_id, row.discount_name) for row in rows] == [
        ("4401", "Скидка 20%"),
        ("4402", "Подписчикам 10%"),
    ]
    assert [row.deleted_at is None for row in rows] == [True, False]


def test_promo_codes_over_three_pages_by_id(play: Any) -> None:
    """A code that was deleted and made again is two codes."""
    stream = streams.stream_of(streams.PROMO_CODES, 10)
    with play("promo_codes") as tape, client_on(tape) as client:
        pages = list(Ladder(client, stream.path, 2, plan.whole_list().rungs, print).pages())

    assert [page.ids for page in pages] == [(55001, 55002), (55003, 55004), (55005,)]
    taken = dictionaries.promo_codes([raw for page in pages for raw in page.rows], STAMP)
    rows: list[Any] = [item.row for item in taken.items]
    assert {row.promo_code.casefold() for row in rows} == {
        "семья20", "early15", "vk10", "телеграм10",
    }  # fmt: skip
    assert sum(row.deleted_at is not None for row in rows) == 1


def test_promo_codes_come_unsorted_where_no_order_is_asked(play: Any) -> None:
    """Read by page number until every code was met."""
    unordered = Rung("unordered", lambda: [Read(is_ordered=False)])
    with play("promo_codes_unsorted") as tape, client_on(tape) as client:
        pages = list(Ladder(client, "/promo-codes", 2, (unordered,), print).pages())

    assert [page.ids for page in pages] == [(55003, 55001), (55005, 55002), (55004,)]


def test_one_order_and_one_event_read_again(play: Any) -> None:
    """By their own addresses; an event comes whole, with the drawing of its hall."""
    orders, events = (streams.stream_of(name, 10) for name in (streams.ORDERS, streams.EVENTS))
    with play("single") as tape, client_on(tape) as client:
        order = read_again(client, orders, str(FIRST_ORDER))
        event = read_again(client, events, "80001")

    assert wire.decode_order(order.rows[0]).id == FIRST_ORDER
    assert wire.decode_event(event.rows[0]).name == "Снежная сказка (Казань)"
    assert b"scheme_properties" in bytes(event.rows[0])


def test_an_empty_page_is_an_end_and_no_error(play: Any) -> None:
    """Behind the last order, and past the last page."""
    with play("empty_page") as tape, client_on(tape) as client:
        behind = client.page("/orders", Query(per_page=10).after(9_999_999))
        past = client.page("/promo-codes", Query(page=9, per_page=10, is_ordered=False))

    assert (list(behind.rows), behind.total) == ([], 0)
    assert (list(past.rows), past.total) == ([], 5)


def test_s05_an_order_nobody_knows_is_a_json_404(play: Any) -> None:
    """One request, exit 78, the address named."""
    stream = streams.stream_of(streams.ORDERS, 10)
    with (
        play("unknown_order") as tape,
        client_on(tape) as client,
        pytest.raises(PermanentSourceError, match=r"/orders/5.*404") as caught,
    ):
        read_again(client, stream, "5")

    assert (caught.value.status, caught.value.exit_code) == (404, 78)


def test_s05_a_wrong_address_is_an_html_404(play: Any) -> None:
    """A page of the service's site comes instead of an answer of its API: no JSON is guessed."""
    with (
        play("wrong_address", below="/v2") as tape,
        client_on(tape) as client,
        pytest.raises(PermanentSourceError, match="404") as caught,
    ):
        client.page("/orders", Query(per_page=10))

    assert caught.value.exit_code == 78


def test_s04_a_stable_503_ends_after_a_few_tries(play: Any) -> None:
    """The service's answer to what it cannot handle; each try is on the cassette."""
    strange = Query((Condition("no_such_column", "=", 1),), per_page=10)
    with (
        play("unavailable") as tape,
        client_on(tape) as client,
        pytest.raises(TransientSourceError, match="503") as caught,
    ):
        client.page("/orders", strange)

    assert (caught.value.exit_code, client.requests) == (75, 5)

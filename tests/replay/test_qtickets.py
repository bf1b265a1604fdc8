"""The Qtickets loader on recorded answers: no network, no token."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from qtickets_api import plan, streams
from qtickets_api.client import connect
from qtickets_api.intake import Intake
from qtickets_api.ladder import Ladder
from qtickets_api.settings import QticketsSettings
from vcr.errors import CannotOverwriteExistingCassetteException
from zakaz.errors import PermanentSourceError
from zakaz.moscow import MOSCOW
from zakaz.source import SyncReport

NOW = datetime(2026, 3, 20, 15, tzinfo=MOSCOW)


def read(tape: Any, name: str, *, pages: int) -> tuple[list[Any], SyncReport]:
    """Read the first pages of a stream through client, ladder and border."""
    report = SyncReport()
    stream = streams.stream_of(name, 10)
    client = connect(QticketsSettings.load(tape.environ), lambda: NOW)
    try:
        ladder = Ladder(client, stream.path, 10, (plan.WHOLE,), report.notes.append, stream.select)
        intake: Any = Intake(name, stream.read, account_id="main", loaded_at=NOW, report=report)
        items = [item for page in intake.take(islice(ladder.pages(), pages)) for item in page.items]
    finally:
        client.close()
    report.requests, report.mode = client.requests, ladder.mode
    return items, report


def test_e3_e6_two_pages_of_orders(play: Any) -> None:
    """The second page is asked for by id in the body of a GET, and both are read."""
    with play("orders") as tape:
        items, report = read(tape, streams.ORDERS, pages=2)

    assert report.received == report.accepted == len(items)
    assert (report.requests, report.mode, report.notes) == (2, "full-keyset", [])
    numbers = [int(item.key) for item in items]
    assert numbers == sorted(set(numbers))
    assert len(numbers) > 10


def test_the_recorded_orders_show_every_state(play: Any) -> None:
    """Among the recorded orders are a refund, a deletion, a reservation and fractions."""
    with play("orders") as tape:
        items, _ = read(tape, streams.ORDERS, pages=2)

    assert sum(item.row.deleted_at is not None for item in items) == 1
    assert sum(not item.row.payed for item in items) == 1
    tickets = [ticket for item in items for ticket in item.lines]
    assert any(ticket.refunded_at and ticket.refunded_amount > 0 for ticket in tickets)
    assert Decimal("19.99") in {ticket.price for ticket in tickets}
    assert {item.row.utm_source for item in items} == {"", "vk", "yandex"}


def test_f1_f18_events_with_shows(play: Any) -> None:
    """Events come with cities by name and shows dated by the venue's clock."""
    with play("events") as tape:
        items, report = read(tape, streams.EVENTS, pages=1)

    assert (report.received, report.accepted) == (2, 2)
    assert {item.row.city_name for item in items} == {"Казань", "Томск"}
    assert {item.row.city_timezone for item in items} == {"Europe/Moscow", "Asia/Krasnoyarsk"}
    assert all(item.lines for item in items)


def test_g03_a_cassette_that_is_not_played_to_its_end_fails(replay: Any) -> None:
    """No recorded answer is left that nothing plays."""
    with pytest.raises(AssertionError, match="nothing plays"), replay("orders") as tape:
        read(tape, streams.ORDERS, pages=1)


def test_e7_a_wrong_token_is_one_request(play: Any) -> None:
    """The recorded refusal ends the run after one request with exit 78."""
    with (
        play("wrong_token", token="wrong-token") as tape,
        pytest.raises(PermanentSourceError, match="403") as caught,
    ):
        read(tape, streams.ORDERS, pages=1)

    assert caught.value.exit_code == 78
    assert "wrong-token" not in str(caught.value)


def test_g01_g03_another_page_is_another_request(replay: Any) -> None:
    """A request whose body was not recorded is refused, never answered with another page."""
    with replay("orders", whole=False) as tape:
        client = connect(QticketsSettings.load(tape.environ), lambda: NOW)
        ladder = Ladder(client, "/orders", 11, (plan.WHOLE,), print)
        with pytest.raises(CannotOverwriteExistingCassetteException, match="body"):
            next(ladder.pages())
        client.close()

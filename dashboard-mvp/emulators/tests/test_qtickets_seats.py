"""The hall of a show as the sheet describes it (§8), seen over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
from zakaz_emulators.qtickets import Organisation, QticketsEmulator, Tariff, Zone, faults

SHOW = 800_010
COUNTS = ["max_quantity", "free_quantity", "ordered_quantity", "payed_quantity"]
DOCUMENTED = (
    "id root_id name zone_id zone_root_id short_seat_id admission row place max_quantity "
    "free_quantity ordered_quantity available disabled ordered payed_quantity in_basket_quantity "
    "price currency_id related_seats multiprice_name multiprice_code spread color_theme_id coords"
)

Hall = Callable[..., Any]


@pytest.fixture
def hall(emulator: QticketsEmulator, session: requests.Session) -> Hall:
    def ask(show: object = SHOW, **body: Any) -> Any:
        path = f"{emulator.base_url}/shows/{show}/seats"
        response = session.get(path, json=body or None, timeout=300)
        assert response.status_code == 200
        return response.json()["data"]

    return ask


def counts(seat: dict[str, Any]) -> tuple[int, ...]:
    return tuple(seat[name] for name in COUNTS)


def test_without_a_body_there_are_no_counts(hall: Hall) -> None:
    """Only a tree of zones with ``seat_id`` and ``admission``."""
    zones = hall()
    assert list(zones) == ["PARTERRE", "BALKON"]
    assert {name: zones["BALKON"][name] for name in ("zone_id", "name", "description")} == {
        "zone_id": "BALKON",
        "name": "Балкон",
        "description": "",
    }
    assert zones["PARTERRE"]["seats"]["3;14"] == {"seat_id": "PARTERRE-3;14", "admission": False}


def test_the_selected_counts_come_by_zone_and_seat(hall: Hall, organisation: Organisation) -> None:
    """A paid, an ordered, a held and a free seat."""
    organisation.insert_order(event_id=80001, zone="BALKON", seats=[0])
    organisation.insert_order(event_id=80001, zone="BALKON", seats=[1], paid=False)
    organisation.hold(SHOW, "BALKON", 2)
    seats = hall(select=[*COUNTS, "in_basket_quantity", "available"])["BALKON"]["seats"]
    assert list(seats["1;1"]) == ["seat_id", *DOCUMENTED_ORDER]
    assert counts(seats["1;1"]) == (1, 0, 1, 1)
    assert counts(seats["1;2"]) == (1, 0, 1, 0)
    assert counts(seats["1;3"]) == (1, 0, 0, 0)
    assert counts(seats["1;4"]) == (1, 1, 0, 0)
    assert [seats[f"1;{place}"]["in_basket_quantity"] for place in (1, 3)] == [0, 1]
    assert [seats[f"1;{place}"]["available"] for place in (1, 3, 4)] == [False, False, True]


DOCUMENTED_ORDER = [
    name for name in DOCUMENTED.split() if name in {*COUNTS, "in_basket_quantity", "available"}
]


def test_a_flat_hall_is_an_object_by_seat_id(hall: Hall) -> None:
    """Every documented field, with its documented type."""
    select = DOCUMENTED.split()
    found = hall(flat=True, select=select)
    seat = found["BALKON-5;20"]
    assert list(seat) == select
    assert seat == seat | {
        "id": "BALKON-5;20",
        "root_id": "BALKON-5;20",
        "name": "Балкон: Ряд 5, Место 20",
        "zone_id": "BALKON",
        "zone_root_id": "BALKON",
        "short_seat_id": "5;20",
        "admission": False,
        "row": "5",
        "place": "20",
        "price": 700,
        "currency_id": "RUB",
        "color_theme_id": 8,
        "multiprice_code": None,
        "related_seats": [],
    }
    assert set(seat["spread"]) == {
        "partner_id",
        "users",
        "client_groups",
        "client_emails",
        "agents",
    }


def test_f21_an_admission_zone_is_one_row_of_many(hall: Hall, organisation: Organisation) -> None:
    """``admission`` is no availability: three of three hundred are taken."""
    show = organisation.events[80001].shows[0]
    show.zones = (*show.zones, Zone("FAN", "Фан-зона", 900003, Decimal(500), capacity=300))
    organisation.insert_order(event_id=80001, prices=(500, 500), zone="FAN")
    organisation.hold(SHOW, "FAN")
    rows = hall(select=["admission", *COUNTS])["FAN"]["seats"]
    assert list(rows) == ["1;1"]
    assert rows["1;1"]["admission"] is True
    assert counts(rows["1;1"]) == (300, 297, 2, 2)


def test_more_tickets_than_places_leave_nothing_and_not_less(
    hall: Hall, organisation: Organisation
) -> None:
    """Somebody made the zone smaller after it had sold."""
    show = organisation.events[80001].shows[0]
    show.zones = (Zone("FAN", "Фан-зона", 900003, Decimal(500), capacity=300),)
    organisation.insert_order(event_id=80001, prices=(500,) * 5)
    organisation.change_zone(SHOW, "FAN", capacity=3)
    assert counts(hall(select=COUNTS)["FAN"]["seats"]["1;1"]) == (3, 0, 5, 5)


@pytest.mark.parametrize("leaving", ["cancel", "refund", "delete_ticket"])
def test_a_returned_or_deleted_ticket_frees_its_seat(
    hall: Hall, organisation: Organisation, leaving: str
) -> None:
    """A partial refund frees nothing."""
    order = organisation.insert_order(event_id=80001, zone="BALKON", seats=[7])
    organisation.refund(order.id, amount=10)
    assert counts(hall(select=COUNTS)["BALKON"]["seats"]["1;8"]) == (1, 0, 1, 1)
    getattr(organisation, leaving)(order.tickets[0].id if leaving == "delete_ticket" else order.id)
    assert counts(hall(select=COUNTS)["BALKON"]["seats"]["1;8"]) == (1, 1, 0, 0)


def test_a_basket_expires(hall: Hall, organisation: Organisation) -> None:
    """After twenty minutes the seat is free again."""
    hold = organisation.hold(SHOW, "BALKON", 0)
    assert counts(hall(select=COUNTS)["BALKON"]["seats"]["1;1"])[1] == 0
    organisation.now += timedelta(minutes=21)
    assert counts(hall(select=COUNTS)["BALKON"]["seats"]["1;1"])[1] == 1
    organisation.release(hold)
    assert organisation.holds == []


def test_with_tariffs_a_seat_has_a_row_for_each_and_one_root(
    hall: Hall, organisation: Organisation
) -> None:
    """What is sold under one tariff is not free under another."""
    show = organisation.events[80001].shows[0]
    show.tariffs = (
        Tariff("full", "Полный"),
        Tariff("child", "Детский", Decimal("0.5")),
    )
    order = organisation.insert_order(
        event_id=80001, prices=(500,), zone="BALKON", seats=[13], tariff="child"
    )
    wanted = ["root_id", "zone_root_id", "price", "multiprice_code", "multiprice_name", *COUNTS]
    found = hall(flat=True, select=wanted)
    rows = {key: seat for key, seat in found.items() if seat["root_id"] == "BALKON-1;14"}
    assert set(rows) == {"full_BALKON-1;14", "child_BALKON-1;14"}
    assert counts(rows["child_BALKON-1;14"]) == (1, 0, 1, 1)
    assert counts(rows["full_BALKON-1;14"]) == (1, 0, 0, 0)
    assert [seat["price"] for seat in rows.values()] == [700, 350]
    assert [seat["multiprice_code"] for seat in rows.values()] == ["full", "child"]
    assert {seat["zone_root_id"] for seat in rows.values()} == {"BALKON"}
    assert list(hall()) == ["full_PARTERRE", "child_PARTERRE", "full_BALKON", "child_BALKON"]
    assert order.tickets[0].zone.seat_id(13, "child") == "child_BALKON-1;14"


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ([{"column": "zone_root_id", "value": "BALKON"}], 160),
        ([{"column": "disabled", "value": 1}], 2),
        ([{"column": "disabled", "operator": "!=", "value": True}], 378),
        ([{"column": "row", "operator": "in", "value": ["1", "2"]}], 80),
        ([{"column": "row", "operator": "not in", "value": ["1", "2"]}], 300),
        ([{"column": "max_quantity", "operator": ">", "value": 1}], 0),
        ([{"column": "free_quantity", "operator": "<=", "value": 0}], 62),
        ([{"column": "spread.users", "operator": "in array", "value": 1}], 0),
        ([{"column": "spread.users", "operator": "not in array", "value": [1]}], 380),
        ([{"column": "zone_id", "value": "PARTERRE"}, {"column": "place", "value": 1}], 11),
    ],
)
def test_conditions_pick_seats(
    hall: Hall, organisation: Organisation, where: list[dict[str, Any]], found: int
) -> None:
    """With the operators the documentation names for seats."""
    organisation.change_zone(SHOW, "PARTERRE", capacity=220, disabled=frozenset({200, 201}))
    assert len(hall(flat=True, where=where, select=["id"])) == found


@pytest.mark.parametrize(
    "where",
    [
        [{"column": "no_such_field", "value": 1}],
        [{"column": "id", "operator": "null"}],
        [{"column": "id", "operator": "like", "value": "B%"}],
    ],
)
def test_a_condition_nobody_documented_is_503(
    emulator: QticketsEmulator, session: requests.Session, where: list[dict[str, Any]]
) -> None:
    """Our inference, as for lists."""
    path = f"{emulator.base_url}/shows/{SHOW}/seats"
    assert session.get(path, json={"where": where}, timeout=300).status_code == 503


def test_an_empty_hall_is_an_array(hall: Hall, organisation: Organisation) -> None:
    """PHP writes an empty object so; flat or not."""
    organisation.events[80001].shows[0].zones = ()
    assert [hall(), hall(flat=True, select=COUNTS)] == [[], []]


@pytest.mark.parametrize(("show", "number"), [(1, 1), ("word", 0), (80001, 80001)])
def test_an_unknown_show_is_a_json_404(
    emulator: QticketsEmulator, session: requests.Session, show: object, number: int
) -> None:
    """An event's id is no show's id."""
    response = session.get(f"{emulator.base_url}/shows/{show}/seats", timeout=300)
    assert response.status_code == 404
    assert response.json()["code"] == "RESOURCE_NOT_FOUND"
    assert response.json()["info"] == {"id": number, "resource": "Show"}


def test_disabled_seats_are_told_and_stand_in_the_scheme(
    hall: Hall, emulator: QticketsEmulator, session: requests.Session, organisation: Organisation
) -> None:
    """They keep their quantities: who counts them counts too much."""
    organisation.change_zone(SHOW, "BALKON", disabled=frozenset({19}))
    seat = hall(select=["disabled", "available", *COUNTS])["BALKON"]["seats"]["1;20"]
    assert (seat["disabled"], seat["available"], counts(seat)) == (True, False, (1, 1, 0, 0))
    event = session.get(f"{emulator.base_url}/events/80001", timeout=300).json()["data"]
    overrides = event["shows"][0]["scheme_properties"]["seats"]
    assert overrides["BALKON-1;20"]["disabled"] == "1"


def test_the_bracketed_query_asks_the_same(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """For clients that cannot send a body."""
    path = f"{emulator.base_url}/shows/{SHOW}/seats"
    by_query = session.get(path, params={"select[]": "id", "flat": "1"}, timeout=300)
    by_body = session.get(path, json={"select": ["id"], "flat": True}, timeout=300)
    assert by_query.content == by_body.content


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (faults.status(404), 404),
        (faults.status(500), 500),
        (faults.html(), 200),
        (faults.html(404), 404),
    ],
)
def test_f20_the_hall_of_one_show_can_be_broken_alone(
    emulator: QticketsEmulator, session: requests.Session, fault: faults.Fault, status: int
) -> None:
    """The other shows and the lists stay honest."""
    emulator.faults.always(fault, path=f"/shows/{SHOW}/seats")
    answers = [
        session.get(emulator.base_url + path, timeout=300).status_code
        for path in (f"/shows/{SHOW}/seats", "/shows/800020/seats", "/orders")
    ]
    assert answers == [status, 200, 200]


def test_counts_can_be_missing_and_a_hall_can_come_empty(
    hall: Hall, emulator: QticketsEmulator
) -> None:
    """As if the body had been lost on the way, and as if the hall had no seats."""
    emulator.faults.add(faults.without_body(), path="/seats")
    emulator.faults.add(faults.empty_hall(), path="/seats", nth=2)
    emulator.faults.add(faults.ignore_filters(), path="/seats", nth=3)
    lost, empty, ignored, honest = (hall(select=COUNTS) for _ in range(4))
    assert lost == ignored == hall()
    assert empty == []
    assert counts(honest["BALKON"]["seats"]["1;1"]) == (1, 1, 0, 0)

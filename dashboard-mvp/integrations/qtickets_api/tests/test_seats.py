"""Seats become four figures: capacity, sold, reserved, left."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec
import pytest
from qtickets_api import seats
from qtickets_api.wire import MalformedError

AT = datetime.fromisoformat("2026-02-10T12:00:00+03:00")


def seat(**changes: Any) -> dict[str, Any]:
    """Give a free numbered seat."""
    free = {
        "id": "P-1;1", "root_id": "P-1;1", "disabled": False, "max_quantity": 1,
        "free_quantity": 1, "ordered_quantity": 0, "payed_quantity": 0, "in_basket_quantity": 0,
    }  # fmt: skip
    return {name: value for name, value in (free | changes).items() if value is not ...}


def counted(data: Any) -> tuple[int, int, int, int]:
    """Count the seats of an answer."""
    row = seats.count(
        seats.seats_of(json.dumps({"data": data}).encode()),
        account_id="main",
        show_id="s1",
        event_id="e1",
        snapshot_at=AT,
        loaded_at=AT,
    )
    return row.seats_total, row.seats_sold, row.seats_reserved, row.seats_left


def test_seats_of_a_hall_add_up() -> None:
    """A free, a paid, an ordered and a held seat, and an admission zone of three hundred (F21)."""
    hall = {
        "P-1;1": seat(),
        "P-1;2": seat(root_id="P-1;2", free_quantity=0, ordered_quantity=1, payed_quantity=1),
        "P-1;3": seat(root_id="P-1;3", free_quantity=0, ordered_quantity=1),
        "P-1;4": seat(root_id="P-1;4", free_quantity=0, in_basket_quantity=1),
        "fan-1;1": seat(root_id="fan-1;1", max_quantity=300, free_quantity=100,
                        ordered_quantity=198, payed_quantity=190, in_basket_quantity=2),
    }  # fmt: skip
    assert counted(hall) == (304, 191, 12, 101)


def test_f21_disabled_seats_are_no_capacity() -> None:
    """Blocked seats count nowhere, however the flag is spelled."""
    hall = {str(n): seat(root_id=str(n), disabled=flag) for n, flag in
            enumerate([True, 1, "1", False, 0, "0", None, ...])}  # fmt: skip
    assert counted(hall) == (5, 0, 0, 5)


@pytest.mark.parametrize("payed", [(1, 0), (0, 1), (1, 1)])
def test_tariffs_of_one_seat_are_one_seat(payed: tuple[int, int]) -> None:
    """Sold under one tariff or reported by both, the seat is sold once."""
    hall = {
        f"{tariff}_P-1;1": seat(id=f"{tariff}_P-1;1", free_quantity=0, ordered_quantity=paid,
                                payed_quantity=paid)
        for tariff, paid in zip(("full", "child"), payed, strict=True)
    }  # fmt: skip
    assert counted(hall) == (1, 1, 0, 0)


def test_tariffs_of_an_admission_zone_share_its_places() -> None:
    """Each tariff counts its own sales of the two hundred places they share."""
    zone = {"root_id": "fan-1;1", "max_quantity": 200, "free_quantity": 120}
    hall = {
        "full_fan-1;1": seat(**zone, ordered_quantity=50, payed_quantity=50),
        "child_fan-1;1": seat(**zone, ordered_quantity=30, payed_quantity=25),
    }
    assert counted(hall) == (200, 75, 5, 120)


def test_what_a_disabled_tariff_sold_stays_sold() -> None:
    """A tariff withdrawn after sales takes its places from the sale and not from the sold."""
    zone = {"root_id": "fan-1;1", "max_quantity": 200, "free_quantity": 150}
    hall = {
        "early_fan-1;1": seat(**zone, ordered_quantity=40, payed_quantity=40, disabled=True),
        "full_fan-1;1": seat(**zone, ordered_quantity=10, payed_quantity=10),
    }
    assert counted(hall) == (200, 50, 0, 150)


def test_a_quota_held_back_is_neither_sold_nor_left() -> None:
    """What the source holds back stays the rest to the total."""
    assert counted({"P": seat(free_quantity=0)}) == (1, 0, 0, 0)


def test_zones_with_seats_are_read_like_a_flat_list() -> None:
    """Where flat is ignored the seats come by zone; the same short id in two zones is two seats."""
    tree = {
        zone: {"name": zone, "seats": {"1;1": seat(root_id=..., id=..., seat_id=f"{zone}-1;1")}}
        for zone in ("P", "B")
    }
    assert counted(tree) == (2, 0, 0, 2)


@pytest.mark.parametrize("empty", [[], {}])
def test_an_empty_hall_has_no_seats(empty: Any) -> None:
    """PHP writes an empty object as a list; both are a hall without seats, not an error."""
    assert counted(empty) == (0, 0, 0, 0)


def test_admission_is_not_availability() -> None:
    """A place without a fixed seat is no free place (trap 10)."""
    assert counted({"fan": seat(admission=True, free_quantity=0)})[3] == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"max_quantity": ...}, "no_counts"), ({"free_quantity": None}, "no_counts"),
     ({"payed_quantity": ...}, "no_counts"), ({"free_quantity": -1}, "bad_quantity"),
     ({"max_quantity": 2**40}, "bad_quantity")],
)  # fmt: skip
def test_a_seat_without_sound_counts_is_refused(changes: dict[str, Any], reason: str) -> None:
    """A missing or impossible count is a reason for quarantine, never a zero."""
    with pytest.raises(MalformedError, match=reason):
        counted({"P": seat(**changes)})


@pytest.mark.parametrize(
    "answer",
    [b"{}", b"[]", b"null", b'{"data":null}', b'{"data":"x"}', b'{"data":{"P":5}}', b"<html>"],
)
def test_what_is_no_hall_is_refused(answer: bytes) -> None:
    """An answer of another shape is an error of the source, never an empty hall."""
    with pytest.raises(msgspec.MsgspecError):
        seats.seats_of(answer)

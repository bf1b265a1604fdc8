"""Discounts and promo codes become rows."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from qtickets_api import dictionaries
from qtickets_api.transform import Stamp
from zakaz.moscow import parse_instant

MADE = "2026-01-10T12:00:00+03:00"
DISCOUNT = {
    "id": 4401, "is_active": 1, "name": " Скидка 20% ", "active_from": None,
    "active_to": "2026-04-01T00:00:00+03:00", "type": "P", "events": [], "shows": [],
    "created_at": MADE, "updated_at": MADE, "deleted_at": None,
}  # fmt: skip
PROMO = {
    "id": 55001, "is_active": 1, "type": 0, "discount_id": 4401, "code": "ПРИМЕР20",
    "max_uses_count": 0, "active_from": None, "active_to": None, "created_at": MADE,
    "updated_at": MADE, "deleted_at": None,
}  # fmt: skip


def promo(stamp: Stamp, *changes: dict[str, Any]) -> Any:
    """Take promo codes, each changed from the plain one."""
    sent = [{k: v for k, v in (PROMO | one).items() if v is not ...} for one in changes]
    return dictionaries.promo_codes([json.dumps(one).encode() for one in sent], stamp)


def test_a_discount_keeps_name_and_limits(stamp: Stamp) -> None:
    """The size of a discount stands in its name; its dates come along."""
    (item,) = dictionaries.discounts([json.dumps(DISCOUNT).encode()], stamp).items
    assert (item.key, item.row.discount_name, item.row.is_active) == ("4401", "Скидка 20%", True)
    assert item.row.active_from is None
    assert item.row.active_to.isoformat() == "2026-04-01T00:00:00+03:00"


def test_codes_alike_are_told_apart_by_id(stamp: Stamp) -> None:
    """A code made again in another case is another row."""
    taken = promo(stamp, {}, {"id": 55002, "code": "пример20", "deleted_at": MADE})
    assert [(item.key, item.row.promo_code) for item in taken.items] == [
        ("55001", "ПРИМЕР20"), ("55002", "пример20"),
    ]  # fmt: skip
    assert taken.items[1].row.deleted_at is not None


def test_a_code_of_digits_is_a_text(stamp: Stamp) -> None:
    """PHP may send 2026 as a number."""
    (item,) = promo(stamp, {"code": 2026}).items
    assert item.row.promo_code == "2026"


def test_f26_a_code_that_holds_a_contact_is_masked(stamp: Stamp) -> None:
    """A code made of a buyer's address or phone does not reach the warehouse."""
    taken = promo(stamp, {"code": "anna@example.test"}, {"id": 2, "code": "+7 900 000-00-01"})
    assert [item.row.promo_code for item in taken.items] == ["[e-mail]", "[phone]"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"id": None}, "bad_id"), ({"id": ...}, "missing_key"),
     ({"created_at": "2026-02-30", "updated_at": None}, "bad_date")],
)  # fmt: skip
def test_a_malformed_entry_is_quarantined_alone(
    stamp: Stamp, change: dict[str, Any], reason: str
) -> None:
    """An entry without an id or an age costs itself and leaves a reason."""
    taken = promo(stamp, change, {"id": 55009})
    assert [item.key for item in taken.items] == ["55009"]
    assert [row.reason for row in taken.rejected] == [reason]


@pytest.mark.parametrize(
    ("change", "kept"),
    [({"created_at": "2026-02-30"}, {"created_at": parse_instant(MADE)}),
     ({"updated_at": None}, {"updated_at": parse_instant(MADE)}),
     ({"max_uses_count": -1}, {"max_uses": 0}), ({"max_uses_count": "5"}, {"max_uses": 0}),
     ({"is_active": 5}, {"is_active": True}), ({"is_active": []}, {"is_active": True}),
     ({"discount_id": 1.5}, {"discount_id": ""}), ({"code": {"ru": 1}}, {"promo_code": ""}),
     ({"active_from": "0000-00-00 00:00:00"}, {"active_from": None}),
     ({"active_to": 1e300}, {"active_to": None}), ({"deleted_at": "x"}, {"deleted_at": None})],
)  # fmt: skip
def test_field_p18_an_odd_field_of_an_entry_costs_that_field(
    stamp: Stamp, change: dict[str, Any], kept: dict[str, Any]
) -> None:
    """An odd date, name or number is left empty and counted; the promo code itself stays."""
    taken = promo(stamp, change)
    (item,) = taken.items
    assert {name: getattr(item.row, name) for name in kept} == kept
    assert (item.key, taken.rejected, taken.unread) == ("55001", [], Counter(change.keys()))


@pytest.mark.parametrize("name", [5.5, True, {"ru": None}])
def test_field_p18_an_odd_name_of_a_discount_costs_the_name(stamp: Stamp, name: Any) -> None:
    """A discount without a readable name is a discount with an empty one."""
    taken = dictionaries.discounts([json.dumps(DISCOUNT | {"name": name}).encode()], stamp)
    (item,) = taken.items
    assert (item.row.discount_name, taken.unread) == ("", Counter(["name"]))

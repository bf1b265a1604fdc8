"""Discounts and promo codes become rows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from qtickets_api import dictionaries
from qtickets_api.transform import Stamp

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
    return dictionaries.promo_codes([json.dumps(PROMO | one).encode() for one in changes], stamp)


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
    [({"id": None}, "bad_id"), ({"created_at": "2026-02-30"}, "bad_date"),
     ({"max_uses_count": -1}, "bad_quantity"), ({"is_active": 5}, "bad_type"),
     ({"discount_id": 1.5}, "bad_id")],
)  # fmt: skip
def test_a_malformed_entry_is_quarantined_alone(
    stamp: Stamp, change: dict[str, Any], reason: str
) -> None:
    """A bad value costs its own entry and leaves a reason."""
    taken = promo(stamp, change, {"id": 55009})
    assert [item.key for item in taken.items] == ["55009"]
    assert [row.reason for row in taken.rejected] == [reason]

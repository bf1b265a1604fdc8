"""Discounts and promo codes as the sheet describes them (§9), seen over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from zakaz_emulators.qtickets import Discount, Organisation, PromoCode, QticketsEmulator

PROMO_FIELDS = (
    "id is_active type discount_id code max_uses_count active_from active_to created_at updated_at "
    "deleted_at"
)
DISCOUNT_FIELDS = (
    "id is_active name active_from active_to type events shows created_at updated_at deleted_at"
)
SHOW_FIELDS = (
    "id is_active event_id sale_start_date sale_finish_date open_date start_date finish_date "
    "created_at updated_at deleted_at"
)

Rows = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def rows(emulator: QticketsEmulator, session: requests.Session) -> Rows:
    def ask(path: str, **body: Any) -> list[dict[str, Any]]:
        response = session.get(emulator.base_url + path, json=body or None, timeout=300)
        assert response.status_code == 200
        found: list[dict[str, Any]] = response.json()["data"]
        return found

    return ask


@pytest.fixture
def organisation(organisation: Organisation) -> Organisation:
    """Codes that repeat in another case, deleted ones, Cyrillic, a limit; two discounts."""
    now = organisation.now
    organisation.put_discount(
        Discount(4402, "Подписчикам 10%", now, (), now + timedelta(days=9), deleted_at=now)
    )
    organisation.put_discount(Discount(4401, "Скидка 20%", now, (80001, 7), show_ids=(800_010, 7)))
    for promo in (
        PromoCode(55003, 4401, "СЕМЬЯ20", now),
        PromoCode(55001, 4401, "early15", now, deleted_at=now),
        PromoCode(55002, 4402, "EARLY15", now, 50, active_to=now, is_active=False),
    ):
        organisation.put_promo_code(promo)
    return organisation


def test_promo_codes_repeat_in_another_case_and_come_unsorted(rows: Rows) -> None:
    """Only the id tells the deleted one from the one that was made again."""
    found = rows("/promo-codes")
    assert [list(row) for row in found] == [PROMO_FIELDS.split()] * 3
    assert [(row["id"], row["code"]) for row in found] == [
        (55003, "СЕМЬЯ20"),
        (55001, "early15"),
        (55002, "EARLY15"),
    ]
    assert [row["max_uses_count"] for row in found] == [0, 0, 50]
    assert [row["deleted_at"] is None for row in found] == [True, False, True]
    assert [row["is_active"] for row in found] == [1, 1, 0]
    assert [row["active_to"] for row in found] == [None, None, "2026-03-20T15:00:00+03:00"]


def test_promo_codes_can_be_filtered_and_ordered(rows: Rows) -> None:
    """By the columns the documentation names; order has to be asked for."""
    live = {"column": "deleted_at", "operator": "null"}
    of_one = {"column": "discount_id", "value": 4401}
    assert [row["id"] for row in rows("/promo-codes", where=[live, of_one])] == [55003]
    ordered = rows("/promo-codes", orderBy={"id": "asc"}, select=["id"])
    assert ordered == [{"id": 55001}, {"id": 55002}, {"id": 55003}]


def test_discounts_come_by_id_with_events_and_shows(rows: Rows) -> None:
    """An unlimited one has empty lists; no field tells the size."""
    limited, unlimited = rows("/discounts")
    assert list(limited) == list(unlimited) == DISCOUNT_FIELDS.split()
    assert (limited["id"], unlimited["id"]) == (4401, 4402)
    assert limited["events"] == [
        {"id": 80001, "is_active": 1, "name": "Снежная сказка (Казань)", "deleted_at": None}
    ]
    assert [list(show) for show in limited["shows"]] == [SHOW_FIELDS.split()]
    assert limited["shows"][0]["event_id"] == 80001
    assert (unlimited["events"], unlimited["shows"]) == ([], [])
    assert unlimited["deleted_at"] is not None
    assert {limited["type"], unlimited["type"]} == {"P"}


def test_a_change_moves_the_updated_at_a_test_gives_it(
    rows: Rows, organisation: Organisation
) -> None:
    """The record keeps its place in the list."""
    later = organisation.now + timedelta(days=1)
    organisation.put_promo_code(
        PromoCode(55001, 4401, "early15", organisation.now, updated_at=later)
    )
    found = rows("/promo-codes")
    assert [row["id"] for row in found] == [55003, 55001, 55002]
    assert found[1]["updated_at"] == "2026-03-21T15:00:00+03:00"
    assert found[1]["deleted_at"] is None
    since = {"column": "updated_at", "operator": ">", "value": "2026-03-21T00:00:00+03:00"}
    assert [row["id"] for row in rows("/promo-codes", where=[since])] == [55001]


def test_an_order_may_name_a_promo_code_that_no_list_has(
    rows: Rows, organisation: Organisation
) -> None:
    """Old codes are gone; a join must keep the order."""
    order = organisation.insert_order(event_id=80001, discount_id=4399, promo_code_id=54_000)
    found = rows("/orders", where=[{"column": "promo_code_id", "value": 54_000}])
    assert [(row["id"], row["discount_id"]) for row in found] == [(order.id, 4399)]
    assert 54_000 not in {row["id"] for row in rows("/promo-codes")}


def test_a_promo_code_has_no_address_of_its_own(
    emulator: QticketsEmulator, session: requests.Session, organisation: Organisation
) -> None:
    """A discount has one."""
    one = session.get(emulator.base_url + "/promo-codes/55003", timeout=300)
    assert (one.status_code, one.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")
    discount = session.get(emulator.base_url + "/discounts/4401", timeout=300)
    assert discount.json()["data"]["name"] == "Скидка 20%"

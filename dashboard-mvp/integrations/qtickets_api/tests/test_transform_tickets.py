"""Ticket lines, tags, doubles and personal data of orders."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from qtickets_api import transform
from qtickets_api.transform import Stamp


def only(make: Any, stamp: Stamp, **changes: Any) -> Any:
    """Take one changed order, which must be accepted."""
    page = transform.orders(make.encode([make.order(**changes)]), stamp)
    assert page.rejected == []
    return page.items[0]


@pytest.mark.parametrize("baskets", [None, [], {}])
def test_p12_an_order_without_tickets_is_kept(make: Any, stamp: Stamp, baskets: Any) -> None:
    """The empty lists of PHP are an order with no tickets."""
    assert only(make, stamp, baskets=baskets).lines == []


def test_a_list_with_holes_arrives_as_an_object(make: Any, stamp: Stamp) -> None:
    """PHP sends a list with holes as an object keyed by digits; its tickets are read."""
    item = only(make, stamp, baskets={"0": make.basket(1), "2": make.basket(2)})

    assert [line.basket_id for line in item.lines] == ["1", "2"]


@pytest.mark.parametrize("quantity", [0, 1, 3])
def test_f10_a_quantity_is_taken_as_it_is(make: Any, stamp: Stamp, quantity: int) -> None:
    """No quantity is a default: nought tickets stay nought."""
    assert only(make, stamp, baskets=[make.basket(quantity=quantity)]).lines[0].quantity == quantity


@pytest.mark.parametrize("quantity", [None, -1, "1", 1.5, 2**32, True])
def test_f10_another_quantity_is_refused(make: Any, stamp: Stamp, quantity: Any) -> None:
    """An absent or impossible quantity is never counted as one ticket."""
    raws = make.encode([make.order(baskets=[make.basket(quantity=quantity)])])

    (row,) = transform.orders(raws, stamp).rejected
    assert row.reason == "bad_quantity"


def test_f11_f12_price_fee_and_discount_stay_apart(make: Any, stamp: Stamp) -> None:
    """The price after discount is stored beside fee, discount and face price; nought stays."""
    fee = make.basket(1, original_price=600, discount_value=100, price=500, service_fee_amount=50)
    free = make.basket(2, price=0, discount_value=1000)
    first, second = only(make, stamp, baskets=[fee, free]).lines

    assert (first.price, first.service_fee) == (Decimal(500), Decimal(50))
    assert (first.original_price, first.discount_value) == (Decimal(600), Decimal(100))
    assert (second.price, second.quantity) == (Decimal(0), 1)


def test_f4_f6_refunds_come_from_the_fields_that_exist(make: Any, stamp: Stamp) -> None:
    """A refund is a date, an amount and a deduction; the nought of a deleted ticket is none."""
    part = make.basket(1, refunded_at="2026-02-09T10:00:00+03:00", refunded_amount=240.5,
                       refunded_deduction_amount=10)  # fmt: skip
    gone = make.basket(2, deleted_at="2026-02-09T10:00:00+03:00", refunded_amount=0)
    first, second = only(make, stamp, baskets=[part, gone]).lines

    assert first.refunded_at is not None
    assert first.refunded_amount == Decimal("240.50")
    assert first.refunded_deduction_amount == Decimal("10.00")
    assert second.refunded_at is None
    assert second.deleted_at is not None


@pytest.mark.parametrize(
    ("utm", "expected"),
    [
        ([], ("", "", "", "", "")),
        (None, ("", "", "", "", "")),
        ("", ("", "", "", "", "")),
        ({"utm_source": "VK", "utm_medium": " CPC "}, ("vk", "cpc", "", "", "")),
        ({"utm_term": "%D1%91%D0%BB%D0%BA%D0%B0"}, ("", "", "", "", "ёлка")),
        ({"utm_content": "казань%2005"}, ("", "", "", "казань 05", "")),
        ({"utm_campaign": 123}, ("", "", "123", "", "")),
        ({"utm_source": None, "other": "x"}, ("", "", "", "", "")),
    ],
)
def test_f15_tags_are_normalised(make: Any, stamp: Stamp, utm: Any, expected: Any) -> None:
    """An object, an empty list or nothing: tags come out trimmed, lower and decoded."""
    row = only(make, stamp, utm=utm).row

    tags = (row.utm_source, row.utm_medium, row.utm_campaign, row.utm_content, row.utm_term)
    assert tags == expected


def test_f15_the_tags_as_sent_are_kept_beside(make: Any, stamp: Stamp) -> None:
    """The raw tags stay readable next to the normalised ones."""
    row = only(make, stamp, utm={"utm_source": "VK"}).row

    assert row.utm_raw == '{"utm_source":"VK"}'


def test_f26_no_field_of_a_buyer_is_even_decoded(make: Any, stamp: Stamp) -> None:
    """Nothing of buyer or ticket holder is in any column of any row."""
    raws = make.encode([make.order(client={"email": "x@example.org"}, custom="x@example.org")])
    item = transform.orders(raws, stamp).items[0]

    texts = [
        value
        for row in (item.row, *item.lines)
        for value in msgspec.structs.astuple(row)
        if isinstance(value, str)
    ]
    assert [text for text in texts if "@" in text or "+7" in text or "Анна" in text] == []


def test_p09_of_two_orders_with_one_id_the_newer_wins(make: Any, stamp: Stamp) -> None:
    """A double on one page is counted, and the winner does not depend on the order of rows."""
    old = make.order(price=1)
    new = make.order(price=2, updated_at="2026-02-04T00:00:00+03:00")
    twin = make.order(price=3, updated_at="2026-02-04T00:00:00+03:00")
    winners = set()
    for rows in itertools.permutations([old, new, twin]):
        page = transform.orders(make.encode(rows), stamp)
        assert (page.received, len(page.items), page.duplicate) == (3, 1, 2)
        winners.add(page.items[0].row.price)

    assert winners == {Decimal(3)}


def test_p09_of_two_tickets_with_one_id_the_newer_wins(make: Any, stamp: Stamp) -> None:
    """A ticket listed twice in one order is stored once."""
    old = make.basket(price=1)
    new = make.basket(price=2, updated_at="2026-02-04T00:00:00+03:00")
    for lines in ([old, new], [new, old]):
        assert [line.price for line in only(make, stamp, baskets=lines).lines] == [Decimal(2)]


def test_p15_a_bad_row_spoils_no_other(make: Any, stamp: Stamp) -> None:
    """Of ten thousand orders with one malformed, the others are accepted and the sum holds."""
    rows = make.encode([make.order(number) for number in range(1, 10_001)])
    rows[4_999] = make.encode([make.order(5_000, price=None)])[0]
    page = transform.orders(rows, stamp)

    assert (page.received, len(page.items), page.duplicate) == (10_000, 9_999, 0)
    assert [(row.row_key, row.reason) for row in page.rejected] == [("5000", "bad_amount")]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"null", "not_an_object"),
        (b"[]", "not_an_object"),
        (b'"order"', "not_an_object"),
        (b'{"id": 7, "currency_id": "\xff"}', "bad_text"),
        (b'{"id": 7, "currency_id": "\\ud800"}', "bad_json"),
        (b'{"id": 7, "utm": ' + b"[" * 5000 + b"]" * 5000 + b"}", "bad_json"),
        (b'{"id": 1e400}', "bad_id"),
    ],
)
def test_p13_p14_p17_broken_bytes_have_a_reason(stamp: Stamp, raw: bytes, reason: str) -> None:
    """Wrong encodings, lone surrogates and endless nesting end as a refused row."""
    (row,) = transform.orders([raw], stamp).rejected

    assert row.reason == reason
    assert row.row_key in ("", "7")


def test_a_refused_row_tells_no_value(make: Any, stamp: Stamp) -> None:
    """Reason and place name fields only, so quarantine holds nothing of a buyer."""
    bad = make.order(price="x@example.org", id=77)
    (row,) = transform.orders(make.encode([bad]), stamp).rejected

    assert (row.entity, row.row_key, row.reason, row.context) == (
        "order", "77", "bad_amount", "price",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "key"), [(..., ""), ("x@example.org", ""), (-5, "-5"), (7.5, ""), (" 8x", "")]
)
def test_p01_a_refused_row_is_known_by_its_own_id_only(
    make: Any, stamp: Stamp, sent: Any, key: str
) -> None:
    """Where the order's id is missing or no number, that of the buyer does not stand in for it."""
    bad = {"client": {"id": 9_000_011}} | make.order(id=sent)
    (row,) = transform.orders(make.encode([bad]), stamp).rejected

    assert row.row_key == key

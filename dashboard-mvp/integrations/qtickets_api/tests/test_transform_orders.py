"""Orders become exact rows; what cannot be read is refused with a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from qtickets_api import transform
from qtickets_api.rows import Order
from qtickets_api.transform import Stamp
from zakaz.moscow import MOSCOW


def taken(make: Any, stamp: Stamp, *rows: Any) -> Any:
    """Take one page of orders."""
    return transform.orders(make.encode(rows), stamp)


def only(make: Any, stamp: Stamp, **changes: Any) -> Any:
    """Take one changed order, which must be accepted."""
    page = taken(make, stamp, make.order(**changes))
    assert page.rejected == []
    return page.items[0]


def reason(make: Any, stamp: Stamp, **changes: Any) -> tuple[str, str]:
    """Take one changed order, which must be refused; gives reason and place."""
    page = taken(make, stamp, make.order(**changes))
    assert not page.items
    return page.rejected[0].reason, page.rejected[0].context


def test_an_order_becomes_a_row_and_its_tickets(make: Any, stamp: Stamp) -> None:
    """Every column of an order and of its ticket comes from the field it is named for."""
    item = only(make, stamp, discount_id=4401, promo_code_id="55001")

    assert item.row == Order(
        account_id="main",
        order_id="7000101",
        event_id="80001",
        payed=True,
        payed_at=datetime(2026, 2, 3, 19, 42, 10, tzinfo=MOSCOW),
        created_at=datetime(2026, 2, 3, 19, 40, 2, tzinfo=MOSCOW),
        updated_at=datetime(2026, 2, 3, 19, 42, 14, tzinfo=MOSCOW),
        deleted_at=None,
        currency="RUB",
        price=Decimal("800.00"),
        original_price=Decimal("1000.00"),
        discount_id="4401",
        promo_code_id="55001",
        utm_source="",
        utm_medium="",
        utm_campaign="",
        utm_content="",
        utm_term="",
        utm_raw="",
        ver=item.row.ver,
        loaded_at=datetime(2026, 2, 5, 12, tzinfo=MOSCOW),
    )
    (ticket,) = item.lines
    assert (ticket.basket_id, ticket.order_id, ticket.show_id) == ("15000001", "7000101", "600001")
    assert (ticket.price, ticket.discount_value) == (Decimal("800.00"), Decimal("200.00"))
    assert (ticket.refunded_at, ticket.refunded_amount) == (None, Decimal("0.00"))


def test_g5_the_version_is_own_source_time_then_fetch_time(make: Any, stamp: Stamp) -> None:
    """Each row's version holds its own change in the high half and the page's fetch in the low."""
    item = only(make, stamp)
    fetched = int(datetime(2026, 2, 5, 12, tzinfo=MOSCOW).timestamp())

    for row in (item.row, *item.lines):
        assert row.ver >> 32 == int(row.updated_at.timestamp())
        assert row.ver & 0xFFFFFFFF == fetched
    assert item.row.ver != item.lines[0].ver


@pytest.mark.parametrize("number", [7, "7", " 7 ", "0007"])
def test_p02_one_order_has_one_id(make: Any, stamp: Stamp, number: Any) -> None:
    """A number and its digits are the same order."""
    assert only(make, stamp, id=number).key == "7"


@pytest.mark.parametrize("number", [7.0, 1e3, "7.0", "1e3", "abc", "", True, 0, -7, 2**70, [7]])
def test_p02_anything_else_is_no_id(make: Any, stamp: Stamp, number: Any) -> None:
    """A float, a word, a negative or an endless number is refused as an id."""
    assert reason(make, stamp, id=number) == ("bad_id", "id")


@pytest.mark.parametrize("name", ["id", "event_id", "payed", "created_at", "updated_at", "price",
                                  "original_price", "baskets"])  # fmt: skip
def test_p01_a_missing_field_is_named(make: Any, stamp: Stamp, name: str) -> None:
    """An order without a field that it cannot do without is refused by that field's name."""
    assert reason(make, stamp, **{name: ...}) == ("missing_key", name)


@pytest.mark.parametrize(
    "price", [None, "", "abc", "1 234,56", "1,234.56", "1_000", "1e3", "1\0", True, [], {}]
)
def test_p03_p04_an_amount_that_is_none_is_refused(make: Any, stamp: Stamp, price: Any) -> None:
    """An absent or unreadable amount is never zero."""
    assert reason(make, stamp, price=price) == ("bad_amount", "price")
    bad = make.basket(price=price)
    assert reason(make, stamp, baskets=[bad]) == ("bad_amount", "baskets.price")


@pytest.mark.parametrize("price", ["NaN", "Infinity", "-Infinity", 1e18, -1e18, 10**13])
def test_p06_an_amount_out_of_range_is_refused(make: Any, stamp: Stamp, price: Any) -> None:
    """Not-a-number and astronomic amounts are refused."""
    assert reason(make, stamp, price=price) == ("amount_range", "price")


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [("1.005", "1.01"), ("1.999", "2.00"), ("-0.001", "0.00"), ("19.99", "19.99"), ("0.1", "0.10"),
     ("123456789.995", "123456790.00")],
)  # fmt: skip
def test_p05_f14_money_comes_from_the_text_and_rounds_half_up(
    make: Any, stamp: Stamp, text: str, kopecks: str
) -> None:
    """An amount never passes through a float and is rounded half up to the kopeck."""
    raw = make.encode([make.order()])[0].replace(b'"price": 800', b'"price": ' + text.encode())

    item = transform.orders([raw], stamp).items[0]

    assert item.row.price == item.lines[0].price == Decimal(kopecks)


def test_f14_a_million_dimes_are_exact(make: Any, stamp: Stamp) -> None:
    """Sums of what is stored are exact: 0.1 + 0.2 and a million times 0.10."""
    dime = only(make, stamp, price=0.1).row.price

    assert dime + only(make, stamp, price=0.2).row.price == Decimal("0.30")
    assert dime * 10**6 == Decimal(100_000)
    assert only(make, stamp, price=19.99).row.price * 3 == Decimal("59.97")


@pytest.mark.parametrize(
    "text",
    ["2026-02-30T10:00:00+03:00", "2026-13-01T10:00:00+03:00", "0000-00-00", "0000-00-00 00:00:00",
     "1969-12-31T23:00:00+00:00", "2200-01-01T00:00:00+03:00", "soon", "", True, None, 12],
)  # fmt: skip
def test_p07_a_day_that_does_not_exist_is_refused(make: Any, stamp: Stamp, text: Any) -> None:
    """What the database would turn into another day does not reach it."""
    assert reason(make, stamp, created_at=text) == ("bad_date", "created_at")


@pytest.mark.parametrize(
    "text",
    ["2026-02-03T16:42:10Z", "2026-02-03T19:42:10+03:00", "2026-02-03T23:42:10+07:00",
     "2026-02-03 19:42:10", "2026-02-03T19:42:10.999+03:00", 1770136930, 1770136930000],
)  # fmt: skip
def test_p08_every_spelling_is_one_instant(make: Any, stamp: Stamp, text: Any) -> None:
    """Offsets, Z, epoch numbers and Moscow wall time are all the same instant."""
    payed_at = only(make, stamp, payed_at=text).row.payed_at

    assert payed_at == datetime(2026, 2, 3, 16, 42, 10, tzinfo=UTC)


def test_f17_a_late_utc_evening_is_the_next_moscow_day(make: Any, stamp: Stamp) -> None:
    """A payment at 21:30 UTC belongs to the next day in Moscow."""
    payed_at = only(make, stamp, payed_at="2025-11-05T21:30:00Z").row.payed_at

    assert payed_at.isoformat() == "2025-11-06T00:30:00+03:00"


def test_a_paid_order_without_a_day_is_refused(make: Any, stamp: Stamp) -> None:
    """A sale that belongs to no day is quarantined, an unpaid order without one is normal."""
    assert reason(make, stamp, payed_at=None) == ("bad_date", "payed_at")
    assert only(make, stamp, payed=False, payed_at=None).row.payed is False


@pytest.mark.parametrize(("sent", "payed"), [(1, True), (0, False), (True, True), (False, False)])
def test_the_paid_flag_may_be_a_number(make: Any, stamp: Stamp, sent: Any, payed: bool) -> None:
    """The documents show 0 and 1 where the service sends booleans; both are read."""
    assert only(make, stamp, payed=sent).row.payed is payed


@pytest.mark.parametrize("sent", [2, -1, "yes", None])
def test_p11_another_paid_flag_is_refused(make: Any, stamp: Stamp, sent: Any) -> None:
    """A paid flag that is neither is never taken for paid or unpaid."""
    assert reason(make, stamp, payed=sent) == ("bad_type", "payed")


@pytest.mark.parametrize(
    ("sent", "code"),
    [("RUB", "RUB"), ("USD", "USD"), ("XXX", "XXX"), (" kzt ", "KZT"), ("₽", "XXX"), (643, "XXX"),
     ("643", "XXX"), ("тенге", "XXX"),
     ("A", "XXX"), ("BYN/RUB", "XXX"), (None, "XXX"), ("", "XXX"), ([], "XXX"), (True, "XXX"),
     ("рус", "XXX"), ("ＲＵＢ", "XXX"), ({"id": 1}, "XXX")],
)  # fmt: skip
def test_f13_p11_field_p23_what_is_no_currency_is_the_unknown_one(
    make: Any, stamp: Stamp, sent: Any, code: str
) -> None:
    """No currency is guessed: a code is stored in capitals, money in anything else stays apart."""
    page = transform.orders(make.encode([make.order(currency_id=sent), make.order(7)]), stamp)

    assert [item.row.currency for item in page.items] == [code, "RUB"]
    assert page.unread["currency_id"] == (code == "XXX")
    assert page.rejected == []

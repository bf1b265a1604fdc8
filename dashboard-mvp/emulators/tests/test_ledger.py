"""The ledger against figures worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from zakaz_emulators.qtickets import MOSCOW, Ledger, Organisation, small_organisation

DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=MOSCOW)


@pytest.fixture
def shop() -> Organisation:
    return small_organisation(0)


def sell(shop: Organisation, *prices: object, **more: Any) -> Any:
    return shop.insert_order(
        event_id=80001, prices=[Decimal(str(price)) for price in prices], payed_at=NOON, **more
    )


def figures(shop: Organisation) -> tuple[int, int, str, str, str]:
    total = Ledger(shop).totals()
    return total.orders, total.tickets, str(total.gross), str(total.refunds), str(total.net)


def test_a_plain_sale(shop: Organisation) -> None:
    """Two tickets of 800 in one order."""
    sell(shop, 800, 800)
    assert figures(shop) == (1, 2, "1600.00", "0.00", "1600.00")


def test_f4_a_live_a_refunded_and_a_deleted_ticket(shop: Organisation) -> None:
    """One ticket stays sold; gross keeps the returned one and drops the deleted one."""
    order = sell(shop, 500, 500, 500)
    shop.refund(order.id, tickets=[order.tickets[1].id])
    shop.delete_ticket(order.tickets[2].id)
    assert figures(shop) == (1, 1, "1000.00", "500.00", "500.00")


def test_f5_a_deleted_order_is_not_counted(shop: Organisation) -> None:
    """Neither is an unpaid one."""
    shop.cancel(sell(shop, 700).id)
    shop.insert_order(event_id=80001, created_at=NOON, paid=False)
    assert figures(shop) == (0, 0, "0.00", "0.00", "0.00")
    assert Ledger(shop).daily() == []


def test_f6_a_partial_refund_leaves_the_ticket_sold(shop: Organisation) -> None:
    """30 % of 1 000 come back."""
    shop.refund(sell(shop, 1000).id, amount=300)
    assert figures(shop) == (1, 1, "1000.00", "300.00", "700.00")


def test_a_refund_with_a_deduction_returns_the_ticket(shop: Organisation) -> None:
    """900 back and 100 kept are the whole price: the ticket is gone, 100 stay."""
    shop.refund(sell(shop, 1000).id, deduction=100)
    assert figures(shop) == (1, 0, "1000.00", "900.00", "100.00")


def test_a_fully_refunded_order_still_counts_as_an_order(shop: Organisation) -> None:
    """It was sold; its money went back."""
    shop.refund(sell(shop, 650, 650).id)
    assert figures(shop) == (1, 0, "1300.00", "1300.00", "0.00")


def test_f11_free_tickets_count_and_bring_nothing(shop: Organisation) -> None:
    """Price 0 is a value, not an absence."""
    sell(shop, 0, 0)
    assert figures(shop) == (1, 2, "0.00", "0.00", "0.00")


def test_a_returned_free_ticket_is_not_sold(shop: Organisation) -> None:
    """0 covers 0."""
    shop.refund(sell(shop, 0).id)
    assert figures(shop) == (1, 0, "0.00", "0.00", "0.00")


def test_f10_a_quantity_of_zero_stays_zero(shop: Organisation) -> None:
    """And the price of the line counts once."""
    order = sell(shop, 400, 400)
    order.tickets[0].quantity = 0
    order.tickets[1].quantity = 3
    assert figures(shop) == (1, 3, "800.00", "0.00", "800.00")


def test_f14_kopecks_are_exact_and_round_half_up(shop: Organisation) -> None:
    """1.005 is 1.01, and three times 19.99 is 59.97."""
    sell(shop, "19.99", "19.99", "19.99")
    sell(shop, "1.005", "1.999")
    assert figures(shop)[2] == "62.98"


def test_f13_currencies_are_never_added_together(shop: Organisation) -> None:
    """A day of one event has a row for each."""
    sell(shop, 100)
    sell(shop, 20, currency_id="USD")
    assert [(row.currency, row.gross) for row in Ledger(shop).daily()] == [
        ("RUB", Decimal("100.00")),
        ("USD", Decimal("20.00")),
    ]


def test_f17_the_day_of_a_sale_is_the_moscow_day(shop: Organisation) -> None:
    """21:30 in London is the next day in Moscow."""
    late = datetime.fromisoformat("2026-03-10T21:30:00+00:00")
    shop.insert_order(event_id=80001, payed_at=late)
    assert [row.sales_date for row in Ledger(shop).daily()] == [DAY + timedelta(days=1)]


def test_refunds_count_on_the_day_of_sale_and_apart_on_their_own(shop: Organisation) -> None:
    """Sold on the 10th, returned on the 14th."""
    shop.refund(sell(shop, 1000).id, at=NOON + timedelta(days=4))
    ledger = Ledger(shop)
    daily = ledger.daily()
    assert [(row.sales_date, row.refunds, row.net) for row in daily] == [
        (DAY, Decimal("1000.00"), Decimal("0.00"))
    ]
    apart = ledger.refunds_by_refund_date()
    assert [(row.refund_date, row.event_id, row.refunds) for row in apart] == [
        (DAY + timedelta(days=4), "80001", Decimal("1000.00"))
    ]


def test_totals_of_days_and_without_some_orders(shop: Organisation) -> None:
    """Days are inclusive; a quarantined order can be left out."""
    first = sell(shop, 100)
    shop.insert_order(event_id=80002, prices=(10,), payed_at=NOON + timedelta(days=1))
    ledger = Ledger(shop)
    assert ledger.totals(DAY, DAY).gross == Decimal("100.00")
    assert ledger.totals(DAY + timedelta(days=1)).gross == Decimal("10.00")
    assert ledger.totals(without={first.id}).gross == Decimal("10.00")
    assert [row.event_id for row in ledger.daily(without={first.id})] == ["80002"]


def test_every_change_shows_in_the_ledger_at_once(shop: Organisation) -> None:
    """Pay, change the price, cancel, restore, insert, vanish."""
    order = shop.insert_order(event_id=80001, prices=(500,), paid=False)
    seen = [figures(shop)[2]]
    shop.pay(order.id)
    seen.append(figures(shop)[2])
    shop.change_price(order.tickets[0].id, 450)
    seen.append(figures(shop)[2])
    shop.cancel(order.id)
    seen.append(figures(shop)[2])
    shop.restore(order.id)
    seen.append(figures(shop)[2])
    shop.remove_order(order.id)
    seen.append(figures(shop)[2])
    assert seen == ["0.00", "500.00", "450.00", "0.00", "450.00", "0.00"]


def test_the_ledger_as_json_keeps_money_as_text(shop: Organisation) -> None:
    """No float ever touches it."""
    sell(shop, "19.99")
    told = Ledger(shop).as_json()
    assert told["totals"] == {
        "orders": 1,
        "tickets": 1,
        "gross": "19.99",
        "refunds": "0.00",
        "net": "19.99",
    }
    assert told["daily"][0]["sales_date"] == "2026-03-10"

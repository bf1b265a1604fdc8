"""Orders and tickets from which the facts of sales are computed, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from side_by_side import Cases
from staged import Staged, msk

case = Cases()


def golden(orders: int, tickets: int, gross: str, refunds: str, net: str) -> dict[str, Any]:
    """Return the sums a test expects."""
    return {
        "orders": orders,
        "tickets": tickets,
        "gross": Decimal(gross),
        "refunds": Decimal(refunds),
        "net": Decimal(net),
    }


@case
def sold(staged: Staged) -> None:
    """Sell one ticket."""
    staged.ticket(price="1000")


REFUNDS = {
    "full": ({"refunded_amount": "1000"}, golden(1, 0, "1000", "1000", "0")),
    "partial": ({"refunded_amount": "300"}, golden(1, 1, "1000", "300", "700")),
    "with deduction": (
        {"refunded_amount": "900", "refunded_deduction_amount": "100"},
        golden(1, 0, "1000", "900", "100"),
    ),
    "partial with deduction": (
        {"refunded_amount": "500", "refunded_deduction_amount": "100"},
        golden(1, 1, "1000", "500", "500"),
    ),
    "free ticket returned": ({"price": "0"}, golden(1, 0, "0", "0", "0")),
}


@case
def refunded(staged: Staged) -> None:
    """Refund a ticket of each event in another way."""
    for event, (refund, _) in REFUNDS.items():
        staged.order(event, event_id=event)
        given = {"price": "1000", "refunded_at": "2026-02-12 10:00"} | refund
        staged.basket(event, order_id=event, event_id=event, **given)


@case
def amount_without_a_date(staged: Staged) -> None:
    """Name an amount of which no refund is dated."""
    staged.ticket(refunded_amount="1000")


@case
def live_refunded_deleted(staged: Staged) -> None:
    """Sell three tickets, of which one is refunded and one deleted."""
    staged.order()
    staged.basket("1")
    staged.basket("2", refunded_at="2026-02-12 10:00", refunded_amount="1000")
    staged.basket("3", deleted_at="2026-02-12 10:00")


@case
def deleted_order(staged: Staged) -> Iterator[None]:
    """Sell a ticket; then the order is deleted."""
    staged.ticket()
    yield
    staged.order(deleted_at="2026-02-11 10:00")


@case
def partly_refunded(staged: Staged) -> None:
    """Refund 30 % of a ticket."""
    staged.ticket(price="1000", refunded_at="2026-02-12 10:00", refunded_amount="300")


@case
def quantities(staged: Staged) -> None:
    """Sell a line of no tickets and a line of three."""
    staged.order()
    staged.basket("1", quantity=0)
    staged.basket("2", quantity=3, price="2400")


@case
def free(staged: Staged) -> None:
    """Sell a ticket for nothing."""
    staged.ticket(price="0", original_price="1000", discount_value="1000")


@case
def discounted(staged: Staged) -> None:
    """Sell a ticket with a discount and a fee."""
    staged.ticket(price="500", original_price="600", discount_value="100", service_fee="50")


@case
def two_currencies(staged: Staged) -> None:
    """Sell for roubles and for dollars."""
    staged.ticket("1", currency="RUB", price="1000")
    staged.ticket("2", currency="USD", price="15.50")


PRICES = ("19.99", "0.10", "1.15", "100000.01")


@case
def kopecks(staged: Staged) -> None:
    """Sell three tickets of each price."""
    for price in PRICES:
        staged.order(price, event_id=price)
        for place in ("1", "2", "3"):
            staged.basket(place + price, order_id=price, event_id=price, price=price)


@case
def midnight(staged: Staged) -> None:
    """Pay half an hour after midnight in Moscow."""
    staged.order("1", payed_at=msk("2025-11-06 00:30").astimezone())
    staged.basket("1")


@case
def end_of_month(staged: Staged) -> None:
    """Pay in the first hours of a Moscow month."""
    staged.order("1", payed_at=msk("2026-02-01 01:30"))
    staged.basket("1")


@case
def unpaid(staged: Staged) -> None:
    """Order without paying."""
    staged.order(payed=False, payed_at=None)
    staged.basket()


@case
def four_shows(staged: Staged) -> None:
    """Order tickets of four shows."""
    staged.order()
    staged.basket("9", show_id="deleted", deleted_at="2026-02-12 10:00")
    staged.basket("10", show_id="returned", refunded_at="2026-02-12 10:00", refunded_amount="1000")
    staged.basket("100", show_id="later")
    staged.basket("20", show_id="home")


@case
def all_tickets_deleted(staged: Staged) -> None:
    """Delete every ticket of an order."""
    staged.order()
    staged.basket("2", show_id="s2", deleted_at="2026-02-12 10:00")
    staged.basket("1", show_id="s1", deleted_at="2026-02-12 10:00")


@case
def no_tickets(staged: Staged) -> None:
    """Order nothing."""
    staged.order(event_id="e9")


@case
def paid_out_in_march(staged: Staged) -> None:
    """Refund a ticket in the month after its sale."""
    staged.ticket(price="1000", refunded_at="2026-03-02 10:00", refunded_amount="400")


@case
def two_tags(staged: Staged) -> None:
    """Sell one ticket with a tag and one without."""
    staged.order("1", utm_source="vk", utm_campaign="spring")
    staged.basket("1", order_id="1")
    staged.order("2")
    staged.basket("2", order_id="2")

"""Money to the kopeck, and what came back of a ticket."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from zakaz_emulators.qtickets.records import Ticket

KOPECK = Decimal("0.01")
NOTHING = Decimal("0.00")


def kopecks(amount: Decimal | None) -> Decimal:
    """Round half up to the kopeck; nothing is zero."""
    return NOTHING if amount is None else amount.quantize(KOPECK, ROUND_HALF_UP)


def refunded(ticket: Ticket) -> Decimal:
    """Give the money returned for a ticket; an amount without a date is no refund."""
    return NOTHING if ticket.refunded_at is None else kopecks(ticket.refunded_amount)


def is_returned(ticket: Ticket) -> bool:
    """Tell whether the ticket came back whole; a partial refund leaves it sold."""
    if ticket.refunded_at is None:
        return False
    covered = kopecks(ticket.refunded_amount) + kopecks(ticket.refunded_deduction)
    return covered >= kopecks(ticket.price)

"""Turns sales of the demo organisation into orders: tickets, prices, payment, what came after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from random import Random

from zakaz_emulators.pace import Tagger
from zakaz_emulators.playbill import REDUCTIONS, Production, Reduction
from zakaz_emulators.qtickets.records import ZERO, Order, Show, Ticket

KOPECK = Decimal("0.01")
FIRST_ORDER = 7_000_001
FIRST_TICKET = 15_000_001
CLIENTS = 14_000

EXPIRES = 0.085
CANCELLED_UNPAID = 0.02
CANCELLED_PAID = 0.006
PAYS_LATE = 0.03
TICKET_DELETED = 0.006
REFUNDED = 0.035
VISITS = 0.87


@dataclass(frozen=True, slots=True)
class Sale:
    """Somebody put tickets into the basket."""

    created_at: datetime
    show: Show
    production: Production


def write_orders(sales: Sequence[Sale], random: Random, now: datetime) -> list[Order]:
    """Write the orders of sales sorted by time, as they stand at ``now``.

    Every sale draws its whole life, also the part after ``now``, so that the next look at the same
    timeline agrees with this one.
    """
    tagger = Tagger(random, len(sales))
    orders: list[Order] = []
    seats: dict[int, int] = {}  # the next free one by the zone's price id
    ticket_id = FIRST_TICKET
    for number, sale in enumerate(sales, FIRST_ORDER):
        order = _order(number, ticket_id, sale, seats, tagger, random)
        ticket_id += len(order.tickets)
        _live(order, sale.show, random, now)
        if order.created_at <= now:
            orders.append(order)
    return orders


def _order(
    number: int,
    ticket_id: int,
    sale: Sale,
    seats: dict[int, int],
    tagger: Tagger,
    random: Random,
) -> Order:
    production, show, created = sale.production, sale.show, sale.created_at
    count = random.choices(range(1, 6), weights=production.tickets)[0]
    zone = random.choices(show.zones, weights=production.shares)[0]
    seat = seats.get(zone.price_id, 0)
    seats[zone.price_id] = seat + count
    reduction = _reduction(random.random())
    off = _share(zone.price, reduction.percent) if reduction else ZERO
    chosen = created - timedelta(seconds=30 + int(random.random() * 400))
    tickets = [
        Ticket(
            id=ticket_id + line,
            show_id=show.id,
            price=zone.price - off,
            original_price=zone.price,
            created_at=chosen,
            updated_at=created,
            discount_value=off,
            zone=zone,
            seat=seat + line,
        )
        for line in range(count)
    ]
    return Order(
        id=number,
        client_id=9_000_001 + int(random.random() * CLIENTS),
        event_id=show.event_id,
        tickets=tickets,
        created_at=created,
        updated_at=created,
        utm=tagger.tags(production.slug, production.city.name, created.date()),
        discount_id=reduction.discount_id if reduction else None,
        promo_code_id=reduction.promo_code_id if reduction else None,
    )


def _live(order: Order, show: Show, random: Random, now: datetime) -> None:
    """Draw what happens to an order and let happen what is not in the future."""
    fate, late, accident, refund, visit = (random.random() for _ in range(5))
    share = random.random()
    created = order.created_at
    free = not order.tickets[0].price
    if not free and fate < EXPIRES:
        _delete(order, created + timedelta(hours=24, minutes=15), now)
        return
    if not free and fate < EXPIRES + CANCELLED_UNPAID:
        _delete(order, created + timedelta(minutes=5 + int(share * 600)), now)
        return
    wait = timedelta(seconds=60 + int(share * 600))
    if late < PAYS_LATE:
        order.payment_type_id = "4000001"  # an invoice: the money comes hours later
        wait = timedelta(minutes=40 + int(share * 1100))
    paid = created if free else created + wait
    if paid > now:
        return
    order.payed_at = paid
    _touch(order, order.tickets, paid)
    order.updated_at += timedelta(seconds=4)
    until = max(timedelta(hours=1), show.starts_at - paid)
    later = paid + timedelta(seconds=int(until.total_seconds() * share))
    if accident < CANCELLED_PAID:
        _delete(order, later, now)
    elif accident < CANCELLED_PAID + TICKET_DELETED and len(order.tickets) > 1:
        if later <= now:
            order.tickets[-1].deleted_at = later
            _touch(order, order.tickets[-1:], later)
    elif refund < REFUNDED and not free and later <= now:
        _refund(order, refund / REFUNDED, later)
        return
    if visit < VISITS and show.starts_at - timedelta(minutes=30) <= now:
        _let_in(order.tickets, show.starts_at - timedelta(minutes=int(28 * share) + 1))


def _delete(order: Order, at: datetime, now: datetime) -> None:
    if at <= now:
        order.deleted_at = at
        for ticket in order.tickets:
            ticket.deleted_at = at
        _touch(order, order.tickets, at)


def _refund(order: Order, draw: float, at: datetime) -> None:
    """Half come back whole; the rest by one ticket, by a part, or less a deduction."""
    tickets = order.tickets
    kept = returned = ZERO
    for ticket in tickets[:1] if 0.5 <= draw < 0.65 else tickets:
        if 0.65 <= draw < 0.8:
            returned, kept = _share(ticket.price, Decimal("0.30")), ZERO
        elif draw >= 0.8:
            kept = _share(ticket.price, Decimal("0.10"))
            returned = ticket.price - kept
        else:
            returned, kept = ticket.price, ZERO
        ticket.refunded_at = at
        ticket.refunded_amount = returned
        ticket.refunded_deduction = kept
    _touch(order, tickets, at)


def _let_in(tickets: Iterable[Ticket], at: datetime) -> None:
    # An entry scan changes the ticket and not the order, as captured.
    for ticket in tickets:
        if ticket.deleted_at is None:
            ticket.checked_at = ticket.updated_at = max(at, ticket.updated_at)


def _touch(order: Order, tickets: Iterable[Ticket], at: datetime) -> None:
    order.updated_at = at
    for ticket in tickets:
        ticket.updated_at = at


def _reduction(draw: float) -> Reduction | None:
    for one in REDUCTIONS:
        if draw < one.share:
            return one
        draw -= one.share
    return None


@cache
def _share(amount: Decimal, part: Decimal) -> Decimal:
    return (amount * part).quantize(KOPECK, ROUND_HALF_UP)

"""Turns sales of the demo organisation into orders: tickets, prices, payment, what came after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from random import Random

from zakaz_emulators.box_office import BoxOffice, Sale
from zakaz_emulators.demo_tags import Tagger
from zakaz_emulators.qtickets.records import ZERO, Hold, Order, Show, Ticket
from zakaz_emulators.reductions import REDUCTIONS, Reduction

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
TARIFF_SHARES = (60, 30, 10)


@dataclass(frozen=True, slots=True)
class Written:
    """The orders by id, and what lies in baskets that become orders."""

    orders: list[Order]
    holds: list[Hold]


def write_orders(sales: Sequence[Sale], random: Random, now: datetime, tagger: Tagger) -> Written:
    """Write the orders of sales, as they stand at ``now``.

    Every sale draws its whole life, also the part after ``now``, so that the next look at the same
    timeline agrees with this one.
    """
    office = BoxOffice(sales)
    written = Written([], [])
    ticket_id = FIRST_TICKET
    for number, sale in enumerate(office, FIRST_ORDER):
        order = _order(number, ticket_id, sale, office, tagger, random)
        ticket_id += len(order.tickets)
        freed_at, freed = _live(order, sale.show, random, now)
        for ticket in freed:
            office.expect(ticket, max(freed_at, order.created_at))
        if order.created_at <= now:
            written.orders.append(order)
        elif order.tickets[0].created_at <= now:
            written.holds.extend(_holds(order))
    return written


def _order(
    number: int,
    ticket_id: int,
    sale: Sale,
    office: BoxOffice,
    tagger: Tagger,
    random: Random,
) -> Order:
    production, show, created = sale.production, sale.show, sale.created_at
    count = random.choices(range(1, 6), weights=production.tickets)[0]
    wanted = random.choices(range(len(show.zones)), weights=production.shares)[0]
    zone, seats = office.take(show, wanted, count)
    reduction = _reduction(random.random())
    chosen = created - timedelta(seconds=30 + int(random.random() * 400))
    tickets = []
    for line, seat in enumerate(seats):
        tariff = random.choices(show.tariffs, TARIFF_SHARES)[0] if show.tariffs else None
        price = _share(zone.price, tariff.share) if tariff else zone.price
        off = _share(price, reduction.percent) if reduction else ZERO
        tickets.append(
            Ticket(
                id=ticket_id + line,
                show_id=show.id,
                price=price - off,
                original_price=price,
                created_at=chosen,
                updated_at=created,
                discount_value=off,
                zone=zone,
                seat=seat,
                tariff=tariff.code if tariff else None,
            )
        )
    return Order(
        id=number,
        client_id=9_000_001 + int(random.random() * CLIENTS),
        event_id=show.event_id,
        tickets=tickets,
        created_at=created,
        updated_at=created,
        utm=tagger.tags(show.id, created.date()),
        discount_id=reduction.discount_id if reduction else None,
        promo_code_id=reduction.promo_code_id if reduction else None,
    )


def _holds(order: Order) -> list[Hold]:
    """Give what is in the basket until the order is made."""
    return [
        Hold(t.show_id, t.zone.slug, t.seat, order.created_at, t.quantity, t.tariff)
        for t in order.tickets
    ]


def _live(order: Order, show: Show, random: Random, now: datetime) -> tuple[datetime, list[Ticket]]:
    """Draw what happens to an order, let happen what is not in the future, give what comes free."""
    fate, late, accident, refund, visit = (random.random() for _ in range(5))
    share = random.random()
    created = order.created_at
    free = not order.tickets[0].price
    if not free and fate < EXPIRES + CANCELLED_UNPAID:
        expired = timedelta(hours=24, minutes=15)
        wait = expired if fate < EXPIRES else timedelta(minutes=5 + int(share * 600))
        _delete(order, created + wait, now)
        return created + wait, order.tickets
    wait = timedelta(seconds=60 + int(share * 600))
    if late < PAYS_LATE:
        order.payment_type_id = "4000001"  # an invoice: the money comes hours later
        wait = timedelta(minutes=40 + int(share * 1100))
    paid = created if free else created + wait
    if paid <= now:
        order.payed_at = paid
        _touch(order, order.tickets, paid)
        order.updated_at += timedelta(seconds=4)
    until = max(timedelta(hours=1), show.starts_at - paid)
    later = paid + timedelta(seconds=int(until.total_seconds() * share))
    freed: list[Ticket] = []
    if accident < CANCELLED_PAID:
        freed = order.tickets
        _delete(order, later, now)
    elif accident < CANCELLED_PAID + TICKET_DELETED and len(order.tickets) > 1:
        freed = order.tickets[-1:]
        if later <= now:
            freed[0].deleted_at = later
            _touch(order, freed, later)
    elif refund < REFUNDED and not free:
        tickets, part, deduction = _refund_of(order, refund / REFUNDED)
        freed = [] if part < 1 and not deduction else tickets
        if later <= now:
            _refund(order, tickets, part, deduction, later)
            return later, freed
    if visit < VISITS and show.starts_at - timedelta(minutes=30) <= now:
        _let_in(order.tickets, show.starts_at - timedelta(minutes=int(28 * share) + 1))
    return later, freed


def _delete(order: Order, at: datetime, now: datetime) -> None:
    if at <= now:
        order.deleted_at = at
        for ticket in order.tickets:
            ticket.deleted_at = at
        _touch(order, order.tickets, at)


def _refund_of(order: Order, draw: float) -> tuple[list[Ticket], Decimal, Decimal]:
    """Half come back whole; the rest by one ticket, by a part, or less a deduction."""
    if draw < 0.5:
        return order.tickets, Decimal(1), ZERO
    if draw < 0.65:
        return order.tickets[:1], Decimal(1), ZERO
    if draw < 0.8:
        return order.tickets, Decimal("0.30"), ZERO
    return order.tickets, Decimal("0.90"), Decimal("0.10")


def _refund(
    order: Order, tickets: Iterable[Ticket], part: Decimal, deduction: Decimal, at: datetime
) -> None:
    for ticket in tickets:
        kept = _share(ticket.price, deduction)
        ticket.refunded_at = at
        ticket.refunded_amount = ticket.price - kept if deduction else _share(ticket.price, part)
        ticket.refunded_deduction = kept
    _touch(order, order.tickets, at)


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

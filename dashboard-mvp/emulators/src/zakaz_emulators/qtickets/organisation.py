"""One organiser's truth: it can be read as lists, and changed as the cabinet would change it."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from zakaz_emulators.qtickets.catalogue import Catalogue
from zakaz_emulators.qtickets.records import (
    Discount,
    Event,
    Hold,
    Order,
    PromoCode,
    Ticket,
    Zone,
    whole,
)
from zakaz_emulators.qtickets.seating import Seating

Spoiler = Callable[[dict[str, Any]], object]


class Organisation(Catalogue):
    """Orders, events and dictionaries of one organiser; every change bumps ``version``."""

    def __init__(
        self,
        *,
        now: datetime,
        events: Iterable[Event] = (),
        orders: Iterable[Order] = (),
        discounts: Iterable[Discount] = (),
        promo_codes: Iterable[PromoCode] = (),
        holds: Iterable[Hold] = (),
    ) -> None:
        super().__init__(now, events, discounts, promo_codes, holds)
        self.spoilers: dict[int, Spoiler] = {}
        self._orders = {order.id: order for order in orders}
        self._ids = sorted(self._orders)
        self._homes: dict[int, int] | None = None
        self._seating: Seating | None = None

    @property
    def orders(self) -> list[Order]:
        """All orders by id, deleted ones included."""
        return [self._orders[number] for number in self._ids]

    def order(self, order_id: int) -> Order | None:
        """Give an order by id."""
        return self._orders.get(order_id)

    def orders_above(self, order_id: int) -> list[Order]:
        """Give the orders with a greater id, by id."""
        return [
            self._orders[number] for number in self._ids[bisect_left(self._ids, order_id + 1) :]
        ]

    def client_ids(self) -> list[int]:
        """Give the ids of all buyers."""
        return sorted({order.client_id for order in self._orders.values()})

    # Changes ---------------------------------------------------------------------------------

    def insert_order(
        self,
        *,
        event_id: int,
        prices: Sequence[Decimal | int | str] = (1000,),
        show_id: int | None = None,
        created_at: datetime | None = None,
        payed_at: datetime | None = None,
        paid: bool = True,
        utm: Mapping[str, str] | None = None,
        client_id: int = 9_000_001,
        currency_id: str = "RUB",
        order_id: int | None = None,
        zone: str | None = None,
        seats: Sequence[int] | None = None,
        tariff: str | None = None,
        discount_id: int | None = None,
        promo_code_id: int | None = None,
    ) -> Order:
        """Add an order with one ticket per price; paid at once unless told otherwise.

        Every ticket takes the next seat of the named zone, else of the zone of its price, else of
        the show's first one; ``seats`` names others.
        """
        with self.lock:
            created = whole(created_at or payed_at or self.now)
            settled = whole(payed_at or created + timedelta(minutes=2))
            number = order_id or (self._ids[-1] + 1 if self._ids else 7_000_001)
            shows = self.events[event_id].shows
            show = show_id or (shows[0].id if shows else 0)
            places = self._places(show, prices, zone)
            tickets = [
                Ticket(
                    id=number * 10 + place,
                    show_id=show,
                    price=Decimal(price),
                    original_price=Decimal(price),
                    created_at=created - timedelta(seconds=40),
                    updated_at=settled if paid else created,
                    zone=places[place][0],
                    seat=places[place][1] if seats is None else seats[place],
                    tariff=tariff,
                )
                for place, price in enumerate(prices)
            ]
            order = Order(
                id=number,
                client_id=client_id,
                event_id=event_id,
                tickets=tickets,
                created_at=created,
                updated_at=settled if paid else created,
                payed_at=settled if paid else None,
                currency_id=currency_id,
                utm=dict(utm or {}),
                discount_id=discount_id,
                promo_code_id=promo_code_id,
            )
            self._orders[number] = order
            insort(self._ids, number)
            if self._homes is not None:
                self._homes.update({ticket.id: number for ticket in tickets})
            self.version += 1
            return order

    def remove_order(self, order_id: int) -> None:
        """Let an order vanish from every list, without a trace."""
        with self.lock:
            del self._orders[order_id]
            self._ids.remove(order_id)
            self._homes = None
            self.version += 1

    def pay(self, order_id: int, at: datetime | None = None) -> None:
        """Settle a reserved order."""
        with self.lock:
            order = self._orders[order_id]
            order.payed_at = self._touched(order, at)

    def cancel(self, order_id: int, at: datetime | None = None) -> None:
        """Delete an order and every ticket of it, as a cancellation or an expiry does."""
        with self.lock:
            order = self._orders[order_id]
            order.deleted_at = self._touched(order, at)
            for ticket in order.tickets:
                ticket.deleted_at = ticket.deleted_at or order.deleted_at

    def restore(self, order_id: int, at: datetime | None = None) -> None:
        """Bring a deleted order and its tickets back."""
        with self.lock:
            order = self._orders[order_id]
            self._touched(order, at)
            order.deleted_at = None
            for ticket in order.tickets:
                ticket.deleted_at = None

    def refund(
        self,
        order_id: int,
        *,
        amount: Decimal | int | str | None = None,
        deduction: Decimal | int | str = 0,
        tickets: Sequence[int] | None = None,
        at: datetime | None = None,
        touch: bool = True,
    ) -> None:
        """Return money for each ticket named (all of the order by default).

        The amount defaults to the price less the deduction. ``touch=False`` leaves the order's
        ``updated_at`` alone: whether the service moves it is unknown.
        """
        with self.lock:
            order = self._orders[order_id]
            for ticket in order.tickets:
                if tickets is not None and ticket.id not in tickets:
                    continue
                held = Decimal(deduction)
                ticket.refunded_at = self._moment(at)
                ticket.refunded_amount = ticket.price - held if amount is None else Decimal(amount)
                ticket.refunded_deduction = held
                ticket.updated_at = ticket.refunded_at
            if touch:
                self._touched(order, at, tickets=False)
            self.version += 1

    def delete_ticket(self, ticket_id: int, at: datetime | None = None) -> None:
        """Remove one ticket; the order stays while it has others, else it is deleted too."""
        with self.lock:
            order, ticket = self._ticket(ticket_id)
            ticket.deleted_at = self._touched(order, at, tickets=False)
            ticket.updated_at = ticket.deleted_at
            if all(other.deleted_at is not None for other in order.tickets):
                order.deleted_at = ticket.deleted_at

    def change_price(
        self, ticket_id: int, price: Decimal | int | str, at: datetime | None = None
    ) -> None:
        """Change what the buyer pays for a ticket."""
        with self.lock:
            order, ticket = self._ticket(ticket_id)
            ticket.price = Decimal(price)
            ticket.discount_value = ticket.original_price - ticket.price
            ticket.updated_at = self._touched(order, at, tickets=False)

    def scan(self, ticket_id: int, at: datetime | None = None) -> None:
        """Let a visitor in: the ticket changes, the order's ``updated_at`` does not."""
        with self.lock:
            _, ticket = self._ticket(ticket_id)
            ticket.checked_at = ticket.updated_at = self._moment(at)
            self.version += 1

    def touch(self, order_id: int, at: datetime | None = None) -> None:
        """Move an order's ``updated_at`` and nothing else."""
        with self.lock:
            self._touched(self._orders[order_id], at, tickets=False)

    def spoil(self, order_id: int, spoiler: Spoiler) -> None:
        """Let an order's payload come out malformed; the truth and the ledger stay as they are."""
        with self.lock:
            self.spoilers[order_id] = spoiler
            self.version += 1

    def _places(
        self, show_id: int, prices: Sequence[Decimal | int | str], zone: str | None
    ) -> list[tuple[Zone, int]]:
        if self._seating is None:
            self._seating = Seating(self._orders.values())
        found = self.show(show_id)
        zones = found[1].zones if found else ()
        return [self._seating.next(show_id, zones, Decimal(price), zone) for price in prices]

    def _ticket(self, ticket_id: int) -> tuple[Order, Ticket]:
        if self._homes is None:
            self._homes = {t.id: order.id for order in self._orders.values() for t in order.tickets}
        order = self._orders[self._homes[ticket_id]]
        return order, next(ticket for ticket in order.tickets if ticket.id == ticket_id)

    def _moment(self, at: datetime | None) -> datetime:
        return self.now if at is None else whole(at)

    def _touched(self, order: Order, at: datetime | None, *, tickets: bool = True) -> datetime:
        order.updated_at = self._moment(at)
        if tickets:
            for ticket in order.tickets:
                ticket.updated_at = order.updated_at
        self.version += 1
        return order.updated_at

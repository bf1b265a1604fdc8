"""The ledger: what was truly sold, computed in plain Python from the organisation's own records.

Sales rules: a ticket is sold when its order is paid and neither order nor ticket is deleted and the
ticket is not returned; returned means ``refunded_at`` is set and amount plus deduction cover the
price. Gross keeps returned tickets. Refunds count on the day of sale, and apart on their own day.
Days are Moscow days. Money is Decimal, rounded half up to the kopeck per ticket.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zakaz_emulators.qtickets.inventory import InventoryRow, inventory
from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.records import MOSCOW, Order
from zakaz_emulators.qtickets.refunds import NOTHING, is_returned, kopecks, refunded


@dataclass(slots=True)
class Sales:
    """Figures of some orders; ``net`` is gross less refunds."""

    orders: int = 0
    tickets: int = 0
    gross: Decimal = NOTHING
    refunds: Decimal = NOTHING

    @property
    def net(self) -> Decimal:
        """Net revenue."""
        return self.gross - self.refunds

    def add(self, order: Order) -> None:
        """Count a paid, not deleted order."""
        self.orders += 1
        for ticket in order.tickets:
            if ticket.deleted_at is None:
                self.gross += kopecks(ticket.price)
                self.refunds += refunded(ticket)
                if not is_returned(ticket):
                    self.tickets += ticket.quantity


@dataclass(frozen=True, slots=True)
class DailyRow:
    """Sales of one event on one Moscow day in one currency."""

    sales_date: date
    event_id: str
    currency: str
    orders: int
    tickets: int
    gross: Decimal
    refunds: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class RefundRow:
    """Money returned on one Moscow day, whenever the tickets had been sold."""

    refund_date: date
    event_id: str
    currency: str
    refunds: Decimal


class Ledger:
    """Reads the truth anew on every call; ``without`` names orders to leave out (quarantined)."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation

    def sold(self, without: Collection[int] = ()) -> Iterator[tuple[date, Order]]:
        """Give every paid, not deleted order with its Moscow day of sale."""
        for order in self._organisation.orders:
            if order.payed_at and order.deleted_at is None and order.id not in without:
                yield order.payed_at.astimezone(MOSCOW).date(), order

    def daily(self, without: Collection[int] = ()) -> list[DailyRow]:
        """Give the sales by day, event and currency, in that order."""
        with self._organisation.lock:
            found: dict[tuple[date, int, str], Sales] = {}
            for day, order in self.sold(without):
                key = (day, order.event_id, order.currency_id)
                found.setdefault(key, Sales()).add(order)
        return [
            DailyRow(day, str(event), currency, s.orders, s.tickets, s.gross, s.refunds, s.net)
            for (day, event, currency), s in sorted(found.items())
        ]

    def refunds_by_refund_date(self, without: Collection[int] = ()) -> list[RefundRow]:
        """Give the money returned by the day it was returned, event and currency."""
        with self._organisation.lock:
            found: dict[tuple[date, int, str], Decimal] = {}
            for _, order in self.sold(without):
                for ticket in order.tickets:
                    if ticket.refunded_at is not None and ticket.deleted_at is None:
                        day = ticket.refunded_at.astimezone(MOSCOW).date()
                        key = (day, order.event_id, order.currency_id)
                        found[key] = found.get(key, NOTHING) + refunded(ticket)
        return [
            RefundRow(day, str(event), currency, amount)
            for (day, event, currency), amount in sorted(found.items())
        ]

    def inventory(self) -> list[InventoryRow]:
        """Give what is sold, reserved and left of every show at this moment."""
        with self._organisation.lock:
            return inventory(self._organisation)

    def totals(
        self,
        date_from: date | None = None,
        date_to: date | None = None,
        *,
        without: Collection[int] = (),
    ) -> Sales:
        """Give the sales of inclusive Moscow days, of everything by default."""
        total = Sales()
        with self._organisation.lock:
            for day, order in self.sold(without):
                if (date_from is None or date_from <= day) and (date_to is None or day <= date_to):
                    total.add(order)
        return total

    def as_json(self) -> dict[str, Any]:
        """Give the whole ledger as JSON values: dates and money as text."""
        total = self.totals()
        return {
            "daily": [_texts(asdict(row)) for row in self.daily()],
            "refunds_by_refund_date": [
                _texts(asdict(row)) for row in self.refunds_by_refund_date()
            ],
            "inventory": [asdict(row) for row in self.inventory()],
            "totals": _texts({**asdict(total), "net": total.net}),
        }


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, date | Decimal) else value
        for name, value in row.items()
    }

"""The demo's box office: seats are given once, come free again, and a full hall has a queue."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import count

from zakaz_emulators.playbill import Production
from zakaz_emulators.qtickets.records import Show, Ticket, Zone

LAST_SALE = timedelta(minutes=10)
"""Who waits for a seat is sent home so long before the show."""


@dataclass(frozen=True, slots=True)
class Sale:
    """Somebody put tickets into the basket."""

    created_at: datetime
    show: Show
    production: Production


class _Stock:
    """The free seats of one zone, lowest first."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self._numbered = [seat for seat in zone.seats if seat not in zone.disabled]
        self.left = len(self._numbered) if zone.places else zone.capacity

    def take(self) -> int:
        self.left -= 1
        return heappop(self._numbered) if self.zone.places else 0

    def give_back(self, seat: int) -> None:
        self.left += 1
        if self.zone.places:
            heappush(self._numbered, seat)


class BoxOffice:
    """Gives the sales of a timeline in order, those that found the hall full when seats return."""

    def __init__(self, sales: Sequence[Sale]) -> None:
        self._turns = count()
        self._due: list[tuple[datetime, int, Sale | Ticket]] = [
            (sale.created_at, next(self._turns), sale) for sale in sales
        ]
        heapify(self._due)
        self._stocks: dict[int, list[_Stock]] = {}
        self._queues: dict[int, deque[Sale]] = {}

    def __iter__(self) -> Iterator[Sale]:
        while self._due:
            at, _, turn = heappop(self._due)
            if isinstance(turn, Ticket):
                self._return(turn, at)
            elif any(stock.left for stock in self._stock(turn.show)):
                yield turn
            else:
                self._queues.setdefault(turn.show.id, deque()).append(turn)

    def take(self, show: Show, wanted: int, tickets: int) -> tuple[Zone, list[int]]:
        """Give so many seats, or what is left; of another zone if the wanted one is full."""
        stocks = self._stock(show)
        stock = stocks[wanted]
        if not stock.left:
            stock = max(stocks, key=lambda one: one.left)
        return stock.zone, [stock.take() for _ in range(min(tickets, stock.left))]

    def expect(self, ticket: Ticket, at: datetime) -> None:
        """Remember that a ticket's seat comes free at an instant of the timeline."""
        heappush(self._due, (at, next(self._turns), ticket))

    def _return(self, ticket: Ticket, at: datetime) -> None:
        stocks = self._stocks[ticket.show_id]
        next(one for one in stocks if one.zone is ticket.zone).give_back(ticket.seat)
        queue = self._queues.get(ticket.show_id)
        if queue:
            sale = queue.popleft()
            if at < sale.show.starts_at - LAST_SALE:
                heappush(self._due, (at, next(self._turns), replace(sale, created_at=at)))

    def _stock(self, show: Show) -> list[_Stock]:
        if show.id not in self._stocks:
            self._stocks[show.id] = [_Stock(zone) for zone in show.zones]
        return self._stocks[show.id]

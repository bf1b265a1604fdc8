"""Which seat a ticket of a test's order takes when the test does not say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from zakaz_emulators.qtickets.records import ADMISSION, Order, Zone


class Seating:
    """Gives one seat after another in each zone, beyond the last row if a test sells on."""

    def __init__(self, orders: Iterable[Order]) -> None:
        self._next: dict[tuple[int, str], int] = {}
        for order in orders:
            for ticket in order.tickets:
                key = (ticket.show_id, ticket.zone.slug)
                self._next[key] = max(self._next.get(key, 0), ticket.seat + 1)

    def next(
        self, show_id: int, zones: Sequence[Zone], price: Decimal, slug: str | None
    ) -> tuple[Zone, int]:
        """Give the next enabled seat of the named zone, else of the price's, else of the first."""
        known = [zone for zone in zones if slug is None or zone.slug == slug] or [ADMISSION]
        zone = next((zone for zone in known if zone.price == price), known[0])
        key = (show_id, zone.slug)
        seat = self._next.get(key, 0)
        while zone.places and seat in zone.disabled:
            seat += 1
        self._next[key] = seat + 1
        return zone, seat

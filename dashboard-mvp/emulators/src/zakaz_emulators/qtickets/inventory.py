"""The inventory of every show, counted from the tickets alone: never from what the API answers.

A physical seat counts once, whatever its tariffs; disabled seats, seats outside the hall and zones
that are no longer in it do not count. A place is sold when its ticket is paid, reserved when it is
ordered or lies in a basket. More tickets than places leave nothing left, never less.
"""

from __future__ import annotations

from dataclasses import dataclass

from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.records import Event, Show
from zakaz_emulators.qtickets.refunds import is_returned

Place = tuple[int, str, int]
"""Show, zone and seat; the one place of an admission zone is 0."""


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One show: ``capacity = sold + reserved + left``, all in places."""

    event_id: str
    show_id: str
    capacity: int
    sold: int
    reserved: int
    left: int
    is_open: bool
    """Neither deleted nor begun, the event not deleted: what a loader reads."""


def inventory(organisation: Organisation) -> list[InventoryRow]:
    """Count every show of every event, by event and show."""
    paid, held = _taken(organisation)
    return [
        _row(organisation, event, show, paid, held)
        for _, event in sorted(organisation.events.items())
        for show in event.shows
    ]


def _taken(organisation: Organisation) -> tuple[dict[Place, int], dict[Place, int]]:
    paid: dict[Place, int] = {}
    held: dict[Place, int] = {}
    for order in organisation.orders:
        if order.deleted_at is not None:
            continue
        counts = held if order.payed_at is None else paid
        for ticket in order.tickets:
            if ticket.deleted_at is None and not is_returned(ticket):
                zone = ticket.zone
                place = (ticket.show_id, zone.slug, ticket.seat if zone.places else 0)
                counts[place] = counts.get(place, 0) + ticket.quantity
    for hold in organisation.holds:
        if hold.until > organisation.now:
            place = (hold.show_id, hold.zone, hold.seat)
            held[place] = held.get(place, 0) + hold.quantity
    return paid, held


def _row(
    organisation: Organisation,
    event: Event,
    show: Show,
    paid: dict[Place, int],
    held: dict[Place, int],
) -> InventoryRow:
    capacity = sold = reserved = 0
    for zone in show.zones:
        for seat in zone.seats:
            if seat in zone.disabled:
                continue
            places = 1 if zone.places else zone.capacity
            place = (show.id, zone.slug, seat)
            capacity += places
            bought = min(paid.get(place, 0), places)
            sold += bought
            reserved += min(held.get(place, 0), places - bought)
    return InventoryRow(
        event_id=str(event.id),
        show_id=str(show.id),
        capacity=capacity,
        sold=sold,
        reserved=reserved,
        left=capacity - sold - reserved,
        is_open=event.deleted_at is None and show.is_open(organisation.now),
    )

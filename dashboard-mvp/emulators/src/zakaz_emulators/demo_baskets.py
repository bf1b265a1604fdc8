"""Baskets of the demo that become no order: somebody chose seats within the last minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.records import Event, Hold, Show
from zakaz_emulators.qtickets.seats import Halls

STAYS = timedelta(minutes=20)
MOST = 5
"""Baskets a show."""


def abandoned(organisation: Organisation, random: Random) -> list[Hold]:
    """Give the baskets of this moment, in free seats of shows that are on sale."""
    halls = Halls(organisation)
    now = organisation.now
    return [
        hold
        for event in organisation.events.values()
        for show in event.shows
        if show.zones and show.is_open(now) and (show.sale_starts_at or show.updated_at) <= now
        for hold in _held(organisation, halls, event, show, random)
    ]


def _held(
    organisation: Organisation, halls: Halls, event: Event, show: Show, random: Random
) -> Iterator[Hold]:
    taken = set()
    for _ in range(random.randrange(MOST + 1)):
        zone = random.choice(show.zones)
        place = random.choice(zone.seats)
        tariff = random.choice(show.tariffs).code if show.tariffs else None
        until = organisation.now + timedelta(seconds=1 + int(random.random() * STAYS.seconds))
        key = (zone.slug, place)
        if key not in taken and halls.seat(event, show, zone, place).is_available:
            taken.add(key)
            yield Hold(show.id, zone.slug, place, until, 1, tariff)

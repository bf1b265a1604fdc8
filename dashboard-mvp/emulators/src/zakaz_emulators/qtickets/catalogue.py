"""What an organiser has besides orders: events with halls, baskets, discounts, promo codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from zakaz_emulators.qtickets.records import Discount, Event, Hold, PromoCode, Show, Zone, whole

BASKET = timedelta(minutes=20)
"""How long a seat stays in a basket unless told otherwise."""


class Catalogue:
    """Events and dictionaries; ``now`` is the present, every change bumps ``version``."""

    def __init__(
        self,
        now: datetime,
        events: Iterable[Event],
        discounts: Iterable[Discount],
        promo_codes: Iterable[PromoCode],
        holds: Iterable[Hold],
    ) -> None:
        self.lock = RLock()
        self.now = whole(now)
        self.version = 0
        self.events = {event.id: event for event in events}
        self.discounts = list(discounts)
        self.promo_codes = list(promo_codes)
        self.holds = list(holds)

    def show(self, show_id: int) -> tuple[Event, Show] | None:
        """Give a show and its event by the show's id."""
        for event in self.events.values():
            for show in event.shows:
                if show.id == show_id:
                    return event, show
        return None

    def hold(
        self,
        show_id: int,
        zone: str,
        seat: int = 0,
        *,
        quantity: int = 1,
        until: datetime | None = None,
        tariff: str | None = None,
    ) -> Hold:
        """Put a seat into somebody's basket, for twenty minutes unless told otherwise."""
        with self.lock:
            ends = whole(until or self.now + BASKET)
            hold = Hold(show_id, zone, seat, ends, quantity, tariff)
            self.holds.append(hold)
            self.version += 1
            return hold

    def release(self, hold: Hold) -> None:
        """Take a seat out of a basket again."""
        with self.lock:
            self.holds.remove(hold)
            self.version += 1

    def change_zone(self, show_id: int, slug: str, **changes: Any) -> Zone:
        """Change a zone of a show: its capacity, its disabled seats, its price."""
        with self.lock:
            found = self.show(show_id)
            if found is None:
                raise KeyError(show_id)
            show = found[1]
            changed = next(replace(z, **changes) for z in show.zones if z.slug == slug)
            show.zones = tuple(changed if z.slug == slug else z for z in show.zones)
            self.version += 1
            return changed

    def put_discount(self, discount: Discount) -> None:
        """Add a discount, or replace the one with its id where it stands."""
        with self.lock:
            _put(self.discounts, discount)
            self.version += 1

    def put_promo_code(self, promo: PromoCode) -> None:
        """Add a promo code, or replace the one with its id where it stands."""
        with self.lock:
            _put(self.promo_codes, promo)
            self.version += 1


def _put(known: list[Any], record: Any) -> None:
    for place, one in enumerate(known):
        if one.id == record.id:
            known[place] = record
            return
    known.append(record)

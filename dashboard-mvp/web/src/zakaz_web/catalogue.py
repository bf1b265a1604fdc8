"""Every event of the store: what it is, when it plays, what it sold in each currency."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zakaz_web import queries
from zakaz_web.panel import folded
from zakaz_web.reading import Snapshot
from zakaz_web.seats import Show
from zakaz_web.texts import Texts
from zakaz_web.view import UNKNOWN_CITY, city_name, event_name

USUAL = 3  # events that a curve is compared with unless the reader chose others
_NOT_A_WORD = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Sold:
    """What an event sold in one currency."""

    currency: str
    orders: int
    tickets: int
    revenue: Decimal
    last_sale: date | None


@dataclass(slots=True)
class Event:
    """One event of one account; an event that is not loaded yet is known by its sales alone."""

    account: str
    id: str
    name: str = ""
    city: str = UNKNOWN_CITY
    city_name: str = ""
    place: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    shows: int = 0
    is_active: bool = False
    is_loaded: bool = False
    sold: list[Sold] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Give what identifies it in the store."""
        return self.account, self.id

    @property
    def currencies(self) -> list[str]:
        """Give the currencies it sold in, the one with most revenue first."""
        return [sold.currency for sold in self.sold]

    def in_currency(self, currency: str) -> Sold:
        """Give what it sold in one currency."""
        for sold in self.sold:
            if sold.currency == currency:
                return sold
        return Sold(currency, 0, 0, Decimal("0.00"), None)

    def is_ahead(self, today: date) -> bool:
        """Say whether it has a day to come; an event without known days may have."""
        return self.ends_on is None or self.ends_on >= today

    def days_left(self, today: date) -> int:
        """Count the days to its last show, 0 when all are over or none has a day."""
        return max((self.ends_on - today).days, 0) if self.ends_on else 0

    def state(self, now: datetime, shows: Sequence[Show]) -> str:
        """Name the state by its shows: missing, undated, over, closed or on_sale."""
        if not self.is_loaded:
            return "missing"
        if not shows:
            return "undated"
        ahead = [show for show in shows if show.is_ahead(now)]
        if not ahead:
            return "over"
        is_selling = self.is_active and any(show.is_active for show in ahead)
        return "on_sale" if is_selling else "closed"

    def called(self, texts: Texts) -> str:
        """Give its name, or its number where the source gave none."""
        return event_name(self.id, self.name, texts)

    def town(self, texts: Texts) -> str:
        """Give the name of its city."""
        return city_name(self.city, self.city_name, texts)


def read_catalogue(snapshot: Snapshot) -> list[Event]:
    """Read all events, those with the newest sales first."""
    found: dict[tuple[str, str], Event] = {}
    for row in snapshot.query(queries.load("event_list")).dicts():
        key = str(row["account_id"]), str(row["event_id"])
        event = found.setdefault(key, Event(*key))
        event.name = event.name or str(row["shown_name"]).strip()
        event.city_name = event.city_name or str(row["shown_city"])
        if str(row["city_key"]) != UNKNOWN_CITY:
            event.city = str(row["city_key"])
        if row["currency"]:
            event.sold.append(_sold(row))
        else:
            event.place = str(row["place_name"]).strip()
            event.starts_on, event.ends_on = row["starts_on"], row["ends_on"]
            event.shows, event.is_active = row["show_count"], bool(row["is_active"])
            event.is_loaded = True
    for event in found.values():
        event.sold.sort(key=lambda sold: (-sold.revenue, sold.currency))
    return sorted(found.values(), key=_newest_sale, reverse=True)


def find(
    events: Sequence[Event], ids: Sequence[str], account: str = "", *, but: Event | None = None
) -> list[Event]:
    """Pick events by id in the order asked for; an id that two accounts know gives both."""
    return [
        event
        for wanted in ids
        for event in events
        if event.id == wanted and account in ("", event.account) and event is not but
    ]


def comparable(events: Sequence[Event], event: Event, currency: str, today: date) -> list[Event]:
    """Choose what to compare an event with, of those that have come as near to their shows.

    First come events of the same name, then of the same city, then any; among equals those that
    are over, the most recent first.
    """
    days = event.days_left(today)

    def rank(other: Event) -> tuple[bool, bool, bool, date]:
        same_name = bool(event.name) and _words(other.name) == _words(event.name)
        same_city = event.city != UNKNOWN_CITY and other.city == event.city
        is_over = not other.is_ahead(today)
        return same_name, same_city, is_over, other.ends_on or date.min

    fit = [
        other
        for other in events
        if other is not event
        and other.ends_on
        and other.days_left(today) <= days
        and other.in_currency(currency).tickets
    ]
    return sorted(fit, key=rank, reverse=True)[:USUAL]


def _sold(row: dict[str, Any]) -> Sold:
    return Sold(
        str(row["currency"]),
        row["orders_sum"],
        row["tickets_sum"],
        row["revenue_sum"],
        row["last_sale"],
    )


def _newest_sale(event: Event) -> tuple[date, str, str]:
    days = [sold.last_sale for sold in event.sold if sold.last_sale]
    return max(days, default=date.min), event.account, event.id


def _words(name: str) -> str:
    """Give the words of a name, without the year and the quotes that tell seasons apart."""
    return _NOT_A_WORD.sub(" ", folded(name)).strip()

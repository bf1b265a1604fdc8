"""The hall of a show as ``GET /shows/{id}/seats`` gives it: zones with seats, or flat by seat id.

Without ``select`` there are no counts, only ``seat_id`` and ``admission``. With tariffs a physical
seat has a row for each, all with the same ``root_id``; each counts its own tickets, and whatever
is taken under one of them is not free under another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from typing import Any

from zakaz_emulators.qtickets.filtering import SEAT_OPERATORS, NotUnderstoodError, predicate
from zakaz_emulators.qtickets.language import SeatsQuery
from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.payloads import number
from zakaz_emulators.qtickets.records import Event, Show, Tariff, Zone
from zakaz_emulators.qtickets.refunds import KOPECK, is_returned

UNASKED = ("seat_id", "admission")


@dataclass(slots=True)
class Counts:
    """Tickets of one seat: in live orders, paid or not; paid; in baskets."""

    ordered: int = 0
    payed: int = 0
    in_basket: int = 0

    @property
    def taken(self) -> int:
        """Whatever is not free."""
        return self.ordered + self.in_basket

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.ordered + other.ordered,
            self.payed + other.payed,
            self.in_basket + other.in_basket,
        )


NONE = Counts()


@dataclass(frozen=True, slots=True)
class Seat:
    """One row of the answer."""

    zone: Zone
    place: int
    tariff: Tariff | None
    currency_id: str
    counts: Counts
    taken: int
    """Of all tariffs."""

    @property
    def code(self) -> str | None:
        """The tariff's code."""
        return self.tariff.code if self.tariff else None

    @property
    def most(self) -> int:
        """How many tickets the row stands for."""
        return 1 if self.zone.places else self.zone.capacity

    @property
    def free(self) -> int:
        """How many are left; an oversold zone has none, not less."""
        return max(0, self.most - self.taken)

    @property
    def is_available(self) -> bool:
        """Whether somebody can buy it."""
        return self.free > 0 and self.place not in self.zone.disabled

    @property
    def short_id(self) -> str:
        """Row and place."""
        row, place = self.zone.position(self.place)
        return f"{row};{place}"


def _name(seat: Seat) -> str:
    if not seat.zone.places:
        return seat.zone.name
    row, place = seat.zone.position(seat.place)
    return f"{seat.zone.name}: Ряд {row}, Место {place}"


def _price(seat: Seat) -> int | float | None:
    share = seat.tariff.share if seat.tariff else 1
    return number((seat.zone.price * share).quantize(KOPECK, ROUND_HALF_UP))


def _coords(seat: Seat) -> list[int]:
    row, place = seat.zone.position(seat.place)
    return [25 + 20 * place, 7 + 20 * row] if seat.zone.places else []


FIELDS: dict[str, Callable[[Seat], Any]] = {
    "id": lambda seat: seat.zone.seat_id(seat.place, seat.code),
    "root_id": lambda seat: seat.zone.seat_id(seat.place),
    "name": _name,
    "zone_id": lambda seat: seat.zone.zone_id(seat.code),
    "zone_root_id": lambda seat: seat.zone.slug,
    "short_seat_id": lambda seat: seat.short_id,
    "admission": lambda seat: not seat.zone.places,
    "row": lambda seat: str(seat.zone.position(seat.place)[0]),
    "place": lambda seat: str(seat.zone.position(seat.place)[1]),
    "max_quantity": lambda seat: seat.most,
    "free_quantity": lambda seat: seat.free,
    "ordered_quantity": lambda seat: seat.counts.ordered,
    "available": lambda seat: seat.is_available,
    "disabled": lambda seat: seat.place in seat.zone.disabled,
    "ordered": lambda seat: seat.counts.ordered >= seat.most,
    "payed_quantity": lambda seat: seat.counts.payed,
    "in_basket_quantity": lambda seat: seat.counts.in_basket,
    "price": _price,
    "currency_id": lambda seat: seat.currency_id,
    "related_seats": lambda seat: [],
    "multiprice_name": lambda seat: seat.tariff.name if seat.tariff else None,
    "multiprice_code": lambda seat: seat.code,
    "spread.partner_id": lambda seat: None,
    "spread.users": lambda seat: [],
    "spread.client_groups": lambda seat: [],
    "spread.client_emails": lambda seat: list(seat.zone.quota_emails),
    "spread.agents": lambda seat: False,
    "color_theme_id": lambda seat: int(seat.zone.color_theme),
    "coords": _coords,
}
COLUMNS = {
    **FIELDS,
    "seat_id": FIELDS["id"],
    "root_zone_id": FIELDS["zone_root_id"],  # the documentation's own sample writes it so
}


class Halls:
    """Counts the tickets of every seat once; after a change a new one is needed."""

    def __init__(self, organisation: Organisation) -> None:
        self._counts: dict[tuple[int, str, int], dict[str | None, Counts]] = {}
        for order in organisation.orders:
            if order.deleted_at is not None:
                continue
            is_paid = order.payed_at is not None
            for ticket in order.tickets:
                if ticket.deleted_at is None and not is_returned(ticket):
                    zone = ticket.zone
                    seat = ticket.seat if zone.places else 0
                    counts = self._of((ticket.show_id, zone.slug, seat), ticket.tariff)
                    counts.ordered += ticket.quantity
                    counts.payed += ticket.quantity if is_paid else 0
        for hold in organisation.holds:
            if hold.until > organisation.now:
                counts = self._of((hold.show_id, hold.zone, hold.seat), hold.tariff)
                counts.in_basket += hold.quantity

    def _of(self, place: tuple[int, str, int], tariff: str | None) -> Counts:
        by_tariff = self._counts.get(place)
        if by_tariff is None:
            by_tariff = self._counts[place] = {}
        counts = by_tariff.get(tariff)
        if counts is None:
            counts = by_tariff[tariff] = Counts()
        return counts

    def seats(self, event: Event, show: Show) -> list[Seat]:
        """Give every row of a show: zone by zone, tariff by tariff."""
        return [
            self.seat(event, show, zone, place, tariff)
            for zone in show.zones
            for tariff in show.tariffs or (None,)
            for place in zone.seats
        ]

    def seat(
        self, event: Event, show: Show, zone: Zone, place: int, tariff: Tariff | None = None
    ) -> Seat:
        """Give one row of a show."""
        counts = self._counts.get((show.id, zone.slug, place))
        if counts is None:
            return Seat(zone, place, tariff, event.currency_id, NONE, 0)
        own = NONE
        for code, one in counts.items():
            if _owner(show, code) is tariff:
                own = own + one
        taken = sum(one.taken for one in counts.values())
        return Seat(zone, place, tariff, event.currency_id, own, taken)


def _owner(show: Show, code: str | None) -> Tariff | None:
    """Give the tariff of a ticket: those of none, or of a former one, are the first tariff's."""
    first = show.tariffs[0] if show.tariffs else None
    return next((tariff for tariff in show.tariffs if tariff.code == code), first)


def hall(halls: Halls, event: Event, show: Show, query: SeatsQuery) -> Any:
    """Give ``data`` of the answer; PHP writes a hall without seats as an empty array."""
    seats = halls.seats(event, show)
    for condition in query.where:
        column = COLUMNS.get(condition.column)
        if column is None:
            raise NotUnderstoodError(f"unknown column: {condition.column}")
        seats = list(filter(predicate(condition, column, SEAT_OPERATORS), seats))
    fields = _fields(query.select)
    if query.is_flat:
        flat = {FIELDS["id"](seat): _written(seat, fields or UNASKED) for seat in seats}
        return flat or []
    shown = ("seat_id", *fields) if fields else UNASKED
    zones: dict[str, Any] = {}
    for seat in seats:
        zone_id = seat.zone.zone_id(seat.code)
        if zone_id not in zones:
            named = {"zone_id": zone_id, "name": seat.zone.name, "description": ""}
            zones[zone_id] = {**named, "seats": {}}
        zones[zone_id]["seats"][seat.short_id] = _written(seat, shown)
    return zones or []


def _fields(select: tuple[str, ...]) -> tuple[str, ...]:
    """Keep what is a field, in the order of the documentation; ``spread`` means all of it."""
    return tuple(name for name in FIELDS if name in select or name.partition(".")[0] in select)


def _written(seat: Seat, fields: tuple[str, ...]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in fields:
        outer, dot, inner = name.partition(".")
        if dot:
            row.setdefault(outer, {})[inner] = COLUMNS[name](seat)
        else:
            row[name] = COLUMNS[name](seat)
    return row

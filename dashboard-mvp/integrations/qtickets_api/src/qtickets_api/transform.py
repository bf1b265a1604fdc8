"""Orders and events of Qtickets in, typed staging rows out; pure functions only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

import msgspec
from zakaz.utm import NO_UTM, normalise

from qtickets_api import wire
from qtickets_api.buyer import without_names
from qtickets_api.rows import Basket, Discount, Event, Order, PromoCode, Show
from qtickets_api.values import (
    amount,
    flag,
    identity,
    identity_or_none,
    instant,
    instant_or_none,
    name_of,
    venue_day,
)
from qtickets_api.wire import MalformedError

_QUANTITIES = range(2**32)
_LONGEST_PATH = 80


class Stamp:
    """Whose page it is, when it was fetched (this orders equal versions), when it is loaded."""

    __slots__ = ("_fetched", "account_id", "loaded_at")

    def __init__(self, account_id: str, fetched_at: datetime, loaded_at: datetime) -> None:
        self.account_id = account_id
        self.loaded_at = loaded_at
        self._fetched = int(fetched_at.timestamp())

    def version(self, updated_at: datetime) -> int:
        """Give ``_ver``: own ``updated_at`` in the high 32 bits, the fetch instant in the low."""
        return int(updated_at.timestamp()) << 32 | self._fetched


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of a page that could not be taken; holds no value of the row but its id."""

    entity: str
    row_key: str
    reason: str
    context: str


@dataclass(frozen=True, slots=True)
class OrderRows:
    """One order with its tickets."""

    row: Order
    lines: list[Basket]

    @property
    def key(self) -> str:
        """The id of the order."""
        return self.row.order_id

    @property
    def changed_at(self) -> int:
        """When the order or a ticket last changed: a scan or refund may not move the order."""
        return max([self.row.ver, *[line.ver for line in self.lines]]) >> 32


@dataclass(frozen=True, slots=True)
class EventRows:
    """One event with its shows."""

    row: Event
    lines: list[Show]

    @property
    def key(self) -> str:
        """The id of the event."""
        return self.row.event_id

    @property
    def changed_at(self) -> int:
        """When the event or a show of it last changed."""
        return max([self.row.ver, *[line.ver for line in self.lines]]) >> 32


@dataclass(frozen=True, slots=True)
class DictionaryRow:
    """One entry of a small dictionary; it has no lines."""

    row: Discount | PromoCode
    lines: tuple[Basket | Show, ...] = ()

    @property
    def key(self) -> str:
        """The id of the entry."""
        return self.row.discount_id if isinstance(self.row, Discount) else self.row.promo_code_id

    @property
    def changed_at(self) -> int:
        """When the entry last changed."""
        return self.row.ver >> 32


Item = TypeVar("Item", OrderRows, EventRows, DictionaryRow)
Line = TypeVar("Line", Basket, Show)


@dataclass(slots=True)
class Taken(Generic[Item]):
    """A page after the border: ``received = items + rejected + duplicate`` always holds."""

    received: int
    items: list[Item] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    duplicate: int = 0


def orders(raws: Sequence[bytes], stamp: Stamp) -> Taken[OrderRows]:
    """Take the orders of one page; each that cannot be read is rejected alone."""
    return take("order", raws, lambda raw: order_rows(wire.decode_order(raw), stamp, raw))


def events(raws: Sequence[bytes], stamp: Stamp) -> Taken[EventRows]:
    """Take the events of one page, each with its shows."""
    return take("event", raws, lambda raw: event_rows(wire.decode_event(raw), stamp))


def order_rows(order: wire.Order, stamp: Stamp, raw: bytes = b"") -> OrderRows:
    """Turn one order and its ticket lines into rows; raises MalformedError.

    ``raw`` is the order as it came: names of its people are taken out of the tags.
    """
    order_id = identity(order.id, "id")
    event_id = identity(order.event_id, "event_id")
    payed = flag(order.payed, "payed")
    payed_at = instant_or_none(order.payed_at, "payed_at")
    if payed and payed_at is None:
        raise MalformedError("bad_date", "payed_at")  # a sale without a day belongs to no day
    updated_at = instant(order.updated_at, "updated_at")
    utm, utm_raw = NO_UTM, ""
    if isinstance(order.utm, wire.Utm):
        utm, utm_raw = normalise(without_names(msgspec.structs.asdict(order.utm), raw))
    row = Order(
        account_id=stamp.account_id,
        order_id=order_id,
        event_id=event_id,
        payed=payed,
        payed_at=payed_at,
        created_at=instant(order.created_at, "created_at"),
        updated_at=updated_at,
        deleted_at=instant_or_none(order.deleted_at, "deleted_at"),
        currency=(order.currency_id or "").strip(),
        price=amount(order.price, "price"),
        original_price=amount(order.original_price, "original_price"),
        discount_id=identity_or_none(order.discount_id, "discount_id"),
        promo_code_id=identity_or_none(order.promo_code_id, "promo_code_id"),
        utm_source=utm.source,
        utm_medium=utm.medium,
        utm_campaign=utm.campaign,
        utm_content=utm.content,
        utm_term=utm.term,
        utm_raw=utm_raw,
        ver=stamp.version(updated_at),
        loaded_at=stamp.loaded_at,
    )
    lines = wire.members(order.baskets)
    return OrderRows(row, _latest(basket_row(line, order_id, event_id, stamp) for line in lines))


def basket_row(basket: wire.Basket, order_id: str, event_id: str, stamp: Stamp) -> Basket:
    """Turn one ticket line into a row; raises MalformedError."""
    if basket.quantity not in _QUANTITIES:
        raise MalformedError("bad_quantity", "baskets.quantity")
    updated_at = instant(basket.updated_at, "baskets.updated_at")
    return Basket(
        account_id=stamp.account_id,
        basket_id=identity(basket.id, "baskets.id"),
        order_id=order_id,
        event_id=event_id,
        show_id=identity_or_none(basket.show_id, "baskets.show_id"),
        created_at=instant(basket.created_at, "baskets.created_at"),
        updated_at=updated_at,
        deleted_at=instant_or_none(basket.deleted_at, "baskets.deleted_at"),
        refunded_at=instant_or_none(basket.refunded_at, "baskets.refunded_at"),
        quantity=basket.quantity,
        original_price=amount(basket.original_price, "baskets.original_price"),
        discount_value=amount(basket.discount_value, "baskets.discount_value"),
        price=amount(basket.price, "baskets.price"),
        service_fee=amount(basket.service_fee_amount, "baskets.service_fee_amount"),
        refunded_amount=amount(basket.refunded_amount, "baskets.refunded_amount"),
        refunded_deduction_amount=amount(
            basket.refunded_deduction_amount, "baskets.refunded_deduction_amount"
        ),
        ver=stamp.version(updated_at),
        loaded_at=stamp.loaded_at,
    )


def event_rows(event: wire.Event, stamp: Stamp) -> EventRows:
    """Turn one event and its shows into rows; raises MalformedError."""
    event_id = identity(event.id, "id")
    city = event.city if isinstance(event.city, wire.City) else wire.City()
    zone = city.timezone or ""
    updated_at = instant(event.updated_at, "updated_at")
    row = Event(
        account_id=stamp.account_id,
        event_id=event_id,
        event_name=name_of(event.name),
        city_id=identity_or_none(event.city_id or city.id, "city_id"),
        city_name=(city.name or "").strip(),
        city_timezone=zone,
        place_name=(event.place_name or "").strip(),
        currency=(event.currency_id or "").strip(),
        is_active=flag(event.is_active, "is_active"),
        created_at=instant(event.created_at, "created_at"),
        updated_at=updated_at,
        deleted_at=instant_or_none(event.deleted_at, "deleted_at"),
        ver=stamp.version(updated_at),
        loaded_at=stamp.loaded_at,
    )
    shows = wire.members(event.shows)
    return EventRows(row, _latest(show_row(show, event_id, zone, stamp) for show in shows))


def show_row(show: wire.Show, event_id: str, zone: str, stamp: Stamp) -> Show:
    """Turn one show into a row, dated on the clock of its venue; raises MalformedError."""
    starts_at = instant(show.start_date, "shows.start_date")
    updated_at = instant(show.updated_at, "shows.updated_at")
    return Show(
        account_id=stamp.account_id,
        show_id=identity(show.id, "shows.id"),
        event_id=event_id,
        show_name=name_of(show.name),
        starts_at=starts_at,
        finishes_at=instant_or_none(show.finish_date, "shows.finish_date"),
        event_date=venue_day(show.start_date, starts_at, zone),
        sale_starts_at=instant_or_none(show.sale_start_date, "shows.sale_start_date"),
        sale_finishes_at=instant_or_none(show.sale_finish_date, "shows.sale_finish_date"),
        is_active=flag(show.is_active, "shows.is_active"),
        created_at=instant(show.created_at, "shows.created_at"),
        updated_at=updated_at,
        deleted_at=instant_or_none(show.deleted_at, "shows.deleted_at"),
        ver=stamp.version(updated_at),
        loaded_at=stamp.loaded_at,
    )


def take(entity: str, raws: Sequence[bytes], read: Callable[[bytes], Item]) -> Taken[Item]:
    """Take the rows of one page, each alone; of two with one id the newer wins."""
    taken: Taken[Item] = Taken(received=len(raws))
    kept: dict[str, tuple[int, bytes, Item]] = {}
    for raw in raws:
        try:
            item = read(raw)
        except (MalformedError, msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            fault = wire.malformed(error)
            taken.rejected.append(
                Rejected(entity, wire.row_key(raw), fault.reason, fault.field[:_LONGEST_PATH])
            )
            continue
        rival = kept.get(item.key)
        if rival is not None:
            taken.duplicate += 1
            # The newer version wins; of two equal ones the greater text, whatever their order.
            if rival[:2] >= (item.row.ver, bytes(raw)):
                continue
        kept[item.key] = (item.row.ver, bytes(raw), item)
    taken.items = [item for _, _, item in kept.values()]
    return taken


def _latest(lines: Iterable[Line]) -> list[Line]:
    """Keep one row of each id: two of one id in one answer are a fault of the source."""
    kept: dict[str, Line] = {}
    for line in lines:
        key = line.basket_id if isinstance(line, Basket) else line.show_id
        rival = kept.get(key)
        if rival is None or (rival.ver, repr(rival)) < (line.ver, repr(line)):
            kept[key] = line
    return list(kept.values())

"""Orders, events and dictionaries of Qtickets in, rows to store out; pure functions only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from qtickets_api import wire
from qtickets_api.orders import orders
from qtickets_api.readable import Readable
from qtickets_api.rows import Event, Show
from qtickets_api.taken import (
    DictionaryRow,
    EventRows,
    Item,
    OrderRows,
    Rejected,
    RowItems,
    Stamp,
    Taken,
)
from qtickets_api.values import (
    UNKNOWN_CURRENCY,
    currency,
    flag,
    identity,
    identity_or_none,
    instant,
    instant_or_none,
    name_of,
    text,
    venue_day,
)

__all__ = [
    "DictionaryRow",
    "EventRows",
    "Item",
    "OrderRows",
    "Rejected",
    "Stamp",
    "Taken",
    "event_rows",
    "events",
    "orders",
    "show_row",
    "take",
]


def events(raws: Sequence[bytes], stamp: Stamp) -> Taken[EventRows]:
    """Read the events of one page, each with its shows; a show that cannot be read goes alone."""

    def read(raw: bytes, taken: Taken[EventRows]) -> EventRows:
        return event_rows(wire.decode_event(raw), stamp, taken)

    return take("event", raws, read)


def event_rows(event: wire.Event, stamp: Stamp, taken: Taken[EventRows]) -> EventRows:
    """Turn one event and its shows into rows; raises MalformedError.

    A field that cannot be read is left empty, a show that cannot be read is put aside.
    """
    event_id, fields = identity(event.id, "id"), Readable()
    city = fields.field(_city, event.city, "city", wire.City())
    zone = fields.field(text, city.timezone, "city.timezone", "")
    created_at, updated_at = fields.lifetime(event.created_at, event.updated_at)
    code = currency(event.currency_id)
    row = Event(
        account_id=stamp.account_id,
        event_id=event_id,
        event_name=fields.field(name_of, event.name, "name", ""),
        city_id=fields.field(identity_or_none, event.city_id or city.id, "city_id", ""),
        city_name=fields.field(text, city.name, "city.name", ""),
        city_timezone=zone,
        place_name=fields.field(text, event.place_name, "place_name", ""),
        currency="" if code == UNKNOWN_CURRENCY else code,
        is_active=fields.field(flag, event.is_active, "is_active", True),
        created_at=created_at,
        updated_at=updated_at,
        deleted_at=fields.field(instant_or_none, event.deleted_at, "deleted_at", None),
        ver=stamp.version(updated_at),
        loaded_at=stamp.loaded_at,
    )
    fields.unread["currency_id"] += bool(event.currency_id and not row.currency)
    sent: list[Any] = fields.field(_shows, event.shows, "shows", [])
    shows = list(_readable_shows(sent, event_id, zone, stamp, taken))
    taken.unread += fields.unread
    return EventRows(row, _latest(shows))


def _readable_shows(
    sent: Sequence[Any], event_id: str, zone: str, stamp: Stamp, taken: Taken[EventRows]
) -> Iterator[Show]:
    for one in sent:
        taken.met["show"] += 1
        fields = Readable("shows.")
        try:
            yield show_row(msgspec.convert(one, wire.Show), event_id, zone, stamp, fields)
        except wire.UNREADABLE as error:
            fault = wire.malformed(error)
            key = wire.row_key(msgspec.json.encode(one))
            where = f"shows.{fault.field}".rstrip(".")[: wire.LONGEST_PATH]
            taken.received += 1
            taken.rejected.append(Rejected("show", key, fault.reason, where))
        else:
            taken.unread += fields.unread


def show_row(show: wire.Show, event_id: str, zone: str, stamp: Stamp, fields: Readable) -> Show:
    """Turn one show into a row, dated on the clock of its venue; raises MalformedError.

    A show needs an id and a day to play on; any other field that cannot be read is left empty.
    """
    show_id, starts_at = identity(show.id, "id"), instant(show.start_date, "start_date")
    created_at, updated_at = fields.lifetime(show.created_at, show.updated_at)

    def optional(sent: Any, name: str) -> datetime | None:
        return fields.field(instant_or_none, sent, name, None)

    return Show(
        account_id=stamp.account_id,
        show_id=show_id,
        event_id=event_id,
        show_name=fields.field(name_of, show.name, "name", ""),
        starts_at=starts_at,
        finishes_at=optional(show.finish_date, "finish_date"),
        event_date=venue_day(show.start_date, starts_at, zone),
        sale_starts_at=optional(show.sale_start_date, "sale_start_date"),
        sale_finishes_at=optional(show.sale_finish_date, "sale_finish_date"),
        is_active=fields.field(flag, show.is_active, "is_active", True),
        created_at=created_at,
        updated_at=updated_at,
        deleted_at=optional(show.deleted_at, "deleted_at"),
        ver=stamp.version(updated_at),
        loaded_at=stamp.loaded_at,
    )


def _city(sent: Any, field: str) -> wire.City:
    """Read the city object; absent, null and the empty list or text of PHP are no city."""
    if not sent:
        return wire.City()
    try:
        return msgspec.convert(sent, wire.City)
    except msgspec.ValidationError:
        raise wire.MalformedError("bad_type", field) from None


def _shows(sent: Any, field: str) -> list[Any]:
    if sent and not isinstance(sent, list | dict):
        raise wire.MalformedError("bad_type", field)
    return wire.members(sent)


def take(
    entity: str, raws: Sequence[bytes], read: Callable[[bytes, Taken[Item]], Item]
) -> Taken[Item]:
    """Take the rows of one page, each alone; of two with one id the newer wins."""
    taken: Taken[Item] = Taken(received=len(raws))
    taken.met[entity] += len(raws)
    kept: dict[str, tuple[int, bytes, Item]] = {}
    for raw in raws:
        try:
            item = read(raw, taken)
        except wire.UNREADABLE as error:
            fault = wire.malformed(error)
            taken.rejected.append(
                Rejected(entity, wire.row_key(raw), fault.reason, fault.field[: wire.LONGEST_PATH])
            )
            continue
        rival = kept.get(item.key)
        if rival is not None:
            taken.duplicate += 1
            # The newer version wins; of two equal ones the greater text, whatever their order.
            if rival[:2] >= (item.row.ver, bytes(raw)):
                continue
        kept[item.key] = (item.row.ver, bytes(raw), item)
    taken.items = RowItems(item for _, _, item in kept.values())
    return taken


def _latest(shows: Iterable[Show]) -> list[Show]:
    """Keep one row of each id: two of one id in one answer are a fault of the source."""
    kept: dict[str, Show] = {}
    for show in shows:
        rival = kept.get(show.show_id)
        if rival is None or (rival.ver, repr(rival)) < (show.ver, repr(show)):
            kept[show.show_id] = show
    return list(kept.values())

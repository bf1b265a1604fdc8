"""Orders, events and dictionaries of Qtickets in, rows to store out; pure functions only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from qtickets_api import wire
from qtickets_api.orders import orders
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
    flag,
    identity,
    identity_or_none,
    instant,
    instant_or_none,
    name_of,
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
    """Take the events of one page, each with its shows."""
    return take("event", raws, lambda raw: event_rows(wire.decode_event(raw), stamp))


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

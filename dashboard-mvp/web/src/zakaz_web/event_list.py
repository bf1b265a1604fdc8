"""The list of events as data: when each plays, what it sold, how full it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zakaz.moscow import as_moscow

from zakaz_web.catalogue import Event, Sold
from zakaz_web.figures import Figures
from zakaz_web.filters import EVENTS, SHOWS, Filters
from zakaz_web.freshness import read_freshness
from zakaz_web.inventory import read_shows
from zakaz_web.panel import Column, Panel, ordered
from zakaz_web.reading import Snapshot
from zakaz_web.seats import Seats, Show, added
from zakaz_web.texts import Texts
from zakaz_web.view import EventChoice, PageView, by_name

PANELS = ("event_list",)
TOP_EVENTS = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: an event in one currency, with its next show (or its last) and its seats."""

    event: Event
    sold: Sold
    day: date | None
    seats: Seats | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """The list: the events that the reader's choice leaves."""

    entries: tuple[Entry, ...]
    has_events: bool  # whether the store knows any event at all
    accounts: int

    @property
    def template(self) -> str:
        """Name the template of the list."""
        return "event_list.html"

    @property
    def which(self) -> str:
        """Give which events are asked for: those with a day ahead, those past, or all."""
        return self.filters.shows or SHOWS[0]

    @property
    def order(self) -> str:
        """Give the order of the table: the nearest day first, from today either way."""
        return self.filters.order or ("day" if self.which == "ahead" else "-day")


def resolve(
    snapshot: Snapshot, filters: Filters, now: datetime, texts: Texts, known: Sequence[Event]
) -> View:
    """Pick the events that the reader's choice leaves, and the lists to choose from."""
    which = filters.shows or SHOWS[0]
    shows: dict[tuple[str, str], list[Show]] = {}
    for show in read_shows(snapshot, now):
        shows.setdefault((show.account, show.event_id), []).append(show)
    figures = Figures(texts.lang)
    today = as_moscow(now).date()
    chosen = [
        event
        for event in known
        if (filters.events or which == "all" or (which == "ahead") == event.is_ahead(today))
        and (not filters.cities or event.city in filters.cities)
        and (not filters.events or event.id in filters.events)
        and filters.account in ("", event.account)
    ]
    entries = [
        entry for event in chosen for entry in _entries(event, shows.get(event.key, []), now)
    ]
    return View(
        filters=filters,
        currency="",
        cities=by_name({event.city: event.town(texts) for event in known}),
        events=tuple(
            EventChoice(e.id, e.called(texts), e.town(texts), e.starts_on, e.ends_on) for e in known
        ),
        freshness=read_freshness(snapshot, now),
        now=now,
        generation=snapshot.generation,
        texts=texts,
        figures=figures,
        entries=tuple(entries),
        has_events=bool(known),
        accounts=len({event.account for event in known}),
    )


def table(view: View) -> Panel:
    """Give the list in the reader's order, the first events unless all are asked for.

    Seats are those of the shows ahead, of the last counts where none is; an event that sold in
    several currencies has a row for each, and its seats in the first.
    """
    texts = view.texts
    rows = tuple(
        (
            entry.event.called(texts),
            entry.event.town(texts),
            entry.event.place or None,
            texts(f"state.{entry.state}"),
            entry.event.starts_on,
            entry.event.ends_on,
            entry.event.shows,
            entry.day,
            entry.sold.tickets,
            entry.sold.orders,
            entry.sold.revenue,
            entry.sold.currency or None,
            entry.seats.total if entry.seats else None,
            entry.seats.left if entry.seats else None,
            entry.seats.sell_through if entry.seats else None,
        )
        for entry in view.entries
    )
    columns = (
        Column("event", "text", texts("column.event")),
        Column("city", "text", texts("column.city")),
        Column("place", "text", texts("column.place")),
        Column("state", "text", texts("column.state")),
        Column("first_show", "day", texts("column.first_show")),
        Column("last_show", "day", texts("column.last_show")),
        Column("shows", "count", texts("kpi.shows")),
        Column("day", "day", texts("column.nearest")),
        Column("tickets", "count", texts("column.tickets")),
        Column("orders", "count", texts("column.orders")),
        Column("revenue", "money", texts("column.revenue")),
        Column("currency", "text", texts("filters.currency")),
        Column("total", "count", texts("column.total")),
        Column("left", "count", texts("column.left")),
        Column("sell_through", "share", texts("kpi.sell_through")),
    )
    keys = tuple(str(at) for at in range(len(rows)))
    made = ordered(Panel("event_list", columns, rows, keys), view.order, EVENTS.sortable)
    return made if view.filters.all_rows else made.first(TOP_EVENTS)


def _entries(event: Event, shows: Sequence[Show], now: datetime) -> list[Entry]:
    ahead = [show for show in shows if show.is_ahead(now)]
    days = sorted(show.day for show in ahead if show.day)
    day = days[0] if days else event.ends_on
    seats = added(ahead or shows)
    sold = event.sold or [event.in_currency("")]
    state = event.state(now, shows)
    return [
        Entry(event, one, day, seats if seats.total and one is sold[0] else None, state)
        for one in sold
    ]

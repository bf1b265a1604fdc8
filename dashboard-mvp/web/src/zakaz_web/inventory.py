"""The Inventory page as data: the shows asked for, their seats, and its two panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zakaz.moscow import MOSCOW

from zakaz_web import kpi as kpis
from zakaz_web import queries
from zakaz_web.figures import Figures
from zakaz_web.filters import INVENTORY, SHOWS, Filters
from zakaz_web.freshness import read_freshness
from zakaz_web.panel import Cell, Column, Panel, ordered
from zakaz_web.reading import Snapshot
from zakaz_web.seats import Show, added, show_of
from zakaz_web.texts import Texts
from zakaz_web.view import EventChoice, PageView, by_name, city_name, event_name

PANELS = ("inventory_kpi", "inventory")
TOP_SHOWS = 50
EVER = datetime.fromtimestamp(0, MOSCOW)  # an instant that makes no difference: asked once


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """The Inventory page: the shows that the reader's choice leaves, by their start."""

    shows: tuple[Show, ...]
    has_shows: bool  # whether the store knows any show at all
    accounts: int

    @property
    def which(self) -> str:
        """Give which shows are asked for: those ahead, those past, or all."""
        return self.filters.shows or SHOWS[0]

    @property
    def order(self) -> str:
        """Give the order of the table: the nearest show first, from today either way."""
        return self.filters.order or ("-day" if self.which == "past" else "day")


def resolve(snapshot: Snapshot, filters: Filters, now: datetime, texts: Texts) -> View:
    """Read the shows that the reader's choice leaves, and the lists to choose from."""
    known = read_shows(snapshot, now)
    which = filters.shows or SHOWS[0]
    offered = [show for show in known if which == "all" or (which == "ahead") == show.is_ahead(now)]
    cities = {show.city: city_name(show.city, show.city_name, texts) for show in offered}
    return View(
        filters=filters,
        currency="",
        cities=by_name(cities),
        events=_events(offered, texts),
        freshness=read_freshness(snapshot, now),
        now=now,
        generation=snapshot.generation,
        texts=texts,
        figures=Figures(texts.lang),
        shows=tuple(read_shows(snapshot, now, which, filters.cities, filters.events)),
        has_shows=bool(known),
        accounts=len({show.account for show in known}),
    )


def read_shows(
    snapshot: Snapshot,
    now: datetime,
    which: str = "all",
    cities: Sequence[str] = (),
    events: Sequence[str] = (),
) -> list[Show]:
    """Read shows by their start; what is ahead is read anew each minute, all once a load."""
    values = {
        "now": EVER if which == "all" else now.replace(second=0, microsecond=0),
        "shows": which,
        "cities": list(cities),
        "events": list(events),
    }
    return [show_of(row) for row in snapshot.query(queries.load("inventory"), values).dicts()]


def panel(snapshot: Snapshot, view: View, name: str) -> Panel:
    """Build one panel by its name; ``name`` is one of PANELS."""
    return kpi(view) if name == "inventory_kpi" else inventory(view)


def kpi(view: View) -> Panel:
    """Give the tiles: sums over all shows asked for, shown in the table or not."""
    figures = kpis.dictionary("inventory")
    rows = tuple((view.texts(f"kpi.{figure.id}"), value(view, figure)) for figure in figures)
    columns = (
        Column("kpi", "text", view.texts("column.kpi")),
        Column("value", "figure", view.texts("column.value")),
    )
    return kpis.panel("inventory_kpi", columns, rows, figures)


def value(view: View, figure: kpis.Kpi) -> kpis.Number | None:
    """Give one figure of the page; seats that nobody counted are none, not zero."""
    is_uncounted = bool(view.shows) and not any(show.seats for show in view.shows)
    if is_uncounted and figure.id != "shows":
        return None
    return figure.value(sums(view.shows))


def sums(shows: Sequence[Show]) -> dict[str, Any]:
    """Add up what the inventory's KPIs are made of."""
    seats = added(shows)
    return {
        "shows": len(shows),
        "total": seats.total,
        "sold": seats.sold,
        "reserved": seats.reserved,
        "left": seats.left,
        "taken": seats.taken,
    }


def inventory(view: View) -> Panel:
    """Give every show with its seats, in the reader's order; the first ones unless all."""
    texts = view.texts
    rows: list[tuple[Cell, ...]] = []
    for show in view.shows:
        rows.append(
            (
                show.day,
                f"{show.local_start:%H:%M}" if show.local_start else None,
                show.zone or None,
                show.days_to(view.today),
                event_name(show.event_id, show.event_name, texts),
                show.name or None,
                city_name(show.city, show.city_name, texts),
                show.place or None,
                texts(f"state.{show.state(view.now)}"),
                *seat_cells(show),
            )
        )
    columns = (
        Column("day", "day", texts("column.day")),
        Column("time", "text", texts("column.time")),
        Column("zone", "text", texts("column.zone")),
        Column("days", "count", texts("column.days")),
        Column("event", "text", texts("column.event")),
        Column("show", "text", texts("column.show")),
        Column("city", "text", texts("column.city")),
        Column("place", "text", texts("column.place")),
        Column("state", "text", texts("column.state")),
        *seat_columns(texts),
    )
    keys = tuple(str(at) for at in range(len(rows)))
    made = ordered(Panel("inventory", columns, tuple(rows), keys), view.order, INVENTORY.sortable)
    return made if view.filters.all_rows else made.first(TOP_SHOWS)


def seat_cells(show: Show) -> tuple[Cell, ...]:
    """Give the seats of a show as cells; a show without a count has none, not zero."""
    seats = show.seats
    if seats is None:
        return (None,) * 6 + (show.counted_at,)
    return (
        seats.sold,
        seats.reserved,
        seats.held,
        seats.left,
        seats.total,
        seats.sell_through,
        show.counted_at,
    )


def seat_columns(texts: Texts) -> tuple[Column, ...]:
    """Give the columns of ``seat_cells``."""
    return (
        Column("sold", "count", texts("column.sold")),
        Column("reserved", "count", texts("column.reserved")),
        Column("held", "count", texts("column.held")),
        Column("left", "count", texts("column.left")),
        Column("total", "count", texts("column.total")),
        Column("sell_through", "share", texts("kpi.sell_through")),
        Column("counted_at", "instant", texts("column.counted_at")),
    )


def _events(shows: Sequence[Show], texts: Texts) -> tuple[EventChoice, ...]:
    found: dict[str, list[Show]] = {}
    for show in shows:
        found.setdefault(show.event_id, []).append(show)
    choices = []
    for key, mine in found.items():
        days = sorted(show.day for show in mine if show.day)
        name = event_name(key, max(show.event_name for show in mine), texts)
        city = city_name(mine[0].city, mine[0].city_name, texts)
        span = (days[0], days[-1]) if days else (None, None)
        choices.append(EventChoice(key, name, city, *span))
    return tuple(choices)

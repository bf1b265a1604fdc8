"""One event as data: its sales, its shows, what it is compared with, and every panel of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zakaz.moscow import as_moscow

from zakaz_web import curve, event_panels, queries
from zakaz_web.catalogue import Event, comparable, find
from zakaz_web.curve import Curve
from zakaz_web.figures import Figures
from zakaz_web.filters import MEASURES, NONE, Filters
from zakaz_web.freshness import read_freshness
from zakaz_web.inventory import read_shows
from zakaz_web.panel import Panel
from zakaz_web.reading import Snapshot
from zakaz_web.seats import Show
from zakaz_web.texts import Texts
from zakaz_web.view import PageView

PANELS = ("event_kpi", "curve", "pace", "event_shows", "refunds", "promo_codes", "utm")
MOST_COMPARED = 5
DEFAULT_CURRENCY = "RUB"


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """The page of one event."""

    event: Event
    shows: tuple[Show, ...]  # that are not deleted, by their start
    compared: tuple[Event, ...]
    is_usual: bool  # whether they are compared because the reader chose no others
    left_out: int  # chosen events beyond those that one chart can carry
    others: tuple[Event, ...]  # what may be chosen
    is_shared_id: bool  # whether another account has an event of the same number

    @property
    def template(self) -> str:
        """Name the template of the page."""
        return "event.html"

    @property
    def measure(self) -> str:
        """Give what the curve counts: tickets or revenue."""
        return self.filters.measure or MEASURES[0]

    @property
    def next_show(self) -> Show | None:
        """Give the next show whose day is known."""
        ahead = [show for show in self.shows if show.day and show.is_ahead(self.now)]
        return ahead[0] if ahead else None

    @property
    def file_stem(self) -> str:
        """Give what a downloaded file's name says beside its panel."""
        return f"{re.sub('[^0-9A-Za-z_-]', '_', self.event.id)}_{self.today}"

    def values(self) -> dict[str, Any]:
        """Give the typed parameters of every panel query."""
        return {
            "account": self.event.account,
            "event": self.event.id,
            "events": sorted({event.id for event in (self.event, *self.compared)}),
            "currency": self.currency,
        }


def resolve(
    snapshot: Snapshot,
    filters: Filters,
    now: datetime,
    texts: Texts,
    known: Sequence[Event],
    event: Event,
) -> View:
    """Settle the currency and the events to compare with."""
    currency = filters.currency or next(iter(event.currencies), DEFAULT_CURRENCY)
    others = [other for other in known if other is not event and other.in_currency(currency).orders]
    if filters.compare:
        wanted = find(known, [key for key in filters.compare if key != NONE], but=event)
    else:
        wanted = comparable(known, event, currency, as_moscow(now).date())
    most = len(wanted) if filters.whole else MOST_COMPARED
    shows = read_shows(snapshot, now)
    return View(
        filters=filters,
        currency=currency,
        cities=(),
        events=(),
        freshness=read_freshness(snapshot, now),
        now=now,
        generation=snapshot.generation,
        texts=texts,
        figures=Figures(texts.lang, currency),
        event=event,
        shows=tuple(s for s in shows if (s.account, s.event_id) == event.key),
        compared=tuple(wanted[:most]),
        is_usual=not filters.compare,
        left_out=len(wanted[most:]),
        others=tuple(others),
        is_shared_id=len(find(known, [event.id])) > 1,
    )


def panel(snapshot: Snapshot, view: View, name: str) -> Panel:
    """Build one panel by its name; ``name`` is one of PANELS."""
    texts, events, all_rows = view.texts, (view.event, *view.compared), view.filters.all_rows
    match name:
        case "event_kpi":
            return event_panels.kpi(sums(snapshot, view), texts)
        case "curve":
            return event_panels.curve(
                read_curves(snapshot, view), labels(view), view.measure, texts
            )
        case "pace":
            tickets, revenue = (read_curves(snapshot, view, measure) for measure in MEASURES)
            return event_panels.pace(tickets, revenue, events, view.measure, texts)
        case "event_shows":
            states = {show.id: show.state(view.now) for show in view.shows}
            return event_panels.shows(_rows(snapshot, view, name), view.shows, states, texts)
        case "refunds":
            return event_panels.refunds(_rows(snapshot, view, name), all_rows, texts)
        case "promo_codes":
            return event_panels.promo_codes(_rows(snapshot, view, name), all_rows, texts)
        case "utm":
            return event_panels.utm(_rows(snapshot, view, name), all_rows, texts)
    raise KeyError(name)


def labels(view: View) -> list[str]:
    """Name the event and those it is compared with so that no two names are the same."""
    found: list[str] = []
    for event in (view.event, *view.compared):
        year = f"{event.ends_on:%Y}" if event.ends_on else ""
        name, *marks = (event.called(view.texts), event.town(view.texts), year, event.id)
        while name in found and marks:
            name = " · ".join(filter(None, (name, marks.pop(0))))
        found.append(name)
    return found


def sums(snapshot: Snapshot, view: View) -> dict[str, Any]:
    """Add up what the tiles are made of: the sales of all shows, their seats, the days left."""
    days = view.next_show.days_to(view.today) if view.next_show else None
    return event_panels.sums(_rows(snapshot, view, "event_shows"), view.shows, days)


def read_curves(snapshot: Snapshot, view: View, measure: str = "") -> list[Curve]:
    """Read the curve of the event and then of each event it is compared with."""
    events = (view.event, *view.compared)
    days: dict[tuple[str, str], list[date]] = {}
    for show in read_shows(snapshot, view.now):
        if show.day:
            days.setdefault((show.account, show.event_id), []).append(show.day)
    rows = _rows(snapshot, view, "curve")
    found = curve.curves(rows, measure or view.measure, days, view.today)
    return [found.get(event.key, Curve()) for event in events]


def _rows(snapshot: Snapshot, view: View, name: str) -> list[dict[str, Any]]:
    return snapshot.query(queries.load(name), view.values()).dicts()

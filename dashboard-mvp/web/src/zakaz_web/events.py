"""The Events pages as data: the list of all events, or the one event that was asked for."""

from __future__ import annotations

from datetime import datetime

from zakaz_web import event, event_list
from zakaz_web.catalogue import find, read_catalogue
from zakaz_web.filters import Filters, NotFoundError
from zakaz_web.panel import Panel
from zakaz_web.reading import Snapshot
from zakaz_web.texts import Texts

PANELS = (*event_list.PANELS, *event.PANELS)
View = event_list.View | event.View


def resolve(snapshot: Snapshot, filters: Filters, now: datetime, texts: Texts) -> View:
    """Give the event that the address names, or the list where it names none or several."""
    known = read_catalogue(snapshot)
    if filters.events:
        named = find(known, filters.events, filters.account)
        if not named:
            raise NotFoundError("error.no_event")
        if len(named) == 1:
            return event.resolve(snapshot, filters, now, texts, known, named[0])
    return event_list.resolve(snapshot, filters, now, texts, known)


def panel(snapshot: Snapshot, view: View, name: str) -> Panel:
    """Build one panel by its name, of the list or of the event, whichever the address means."""
    if isinstance(view, event_list.View) and name in event_list.PANELS:
        return event_list.table(view)
    if isinstance(view, event.View) and name in event.PANELS:
        return event.panel(snapshot, view, name)
    raise NotFoundError("error.404.text")

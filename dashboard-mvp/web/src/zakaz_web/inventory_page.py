"""The Inventory page as HTML: tiles, and a row with a capacity bar for each show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zakaz_web import inventory, kpi
from zakaz_web.filters import SHOWS
from zakaz_web.inventory import View
from zakaz_web.page import page_context
from zakaz_web.reading import Snapshot
from zakaz_web.seats import PARTS, added
from zakaz_web.show_words import ShowWords
from zakaz_web.tiles import Tile, tile


def context(snapshot: Snapshot, view: View) -> dict[str, Any]:
    """Give what the Inventory page needs beside the shell."""
    panels = {name: inventory.panel(snapshot, view, name) for name in inventory.PANELS}
    counted = [(show.is_active, show.counted_at) for show in view.shows if show.counted_at]
    selling = [at for is_active, at in counted if is_active]
    counts = selling or [at for _, at in counted]
    old = sum(show.is_count_old(view.now) for show in view.shows)
    return page_context(view, panels) | {
        "tiles": _tiles(view),
        "words": ShowWords(view),
        "shows": [view.shows[int(key)] for key in panels["inventory"].keys],
        "show_total": len(view.shows),
        "href": lambda show: view.filters.event_address(
            show.event_id, show.account if view.accounts > 1 else ""
        ),
        "choices": SHOWS,
        "parts": PARTS,
        "is_counted": any(show.seats for show in view.shows),
        "may_be_counted": any(show.is_ahead(view.now) for show in view.shows),
        "counted": _span(view, min(counts), max(counts)) if counts else "",
        "old": view.texts.count("inventory.old", old, view.figures.count(old)) if old else "",
    }


def _span(view: View, first: datetime, last: datetime) -> str:
    f, texts = view.figures, view.texts
    times = f.clock(first, view.today), f.clock(last, view.today)
    if view.which != "ahead" or times[0] == times[1]:
        return texts("inventory.counted", time=times[1])
    return texts("inventory.counted_between", first=times[0], last=times[1])


def _tiles(view: View) -> list[Tile]:
    f, texts = view.figures, view.texts
    seats = added(view.shows)

    def share(part: int) -> str:
        return f.share(kpi.share(part, seats.total)) if seats.total else ""

    counted = sum(show.seats is not None for show in view.shows)
    sold_out = sum(show.seats is not None and show.seats.left == 0 for show in view.shows)
    notes = {
        "shows": texts("inventory.some_counted", n=f.count(counted))
        if counted < len(view.shows)
        else "",
        "seats": texts("inventory.held", n=f.count(seats.held)) if seats.held else "",
        "seats_sold": share(seats.sold),
        "seats_reserved": share(seats.reserved),
        "seats_left": share(seats.left),
        "sell_through": texts.count("inventory.sold_out", sold_out, f.count(sold_out))
        if sold_out
        else "",
    }
    return [
        tile(figure, inventory.value(view, figure), f, texts, notes=(notes[figure.id],))
        for figure in kpi.dictionary("inventory")
    ]

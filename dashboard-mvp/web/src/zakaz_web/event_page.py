"""The page of one event as HTML: its tiles, its curve in words, and its tables."""

from __future__ import annotations

from typing import Any

from zakaz_web import event, filter_bar, kpi
from zakaz_web.curve import Curve
from zakaz_web.event import View
from zakaz_web.figures import symbol
from zakaz_web.filters import MEASURES, NONE, UTM
from zakaz_web.page import page_context
from zakaz_web.reading import Snapshot
from zakaz_web.seats import PARTS, added
from zakaz_web.show_words import ShowWords
from zakaz_web.tiles import Tile, tile


def context(snapshot: Snapshot, view: View) -> dict[str, Any]:
    """Give what the page of an event needs beside the shell."""
    panels = {name: event.panel(snapshot, view, name) for name in event.PANELS}
    texts, filters = view.texts, view.filters
    curves = event.read_curves(snapshot, view)
    own = curves[0]
    is_money = view.measure == "revenue"
    chips = [
        {
            "name": other.called(texts),
            "href": filters.address(compare=_without(view, other.id)),
        }
        for other in view.compared
    ]
    return page_context(view, panels) | {
        "words": ShowWords(view),
        "tiles": _tiles(snapshot, view),
        "parts": PARTS,
        "event_state": view.event.state(view.now, view.shows),
        "shows_by_id": {show.id: show for show in view.shows},
        "measures": MEASURES,
        "no_comparison": NONE,
        "pickers": [_compare_picker(view)],
        "hidden_pairs": filter_bar.hidden_pairs(filters, {"compare"}),
        "chips": [] if view.is_usual else chips,
        "reset_href": filters.address(compare=()),
        "curve_unit": symbol(view.currency) if is_money else "",
        "curve_open": texts("curve.day", n=own.settled) if own.settled else "",
        "curve_mark": texts("curve.now") if own.settled else "",
        "curve_title": texts(f"panel.curve.{view.measure}"),
        "curve_words": _curve_words(view, own, curves[1:]),
        "pace_note": _pace_note(view, own),
        "event_link": lambda key: filters.event_address(key),
        "list_href": filters.plain().address(),
        "utm_href": filters.plain(UTM).address(preset="all", events=(view.event.id,)),
        "currencies": view.event.currencies,
        "own": own,
    }


def _tiles(snapshot: Snapshot, view: View) -> list[Tile]:
    f, texts = view.figures, view.texts
    whole, seats = event.sums(snapshot, view), added(view.shows)
    days = [show.day for show in view.shows if show.day]
    notes = {"sell_through": texts("seats.none"), "days_to_show": texts("show.no_day")}
    if seats.total:
        taken, total = f.count(seats.taken), f.count(seats.total)
        notes["sell_through"] = texts("seats.taken", taken=taken, total=total)
    if view.next_show:
        notes["days_to_show"] = f.day(view.next_show.day, year=True)
    elif days:
        notes["days_to_show"] = texts("show.last", day=f.day(days[-1], year=True))
    return [
        tile(figure, figure.value(whole), f, texts, notes=(notes.get(figure.id, ""),))
        for figure in kpi.dictionary("event")
    ]


def _compare_picker(view: View) -> dict[str, Any]:
    texts, f = view.texts, view.figures
    chosen = {other.key for other in view.compared}
    options = [
        (
            other.id,
            other.called(texts),
            " · ".join(filter(None, (other.town(texts), f.span(other.starts_on, other.ends_on))))
            if other.starts_on
            else other.town(texts),
            other.key in chosen,
        )
        for other in view.others
    ]
    return filter_bar.compare_picker(options, texts)


def _without(view: View, gone: str) -> tuple[str, ...]:
    left = tuple(other.id for other in view.compared if other.id != gone)
    return left or (NONE,)


def _pace_note(view: View, own: Curve) -> str:
    texts = view.texts
    if not own.is_dated:
        return texts("pace.undated")
    if own.settled == 0:
        return texts("pace.over")
    return texts.count("pace.note", own.settled, view.figures.count(own.settled))


def _curve_words(view: View, own: Curve, others: list[Curve]) -> str:
    """Say what the curve says, for readers who cannot see it."""
    f, texts = view.figures, view.texts
    write = f.money if view.measure == "revenue" else f.count
    day = own.settled
    sentences = [
        texts(
            "curve.sentence",
            name=one.called(texts),
            day=texts("curve.day", n=day),
            value=write(curve.at(day)),
        )
        for one, curve in zip((view.event, *view.compared), (own, *others), strict=True)
    ]
    return " ".join(sentences)

"""The list of events as HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zakaz_web import event_list
from zakaz_web.event_list import Entry, View
from zakaz_web.figures import Figures
from zakaz_web.filters import SHOWS
from zakaz_web.page import page_context
from zakaz_web.seats import PARTS
from zakaz_web.show_words import ShowWords


def context(view: View) -> dict[str, Any]:
    """Give what the list needs beside the shell."""
    made = event_list.table(view)
    words = ShowWords(view)
    return page_context(view, {"event_list": made}) | {
        "words": words,
        "entries": [view.entries[int(key)] for key in made.keys],
        "entry_total": len(view.entries),
        "choices": SHOWS,
        "parts": PARTS,
        "revenue": _revenue(view),
        "day": lambda entry: words.day(entry.day),
        "days": lambda entry: words.days((entry.day - view.today).days if entry.day else None),
        "span": lambda entry: _span(view, entry),
        "href": lambda entry: view.filters.event_address(
            entry.event.id, entry.event.account if view.accounts > 1 else ""
        ),
    }


def _span(view: View, entry: Entry) -> str:
    first, last = entry.event.starts_on, entry.event.ends_on
    return view.figures.span(first, last) if first != last else ""


def _revenue(view: View) -> Callable[[Entry], str]:
    figures: dict[str, Figures] = {}

    def write(entry: Entry) -> str:
        currency = entry.sold.currency
        if not currency:
            return ""
        mine = figures.setdefault(currency, Figures(view.texts.lang, currency))
        return mine.money(entry.sold.revenue)

    return write

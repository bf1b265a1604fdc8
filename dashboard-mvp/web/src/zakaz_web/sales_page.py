"""The Sales page as HTML: what its template needs, and nothing it would have to compute."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zakaz_web import kpi, period, sales
from zakaz_web.page import arrow, mood, page_context, shower
from zakaz_web.panel import Panel, plain
from zakaz_web.reading import Snapshot
from zakaz_web.sales import View
from zakaz_web.tiles import Change, Tile, number_of, tile


def context(snapshot: Snapshot, view: View) -> dict[str, Any]:
    """Give what the Sales page needs beside the shell."""
    texts, f = view.texts, view.figures
    panels = {name: sales.panel(snapshot, view, name) for name in sales.PANELS}
    end = view.cut.day if view.is_cut else view.period.last
    until = f.day(end) + (f", {view.cut.hour:02d}:00" if view.is_cut else "")
    return page_context(view, panels) | {
        "event_total": sales.event_total(snapshot, view),
        "tiles": _tiles(view, panels["kpi"]),
        "comparison": _comparison(view),
        "revenue_title": texts(f"panel.revenue.{view.period.step}"),
        "events_note": texts("panel.events.note", until=until),
        "shown": shower(f, view.period.first.year != view.period.last.year),
        "presets": period.PRESETS,
    }


def _tiles(view: View, panel: Panel) -> list[Tile]:
    f, texts = view.figures, view.texts
    found = []
    for figure, row in zip(kpi.dictionary(), panel.rows, strict=True):
        value, compared, previous, change = (number_of(cell) for cell in row[1:])
        now, before = f.written(figure.unit, compared), f.written(figure.unit, previous)
        ratio = change if isinstance(change, Decimal) else None
        basis = until = ""
        if view.comparable:
            basis = texts("kpi.basis", now=now, before=before)
            if view.period.step == "hour" and compared != value:
                until = texts("kpi.until", hour=f"{view.cut.hour:02d}:00", value=now)
        was = texts("kpi.was", value=before) if previous is not None else ""
        delta = Change(plain(ratio), f.change(ratio), mood(ratio, figure.good), arrow(ratio), basis)
        found.append(tile(figure, value, f, texts, change=delta, notes=(until, was)))
    return found


def _comparison(view: View) -> str:
    texts, f = view.texts, view.figures
    if not view.comparable:
        is_early = (view.cut.day, view.cut.hour) <= (view.period.first, 0)
        return texts("compare.early" if is_early else "compare.none")
    first, last = view.period.previous
    span = f.span(first, last)
    if view.is_cut:
        return texts("compare.until", span=span, hour=f"{view.cut.hour:02d}:00")
    return texts("compare.with", span=span)

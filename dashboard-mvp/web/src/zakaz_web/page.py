"""The Sales page as HTML: what the templates need, and nothing they would have to compute."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from zakaz.moscow import as_moscow

from zakaz_web import filter_bar, kpi, period
from zakaz_web.assets import Assets
from zakaz_web.figures import DASH, Figures, symbol
from zakaz_web.filters import Filters
from zakaz_web.freshness import Freshness
from zakaz_web.panel import Cell, Column, Panel, plain
from zakaz_web.sales import View
from zakaz_web.sync_loop import SyncState
from zakaz_web.texts import Texts

FOLDER = Path(__file__).parent / "templates"
FLAT = Decimal("0.0005")  # what rounds to 0.0 % is no change


@dataclass(frozen=True, slots=True)
class Tile:
    """One KPI tile, every text ready."""

    id: str
    name: str
    raw: str
    value: str
    exact: str
    raw_change: str
    change: str
    mood: str
    arrow: str
    basis: str  # both figures of the comparison
    until: str  # today's part of it, where that is not the figure shown
    was: str


def environment(assets: Assets) -> Environment:
    """Make the template engine; every value is escaped, a missing one is a bug."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=assets.url, plain=plain, mood=_mood, arrow=_arrow, dict_of=_dict_of)
    return made


def shell_context(
    filters: Filters, texts: Texts, path: str, state: str, refresh: int | None = None
) -> dict[str, Any]:
    """Give what every page needs: language, appearance, and links that keep the rest."""

    def here(**changes: Any) -> str:
        return path + filters.with_(**changes).query()

    return {
        "t": texts,
        "theme": filters.theme or "auto",
        "state": state,
        "refresh": refresh,
        "here": here,
        "here_query": filters.query,
        "language_query": Filters(lang=filters.lang, theme=filters.theme).query(),
        "is_page": path == "/sales",
    }


def sales_context(view: View, panels: Mapping[str, Panel], event_total: int) -> dict[str, Any]:
    """Give what the Sales page needs beside the shell."""
    texts, f, filters = view.texts, view.figures, view.filters

    def link(**changes: Any) -> str:
        return "/sales" + filters.with_(**changes).query()

    def toggle_table(name: str) -> str:
        shown = set(filters.tables) ^ {name}
        return link(tables=tuple(sorted(shown)))

    def sort_link(name: str) -> str:
        first = "" if name == "event" else "-"
        again = "-" if first == "" else ""
        return link(sort=(again if filters.sort == first + name else first) + name)

    end = view.cut.day if view.is_cut else view.period.last
    until = f.day(end) + (f", {view.cut.hour:02d}:00" if view.is_cut else "")
    return {
        "view": view,
        "f": f,
        "panels": SimpleNamespace(**panels),
        "event_total": event_total,
        "tiles": _tiles(view, panels["kpi"]),
        "comparison": _comparison(view),
        "revenue_title": texts(f"panel.revenue.{view.period.step}"),
        "events_note": texts("panel.events.note", until=until),
        "unit": symbol(view.currency),
        "script_texts": texts.script(),
        "shown": _shower(f, view.period.first.year != view.period.last.year),
        "presets": period.PRESETS,
        "today": as_moscow(view.now).date(),
        "hidden_pairs": filter_bar.hidden_pairs(filters),
        "pickers": filter_bar.pickers(view),
        "chips": filter_bar.chips(view, link),
        "reset_href": "/sales" + Filters(lang=filters.lang, theme=filters.theme).query(),
        "toggle_table": toggle_table,
        "sort_link": sort_link,
        "only_event": lambda key: link(events=(key,)),
    }


def badge_context(age: Freshness, texts: Texts, now: datetime, sync: SyncState) -> dict[str, Any]:
    """Give what the freshness badge needs."""
    f = Figures(texts.lang)
    today = as_moscow(now).date()
    key = f"freshness.{age.status}" if age.loaded_at else "freshness.no_data"
    time = f.clock(age.loaded_at, today) if age.loaded_at else ""
    return {
        "clock": lambda value: f.clock(value, today),
        "freshness": age,
        "badge_text": texts(key, time=time) if time else texts(key),
        "source_name": lambda name: _source_name(name, texts),
        "sync_text": _sync_text(sync, texts, f, now),
    }


def _tiles(view: View, panel: Panel) -> list[Tile]:
    f, texts = view.figures, view.texts
    found = []
    for figure, row in zip(kpi.dictionary(), panel.rows, strict=True):
        value, compared, previous, change = (_number(cell) for cell in row[1:])
        write: Callable[[Decimal | int | None], str] = (
            f.money if figure.unit == "money" else f.count
        )
        exact = f.exact_money(value) if figure.unit == "money" else f.count(value)
        hour = f"{view.cut.hour:02d}:00"
        basis = until = ""
        if view.comparable:
            basis = texts("kpi.basis", now=write(compared), before=write(previous))
            if view.period.step == "hour" and compared != value:
                until = texts("kpi.until", hour=hour, value=write(compared))
        mood = _mood(change if isinstance(change, Decimal) else None, figure.good)
        found.append(
            Tile(
                id=figure.id,
                name=texts(f"kpi.{figure.id}"),
                raw=plain(value),
                value=write(value),
                exact=exact,
                raw_change=plain(change),
                change=f.change(change if isinstance(change, Decimal) else None),
                mood=mood,
                arrow=_arrow(change),
                basis=basis,
                until=until,
                was=write(previous) if previous is not None else "",
            )
        )
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


def _shower(f: Figures, with_year: bool) -> Callable[[Column, Cell], str]:
    def shown(column: Column, value: Cell) -> str:
        if value is None:
            return DASH
        if column.kind in ("day", "week"):
            return f.day(value, year=with_year)  # type: ignore[arg-type]
        if column.kind == "month":
            return f.month(value)  # type: ignore[arg-type]
        if column.kind in ("money", "count", "change"):
            return str(getattr(f, column.kind)(value))
        return str(value)

    return shown


def _source_name(name: str, texts: Texts) -> str:
    key = f"freshness.source.{name}"
    return texts(key) if key in texts.keys() else name  # noqa: SIM118


def _sync_text(sync: SyncState, texts: Texts, f: Figures, now: datetime) -> str:
    today = as_moscow(now).date()
    if sync.running_since is not None:
        return texts("sync.running", time=f.clock(sync.running_since, today))
    if sync.finished_at is None or sync.next_at is None:
        return ""
    times = {"time": f.clock(sync.finished_at, today), "next": f.clock(sync.next_at, today)}
    if sync.exit_code == 0:
        return texts("sync.ok", **times)
    return texts("sync.failed", code=sync.exit_code, **times)


def _number(value: Cell) -> Decimal | int | None:
    return value if isinstance(value, Decimal | int) else None


def _mood(change: Decimal | None, good: str = "up") -> str:
    if change is None or abs(change) < FLAT:
        return "calm"
    return "good" if (change > 0) == (good == "up") else "bad"


def _arrow(change: Decimal | int | None) -> str:
    if change is None:
        return ""
    if abs(Decimal(change)) < FLAT:
        return "flat"
    return "rise" if change > 0 else "fall"


def _dict_of(columns: Sequence[Column], row: Sequence[Cell] | None = None) -> dict[str, Any]:
    values = columns if row is None else row
    return {column.name: value for column, value in zip(columns, values, strict=True)}

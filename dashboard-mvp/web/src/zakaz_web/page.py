"""Pages as HTML: the template engine, and what every page's template needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from zakaz.moscow import as_moscow

from zakaz_web import filter_bar
from zakaz_web.assets import Assets
from zakaz_web.figures import DASH, Figures, symbol
from zakaz_web.filters import PAGES, Filters
from zakaz_web.freshness import Freshness, SourceAge
from zakaz_web.panel import Cell, Column, Panel, plain
from zakaz_web.sync_loop import SyncState
from zakaz_web.texts import Texts
from zakaz_web.view import PageView

FOLDER = Path(__file__).parent / "templates"
RISING = frozenset({"event", "day", "name"})  # columns that a first click sorts from the smallest
FLAT = Decimal("0.0005")  # what rounds to 0.0 % is no change


@cache
def environment(assets: Assets) -> Environment:
    """Return the template engine; every value is escaped, a missing one is a bug."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        asset=assets.url, plain=plain, mood=mood, arrow=arrow, dict_of=dict_of, dash=DASH
    )
    return made


def shell_context(
    filters: Filters, texts: Texts, state: str, refresh: int | None = None
) -> dict[str, Any]:
    """Give what every page needs: language, appearance, and links that keep the rest."""
    return {
        "t": texts,
        "theme": filters.theme or "auto",
        "state": state,
        "refresh": refresh,
        "here": filters.address,
        "here_query": filters.query,
        "pages": [(rules.name, filters.plain(rules).address()) for rules in PAGES],
        "page": filters.rules.name,
    }


def page_context(view: PageView, panels: Mapping[str, Panel]) -> dict[str, Any]:
    """Give what every page with figures needs beside the shell."""
    filters = view.filters

    def toggle_table(name: str) -> str:
        return filters.address(tables=tuple(sorted({*filters.tables} ^ {name})))

    def sort_link(name: str) -> str:
        first, again = ("", "-") if name in RISING else ("-", "")
        return filters.address(sort=(again if view.order == first + name else first) + name)

    return {
        "view": view,
        "f": view.figures,
        "panels": SimpleNamespace(**panels),
        "unit": symbol(view.currency),
        "script_texts": view.texts.script(),
        "today": view.today,
        "hidden_pairs": filter_bar.hidden_pairs(filters),
        "pickers": filter_bar.pickers(view),
        "chips": filter_bar.chips(view),
        "reset_href": filters.plain().address(),
        "event_href": filters.event_address,
        "toggle_table": toggle_table,
        "sort_link": sort_link,
        "shown": shower(view.figures, with_year=True),
    }


def badge_context(age: Freshness, texts: Texts, now: datetime, sync: SyncState) -> dict[str, Any]:
    """Give what the freshness badge needs."""
    f = Figures(texts.lang)
    today = as_moscow(now).date()
    key = f"freshness.{age.status}" if age.loaded_at else "freshness.no_data"
    if age.lost_rows:
        key = "freshness.lost"
    time = f.clock(age.loaded_at, today) if age.loaded_at else ""
    return {
        "clock": lambda value: f.clock(value, today),
        "freshness": age,
        "badge_text": texts(key, time=time) if time else texts(key),
        "newest_day": lambda source: _newest_day(source, texts, f, today),
        "source_name": lambda name: _source_name(name, texts),
        "sync_text": _sync_text(sync, texts, f, now),
    }


def shower(f: Figures, with_year: bool) -> Callable[[Column, Cell], str]:
    """Give the function that writes a cell of a column for a reader."""

    def shown(column: Column, value: Cell) -> str:
        if value is None:
            return DASH
        if column.kind in ("day", "week"):
            return f.day(value, year=with_year)  # type: ignore[arg-type]
        if column.kind == "month":
            return f.month(value)  # type: ignore[arg-type]
        if column.kind in ("money", "cost", "count", "change", "share", "factor"):
            return str(getattr(f, column.kind)(value))
        return str(value)

    return shown


def _source_name(name: str, texts: Texts) -> str:
    key = f"freshness.source.{name}"
    return texts(key) if key in texts.keys() else name  # noqa: SIM118


def _newest_day(source: SourceAge, texts: Texts, f: Figures, today: date) -> str:
    day = source.newest_day
    key = f"freshness.newest.{source.source}"
    if day is None or key not in texts.keys():  # noqa: SIM118
        return ""
    return texts(key, day=f.day(day, year=day.year != today.year))


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


def mood(change: Decimal | None, good: str = "up") -> str:
    """Say whether a change pleases."""
    if change is None or abs(change) < FLAT or good == "none":
        return "calm"
    return "good" if (change > 0) == (good == "up") else "bad"


def arrow(change: Decimal | int | None) -> str:
    """Name the icon of a change."""
    if change is None:
        return ""
    if abs(Decimal(change)) < FLAT:
        return "flat"
    return "rise" if change > 0 else "fall"


def dict_of(columns: Sequence[Column], row: Sequence[Cell] | None = None) -> dict[str, Any]:
    """Give columns, or a row's cells, by column name."""
    values = columns if row is None else row
    return {column.name: value for column, value in zip(columns, values, strict=True)}

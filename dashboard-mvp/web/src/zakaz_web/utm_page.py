"""The UTM page as HTML: tiles, links that narrow to a tag, and the lists to choose tags from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from zakaz_web import filter_bar, kpi, period, utm
from zakaz_web.page import page_context, shower
from zakaz_web.panel import Panel
from zakaz_web.reading import Snapshot
from zakaz_web.tiles import Tile, compared, tile
from zakaz_web.utm import View
from zakaz_web.utm_panels import TABLES, tag
from zakaz_web.view import UNKNOWN

_OWN = frozenset({"period", "from", "to", "city", "event", *(f"tag_{name}" for name in utm.PICKED)})


def context(snapshot: Snapshot, view: View) -> dict[str, Any]:
    """Give what the UTM page needs beside the shell."""
    f, filters = view.figures, view.filters
    panels = {name: utm.panel(snapshot, view, name) for name in utm.PANELS}
    sums = dict(zip(panels["utm_kpi"].keys, panels["utm_kpi"].cells("value"), strict=True))
    common = page_context(view, panels)
    return common | {
        "tiles": _tiles(view, panels["utm_kpi"]),
        "comparison": _comparison(view),
        "chart_title": _chart_title(view, panels["utm_revenue"]),
        "shown": shower(f, view.period.first.year != view.period.last.year),
        "presets": period.PRESETS,
        "tables": TABLES,
        "name": lambda key: _name(view, key),
        "only": lambda key: filters.address(tags=_narrowed(view, key)),
        "is_untagged": _is_untagged,
        "is_chosen": lambda key: set(parse_qsl(key)) <= set(filters.tags),
        "all_untagged": bool(sums["orders"]) and sums["untagged_orders"] == sums["orders"],
        "hidden_pairs": filter_bar.hidden_pairs(filters, _OWN),
        "pickers": [*common["pickers"], *_pickers(view)],
        "chips": [*common["chips"], *_chips(view)],
    }


def _tiles(view: View, panel: Panel) -> list[Tile]:
    f, texts = view.figures, view.texts
    found = []
    for figure, row in zip(kpi.dictionary("utm"), panel.rows, strict=True):
        change, notes = compared(figure, row, f, texts)
        found.append(tile(figure, row[1], f, texts, change=change, notes=(*notes,)))
    return found


def _comparison(view: View) -> str:
    texts, f = view.texts, view.figures
    if not view.comparable:
        return texts("compare.no_day" if view.cut.day <= view.period.first else "compare.none")
    span = f.span(*view.period.previous)
    if view.is_cut:
        return texts("compare.days", span=span, day=f.day(view.cut.day - timedelta(days=1)))
    return texts("compare.with", span=span)


def _chart_title(view: View, panel: Panel) -> str:
    split = view.texts(f"utm.split.{view.split}")
    return view.texts(f"panel.utm_revenue.{panel.columns[0].kind}", split=split)


def _name(view: View, key: str) -> str:
    values = [value for _, value in parse_qsl(key)]
    if len(values) > 1 and _is_untagged(key):
        return view.texts("utm.untagged")
    return " / ".join(tag(value, view.texts) for value in values)


def _is_untagged(key: str) -> bool:
    return {value for _, value in parse_qsl(key)} == {UNKNOWN}


def _narrowed(view: View, key: str) -> tuple[tuple[str, str], ...]:
    """Choose the tags of a row in place of what was chosen of the same fields."""
    row = parse_qsl(key)
    named = {field for field, _ in row}
    kept = [pair for pair in view.filters.tags if pair[0] not in named]
    return _in_order([*kept, *row])


def _in_order(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pairs, key=lambda pair: utm.FIELDS.index(pair[0])))


def _pickers(view: View) -> list[dict[str, Any]]:
    return [
        filter_bar.picker(
            f"tag_{name}",
            "tag",
            [(value, tag(value, view.texts), "") for value in view.choices[name]],
            [value for field, value in view.filters.tags if field == name],
            view.texts,
            f"{name}s",
        )
        for name in utm.PICKED
    ]


def _chips(view: View) -> list[dict[str, str]]:
    texts, chosen = view.texts, view.filters
    return [
        {
            "name": f"{texts(f'column.{pair[0]}')}: {tag(pair[1], texts)}",
            "href": chosen.address(tags=tuple(other for other in chosen.tags if other != pair)),
        }
        for pair in chosen.tags
    ]

"""The Marketing page as HTML: what its template needs, and nothing it would have to compute."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zakaz_web import kpi, marketing, period
from zakaz_web.figures import Figures
from zakaz_web.freshness import SourceAge
from zakaz_web.marketing import View
from zakaz_web.marketing_panels import control_state, step_of
from zakaz_web.marketing_tables import TOP
from zakaz_web.page import page_context, shower
from zakaz_web.panel import Cell, Panel
from zakaz_web.reading import Snapshot
from zakaz_web.tiles import Tile, compared, number_of, tile
from zakaz_web.view import UNKNOWN

TABLES = ("marketing_campaigns", "marketing_cities", "marketing_events", "marketing_utm")
# A cost stands with what it is divided by: one tile for both.
COUNTS = {"cpm": "impressions", "cpc": "clicks", "cpo": "orders", "cpt": "tickets"}


def context(snapshot: Snapshot, view: View) -> dict[str, Any]:
    """Give what the Marketing page needs beside the shell."""
    texts, f = view.texts, view.figures
    panels = {name: marketing.panel(snapshot, view, name) for name in marketing.PANELS}
    days = panels["marketing_days"]
    open_steps = [
        shower(f, view.period.first.year != view.period.last.year)(days.columns[0], row[0])
        for row in days.rows
        if row[-1]
    ]
    return page_context(view, panels) | {
        "tiles": _tiles(view, panels["marketing_kpi"], _tagged(snapshot, view)),
        "comparison": _comparison(view),
        "days_title": texts(f"panel.marketing_days.{step_of(view.period)}"),
        "open_from": open_steps[0] if open_steps else "",
        "shown": shower(f, view.period.first.year != view.period.last.year),
        "presets": period.PRESETS,
        "tables": TABLES,
        "top": TOP,
        "formulas": {
            figure.id: texts(f"kpi.{figure.id}.formula") for figure in kpi.dictionary("marketing")
        },
        "lights": {figure.id: figure.lit for figure in kpi.dictionary("marketing")},
        "sources": [_source(view, age) for age in (view.freshness.ads, view.freshness.sales)],
        "open_note": _open_note(view, sorted(marketing.open_days(snapshot, view))),
        "attribution": _attribution(snapshot, view, panels["marketing_attribution"]),
        "control": _control(snapshot, view, panels["marketing_control"]),
        "row_href": lambda name, key: _row_href(view, name, key),
        "is_shown": any(panels[name].rows for name in TABLES),
        "unknown": UNKNOWN,
    }


def _tiles(view: View, panel: Panel, tagged: dict[str, str]) -> list[Tile]:
    f, texts = view.figures, view.texts
    rows = dict(zip(panel.keys, panel.rows, strict=True))
    made = []
    for figure in kpi.dictionary("marketing"):
        if figure.id in COUNTS.values():
            continue
        row = rows[figure.id]
        change, notes = compared(figure, row, f, texts)
        notes.insert(0, tagged.get(figure.id, ""))
        if figure.id in COUNTS:
            notes.append(_count(view, COUNTS[figure.id], rows[COUNTS[figure.id]][1]))
        made.append(tile(figure, row[1], f, texts, change=change, notes=(*notes,)))
    return made


def _count(view: View, name: str, value: Cell) -> str:
    f, texts = view.figures, view.texts
    return texts("marketing.count", name=texts(f"kpi.{name}"), value=f.count(number_of(value)))


def _comparison(view: View) -> str:
    texts, f = view.texts, view.figures
    if not (view.comparable.ads or view.comparable.sales):
        is_early = view.cut.day <= view.period.first
        return texts("compare.no_day" if is_early else "compare.none")
    span = f.span(*view.period.previous)
    if view.is_cut:
        return texts("compare.days", span=span, day=f.day(view.cut.day - timedelta(days=1)))
    return texts("compare.with", span=span)


def _source(view: View, age: SourceAge) -> dict[str, str]:
    """Give the freshness of one side in words."""
    texts, f = view.texts, view.figures
    name = texts(f"freshness.source.{age.source}")
    if age.loaded_at is None:
        return {"status": "no_data", "text": texts("marketing.source_never", name=name)}
    text = texts("marketing.source", name=name, time=f.clock(age.loaded_at, view.today))
    if age.newest_day is not None:
        day = f.day(age.newest_day, year=age.newest_day.year != view.today.year)
        text += ", " + texts(f"freshness.newest.{age.source}", day=day)
    if age.status in ("warning", "critical"):
        text += " — " + texts(f"marketing.{age.status}")
    return {"status": age.status, "text": text}


def _open_note(view: View, days: list[date]) -> str:
    """Say from which day on the spend of the period is not final."""
    if not days:
        return ""
    return view.texts("marketing.open", span=view.figures.span(days[0], days[-1]))


def _tagged(snapshot: Snapshot, view: View) -> dict[str, str]:
    """Say what of the revenue carries the tags of a campaign, and what the spend made of that."""
    if view.filters.campaigns:
        return {}
    whole = marketing.split(snapshot, view).whole
    revenue, spend, tagged = (
        sum((row[name] for row in whole), Decimal(0))
        for name in ("revenue_sum", "spend_sum", "tagged_revenue")
    )
    f, texts = view.figures, view.texts
    part, roas = kpi.share(tagged, revenue), kpi.share(tagged, spend)
    return {
        "revenue": texts("marketing.tagged", value=f.share(part)) if view.has_ads and part else "",
        "roas": texts("marketing.tagged", value=f.factor(roas)) if roas is not None else "",
    }


def _attribution(snapshot: Snapshot, view: View, panel: Panel) -> dict[str, str]:
    """Name the model, and what share of the spend it brought to a city and to an event."""
    texts, f = view.texts, view.figures
    rows = marketing.rows(snapshot, view, "marketing_attribution")
    whole = sum((row["spend_sum"] for row in rows), Decimal(0))
    cities, events = (
        f.share(kpi.share(sum((r["spend_sum"] for r in rows if r[flag]), Decimal(0)), whole))
        for flag in ("has_city", "has_event")
    )
    models = sorted({str(row["attribution_model"]) for row in rows})
    return {
        "models": ", ".join(models),
        "shares": texts("attribution.shares", cities=cities, events=events) if panel.rows else "",
    }


def _control(snapshot: Snapshot, view: View, panel: Panel) -> dict[str, Any]:
    """Say how the control sum stands; what does not agree comes with the command to run."""
    texts, f = view.texts, view.figures
    rows = marketing.rows(snapshot, view, "marketing_control")
    days: dict[str, set[date]] = defaultdict(set)
    for row in rows:
        days[control_state(row)].add(row["day"])
    equal, early, unproven = (
        days.pop(name, set()) for name in ("equal", "still_open", "no_control")
    )
    differing = set().union(*days.values())  # a word we do not know is no agreement
    told = []
    if differing:
        told.append(texts.count("control.differ", len(differing), f.count(len(differing))))
    if unproven:
        told.append(texts.count("control.unproven", len(unproven), f.count(len(unproven))))
    if not told:
        if equal:
            told.append(texts.count("control.agree", len(equal), f.count(len(equal))))
        if early:
            told.append(texts("control.tomorrow", span=f.span(min(early), max(early))))
        return {"status": "equal" if rows else "", "text": ". ".join(told)}
    again = differing | unproven
    odd = [row for row in rows if row["status"] != "equal"]
    figures = {str(row["currency"]): Figures(texts.lang, str(row["currency"])) for row in odd}
    at = [column.name for column in panel.columns].index("currency")
    columns = {column.name: column for column in panel.columns}

    def shown(name: str, value: Cell, row: tuple[Cell, ...]) -> str:
        return shower(figures[str(row[at])], with_year=True)(columns[name], value)

    return {
        "status": "different" if differing else "no_control",
        "text": " ".join(told),
        "command": f"zakaz sync vk --from {min(again)} --to {max(again)}",
        "shown": shown,
    }


def _row_href(view: View, name: str, key: str) -> str:
    """Give where the name of a row leads: the page narrowed to it, or the event's own page."""
    if not key or name == "marketing_utm":
        return ""
    if name == "marketing_events" and key != UNKNOWN:
        return view.filters.event_address(key)
    field = {"marketing_campaigns": "campaigns", "marketing_cities": "cities"}.get(name, "events")
    return "" if getattr(view.filters, field) == (key,) else view.filters.address(**{field: (key,)})

"""The panels of the Event page: rows of a query in, what the reader sees out. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from zakaz_web import kpi as kpis
from zakaz_web.catalogue import Event
from zakaz_web.curve import Amount, Curve, Step, gains, line, steps
from zakaz_web.inventory import seat_cells, seat_columns
from zakaz_web.panel import Cell, Column, Panel
from zakaz_web.seats import Show, added, local_start
from zakaz_web.texts import Texts

Rows = Sequence[Mapping[str, Any]]

TOP_ROWS = 12
UNKNOWN = "unknown"
ZERO = Decimal("0.00")
_SUMS = ("orders", "tickets", "gross", "refunds", "revenue")
_MONEY = {"tickets": "count", "revenue": "money"}


def sums(rows: Rows, shows: Sequence[Show], days: int | None) -> dict[str, Any]:
    """Add up what the event's KPIs are made of."""
    seats = added(shows)
    whole = {name: sum(row[f"{name}_sum"] for row in rows) for name in _SUMS}
    return whole | {"taken": seats.taken, "total": seats.total, "days": days}


def kpi(whole: Mapping[str, Any], texts: Texts) -> Panel:
    """Give the tiles of the event over its whole life."""
    figures = kpis.dictionary("event")
    rows = tuple((texts(f"kpi.{figure.id}"), figure.value(whole)) for figure in figures)
    columns = (
        Column("kpi", "text", texts("column.kpi")),
        Column("value", "figure", texts("column.value")),
    )
    return kpis.panel("event_kpi", columns, rows, figures)


def curve(found: Sequence[Curve], labels: Sequence[str], measure: str, texts: Texts) -> Panel:
    """Give the curves side by side: all sold up to each day to show, and the event's own day."""
    kind = _MONEY[measure]
    has_sales = any(one.days for one in found)
    axis = steps(found) if has_sales else []
    lines = [line(one, axis) for one in found]
    rows = tuple(
        (step_name(step, texts), own, *(points[at] for points in lines))
        for at, (step, own) in enumerate(zip(axis, gains(found[0], axis), strict=True))
    )
    columns = (
        Column("step", "text", texts("column.days_to")),
        Column("gain", kind, texts("column.gain")),
        *(Column(f"e{at}", kind, label) for at, label in enumerate(labels)),
    )
    return Panel("curve", columns, rows, tuple(step.name for step in axis))


def step_name(step: Step, texts: Texts) -> str:
    """Write a point of the axis."""
    if step.day is None:
        return texts(f"curve.{step.name}")
    return texts("curve.first" if step.is_first else "curve.day", n=step.day)


def pace(
    tickets: Sequence[Curve],
    revenue: Sequence[Curve],
    events: Sequence[Event],
    measure: str,
    texts: Texts,
) -> Panel:
    """Give where each event stood as many days before its shows as this one stands now.

    Every sale counts by the day of its own show. The day of the comparison is that of the event's
    last show: nearer to it a show ahead has not sold what a past one had, and like would not meet
    like. Nothing is divided by the number of shows; it stands in each row.
    """
    day = tickets[0].settled
    chosen = tickets if measure == "tickets" else revenue
    now = chosen[0].at(day)
    rows: list[tuple[Cell, ...]] = []
    for at, event in enumerate(events):
        then = chosen[at].at(day)
        rows.append(
            (
                event.called(texts),
                event.town(texts),
                event.ends_on,
                event.shows if event.is_loaded else None,
                tickets[at].at(day),
                _exact(revenue[at].at(day)),
                kpis.change(now, then) if at else None,
                tickets[at].total,
                _exact(revenue[at].total),
            )
        )
    suffix = texts("curve.day", n=day)
    columns = (
        Column("event", "text", texts("column.event")),
        Column("city", "text", texts("column.city")),
        Column("last_show", "day", texts("column.last_show")),
        Column("shows", "count", texts("kpi.shows")),
        Column("tickets_at", "count", f"{texts('column.tickets')}, {suffix}"),
        Column("revenue_at", "money", f"{texts('column.revenue')}, {suffix}"),
        Column("change", "change", texts("column.pace")),
        Column("tickets", "count", texts("column.all_tickets")),
        Column("revenue", "money", texts("column.all_revenue")),
    )
    return Panel("pace", columns, tuple(rows), tuple(event.id for event in events))


def shows(rows: Rows, known: Sequence[Show], states: Mapping[str, str], texts: Texts) -> Panel:
    """Give every show of the event, and sales of shows that are gone or were never loaded.

    ``states`` names the state of each known show. The rows add up to the tiles.
    """
    sold = {str(row["show_key"]): row for row in rows}
    found: list[tuple[Cell, ...]] = []
    keys: list[str] = []
    for show in known:
        start = show.local_start
        place = (show.day, f"{start:%H:%M}" if start else None, show.name or None)
        found.append(
            (*place, states[show.id], *_show_sales(sold.pop(show.id, None)), *seat_cells(show))
        )
        keys.append(show.id)
    for key, row in sorted(
        sold.items(), key=lambda pair: (pair[1]["event_date"] or date.max, pair[0])
    ):
        start = local_start(row["starts_at"], str(row["city_timezone"]))
        name = str(row["show_name"]).strip() or (texts("show.number", id=key) if key else None)
        state = "deleted" if row["is_deleted"] else "unknown" if key else "none"
        place = (row["event_date"], f"{start:%H:%M}" if start else None, name)
        found.append((*place, state, *_show_sales(row), *(None,) * 7))
        keys.append(key)
    labelled = tuple((*row[:3], texts(f"state.{row[3]}"), *row[4:]) for row in found)
    columns = (
        Column("day", "day", texts("column.day")),
        Column("time", "text", texts("column.time")),
        Column("show", "text", texts("column.show")),
        Column("state", "text", texts("column.state")),
        Column("tickets", "count", texts("column.tickets")),
        Column("orders", "count", texts("column.orders")),
        Column("refunds", "money", texts("kpi.refunds")),
        Column("revenue", "money", texts("column.revenue")),
        *seat_columns(texts),
    )
    return Panel("event_shows", columns, labelled, tuple(keys))


def refunds(rows: Rows, all_rows: bool, texts: Texts) -> Panel:
    """Give money given back, by the day of the sale and by the day it was paid out."""
    columns = (
        Column("day", "day", texts("column.day")),
        Column("refunds", "money", texts("column.refunds_by_sale")),
        Column("paid_back", "money", texts("column.refunds_by_refund")),
    )
    found = tuple((row["refund_day"], row["refunds_sum"], row["paid_back_sum"]) for row in rows)
    return _first(Panel("refunds", columns, found, tuple(str(row[0]) for row in found)), all_rows)


def promo_codes(rows: Rows, all_rows: bool, texts: Texts) -> Panel:
    """Give what was sold with each promo code; a code that is no longer listed keeps its number."""
    found = tuple(
        (
            _code(row, texts),
            _discount(row, texts),
            row["orders_sum"],
            row["tickets_sum"],
            row["discounts_sum"],
            row["revenue_sum"],
        )
        for row in rows
    )
    columns = (
        Column("promo_code", "text", texts("column.promo_code")),
        Column("discount", "text", texts("column.discount")),
        Column("orders", "count", texts("column.orders")),
        Column("tickets", "count", texts("column.tickets")),
        Column("discounts", "money", texts("column.discounts")),
        Column("revenue", "money", texts("column.revenue")),
    )
    keys = tuple(f"{row['promo_code_id']}/{row['discount_id']}" for row in rows)
    return _first(Panel("promo_codes", columns, found, keys), all_rows)


def utm(rows: Rows, all_rows: bool, texts: Texts) -> Panel:
    """Give where buyers came from; those nobody can tell stay in sight."""
    whole = sum((row["revenue_sum"] for row in rows), ZERO)
    found = tuple(
        (
            *(_tag(row[f"utm_{name}"], texts) for name in ("source", "medium", "campaign")),
            row["orders_sum"],
            row["tickets_sum"],
            row["revenue_sum"],
            kpis.share(row["revenue_sum"], whole),
        )
        for row in rows
    )
    columns = (
        Column("source", "text", texts("column.source")),
        Column("medium", "text", texts("column.medium")),
        Column("campaign", "text", texts("column.campaign")),
        Column("orders", "count", texts("column.orders")),
        Column("tickets", "count", texts("column.tickets")),
        Column("revenue", "money", texts("column.revenue")),
        Column("share", "share", texts("column.share")),
    )
    keys = tuple(
        "/".join(row[f"utm_{name}"] for name in ("source", "medium", "campaign")) for row in rows
    )
    return _first(Panel("utm", columns, found, keys), all_rows)


def _first(panel: Panel, all_rows: bool) -> Panel:
    return panel if all_rows else panel.first(TOP_ROWS)


def _show_sales(row: Mapping[str, Any] | None) -> tuple[Cell, ...]:
    if row is None:
        return 0, 0, ZERO, ZERO
    return row["tickets_sum"], row["orders_sum"], row["refunds_sum"], row["revenue_sum"]


def _code(row: Mapping[str, Any], texts: Texts) -> str:
    key = str(row["promo_code_id"])
    if not key:
        return texts("promo.none")
    return str(row["shown_code"]) or texts("promo.number", id=key)


def _discount(row: Mapping[str, Any], texts: Texts) -> Cell:
    key = str(row["discount_id"])
    return str(row["shown_discount"]) or (texts("discount.number", id=key) if key else None)


def _tag(value: object, texts: Texts) -> str:
    return texts("utm.unknown") if value == UNKNOWN else str(value)


def _exact(value: Amount | None) -> Cell:
    return None if value is None else Decimal(value).quantize(ZERO)

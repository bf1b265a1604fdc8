"""The panels of the Sales page: rows of a query in, what the reader sees out. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zakaz.moscow import as_moscow

from zakaz_web import kpi as kpis
from zakaz_web import period as periods
from zakaz_web.filters import SALES
from zakaz_web.panel import Cell, Column, Panel, ordered
from zakaz_web.period import Period
from zakaz_web.texts import Texts
from zakaz_web.view import UNKNOWN_CITY, city_name, event_name

Rows = Sequence[Mapping[str, Any]]

TOP_CITIES = 20
TOP_EVENTS = 25
ZERO = Decimal("0.00")
_SUMS = ("orders", "tickets", "gross", "refunds", "revenue")


def kpi(rows: Rows, comparable: bool, texts: Texts) -> Panel:
    """Give the tiles: the figure, what of it is compared, the period before, the change."""
    row = rows[0]
    whole = {name: row[f"{name}_sum"] for name in _SUMS}
    compared = {name: row[f"compared_{name}"] for name in _SUMS}
    previous = {name: row[f"previous_{name}"] for name in _SUMS}
    found: list[tuple[Cell, ...]] = []
    figures = kpis.dictionary()
    for figure in figures:
        value = figure.value(whole)
        now = figure.value(compared) if comparable else None
        before = figure.value(previous) if comparable else None
        found.append((texts(f"kpi.{figure.id}"), value, now, before, kpis.change(now, before)))
    columns = (
        Column("kpi", "text", texts("column.kpi")),
        Column("value", "figure", texts("column.value")),
        Column("compared", "figure", texts("column.compared")),
        Column("previous", "figure", texts("column.previous")),
        Column("change", "change", texts("column.change")),
    )
    return kpis.panel("kpi", columns, found, figures)


def revenue(rows: Rows, period: Period, now: datetime, comparable: bool, texts: Texts) -> Panel:
    """Give every step of the period, sold or not; hours that have not come yet stay empty."""
    by_step = {row["step_start"]: row for row in rows}
    found: list[tuple[Cell, ...]] = []
    keys: list[str] = []
    for step, is_over in _steps(period, as_moscow(now)):
        row = by_step.get(step, {})
        known = row if is_over else None
        found.append(
            (
                f"{step:02d}:00" if isinstance(step, int) else step,
                known.get("revenue_sum", ZERO) if known is not None else None,
                row.get("previous_revenue", ZERO) if comparable else None,
                known.get("tickets_sum", 0) if known is not None else None,
                known.get("orders_sum", 0) if known is not None else None,
            )
        )
        keys.append(str(step))
    columns = (
        Column("step", period.step, texts(f"column.{period.step}")),
        Column("revenue", "money", texts("column.revenue")),
        Column("previous_revenue", "money", texts("column.previous_revenue")),
        Column("tickets", "count", texts("column.tickets")),
        Column("orders", "count", texts("column.orders")),
    )
    return Panel("revenue", columns, tuple(found), tuple(keys))


def cities(rows: Rows, whole: bool, texts: Texts) -> Panel:
    """Return the top cities, and the rest as one row, so that the rows add up to the tiles.

    ``whole`` gives every city its own row.
    """
    top = len(rows) if whole else TOP_CITIES
    found: list[tuple[Cell, ...]] = []
    keys: list[str] = []
    for row in rows[:top]:
        name = city_name(row["city_key"], row["shown_name"], texts)
        found.append((name, *_city_figures([row])))
        keys.append(str(row["city_key"]))
    if rest := rows[top:]:
        found.append((texts("city.rest", n=len(rest)), *_city_figures(rest)))
        keys.append("")
    columns = (
        Column("city", "text", texts("column.city")),
        Column("revenue", "money", texts("column.revenue")),
        Column("tickets", "count", texts("column.tickets")),
        Column("orders", "count", texts("column.orders")),
        Column("average_ticket", "money", texts("kpi.average_ticket")),
    )
    return Panel("cities", columns, tuple(found), tuple(keys), left_out=len(rest))


def events(
    rows: Rows,
    shows: Mapping[str, tuple[date | None, date | None]],
    sort: str,
    all_rows: bool,
    texts: Texts,
) -> Panel:
    """Give the event table in the reader's order; the first 25 unless all are asked for.

    ``shows`` gives the first and last day of each event's shows.
    """
    found: list[tuple[Cell, ...]] = []
    for row in rows:
        key = str(row["event_key"])
        found.append(
            (
                event_name(key, row["shown_name"], texts),
                city_name(row["shown_city"] or UNKNOWN_CITY, row["shown_city"], texts),
                *shows.get(key, (None, None)),
                row["recent_sum"],
                row["before_sum"],
                kpis.change(row["recent_sum"], row["before_sum"]),
                row["tickets_sum"],
                row["orders_sum"],
                row["revenue_sum"],
                kpis.divide(row["revenue_sum"], row["tickets_sum"]),
            )
        )
    columns = (
        Column("event", "text", texts("column.event")),
        Column("city", "text", texts("column.city")),
        Column("first_show", "day", texts("column.first_show")),
        Column("last_show", "day", texts("column.last_show")),
        Column("recent", "count", texts("column.recent")),
        Column("before", "count", texts("column.before")),
        Column("change", "change", texts("column.change")),
        Column("tickets", "count", texts("column.tickets")),
        Column("orders", "count", texts("column.orders")),
        Column("revenue", "money", texts("column.revenue")),
        Column("average_ticket", "money", texts("kpi.average_ticket")),
    )
    keys = tuple(str(row["event_key"]) for row in rows)
    panel = ordered(Panel("events", columns, tuple(found), keys), sort, SALES.sortable)
    return panel if all_rows else panel.first(TOP_EVENTS)


def _city_figures(rows: Rows) -> tuple[Cell, ...]:
    money = sum((row["revenue_sum"] for row in rows), Decimal(0))
    tickets = sum(row["tickets_sum"] for row in rows)
    orders = sum(row["orders_sum"] for row in rows)
    return money, tickets, orders, kpis.divide(money, tickets)


def _steps(period: Period, now: datetime) -> list[tuple[date | int, bool]]:
    if period.step == "hour":
        today = now.date()
        last_hour = now.hour if period.first == today else 23 if period.first < today else -1
        return [(hour, hour <= last_hour) for hour in range(24)]
    days = periods.steps(period.first, min(period.last, now.date()), period.step)
    return [(day, True) for day in days]

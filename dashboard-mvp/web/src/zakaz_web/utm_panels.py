"""The panels of the UTM page: rows of a query in, what the reader sees out. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from zakaz_web import kpi as kpis
from zakaz_web.panel import Cell, Column, Panel
from zakaz_web.period import Period, steps
from zakaz_web.texts import Texts
from zakaz_web.view import UNKNOWN

Rows = Sequence[Mapping[str, Any]]

TABLES: Mapping[str, tuple[str, ...]] = {
    "utm_sources": ("source",),
    "utm_mediums": ("source", "medium"),
    "utm_campaigns": ("campaign",),
    "utm_contents": ("content",),
    "utm_tags": ("source", "medium", "campaign", "content", "term"),
}
TOP_TAGS = 5
MOST_TAGS = 1000  # columns of a file: a sheet has no place for more than 16 384
TOP_ROWS = 10
ZERO = Decimal("0.00")
_SUMS = ("orders", "tickets", "revenue", "untagged_orders", "untagged_revenue")
_WEEK = ("week_orders", "week_untagged_orders")
_NOTHING: dict[str, Any] = {
    "orders_sum": 0,
    "tickets_sum": 0,
    "revenue_sum": ZERO,
    "compared_revenue": ZERO,
    "previous_revenue": ZERO,
}


def kpi(rows: Rows, comparable: bool, texts: Texts) -> Panel:
    """Give the tiles: the figure, what of it is compared, the period before, the change."""
    row = rows[0]
    week = {name: row[f"{name}_sum"] for name in _WEEK}
    week_before = {name: row[f"previous_{name}"] for name in _WEEK}
    whole = {name: row[f"{name}_sum"] for name in _SUMS} | week
    compared = {name: row[f"compared_{name}"] for name in _SUMS} | week
    previous = {name: row[f"previous_{name}"] for name in _SUMS} | week_before
    figures = kpis.dictionary("utm")
    found = []
    for figure in figures:
        is_compared = comparable or figure.id == "untagged_week"  # a week of its own
        now, before = (figure.value(sums) if is_compared else None for sums in (compared, previous))
        found.append((figure.value(whole), now, before))
    return kpis.compared_panel("utm_kpi", figures, found, texts)


def revenue(
    rows: Rows,
    period: Period,
    today: date,
    *,
    comparable: bool,
    has_unknown: bool,
    most: int,
    texts: Texts,
) -> Panel:
    """Return every step of the period with the revenue of ``most`` tags, the rest and no tag."""
    whole: dict[str, Decimal] = {}
    by_step: dict[date, dict[str, Decimal]] = {}
    before: dict[date, Decimal] = {}
    for row in rows:
        value, step, money = str(row["tag_key"]), row["step_start"], row["revenue_sum"]
        before[step] = before.get(step, ZERO) + row["previous_revenue"]
        if money:
            whole[value] = whole.get(value, ZERO) + money
            by_step.setdefault(step, {})[value] = money
    named = sorted(
        (name for name in whole if name != UNKNOWN), key=lambda name: (-whole[name], name)
    )
    top = named if len(named) <= most + 1 else named[:most]  # one needs no row for the rest
    groups = [(f"s{at}", name, [name]) for at, name in enumerate(top)]
    if rest := named[len(top) :]:
        groups.append(("rest", texts("city.rest", n=len(rest)), rest))
    if has_unknown or UNKNOWN in whole:
        groups.append((UNKNOWN, texts("utm.unknown"), [UNKNOWN]))
    kind = "day" if period.step == "hour" else period.step
    axis = steps(period.first, min(period.last, today), kind)
    found = [
        (
            step,
            sum(by_step.get(step, {}).values(), ZERO),
            before.get(step, ZERO) if comparable else None,
            *(
                sum((by_step.get(step, {}).get(name, ZERO) for name in names), ZERO)
                for _, _, names in groups
            ),
        )
        for step in axis
    ]
    columns = (
        Column("step", kind, texts(f"column.{kind}")),
        Column("revenue", "money", texts("column.revenue")),
        Column("previous_revenue", "money", texts("column.previous_revenue")),
        *(Column(name, "money", label) for name, label, _ in groups),
    )
    return Panel("utm_revenue", columns, tuple(found), tuple(str(step) for step in axis))


def table(name: str, rows: Rows, *, comparable: bool, has_unknown: bool, texts: Texts) -> Panel:
    """Give sales by some fields of UTM: the rows as they come, the last of them maybe a rest.

    ``has_unknown`` gives no tag a row even where every order has one. The rows add up to the tiles.
    """
    by = TABLES[name]
    whole = sum((row["revenue_sum"] for row in rows), ZERO)
    untagged = urlencode([(field, UNKNOWN) for field in by])
    sold = {_key(by, row): row for row in rows if row["is_shown"]}
    if has_unknown and rows:
        sold.setdefault(untagged, {f"{field}_key": UNKNOWN for field in by} | _NOTHING)
    found = [
        (*(tag(row[f"{field}_key"], texts) for field in by), *_figures(row, whole, comparable))
        for row in sold.values()
    ]
    rest = next((row for row in rows if not row["is_shown"]), None)
    if rest:
        label = texts("city.rest", n=rest["value_count"])
        found.append((label, *("" for _ in by[1:]), *_figures(rest, whole, comparable)))
    columns = (
        *(Column(field, "text", texts(f"column.{field}")) for field in by),
        Column("orders", "count", texts("column.orders")),
        Column("tickets", "count", texts("column.tickets")),
        Column("revenue", "money", texts("column.revenue")),
        Column("share", "share", texts("column.share")),
        Column("average_ticket", "money", texts("kpi.average_ticket")),
        Column("compared_revenue", "money", texts("column.compared")),
        Column("previous_revenue", "money", texts("column.previous")),
        Column("change", "change", texts("column.change")),
    )
    keys = (*sold, "") if rest else tuple(sold)
    return Panel(name, columns, tuple(found), keys, rest["value_count"] if rest else 0)


def faults(rows: Rows, all_rows: bool, texts: Texts) -> Panel:
    """Give the tags that break the naming rule, each with all it breaks."""
    left = 0 if all_rows else max(0, len(rows) - TOP_ROWS)
    shown = rows[: len(rows) - left]
    found = tuple(
        (
            f"utm_{row['field_name']}",
            tag(row["value_key"], texts),
            "; ".join(texts(f"utm.broken.{rule}") for rule in row["broken_rules"]),
            row["orders_sum"],
            row["tickets_sum"],
            row["revenue_sum"],
        )
        for row in shown
    )
    columns = (
        Column("field", "text", texts("column.tag")),
        Column("value", "text", texts("column.value")),
        Column("broken", "text", texts("column.broken")),
        Column("orders", "count", texts("column.orders")),
        Column("tickets", "count", texts("column.tickets")),
        Column("revenue", "money", texts("column.revenue")),
    )
    keys = tuple(urlencode([(row["field_name"], row["value_key"])]) for row in shown)
    return Panel("utm_faults", columns, found, keys, left)


def tag(value: object, texts: Texts) -> str:
    """Write a tag; an absent one in words."""
    return texts("utm.unknown") if value == UNKNOWN else str(value)


def _key(by: Sequence[str], row: Mapping[str, Any]) -> str:
    return urlencode([(field, row[f"{field}_key"]) for field in by])


def _figures(row: Mapping[str, Any], whole: Decimal, comparable: bool) -> tuple[Cell, ...]:
    compared = row["compared_revenue"] if comparable else None
    previous = row["previous_revenue"] if comparable else None
    money = row["revenue_sum"]
    return (
        row["orders_sum"],
        row["tickets_sum"],
        money,
        kpis.share(money, whole),
        kpis.divide(money, row["tickets_sum"]),
        compared,
        previous,
        kpis.change(compared, previous),
    )

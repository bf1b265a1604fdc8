"""Tiles, days, attribution and control of the Marketing page: rows in, what is seen out. No I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zakaz_web import kpi as kpis
from zakaz_web.marketing_sums import Sides, added
from zakaz_web.panel import Cell, Column, Panel
from zakaz_web.period import Period, step_start, steps
from zakaz_web.texts import Texts

Rows = Sequence[Mapping[str, Any]]

AGREES = "equal"


@dataclass(frozen=True, slots=True)
class Split:
    """Days by what they are for; ``before`` is the stretch that ``compared`` is held against."""

    whole: Rows
    compared: Rows
    previous: Rows
    before: Rows


@dataclass(frozen=True, slots=True)
class States:
    """What is known of the days beside their figures."""

    known: Sides
    comparable: Sides
    today: date
    ads_until: date | None  # later days have no spend yet
    open_days: frozenset[date]  # days that the source still restates


def kpi(days: Split, known: Sides, comparable: Sides, texts: Texts) -> Panel:
    """Give the figures: of the whole period, of its compared days, of the period before."""
    whole = added(days.whole, known)
    compared, previous = added(days.compared, comparable), added(days.before, comparable)
    figures = kpis.dictionary("marketing")
    found = [(one.value(whole), one.value(compared), one.value(previous)) for one in figures]
    return kpis.compared_panel("marketing_kpi", figures, found, texts)


def days(days: Split, period: Period, back: timedelta, states: States, texts: Texts) -> Panel:
    """Give every step of the period; what is not loaded yet stays empty."""
    step = step_of(period)
    now, before = defaultdict(list), defaultdict(list)
    for row in days.whole:
        now[step_start(row["day"], step)].append(row)
    for row in days.previous:
        before[step_start(row["day"] + back, step)].append(row)
    roas = next(figure for figure in kpis.dictionary("marketing") if figure.id == "roas")
    found: list[tuple[Cell, ...]] = []
    starts = steps(period.first, min(period.last, states.today), step)
    for at, start in enumerate(starts):
        first = max(start, period.first)
        end = starts[at + 1] - timedelta(days=1) if at + 1 < len(starts) else period.last
        is_spent = states.known.ads and not (states.ads_until and first > states.ads_until)
        sums = added(now[start], Sides(ads=is_spent, sales=states.known.sales))
        past = added(before[start], states.comparable)
        found.append(
            (
                start,
                sums["revenue"],
                sums["spend"],
                roas.value(sums),
                past["revenue"],
                past["spend"],
                *(sums[name] for name in ("impressions", "clicks", "orders", "tickets")),
                _state(first, end, states, texts),
            )
        )
    columns = (
        Column("step", step, texts(f"column.{step}")),
        Column("revenue", "money", texts("kpi.revenue")),
        Column("spend", "money", texts("kpi.spend")),
        Column("roas", "factor", texts("kpi.roas")),
        Column("previous_revenue", "money", texts("column.revenue_before")),
        Column("previous_spend", "money", texts("column.spend_before")),
        *(
            Column(name, "count", texts(f"kpi.{name}"))
            for name in ("impressions", "clicks", "orders", "tickets")
        ),
        Column("state", "text", texts("column.state")),
    )
    return Panel("marketing_days", columns, tuple(found), tuple(str(start) for start in starts))


def step_of(period: Period) -> str:
    """Give the step of the chart: ads are counted by the day, so no day is cut into hours."""
    return "day" if period.step == "hour" else period.step


def attribution(rows: Rows, texts: Texts) -> Panel:
    """Give the spend by what the attribution found in it."""
    models = {str(row["attribution_model"]) for row in rows}
    spent: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        spent[str(row["attribution_model"]), str(row["attribution_reason"])] += row["spend_sum"]
    whole = sum(spent.values(), Decimal(0))
    found: list[tuple[Cell, ...]] = []
    for (model, reason), spend in sorted(spent.items(), key=lambda one: (-one[1], one[0])):
        key = f"attribution.{reason}"
        words = texts(key) if key in texts.keys() else reason  # noqa: SIM118
        name = f"{words} ({model})" if len(models) > 1 else words
        found.append((name, spend, kpis.share(spend, whole)))
    columns = (
        Column("reason", "text", texts("column.reason")),
        Column("spend", "money", texts("kpi.spend")),
        Column("share", "share", texts("column.spend_share")),
    )
    keys = sorted(spent, key=lambda one: (-spent[one], one))
    return Panel("marketing_attribution", columns, tuple(found), tuple(key for _, key in keys))


def control_state(row: Mapping[str, Any]) -> str:
    """Name how a day stands: equal, different, no_control, or still_open when read too early."""
    status = str(row["status"])
    # Both sums are known and nothing is proven: they were read before the day was over.
    is_early = status == "no_control" and row["account_spend"] is not None
    return "still_open" if is_early else status


def control(rows: Rows, texts: Texts) -> Panel:
    """Give the days whose own sum and banners do not agree, or have no sum to agree with."""
    odd = [row for row in rows if control_state(row) != AGREES]
    found: list[tuple[Cell, ...]] = []
    for row in odd:
        key = f"control.{control_state(row)}"
        found.append(
            (
                row["day"],
                row["account"],
                row["currency"],
                texts(key) if key in texts.keys() else str(row["status"]),  # noqa: SIM118
                row["account_spend"],
                row["banners_spend"],
                row["spend_difference"],
                row["account_clicks"],
                row["banners_clicks"],
                row["account_impressions"],
                row["banners_impressions"],
            )
        )
    columns = (
        Column("day", "day", texts("column.day")),
        Column("account", "text", texts("column.account")),
        Column("currency", "text", texts("filters.currency")),
        Column("state", "text", texts("column.state")),
        Column("account_spend", "cost", texts("column.account_spend")),
        Column("banners_spend", "cost", texts("column.banners_spend")),
        Column("difference", "cost", texts("column.difference")),
        Column("account_clicks", "count", texts("column.account_clicks")),
        Column("banners_clicks", "count", texts("column.banners_clicks")),
        Column("account_impressions", "count", texts("column.account_impressions")),
        Column("banners_impressions", "count", texts("column.banners_impressions")),
    )
    keys = tuple(f"{row['day']} {row['account']} {row['currency']}" for row in odd)
    return Panel("marketing_control", columns, tuple(found), keys)


def _state(first: date, last: date, states: States, texts: Texts) -> str:
    """Say in words what may still change in a step."""
    said = []
    if first <= states.today <= last:
        said.append(texts("day.running"))
    if states.ads_until and last > states.ads_until:
        said.append(texts("day.no_ads"))
    if any(first <= day <= last for day in states.open_days):
        said.append(texts("day.open"))
    return ", ".join(said)

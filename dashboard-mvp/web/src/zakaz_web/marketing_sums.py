"""Sums of the Marketing page: spend and sales side by side, a side that is not known as None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zakaz_web import kpi
from zakaz_web.panel import Cell, Column
from zakaz_web.texts import Texts

Sums = dict[str, kpi.Number | None]

ADS = ("spend", "impressions", "clicks")
SALES = ("revenue", "orders", "tickets")
_MONEY = ("spend", "revenue")


@dataclass(frozen=True, slots=True)
class Sides:
    """Which of the two sides something holds for."""

    ads: bool
    sales: bool


def added(rows: Iterable[Mapping[str, Any]], known: Sides) -> Sums:
    """Add up rows of a query; what is not known is None, and so is all that is made of it."""
    found = list(rows)
    sums: Sums = {}
    for name in (*ADS, *SALES):
        is_known = known.ads if name in ADS else known.sales
        start = Decimal("0.00") if name in _MONEY else 0
        sums[name] = sum((row[f"{name}_sum"] for row in found), start) if is_known else None
    revenue, spend = sums["revenue"], sums["spend"]
    is_whole = revenue is not None and spend is not None
    sums["profit"] = revenue - spend if is_whole else None  # type: ignore[operator]
    return sums


def columns(texts: Texts) -> tuple[Column, ...]:
    """Give a column for each figure of the dictionary."""
    return tuple(
        Column(figure.id, figure.unit, texts(f"kpi.{figure.id}"))
        for figure in kpi.dictionary("marketing")
    )


def cells(sums: Sums) -> tuple[Cell, ...]:
    """Give the figures of the dictionary: sums first, divided after."""
    return tuple(figure.value(sums) for figure in kpi.dictionary("marketing"))


def cells_apart(sums: Sums) -> tuple[Cell, ...]:
    """Give the figures of what is not attributed.

    Its spend and its sales have nothing in common but that, so no ratio is made of the two.
    """
    return tuple(
        None if _crosses(figure) else figure.value(sums) for figure in kpi.dictionary("marketing")
    )


def _crosses(figure: kpi.Kpi) -> bool:
    """Say whether a figure divides what is of one side by what is of the other."""
    parts = set(figure.ratio or ())
    return not (parts <= set(ADS) or parts <= set(SALES))

"""The KPI dictionary: definitions from one file, ratios as sum over sum."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from zakaz_web.panel import Cell, Column, Panel
from zakaz_web.texts import Texts

Number = Decimal | int
KOPECK = Decimal("0.01")
RATIO = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure: either a sum, or a ratio of two sums."""

    id: str
    unit: str  # money | cost | count | share | factor
    good: str  # up | down | none: the direction that pleases, where the figure is compared
    sum: str = ""
    ratio: tuple[str, str] | None = None
    times: int = 1  # of the ratio: a cost per thousand
    light: tuple[Decimal, Decimal] | None = None  # red below the first, green above the second

    def value(self, sums: Mapping[str, Number | None]) -> Number | None:
        """Compute the figure from sums; None where its denominator is zero or a sum not known."""
        if self.ratio is None:
            return sums[self.sum]
        top, bottom = (sums[name] for name in self.ratio)
        if top is None or bottom is None:
            return None
        part = share if self.unit in ("share", "factor") else divide
        return part(top * self.times, bottom)

    def lit(self, value: Number | None) -> str:
        """Name the light of a value: good, warning or bad; '' for a figure without lights."""
        if self.light is None:
            return ""
        low, high = self.light
        if value is None or value < low:
            return "bad"
        return "good" if value > high else "warning"


def divide(top: Number, bottom: Number) -> Decimal | None:
    """Divide sums to the kopeck; nothing over nothing is None, never 0 and never infinity."""
    if bottom == 0:
        return None
    return (Decimal(top) / Decimal(bottom)).quantize(KOPECK, ROUND_HALF_UP)


def share(top: Number, bottom: Number) -> Decimal | None:
    """Give a part of a whole as a ratio (0.625 is 62.5 %); None where there is no whole."""
    if bottom == 0:
        return None
    return (Decimal(top) / Decimal(bottom)).quantize(RATIO, ROUND_HALF_UP)


def change(now: Number | None, before: Number | None) -> Decimal | None:
    """Give the relative change as a ratio (0.1 is +10 %); None where there was nothing before."""
    if now is None or before is None or before <= 0:
        return None
    return (Decimal(now) / Decimal(before) - 1).quantize(RATIO, ROUND_HALF_UP)


@cache
def dictionary(page: str = "sales") -> tuple[Kpi, ...]:
    """Read the definitions of a page in the order of its tiles."""
    text = (Path(__file__).parent / "kpi.toml").read_text(encoding="utf-8")
    return tuple(
        Kpi(
            id=entry["id"],
            unit=entry["unit"],
            good=entry.get("good", "up"),
            sum=entry.get("sum", ""),
            ratio=tuple(entry["ratio"]) if "ratio" in entry else None,
            times=entry.get("times", 1),
            light=_bounds(*entry["light"]) if "light" in entry else None,
        )
        for entry in tomllib.loads(text)[page]
    )


def panel(
    name: str,
    columns: tuple[Column, ...],
    rows: Sequence[tuple[Cell, ...]],
    figures: Sequence[Kpi],
) -> Panel:
    """Make the panel of the tiles, a row for each figure, each in its own unit."""
    keys, kinds = (tuple(getattr(one, part) for one in figures) for part in ("id", "unit"))
    return Panel(name, columns, tuple(rows), keys, kinds=kinds)


def compared_panel(
    name: str,
    figures: Sequence[Kpi],
    found: Iterable[tuple[Number | None, Number | None, Number | None]],
    texts: Texts,
) -> Panel:
    """Make the panel of the tiles where shares stand beside sums.

    ``found`` is, for each figure, what it is, what of it is compared, and what that was before. A
    share is compared by points: "+25 %" of a share could be read as the share itself.
    """
    rows: list[tuple[Cell, ...]] = []
    for figure, (value, now, before) in zip(figures, found, strict=True):
        is_share = figure.unit == "share"
        points = now - before if is_share and now is not None and before is not None else None
        moved = None if is_share else change(now, before)
        rows.append((texts(f"kpi.{figure.id}"), value, now, before, moved, points))
    columns = (
        Column("kpi", "text", texts("column.kpi")),
        Column("value", "figure", texts("column.value")),
        Column("compared", "figure", texts("column.compared")),
        Column("previous", "figure", texts("column.previous")),
        Column("change", "change", texts("column.change")),
        Column("points", "share", texts("column.points")),
    )
    return panel(name, columns, rows, figures)


def _bounds(low: str, high: str) -> tuple[Decimal, Decimal]:
    return Decimal(low), Decimal(high)

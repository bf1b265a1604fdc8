"""The KPI dictionary: definitions from one file, ratios as sum over sum."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

Number = Decimal | int
KOPECK = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure: either a sum, or a ratio of two sums."""

    id: str
    unit: str  # money | count
    good: str  # up | down: the direction that pleases
    sum: str = ""
    ratio: tuple[str, str] | None = None

    def value(self, sums: Mapping[str, Number]) -> Number | None:
        """Compute the figure from sums; None where its denominator is zero."""
        if self.ratio is None:
            return sums[self.sum]
        return divide(sums[self.ratio[0]], sums[self.ratio[1]])


def divide(top: Number, bottom: Number) -> Decimal | None:
    """Divide sums to the kopeck; nothing over nothing is None, never 0 and never infinity."""
    if bottom == 0:
        return None
    return (Decimal(top) / Decimal(bottom)).quantize(KOPECK, ROUND_HALF_UP)


def change(now: Number | None, before: Number | None) -> Decimal | None:
    """Give the relative change as a ratio (0.1 is +10 %); None where there was nothing before."""
    if now is None or before is None or before <= 0:
        return None
    return (Decimal(now) / Decimal(before) - 1).quantize(Decimal("0.0001"), ROUND_HALF_UP)


@cache
def dictionary() -> tuple[Kpi, ...]:
    """Read the definitions in the order of the tiles."""
    text = (Path(__file__).parent / "kpi.toml").read_text(encoding="utf-8")
    return tuple(
        Kpi(
            id=entry["id"],
            unit=entry["unit"],
            good=entry["good"],
            sum=entry.get("sum", ""),
            ratio=tuple(entry["ratio"]) if "ratio" in entry else None,
        )
        for entry in tomllib.loads(text)["kpi"]
    )

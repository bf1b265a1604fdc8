"""KPI tiles: every text ready, so that the template only places them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from zakaz_web.figures import Figures
from zakaz_web.kpi import Kpi
from zakaz_web.page import arrow, mood
from zakaz_web.panel import Cell, plain
from zakaz_web.texts import Texts


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure compares with the one before it."""

    raw: str
    text: str
    mood: str
    arrow: str
    basis: str  # both figures of the comparison


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its formula and what stands beneath it."""

    id: str
    name: str
    formula: str
    raw: str
    value: str
    exact: str
    change: Change | None = None
    notes: tuple[str, ...] = ()
    light: str = ""  # good, warning or bad, where the figure has lights
    light_text: str = ""


def tile(
    figure: Kpi,
    value: Cell,
    f: Figures,
    texts: Texts,
    *,
    change: Change | None = None,
    notes: tuple[str, ...] = (),
) -> Tile:
    """Give the tile of a figure of the KPI dictionary."""
    number = number_of(value)
    light = figure.lit(number)
    light_key = light if number is not None else "none"
    is_money = figure.unit in ("money", "cost")
    return Tile(
        id=figure.id,
        name=texts(f"kpi.{figure.id}"),
        formula=texts(f"kpi.{figure.id}.formula"),
        raw=plain(value),
        value=f.written(figure.unit, number),
        exact=f.exact_money(number) if is_money else f.written(figure.unit, number),
        change=change,
        notes=tuple(filter(None, notes)),
        light=light,
        light_text=texts(f"light.{figure.id}.{light_key}") if light else "",
    )


def compared(
    figure: Kpi, row: Sequence[Cell], f: Figures, texts: Texts
) -> tuple[Change | None, list[str]]:
    """Give the change of a figure and the notes beneath it, from its row of ``kpi.compared_panel``.

    Nothing to compare with is no change; the notes are its full days and the period before.
    """
    value, now, before, change, points = (number_of(cell) for cell in row[1:])
    if now is None and before is None:
        return None, []
    is_share = figure.unit == "share"
    moved = points if is_share else change
    ratio = moved if isinstance(moved, Decimal) else None
    text = f.points(ratio) if is_share else f.change(ratio)
    written = [f.written(figure.unit, number) for number in (now, before)]
    basis = texts("kpi.basis", now=written[0], before=written[1])
    notes = []
    if before is not None:
        notes = [texts("kpi.full_days", value=written[0])] if now != value else []
        notes.append(texts("kpi.was", value=written[1]))
    return Change(plain(ratio), text, mood(ratio, figure.good), arrow(ratio), basis), notes


def number_of(value: Cell) -> Decimal | int | None:
    """Give a cell as a number; what is none has no figure."""
    return value if isinstance(value, Decimal | int) else None

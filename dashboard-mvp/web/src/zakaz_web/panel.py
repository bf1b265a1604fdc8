"""A panel as data: typed columns and rows that the page, the CSV and the JSON share."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

Cell = str | int | Decimal | date | None

# Where a spreadsheet would find a formula: at the start of a cell, whether it splits lines at
# commas, semicolons or tabs, and whatever it thinks of quotes. A dash between two words is none.
_FORMULA = re.compile(
    r"""^(?=[\s"]*[=+\-@|%＝＋－＠]|[\t\r\n])"""
    r"""|(?<=[;,\t\r\n])(?=[\s"]*(?:[=+@|%＝＋＠]|[-－](?! )))"""
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_BOM = "\ufeff"  # without it Excel reads Cyrillic as the machine's own code page


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``label`` is what a reader sees.

    ``kind`` is text, day, instant, count, money, cost, change, share or factor, a step of time:
    hour, day, week, month; or figure, where each row is of a kind of its own.
    """

    name: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What one panel shows, row by row; ``keys`` identify rows for links and sorting.

    ``left_out`` counts the rows that are shown on demand; ``kinds`` are those of figures, by row.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[str, ...] = ()
    left_out: int = 0
    kinds: tuple[str, ...] = ()

    def cells(self, name: str) -> list[Cell]:
        """Give one column's values."""
        at = [column.name for column in self.columns].index(name)
        return [row[at] for row in self.rows]

    def first(self, count: int) -> Panel:
        """Return the panel with its first rows alone, the others counted as left out."""
        left = max(0, len(self.rows) - count)
        return replace(self, rows=self.rows[:count], keys=self.keys[:count], left_out=left)


def plain(value: Cell) -> str:
    """Write a value for machines: a dot in decimals, ISO days, nothing for NULL."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def printable(text: str) -> str:
    """Return a text with what no file may hold, such as NUL, replaced by a mark."""
    return _FORBIDDEN.sub("\ufffd", text)


def to_csv(panel: Panel, lang: str = "en") -> bytes:
    """Write a panel as CSV: CRLF, quoted where needed, safe against formulas.

    English is RFC 4180, with commas and decimal points. Russian is what Excel set to Russian opens:
    semicolons and decimal commas, where it would take 1.05 for a day.
    """
    out = io.StringIO(newline="")
    is_russian = lang == "ru"
    writer = csv.writer(out, delimiter=";" if is_russian else ",", lineterminator="\r\n")
    writer.writerow([_inert(column.label) for column in panel.columns])
    writer.writerows([[_csv_cell(value, is_russian) for value in row] for row in panel.rows])
    return (_BOM + out.getvalue()).encode("utf-8")


def to_json(panel: Panel) -> dict[str, Any]:
    """Give a panel for JSON; amounts stay text, so that no kopeck is lost in a float."""
    return {
        "panel": panel.name,
        "columns": [
            {"name": column.name, "kind": column.kind, "label": column.label}
            for column in panel.columns
        ],
        "rows": [[_json_cell(value) for value in row] for row in panel.rows],
        "left_out": panel.left_out,
    }


def _csv_cell(value: Cell, is_russian: bool) -> str:
    if isinstance(value, str):
        return _inert(value)
    text = plain(value)
    return text.replace(".", ",") if is_russian and isinstance(value, Decimal) else text


def _json_cell(value: Cell) -> str | int | None:
    return value if value is None or isinstance(value, int) else plain(value)


def _inert(text: str) -> str:
    # A spreadsheet runs a cell that starts like a formula; numbers of ours are never text.
    return _FORMULA.sub("'", printable(text))


def ordered(panel: Panel, sort: str, names: Sequence[str]) -> Panel:
    """Sort rows by ``name`` or ``-name`` (largest first); NULL always comes last."""
    name = sort.removeprefix("-")
    at = [column.name for column in panel.columns].index(name)
    if name not in names:
        raise ValueError(f"not a sortable column: {name}")
    pairs = list(zip(panel.rows, panel.keys, strict=True))
    known = [pair for pair in pairs if pair[0][at] is not None]
    unknown = [pair for pair in pairs if pair[0][at] is None]
    known.sort(key=lambda pair: _sort_key(pair[0][at]), reverse=sort.startswith("-"))
    result = known + unknown
    return Panel(
        panel.name,
        panel.columns,
        tuple(row for row, _ in result),
        tuple(key for _, key in result),
    )


def _sort_key(value: Cell) -> Any:
    return folded(value) if isinstance(value, str) else value


def folded(text: str) -> str:
    """Give what names are compared by: case does not count, and ё stands with е."""
    return text.casefold().replace("ё", "е")

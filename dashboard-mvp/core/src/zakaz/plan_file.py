"""The sales plan as a CSV file: whole and sound, or refused with a reason for every bad line.

All or nothing: half a plan would show every event behind or ahead of it, and whoever has the file
can mend it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from zakaz import plan_cell
from zakaz.errors import DataError

MOST_ROWS = 200_000  # a year of 500 events; what is held before the first row may be written
_MOST_REASONS = 20

# Column → how its cells are read, and what else a heading may call it.
_COLUMNS: dict[str, tuple[Callable[[str], Any], str]] = {
    "sales_date": (plan_cell.day, "дата"),
    "event_id": (plan_cell.event_id, "id события"),
    "event_name": (str, "событие"),  # for who reads the file; never stored
    "plan_tickets": (plan_cell.tickets, "план билетов"),
    "plan_revenue": (plan_cell.revenue, "план выручки"),
    "currency": (plan_cell.currency, "валюта"),
    "account_id": (plan_cell.account_id, "кабинет"),
}
COLUMNS = tuple(_COLUMNS)
_REQUIRED = ("sales_date", "event_id")
_FIGURES = ("plan_tickets", "plan_revenue")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of a plan; '' where the file has no column of currency or account."""

    sales_date: date
    event_id: str
    plan_tickets: int = 0
    plan_revenue: Decimal = Decimal(0)
    currency: str = ""
    account_id: str = ""

    @property
    def key(self) -> tuple[str, date, str, str]:
        """Give what only one line of a file may have."""
        return self.account_id, self.sales_date, self.event_id, self.currency


def read(path: Path) -> list[PlanLine]:
    """Read a plan; whatever is wrong with the file comes in one DataError, line by line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _checked(file, path)
    except UnicodeDecodeError:
        raise DataError(
            f"{path} is not UTF-8 text. Save it as CSV UTF-8 (in Excel: Save As, CSV UTF-8)."
        ) from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from None


def column_of(heading: str) -> str:
    """Give the column that a heading names, in English or Russian; '' for none."""
    text = " ".join(heading.split()).casefold()
    return next((name for name, (_, other) in _COLUMNS.items() if text in (name, other)), "")


def _checked(file: TextIO, path: Path) -> list[PlanLine]:
    heading = file.readline()
    delimiter = ";" if ";" in heading else ","
    names = _names(_headings(heading, delimiter), path)
    found: list[PlanLine] = []
    reasons: list[str] = []
    seen: dict[tuple[str, date, str, str], int] = {}
    refused = 0
    for number, cells in _rows(file, delimiter, path):
        try:
            line = _line(names, cells)
            first = seen.setdefault(line.key, number)
            if first != number:
                raise ValueError(f"plans the same day and event as line {first}: leave one of them")
        except ValueError as error:
            refused += 1
            if refused <= _MOST_REASONS:
                reasons.append(f"line {number}: {error}")
            continue
        found.append(line)
        if len(found) > MOST_ROWS:
            raise DataError(
                f"{path} has more than {MOST_ROWS} lines: import it in parts of whole months."
            )
    if refused:
        if refused > len(reasons):
            reasons.append(f"and {refused - len(reasons)} more")
        told = "\n".join(reasons)
        count = "1 line" if refused == 1 else f"{refused} lines"
        raise DataError(
            f"{count} of {path} cannot be taken, so nothing was imported:\n{told}\n"
            "Mend the file and import it again."
        )
    if not found:
        raise DataError(f"{path} has no line of a plan below its heading.")
    return found


def _headings(heading: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([heading], delimiter=delimiter), [])
    except csv.Error:  # a line of megabytes: not a text that anyone has written
        return []


def _names(heading: Sequence[str], path: Path) -> list[str]:
    """Give the columns in the order of the file; raises DataError for a heading that is none."""
    names = [column_of(cell) for cell in heading]
    faults = [f"there is no column {cell[:40]!r}" for cell, name in zip(heading, names, strict=True)
              if not name]  # fmt: skip
    faults += [f"{name} comes twice" for name in COLUMNS if names.count(name) > 1]
    faults += [f"{name} is missing" for name in _REQUIRED if name not in names]
    if not set(_FIGURES) & set(names):
        faults.append(f"one of {' and '.join(_FIGURES)} is needed")
    if faults:
        raise DataError(
            f"The first line of {path} must name the columns: {'; '.join(faults)}.\n"
            f"Columns: {', '.join(COLUMNS)}, with commas or semicolons between them. Start from a"
            " file that fits: zakaz plan template > plan.csv"
        )
    return names


def _rows(file: TextIO, delimiter: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give each line that holds anything, with its number as an editor shows it."""
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    number = 2
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield number, cells
            number = reader.line_num + 2
    except csv.Error as error:
        raise DataError(
            f"{path}, line {number}: {error}, so nothing was imported. Mend the quotes of the line."
        ) from None


def _line(names: Sequence[str], cells: Sequence[str]) -> PlanLine:
    if len(cells) != len(names):
        raise ValueError(
            f"{len(cells)} cells under {len(names)} headings; a comma inside a cell needs quotes"
        )
    values: dict[str, Any] = {}
    faults: list[str] = []
    for name, cell in zip(names, cells, strict=True):
        try:
            values[name] = _COLUMNS[name][0](cell)
        except ValueError as error:
            faults.append(f"{name}: {error}")
    if faults:
        raise ValueError("; ".join(faults))
    values.pop("event_name", None)
    return PlanLine(**values)

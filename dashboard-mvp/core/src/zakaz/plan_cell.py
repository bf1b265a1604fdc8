"""Cells of a plan as people write them: Russian or ISO days, decimal comma or point.

What can be read two ways is refused: 1,234 may be a thousand, 01/02/2026 may be February.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from zakaz.money import roubles
from zakaz.moscow import parse_day

_EARLIEST_YEAR = 2000  # an empty date cell of a spreadsheet is a day of 1899 or 1900
_MOST_TICKETS = 10**9
_RUSSIAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?![0-9])")
_AMOUNT = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?")
_IDENTITY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ACCOUNT = re.compile(r"[\w.-]{1,64}")
_CURRENCY = re.compile(r"[A-Z]{3}")


def day(text: str) -> date:
    """Read a day written as 2026-02-01 or 01.02.2026."""
    cell = text.strip()
    found = _RUSSIAN_DAY.fullmatch(cell)
    if found:
        cell = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    try:
        value = parse_day(cell)
    except ValueError:
        raise ValueError(f"{_told(text)} is no day; write 2026-02-01 or 01.02.2026") from None
    if value.year < _EARLIEST_YEAR:
        raise ValueError(f"{_told(text)} is before {_EARLIEST_YEAR}; check the year")
    return value


def event_id(text: str) -> str:
    """Read the id of an event; a number that a spreadsheet has rounded or split is refused."""
    cell = text.strip()
    if not _IDENTITY.fullmatch(cell):
        raise ValueError(
            f"{_told(text)} is no id of an event; 'zakaz plan template' lists those that sell"
        )
    return cell


def tickets(text: str) -> int:
    """Read a whole number of tickets."""
    cell = _ungrouped(text)
    if not (cell.isascii() and cell.isdecimal()):
        raise ValueError(f"{_told(text)} is no number of tickets; write a whole number, 0 for none")
    if len(cell) > len(str(_MOST_TICKETS)) or int(cell) > _MOST_TICKETS:
        raise ValueError(f"{_told(text)} tickets are more than anyone sells in a day")
    return int(cell)


def revenue(text: str) -> Decimal:
    """Read an amount of money to the kopeck, with decimal comma or point."""
    cell = _ungrouped(text)
    if not _AMOUNT.fullmatch(cell):
        raise ValueError(
            f"{_told(text)} is no amount; write 150000, 150000,50 or 150000.50, and 0 for none"
        )
    try:
        return roubles(cell.replace(",", "."))
    except ValueError:
        raise ValueError(f"{_told(text)} is out of the range of money") from None


def currency(text: str) -> str:
    """Read an ISO code of a currency, in whatever case."""
    cell = text.strip().upper()
    if not _CURRENCY.fullmatch(cell):
        raise ValueError(f"{_told(text)} is no currency; write its ISO code, such as RUB")
    return cell


def account_id(text: str) -> str:
    """Read the name of an organiser's account."""
    cell = text.strip()
    if not _ACCOUNT.fullmatch(cell):
        raise ValueError(f"{_told(text)} is no account; write it as QTICKETS_ACCOUNT_ID does")
    return cell


def _ungrouped(text: str) -> str:
    """Drop the spaces between thousands; other spaces stay and make the cell no number."""
    return _GROUPED.sub(lambda found: re.sub(r"\D", "", found[0]), text.strip(), count=1)


def _told(text: str) -> str:
    cell = text.strip()
    return repr(cell if len(cell) <= 40 else cell[:39] + "…") if cell else "an empty cell"

"""Cells of a plan: what people write is read exactly, what can be read two ways is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from zakaz import plan_cell


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (plan_cell.day, " 2026-02-01 ", date(2026, 2, 1)),
        (plan_cell.day, "01.02.2026", date(2026, 2, 1)),
        (plan_cell.day, "1.2.2026", date(2026, 2, 1)),
        (plan_cell.event_id, " 0017 ", "0017"),
        (plan_cell.tickets, "0", 0),
        (plan_cell.tickets, "1 200", 1200),
        (plan_cell.tickets, "1\u00a0200", 1200),
        (plan_cell.revenue, "150000", Decimal("150000.00")),
        (plan_cell.revenue, "150000,5", Decimal("150000.50")),
        (plan_cell.revenue, "150000.05", Decimal("150000.05")),
        (plan_cell.revenue, "1 234 567,89", Decimal("1234567.89")),
        (plan_cell.revenue, "1\u202f234\u00a0567", Decimal("1234567.00")),
        (plan_cell.currency, "rub", "RUB"),
        (plan_cell.account_id, "main", "main"),
    ],
)
def test_a_cell_is_read_as_it_is_meant(
    read: Callable[[str], Any], text: str, expected: Any
) -> None:
    """Days of both habits, grouped thousands, decimal comma and point, ids with leading zeros."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (plan_cell.day, ""),
        (plan_cell.day, "30.02.2026"),
        (plan_cell.day, "2026-13-01"),
        (plan_cell.day, "01/02/2026"),
        (plan_cell.day, "01.02.26"),
        (plan_cell.day, "46054"),
        (plan_cell.day, "1899-12-30"),
        (plan_cell.day, "01.02.2226"),
        (plan_cell.event_id, ""),
        (plan_cell.event_id, "17.0"),
        (plan_cell.event_id, "1,7E+05"),
        (plan_cell.event_id, "Ёлка"),
        (plan_cell.event_id, "1" * 65),
        (plan_cell.tickets, ""),
        (plan_cell.tickets, "-1"),
        (plan_cell.tickets, "10,5"),
        (plan_cell.tickets, "1 20"),
        (plan_cell.tickets, "²"),
        (plan_cell.tickets, "99999999999999999999"),
        (plan_cell.revenue, ""),
        (plan_cell.revenue, "1,234"),
        (plan_cell.revenue, "1.234,50"),
        (plan_cell.revenue, "1,234.50"),
        (plan_cell.revenue, "1 2345"),
        (plan_cell.revenue, "-5"),
        (plan_cell.revenue, "nan"),
        (plan_cell.revenue, "1e5"),
        (plan_cell.revenue, "5 ₽"),
        (plan_cell.revenue, "1" * 14),
        (plan_cell.currency, "₽"),
        (plan_cell.account_id, "a b"),
    ],
)
def test_p02_p05_what_can_be_read_two_ways_is_refused(
    read: Callable[[str], Any], text: str
) -> None:
    """The reason names the cell, cut short, and never guesses."""
    with pytest.raises(ValueError, match="empty cell" if not text else ".") as refused:
        read(text)
    assert len(str(refused.value)) < 200

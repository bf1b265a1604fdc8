"""Quarantine: refused rows, counted and without people in them."""

from __future__ import annotations

from datetime import datetime

from zakaz import quarantine
from zakaz.quarantine import QuarantinedRow
from zakaz.warehouse.port import Warehouse


def test_reasons_are_counted_per_run(warehouse: Warehouse, at: datetime) -> None:
    """A run's refused rows are told by entity and reason, the most frequent first."""
    rows = [
        QuarantinedRow("qtickets", "order", "1", "bad_date"),
        QuarantinedRow("qtickets", "basket", "2", "amount_range"),
        QuarantinedRow("qtickets", "basket", "3", "amount_range"),
    ]

    assert quarantine.write(warehouse, rows, job="qtickets", run_id="r1", at=at) == 3
    quarantine.write(warehouse, rows[:1], job="qtickets", run_id="r2", at=at)

    assert quarantine.reasons(warehouse, "r1") == [
        ("basket", "amount_range", 2),
        ("order", "bad_date", 1),
    ]
    assert quarantine.count(warehouse) == 4


def test_nothing_refused_writes_nothing(warehouse: Warehouse, at: datetime) -> None:
    """A clean load leaves the quarantine alone."""
    assert quarantine.write(warehouse, [], job="qtickets", run_id="r1", at=at) == 0
    assert quarantine.count(warehouse) == 0


def test_f26_no_person_enters_the_quarantine(warehouse: Warehouse, at: datetime) -> None:
    """Addresses and phones in a context or key are masked, and long texts cut."""
    row = QuarantinedRow(
        "qtickets", "order", "anna@example.test", "bad_json",
        "client +79000000001 anna@example.test " + "x" * 2000,
    )  # fmt: skip
    quarantine.write(warehouse, [row], job="qtickets", run_id="r1", at=at)

    ((key, context),) = warehouse.query("SELECT row_key, context FROM zakaz.meta_quarantine").rows

    assert "@" not in key + context
    assert "79000000001" not in context
    assert len(context) == 500

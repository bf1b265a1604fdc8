"""Quarantine: rows that cannot be stored, each with a reason and without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zakaz.scrub import scrub
from zakaz.versions import version_at
from zakaz.warehouse.port import Warehouse

TABLE = "zakaz.meta_quarantine"
_LONGEST_KEY = 100
_LONGEST_CONTEXT = 500


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """One refused row: where it came from, its key if it has one, a short reason, a context.

    ``reason`` is a code such as ``missing_key``, ``bad_date``, ``amount_range``, ``bad_json``;
    ``context`` says which field and why, never who bought.
    """

    source: str
    entity: str
    row_key: str
    reason: str
    context: str = ""


def write(
    warehouse: Warehouse, rows: Sequence[QuarantinedRow], *, job: str, run_id: str, at: datetime
) -> int:
    """Store refused rows under their run; gives how many."""
    if not rows:
        return 0
    count = len(rows)
    return warehouse.insert(
        TABLE,
        {
            "quarantined_at": [at] * count,
            "job": [job] * count,
            "run_id": [run_id] * count,
            "source": [row.source for row in rows],
            "entity": [row.entity for row in rows],
            "row_key": [scrub(row.row_key, _LONGEST_KEY) for row in rows],
            "reason": [row.reason for row in rows],
            "context": [scrub(row.context, _LONGEST_CONTEXT) for row in rows],
            "_ver": [version_at(at)] * count,
            "_loaded_at": [at] * count,
        },
    )


def count(warehouse: Warehouse) -> int:
    """Give how many rows are in quarantine altogether."""
    return int(warehouse.query("SELECT count() FROM zakaz.meta_quarantine").scalar())


def reasons(warehouse: Warehouse, run_id: str) -> list[tuple[str, str, int]]:
    """Give the reasons of one run as entity, reason and number of rows, most frequent first."""
    return [
        (str(entity), str(reason), int(rows))
        for entity, reason, rows in warehouse.query(
            "SELECT entity, reason, count() AS quarantined FROM zakaz.meta_quarantine"
            " WHERE run_id = {run_id:String} GROUP BY entity, reason"
            " ORDER BY quarantined DESC, entity, reason",
            {"run_id": run_id},
        ).rows
    ]

"""Freshness: how old the data of each source is, and whether someone should worry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zakaz.errors import EXIT_OK, EXIT_TRANSIENT
from zakaz.warehouse.port import Warehouse


def read(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Give one row per source, from ``bi.v_ops_freshness``."""
    return warehouse.query(
        "SELECT source, status, last_loaded_at, hours_since_load, last_business_date, days_behind"
        " FROM bi.v_ops_freshness ORDER BY source"
    ).dicts()


def nothing_loaded(sources: Iterable[str]) -> list[dict[str, Any]]:
    """Give the rows of a store that was never loaded."""
    return [
        {
            "source": source,
            "status": "no_data",
            "last_loaded_at": None,
            "hours_since_load": None,
            "last_business_date": None,
            "days_behind": None,
        }
        for source in sources
    ]


def exit_code(rows: list[dict[str, Any]], configured: Iterable[str]) -> int:
    """Give 75 when a source is stale, or a configured one has no data; else 0."""
    wanted = set(configured)
    for row in rows:
        if row["status"] in {"warning", "critical"}:
            return EXIT_TRANSIENT
        if row["status"] == "no_data" and row["source"] in wanted:
            return EXIT_TRANSIENT
    return EXIT_OK

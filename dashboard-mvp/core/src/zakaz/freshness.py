"""Freshness: how old the last load of each source is, and whether someone should worry.

The newest day that has data is told beside it: who sells nothing for a week is not behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zakaz.errors import EXIT_OK, EXIT_TRANSIENT
from zakaz.warehouse.port import Warehouse


def read(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Give one row per source, from ``bi.v_ops_freshness``."""
    return warehouse.query(
        "SELECT source, status, last_loaded_at, hours_since_load, last_business_date, days_behind,"
        " lost_rows FROM bi.v_ops_freshness ORDER BY source"
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
            "lost_rows": 0,
        }
        for source in sources
    ]


def exit_code(rows: list[dict[str, Any]], configured: Iterable[str]) -> int:
    """Return 75 when a source is stale or lost rows, or a configured one has no data; else 0."""
    wanted = set(configured)
    for row in rows:
        if row["status"] in {"warning", "critical"} or row["lost_rows"]:
            return EXIT_TRANSIENT
        if row["status"] == "no_data" and row["source"] in wanted:
            return EXIT_TRANSIENT
    return EXIT_OK


def advice(row: Mapping[str, Any], configured: Iterable[str]) -> str:
    """Say in a sentence why a light is not green and what to do; '' when nobody need worry."""
    source, status = row["source"], row["status"]
    if row["lost_rows"]:
        return (
            f"{source}: {row['lost_rows']} rows that were stored are lost, so figures are wrong. "
            f"See which with: zakaz verify. Load again with: zakaz sync {source} --full-refresh"
        )
    if status == "no_data" and source in set(configured):
        if row["last_loaded_at"] is None:
            return f"{source}: nothing is loaded yet. Run: zakaz sync {source}"
        return (
            f"{source}: the last load was {row['hours_since_load']:.1f} h ago and there is nothing "
            "in it to show. If something should be, ask whose token it is: zakaz doctor"
        )
    if status not in {"warning", "critical"}:
        return ""
    days = row["days_behind"]
    return (
        f"{source} is {status}: the last load was {row['hours_since_load']:.1f} h ago, the newest "
        f"day of its data is {row['last_business_date']} ({days} {'day' if days == 1 else 'days'} "
        f"ago). See how the last runs ended with: zakaz runs. Read on with: zakaz sync {source}"
    )

"""A plan to start from: the events that can still sell, each with nothing planned yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zakaz.warehouse.port import Warehouse

_ACTIVE = """
SELECT e.event_id AS event_id, e.event_name AS event_name, s.currency AS currency,
    e.account_id AS account_id
FROM bi.v_events AS e
LEFT JOIN
(
    SELECT account_id, event_id, argMax(currency, d) AS currency
    FROM bi.v_sales_daily GROUP BY account_id, event_id
) AS s ON (s.account_id = e.account_id) AND (s.event_id = e.event_id)
WHERE e.is_active AND ((e.ends_on IS NULL) OR (e.ends_on >= {today:Date}))
ORDER BY e.starts_on, e.event_name, e.event_id
"""


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(warehouse: Warehouse | None, today: date) -> list[Sequence[Any]]:
    """Give the lines below the heading, in the order of ``zakaz.plan_file.COLUMNS``."""
    if warehouse is None:
        return []
    return [
        (today, event, _plain(name), 0, 0, currency or "RUB", account)
        for event, name, currency, account in warehouse.query(_ACTIVE, {"today": today}).rows
    ]


def _plain(name: str) -> str:
    """Give a name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(_FORMULA) else name

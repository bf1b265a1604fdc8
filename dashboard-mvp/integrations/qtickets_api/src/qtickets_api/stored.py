"""What staging knows already: months with sales, and events whose tickets may be refunded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from zakaz.warehouse.port import Warehouse

_IDS_PER_LOOKUP = 1_000

_MONTHS_OF_ALL = """
SELECT DISTINCT month FROM (
    SELECT toYYYYMM(payed_at) AS month FROM zakaz.stg_qtickets_orders
    WHERE account_id = {account_id:String} AND payed_at IS NOT NULL
    UNION ALL
    SELECT toYYYYMM(refunded_at) AS month FROM zakaz.stg_qtickets_baskets
    WHERE account_id = {account_id:String} AND refunded_at IS NOT NULL
)
"""
# Every stored version counts, the replaced ones too: one month too many costs a rebuild of 50 ms.
_MONTHS_OF_ORDERS = """
SELECT DISTINCT month FROM (
    SELECT toYYYYMM(payed_at) AS month FROM zakaz.stg_qtickets_orders
    WHERE account_id = {account_id:String} AND payed_at IS NOT NULL
        AND order_id IN {order_ids:Array(String)}
    UNION ALL
    SELECT toYYYYMM(refunded_at) AS month FROM zakaz.stg_qtickets_baskets
    WHERE account_id = {account_id:String} AND refunded_at IS NOT NULL
        AND order_id IN {order_ids:Array(String)}
)
"""
# A show that was called off is looked at from the day it was: its own day may be far ahead or past.
_REFUNDABLE_EVENTS = """
SELECT DISTINCT toUInt64OrZero(event_id) AS event FROM (
    SELECT event_id FROM zakaz.stg_qtickets_shows FINAL
    WHERE account_id = {account_id:String}
        AND coalesce(deleted_at, finishes_at, starts_at) >= {since:DateTime('Europe/Moscow')}
    UNION ALL
    SELECT event_id FROM zakaz.stg_qtickets_events FINAL
    WHERE account_id = {account_id:String}
        AND deleted_at >= {since:DateTime('Europe/Moscow')}
)
ORDER BY event
SETTINGS do_not_merge_across_partitions_select_final = 0
"""


def months_of_all(warehouse: Warehouse, account_id: str) -> set[int]:
    """Give every month (yyyymm) in which a stored order was paid or a ticket refunded."""
    return _months(warehouse, _MONTHS_OF_ALL, {"account_id": account_id})


def months_of_orders(warehouse: Warehouse, account_id: str, order_ids: Sequence[str]) -> set[int]:
    """Give the months in which these orders were paid or refunded, by any stored version."""
    found: set[int] = set()
    for start in range(0, len(order_ids), _IDS_PER_LOOKUP):
        part = order_ids[start : start + _IDS_PER_LOOKUP]
        asked = {"account_id": account_id, "order_ids": part}
        found |= _months(warehouse, _MONTHS_OF_ORDERS, asked)
    return found


def refundable_events(warehouse: Warehouse, account_id: str, since: datetime) -> list[int]:
    """Return the events for whose tickets money may still go back.

    They have a show that was not over at ``since``, or was called off after it.
    """
    params = {"account_id": account_id, "since": since}
    return [int(event) for (event,) in warehouse.query(_REFUNDABLE_EVENTS, params).rows]


def _months(warehouse: Warehouse, sql: str, params: Mapping[str, object]) -> set[int]:
    return {int(month) for (month,) in warehouse.query(sql, params).rows}

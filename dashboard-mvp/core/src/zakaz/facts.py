"""Facts and dimensions: rebuilt from staging, month by month, and swapped in.

A month is computed into a permanent twin (``…_next``) and takes the place of the old one in one
step. An empty month is dropped instead: replacing from an empty partition fails on one engine and
brings the old rows back on the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from zakaz import dirty_months
from zakaz.progress import Progress, silent
from zakaz.schema import sources
from zakaz.warehouse.port import Warehouse

# A longer run of months, or of more orders, is cut here: a backfill needs bounded memory. So do
# the facts' own settings: one thread, which also takes less CPU time, and small blocks.
MONTHS_AT_ONCE = 12
ORDERS_AT_ONCE = 30_000
LAST_MONTH = 999_912


@dataclass(frozen=True, slots=True)
class _Fact:
    """One fact: its table and the column whose month is the partition."""

    name: str
    day: str


# Small tables without months: rebuilt whole on every run.
WHOLE = ("dim_events", "dim_shows", "fact_qtickets_inventory_latest", "dim_ads")
FACTS = (
    _Fact("fact_qtickets_sales_daily", "sales_date"),
    _Fact("fact_qtickets_sales_hourly", "sales_hour"),
    _Fact("fact_qtickets_promo_codes_daily", "sales_date"),
    _Fact("fact_ads_daily", "stat_date"),
)
_STAGING = re.compile(r"\bzakaz\.(stg_\w+)")
# A table whose rows the engine does not count is taken for filled.
_FILLED = """
SELECT name FROM system.tables
WHERE database = 'zakaz' AND name IN {names:Array(String)} AND ifNull(total_rows, 1) > 0
"""
# Unmerged rows are enough, and cheaper: they can only name a partition too many.
_PARTITIONS = """
SELECT
    min(orders_month) AS orders_from, max(orders_month) AS orders_to,
    min(baskets_month) AS baskets_from, max(baskets_month) AS baskets_to
FROM
(
    SELECT toYYYYMM(created_at) AS orders_month, NULL AS baskets_month
    FROM zakaz.stg_qtickets_orders
    WHERE toYYYYMM(payed_at) BETWEEN {first_month:UInt32} AND {last_month:UInt32}
        OR order_id IN
        (
            SELECT order_id FROM zakaz.stg_qtickets_baskets
            WHERE toYYYYMM(refunded_at) BETWEEN {first_month:UInt32} AND {last_month:UInt32}
        )
    UNION ALL
    SELECT NULL AS orders_month, toYYYYMM(created_at) AS baskets_month
    FROM zakaz.stg_qtickets_baskets
    WHERE toYYYYMM(refunded_at) BETWEEN {first_month:UInt32} AND {last_month:UInt32}
        OR order_id IN
        (
            SELECT order_id FROM zakaz.stg_qtickets_orders
            WHERE toYYYYMM(payed_at) BETWEEN {first_month:UInt32} AND {last_month:UInt32}
        )
)
"""
# Replaced versions are counted too: good enough to cut by. Four days of ads weigh as one order.
_ORDERS_BY_MONTH = """
SELECT month, sum(weight) AS orders
FROM
(
    SELECT toYYYYMM(assumeNotNull(payed_at)) AS month, count() AS weight
    FROM zakaz.stg_qtickets_orders
    WHERE payed_at IS NOT NULL
    GROUP BY month
    UNION ALL
    SELECT toYYYYMM(stat_date) AS month, intDiv(count(), 4) AS weight
    FROM zakaz.stg_vk_ads_daily
    GROUP BY month
)
GROUP BY month
"""
_ALL_MONTHS = """
SELECT DISTINCT month
FROM
(
    SELECT toYYYYMM(assumeNotNull(payed_at)) AS month
    FROM zakaz.stg_qtickets_orders
    WHERE payed_at IS NOT NULL
    UNION ALL
    SELECT toYYYYMM(assumeNotNull(refunded_at)) AS month
    FROM zakaz.stg_qtickets_baskets
    WHERE refunded_at IS NOT NULL
    UNION ALL
    SELECT toYYYYMM(sales_date) AS month FROM zakaz.fact_qtickets_sales_daily
    UNION ALL
    SELECT toYYYYMM(sales_hour) AS month FROM zakaz.fact_qtickets_sales_hourly
    UNION ALL
    SELECT toYYYYMM(stat_date) AS month FROM zakaz.stg_vk_ads_daily
    UNION ALL
    SELECT toYYYYMM(stat_date) AS month FROM zakaz.fact_ads_daily
)
ORDER BY month
"""


def rebuild_dirty(
    warehouse: Warehouse, *, at: datetime, progress: Progress | None = None
) -> list[int]:
    """Rebuild what has no months and the facts of every dirty month; gives the months (yyyymm)."""
    shown = progress or silent()
    months = dirty_months.pending(warehouse)
    filled = _filled(warehouse)
    _clear_twins(warehouse, filled)
    _rebuild_whole(warehouse, [name for name in WHOLE if _has_work(name, filled)], at)
    if not months:
        return []
    facts = [fact for fact in FACTS if _has_work(fact.name, filled)]
    with shown.task("Facts, months", total=len(months)) as task:
        for run in _runs(months, _orders_by_month(warehouse, months)):
            asked = _asked(warehouse, run)
            for fact in facts:
                _rebuild_months(warehouse, fact, run, asked, at)
            dirty_months.clear(warehouse, run, at)  # only now: a crash before this repeats them
            task.advance(len(run))
    return months


def rebuild_all(
    warehouse: Warehouse,
    *,
    at: datetime,
    progress: Progress | None = None,
    first_month: int = 0,
    last_month: int = LAST_MONTH,
) -> list[int]:
    """Rebuild every month that staging or facts know, within bounds; gives the months (yyyymm)."""
    known = (int(month) for (month,) in warehouse.query(_ALL_MONTHS).rows)
    months = [month for month in known if first_month <= month <= last_month]
    dirty_months.record(warehouse, months, at)
    return rebuild_dirty(warehouse, at=at, progress=progress)


def _orders_by_month(warehouse: Warehouse, months: list[int]) -> dict[int, int]:
    """Return how many orders each month weighs; one month alone is a run, whatever it weighs."""
    if len(months) == 1:
        return {}
    return {int(month): int(count) for month, count in warehouse.query(_ORDERS_BY_MONTH).rows}


def _runs(months: Iterable[int], orders: Mapping[int, int]) -> Iterator[list[int]]:
    """Group months into runs without a gap: one query computes a whole run."""
    run: list[int] = []
    held = 0
    for month in months:
        full = len(run) == MONTHS_AT_ONCE or held + orders.get(month, 0) > ORDERS_AT_ONCE
        if run and (full or month != _following(run[-1])):
            yield run
            run, held = [], 0
        run.append(month)
        held += orders.get(month, 0)
    if run:
        yield run


def _following(month: int) -> int:
    return month + 89 if month % 100 == 12 else month + 1


def _asked(warehouse: Warehouse, run: list[int]) -> dict[str, int]:
    """Give the parameters of the queries for a run of months, partitions to read included."""
    months = {"first_month": run[0], "last_month": run[-1]}
    (partitions,) = warehouse.query(_PARTITIONS, months).dicts()
    return months | {name: month or 0 for name, month in partitions.items()}


def _rebuild_months(
    warehouse: Warehouse, fact: _Fact, run: list[int], asked: dict[str, int], at: datetime
) -> None:
    twin = f"zakaz.{fact.name}_next"
    _compute(warehouse, fact.name, at, asked)
    found = warehouse.query(f"SELECT DISTINCT toYYYYMM({fact.day}) FROM {twin}")  # noqa: S608
    filled = {int(month) for (month,) in found.rows}
    _swap(warehouse, fact.name, {str(int(month)): month in filled for month in run})
    if filled:
        _clear(warehouse, twin)


def _rebuild_whole(warehouse: Warehouse, names: list[str], at: datetime) -> None:
    """Compute all of them before the first is swapped in: which are empty is asked once."""
    if not names:
        return
    for name in names:
        _compute(warehouse, name, at, {})
    filled = _filled(warehouse)
    for name in names:
        twin = f"{name}_next"
        _swap(warehouse, name, {"tuple()": twin in filled})
        if twin in filled:
            _clear(warehouse, f"zakaz.{twin}")


def _compute(warehouse: Warehouse, name: str, at: datetime, asked: dict[str, int]) -> None:
    (statement,) = sources.fact(name).parts
    warehouse.execute(statement.text, {"rebuilt_at_ms": int(at.timestamp() * 1000)} | asked)


def _swap(warehouse: Warehouse, name: str, partitions: dict[str, bool]) -> None:
    """Put the twin's partitions in place of the old ones; False marks one that is empty now."""
    # REPLACE alone does not last on 24.8: when the store is opened again, the parts that it
    # replaced are back beside the new ones. DROP leaves a mark on disk that keeps them away. All
    # in one statement, so that a reader on a server has no round trip in which to see the gap.
    changes = []
    for partition, is_filled in partitions.items():
        changes.append(f"DROP PARTITION {partition}")
        if is_filled:
            changes.append(f"REPLACE PARTITION {partition} FROM zakaz.{name}_next")
    warehouse.execute(f"ALTER TABLE zakaz.{name} {', '.join(changes)}")


def _filled(warehouse: Warehouse) -> set[str]:
    """Return which facts, twins and staging tables of facts hold rows; asked once for all."""
    names = [*WHOLE, *(fact.name for fact in FACTS)]
    asked = {*names, *(f"{name}_next" for name in names), *(s for n in names for s in _staging(n))}
    return {str(name) for (name,) in warehouse.query(_FILLED, {"names": sorted(asked)}).rows}


def _staging(name: str) -> frozenset[str]:
    """Return the staging tables that a fact is computed from."""
    return frozenset(_STAGING.findall(sources.fact(name).parts[0].text))


def _has_work(name: str, filled: set[str]) -> bool:
    """Return whether there is anything to compute, or to empty: without both a fact stays as it is.

    A store of tickets alone has no ads, and one of ads alone no tickets.
    """
    return name in filled or not _staging(name).isdisjoint(filled)


def _clear_twins(warehouse: Warehouse, filled: set[str]) -> None:
    """Empty every twin in which a rebuild that was cut has left rows."""
    for name in (*WHOLE, *(fact.name for fact in FACTS)):
        if f"{name}_next" in filled:
            _clear(warehouse, f"zakaz.{name}_next")


def _clear(warehouse: Warehouse, twin: str) -> None:
    warehouse.execute(f"ALTER TABLE {twin} DROP PARTITION ALL")

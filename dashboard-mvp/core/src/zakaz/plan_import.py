"""An import of the plan, stored whole or not at all.

A table with partitions takes an insert month by month, so a killed process could leave half a
plan. All rows of an import therefore go first into ``zakaz.plan_sales_import``, which has no
partitions: the engine stores them as one part, there all or none. Readers take both tables
together, the newest version of each day. Copying into ``zakaz.plan_sales`` changes nothing that
they see, and a copy that was cut is finished before the next import. The rows stay where they were
written: nothing may be deleted there, and there is one for each planned day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zakaz import landed
from zakaz.fault_point import reach
from zakaz.landed import Batch
from zakaz.rows import columns
from zakaz.warehouse.port import Warehouse

if TYPE_CHECKING:
    from zakaz.plan import PlannedDay

TABLE = "zakaz.plan_sales"
IMPORTED = "zakaz.plan_sales_import"

_MISSING = """
FROM zakaz.plan_sales_import FINAL
WHERE (account_id, sales_date, event_id, currency, _ver) NOT IN
    (SELECT account_id, sales_date, event_id, currency, _ver FROM zakaz.plan_sales)
"""
_UNCOPIED_MONTHS = f"SELECT DISTINCT toYYYYMM(sales_date) AS month {_MISSING} ORDER BY month"
_UNCOPIED = (
    "SELECT account_id, sales_date, event_id, currency, plan_tickets, plan_revenue, is_deleted, "
    f"_ver, _loaded_at {_MISSING} AND toYYYYMM(sales_date) = {{month:UInt32}}"
)
# The live planned days of one month, those not yet copied included.
PLANNED_DAYS = """
SELECT account_id, sales_date, event_id, currency, plan_tickets, plan_revenue
FROM
(
    SELECT account_id, sales_date, event_id, currency, plan_tickets, plan_revenue, is_deleted
    FROM
    (
        SELECT * FROM zakaz.plan_sales FINAL WHERE toYYYYMM(sales_date) = {month:UInt32}
        UNION ALL
        SELECT * FROM zakaz.plan_sales_import FINAL WHERE toYYYYMM(sales_date) = {month:UInt32}
    )
    ORDER BY _ver DESC
    LIMIT 1 BY account_id, sales_date, event_id, currency
)
WHERE NOT is_deleted
"""


def store(warehouse: Warehouse, rows: Sequence[PlannedDay], batch: Batch) -> int:
    """Store the rows of an import and return how many; a killed process stores all or none."""
    inserted = insert(warehouse, rows)
    finish(warehouse, batch)
    return inserted


def insert(warehouse: Warehouse, rows: Sequence[PlannedDay]) -> int:
    """Insert the rows in one part, from which moment on readers see them."""
    reach("plan_before_insert")
    inserted = warehouse.insert(IMPORTED, columns(rows))
    reach("plan_inserted")
    return inserted


def finish(warehouse: Warehouse, batch: Batch) -> None:
    """Copy what an import left uncopied into the table of the plan; mostly that is nothing."""
    for (month,) in warehouse.query(_UNCOPIED_MONTHS).rows:
        found = warehouse.query(_UNCOPIED, {"month": int(month)})
        copied = dict(zip(found.columns, map(list, zip(*found.rows, strict=True)), strict=True))
        landed.insert(warehouse, TABLE, copied, batch)
        reach("plan_month_copied")

"""An import of the plan is stored whole or not at all, whenever its process ends."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from copied import copied
from kept import Kept
from zakaz import plan_import
from zakaz.landed import Batch
from zakaz.moscow import MOSCOW
from zakaz.plan import PlannedDay
from zakaz.warehouse.connect import open_for_reading, open_for_writing, publish
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl

VIEW = "SELECT d, plan_tickets FROM bi.v_plan_vs_fact ORDER BY d"
MONTHS = [date(2026, month, 1) for month in (2, 3, 4)]
OLD, NEW = [(day, 1) for day in MONTHS], [(day, 2) for day in MONTHS]
POINTS = ("plan_before_insert", "plan_inserted", "plan_month_copied:2")


def days(tickets: int, at: datetime) -> list[PlannedDay]:
    """Return a plan of so many tickets on the first day of each month."""
    return [
        PlannedDay(
            account_id="main", sales_date=day, event_id="17", currency="RUB", plan_tickets=tickets,
            plan_revenue=Decimal(tickets), is_deleted=False, ver=tickets, loaded_at=at,
        )
        for day in MONTHS
    ]  # fmt: skip


def seen(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    """Return the plan as the page reads it."""
    return [tuple(row) for row in warehouse.query(VIEW).rows]


@pytest.fixture(scope="module")
def planned(bootstrapped: Path, kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that holds the old plan."""
    kept.close()  # the engine opens one store at a time
    store = copied(bootstrapped, tmp_path_factory.mktemp("planned") / "store")
    with open_for_writing(WarehouseUrl("embedded", path=store)) as warehouse:
        at = datetime(2026, 2, 1, 12, tzinfo=MOSCOW)
        plan_import.store(warehouse, days(1, at), Batch("plan", "r", 1, at))
        assert seen(warehouse) == OLD
    return store


@pytest.mark.parametrize("point", POINTS)
def test_found_e14_a_killed_import_is_whole_or_not_there(
    point: str, planned: Path, kept: Kept, tmp_path: Path
) -> None:
    """Killed at any step, what the next command publishes is the old plan or all of the new one."""
    kept.close()
    store_url = WarehouseUrl("embedded", path=copied(planned, tmp_path / "store"))
    lines = "".join(f"{day},17,2,2,main\n" for day in MONTHS)
    file = tmp_path / "plan.csv"
    file.write_text(f"sales_date,event_id,plan_tickets,plan_revenue,account_id\n{lines}")

    done = subprocess.run(
        [sys.executable, "-m", "zakaz", "plan", "import", str(file)],
        env={**os.environ, "ZAKAZ_WAREHOUSE_URL": str(store_url), "ZAKAZ_FAULT": point},
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    publish(store_url)

    assert done.returncode == -9, done.stderr
    with open_for_reading(store_url) as warehouse:
        assert seen(warehouse) == (OLD if point == "plan_before_insert" else NEW)


def test_found_e14_the_next_import_finishes_one_that_was_cut(
    warehouse: Warehouse, at: datetime
) -> None:
    """What was not copied is copied before new rows come, and copied once."""
    plan_import.store(warehouse, days(1, at), Batch("plan", "r", 1, at))
    plan_import.insert(warehouse, days(2, at))
    assert seen(warehouse) == NEW

    plan_import.finish(warehouse, Batch("plan", "r", 2, at))

    copied = warehouse.query("SELECT count() FROM zakaz.plan_sales WHERE plan_tickets = 2").scalar()
    assert copied == len(MONTHS)
    assert seen(warehouse) == NEW
    written = warehouse.query("SELECT count() FROM zakaz.plan_sales").scalar()
    plan_import.finish(warehouse, Batch("plan", "r", 2, at))
    assert warehouse.query("SELECT count() FROM zakaz.plan_sales").scalar() <= written


def test_found_e14_an_import_is_one_part_however_many_months_it_names(
    warehouse: Warehouse, at: datetime
) -> None:
    """The engine stores an insert without partitions as one part: there all or none."""
    plan_import.insert(warehouse, days(2, at))

    parts = warehouse.query(
        "SELECT count(), sum(rows) FROM system.parts WHERE table = 'plan_sales_import' AND active"
    )
    assert [*parts.rows[0]] == [1, len(MONTHS)]

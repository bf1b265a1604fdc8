"""Load the pages with the real loader's border and staging into an embedded store, and time it.

Run in a process of its own: ``ours.py PAGES FOLDER``; prints one line of JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from clocked import clocked, told
from order_pages import PER_PAGE, fetched_at, page_files
from qtickets_api import transform
from qtickets_api.client import Page
from qtickets_api.envelope import Rows
from qtickets_api.intake import Intake
from qtickets_api.staging import Staging
from zakaz.schema.bootstrap import bootstrap
from zakaz.source import SyncReport
from zakaz.warehouse.embedded import EmbeddedWarehouse

TRUTH = """
SELECT uniqExact(o.order_id), count(),
    toInt64(sumIf(
        (b.price - if(b.refunded_at IS NULL, toDecimal64(0, 2), b.refunded_amount)) * 100,
        o.payed AND o.deleted_at IS NULL AND b.deleted_at IS NULL))
FROM zakaz.stg_qtickets_baskets AS b FINAL
INNER JOIN zakaz.stg_qtickets_orders AS o FINAL
    ON o.account_id = b.account_id AND o.order_id = b.order_id
"""


def pages(folder: Path) -> Iterator[Page]:
    """Give the pages as the client does once it has proved them."""
    files = page_files(folder)
    for path in files:
        yield Page(Rows(path.read_bytes()), (), PER_PAGE, len(files) * PER_PAGE, fetched_at())


def load(warehouse: EmbeddedWarehouse, folder: Path) -> None:
    """Take every page through the border and store it."""
    at, report = fetched_at(), SyncReport()
    intake = Intake("orders", transform.orders, account_id="main", loaded_at=at, report=report)
    staging = Staging(
        warehouse, "orders", account_id="main", run_id="bench", clock=fetched_at, report=report,
        reads_all=True,
    )  # fmt: skip
    for taken in intake.take(pages(folder)):
        staging.add(taken)
    staging.flush()


def main() -> None:
    """Load, let the engine drop the replaced versions, and say what is stored."""
    with EmbeddedWarehouse(Path(sys.argv[2])) as warehouse:
        bootstrap(warehouse)
        with clocked() as loading:
            load(warehouse, Path(sys.argv[1]))
        with clocked() as merging:
            for table in ("orders", "baskets"):
                warehouse.execute(f"OPTIMIZE TABLE zakaz.stg_qtickets_{table} FINAL")
        found = warehouse.query(TRUTH).rows[0]
    told(loading, found, merging)


if __name__ == "__main__":
    main()

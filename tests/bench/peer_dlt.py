"""The peer dlt as its documentation shows it: one resource of nested orders, merged by id.

Run in a process of its own: ``peer_dlt.py PAGES FOLDER``; prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import dlt
from clocked import clocked, told
from dlt_ground import pipeline_in, sealed
from order_pages import page_files

_TRUTH = """
SELECT count(DISTINCT o.id), count(*), CAST(100 * sum(
        b.price - CASE WHEN b.refunded_at IS NULL THEN 0 ELSE b.refunded_amount END
    ) FILTER (o.payed AND o.deleted_at IS NULL AND b.deleted_at IS NULL) AS BIGINT)
FROM sales.orders__baskets AS b JOIN sales.orders AS o ON o._dlt_id = b._dlt_parent_id
"""
_SUMS = ("price", "refunded_amount")
_MONEY = {"data_type": "decimal", "precision": 18, "scale": 2}


def main() -> None:
    """Load the pages into a DuckDB file and say what it holds."""
    pages, folder = Path(sys.argv[1]), Path(sys.argv[2])

    @dlt.resource(
        primary_key="id",
        write_disposition="merge",
        columns={"updated_at": {"dedup_sort": "desc"}},
        nested_hints={"baskets": {"columns": {name: {"name": name, **_MONEY} for name in _SUMS}}},
    )
    def orders() -> Iterator[Any]:
        for path in page_files(pages):
            yield json.loads(path.read_bytes(), parse_float=Decimal)["data"]

    pipeline = pipeline_in(folder)
    with clocked() as loading:
        pipeline.run(orders()).raise_on_failed_jobs()
    with pipeline.sql_client() as client:
        told(loading, client.execute_sql(_TRUTH)[0])


if __name__ == "__main__":
    sealed()
    main()

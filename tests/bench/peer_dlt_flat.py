"""The peer dlt fed flat rows: orders and tickets as Arrow tables, merged by their ids.

The pages are decoded here by msgspec, so dlt is given what it takes fastest. Run in a process of
its own: ``peer_dlt_flat.py PAGES FOLDER``; prints one line of JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import dlt
import msgspec
import pyarrow as pa
from clocked import clocked, told
from dlt_ground import pipeline_in, sealed
from order_pages import page_files

_PAGES_AT_ONCE = 50
_TRUTH = """
SELECT count(DISTINCT o.id), count(*), CAST(100 * sum(
        b.price - CASE WHEN b.refunded_at IS NULL THEN 0 ELSE b.refunded_amount END
    ) FILTER (o.payed AND o.deleted_at IS NULL AND b.deleted_at IS NULL) AS BIGINT)
FROM sales.baskets AS b JOIN sales.orders AS o ON o.id = b.order_id
"""


class Basket(msgspec.Struct, gc=False):
    """The fields of a ticket that our staging table has."""

    id: int
    show_id: int
    created_at: datetime
    updated_at: datetime
    quantity: int
    original_price: Decimal
    price: Decimal
    deleted_at: datetime | None = None
    refunded_at: datetime | None = None
    discount_value: Decimal | None = None
    service_fee_amount: Decimal | None = None
    refunded_amount: Decimal | None = None
    refunded_deduction_amount: Decimal | None = None


class Order(msgspec.Struct, gc=False):
    """The fields of an order that our staging table has."""

    id: int
    event_id: int
    payed: bool
    created_at: datetime
    updated_at: datetime
    price: Decimal
    original_price: Decimal
    currency_id: str
    baskets: list[Basket]
    utm: dict[str, str] | list[str]
    payed_at: datetime | None = None
    deleted_at: datetime | None = None
    discount_id: int | None = None
    promo_code_id: int | None = None


class Envelope(msgspec.Struct):
    """A page."""

    data: list[Order]


_AT, _MONEY = pa.timestamp("us", "UTC"), pa.decimal128(18, 2)
_KINDS = {"price": _MONEY, "quantity": pa.int64(), "payed": pa.bool_(), "currency_id": pa.string()}
_TAGS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
_decode = msgspec.json.Decoder(Envelope).decode


def _kind(name: str) -> Any:
    if name.endswith("_at"):
        return _AT
    if name.endswith(("_amount", "_price", "_value")):
        return _MONEY
    return _KINDS.get(name, pa.int64())


def _columns(rows: list[Any], skipped: tuple[str, ...] = ()) -> dict[str, Any]:
    names = [name for name in rows[0].__struct_fields__ if name not in skipped]
    return {name: pa.array([getattr(row, name) for row in rows], _kind(name)) for name in names}


def tables(pages: Path) -> Iterator[tuple[Any, Any]]:
    """Give orders and tickets of some pages at a time as Arrow tables."""
    files = page_files(pages)
    for start in range(0, len(files), _PAGES_AT_ONCE):
        some = files[start : start + _PAGES_AT_ONCE]
        orders = [order for path in some for order in _decode(path.read_bytes()).data]
        columns = _columns(orders, ("baskets", "utm"))
        sent = [order.utm if isinstance(order.utm, dict) else {} for order in orders]
        columns |= {tag: pa.array([utm.get(tag, "") for utm in sent], pa.string()) for tag in _TAGS}
        lines = [(order.id, line) for order in orders for line in order.baskets]
        baskets = _columns([line for _, line in lines])
        baskets["order_id"] = pa.array([order_id for order_id, _ in lines], pa.int64())
        yield pa.table(columns), pa.table(baskets)


def main() -> None:
    """Load the pages into a DuckDB file and say what it holds."""
    pages, folder = Path(sys.argv[1]), Path(sys.argv[2])
    newest = {"updated_at": {"dedup_sort": "desc"}}
    hints: dict[str, Any] = {
        "primary_key": "id", "write_disposition": "merge", "columns": newest
    }  # fmt: skip

    @dlt.resource
    def both() -> Iterator[Any]:
        for orders, baskets in tables(pages):
            yield dlt.mark.with_hints(orders, dlt.mark.make_hints("orders", **hints))
            yield dlt.mark.with_hints(baskets, dlt.mark.make_hints("baskets", **hints))

    pipeline = pipeline_in(folder)
    with clocked() as loading:
        pipeline.run(both()).raise_on_failed_jobs()
    with pipeline.sql_client() as client:
        told(loading, client.execute_sql(_TRUTH)[0])


if __name__ == "__main__":
    sealed()
    main()

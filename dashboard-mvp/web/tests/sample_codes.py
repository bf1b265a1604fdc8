"""The promo codes of the known store: on some days every sale came with one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zakaz.warehouse.port import Warehouse

if TYPE_CHECKING:
    from sample_store import Sale

# Promo code and discount by day: a listed one, one no longer listed, a discount without a code.
CODES = (("p1", "d1"), None, ("p9", "d9"), None, ("", "d1"))


def code_of(sale: Sale) -> tuple[str, str] | None:
    """Give the promo code and discount of a sale, None where none was used."""
    return CODES[sale.day.toordinal() % len(CODES)]


def discount_of(sale: Sale) -> Decimal:
    """Give the discount that the code brought."""
    return (sale.gross / 4).quantize(Decimal("0.01"))


def write(
    warehouse: Warehouse, sales: Sequence[Sale], loaded_at: datetime, account: str = "main"
) -> None:
    """Write what was sold with a code, and the one code and discount that the source lists."""
    _insert_sales(warehouse, [sale for sale in sales if code_of(sale)], loaded_at, account)
    listed: dict[str, list[Any]] = {
        "account_id": [account],
        "discount_id": ["d1"],
        "is_active": [True],
        "active_from": [None],
        "active_to": [None],
        "created_at": [loaded_at],
        "updated_at": [loaded_at],
        "deleted_at": [None],
        "_ver": [1],
        "_loaded_at": [loaded_at],
    }
    code = {"promo_code_id": ["p1"], "promo_code": ["@SUM(A1)"], "max_uses": [0]}
    warehouse.insert("zakaz.stg_qtickets_promo_codes", listed | code)
    warehouse.insert("zakaz.stg_qtickets_discounts", listed | {"discount_name": ["Скидка 25%"]})


def _insert_sales(
    warehouse: Warehouse, sales: Sequence[Sale], loaded_at: datetime, account: str
) -> None:
    days: dict[tuple[date, str, str, tuple[str, str]], list[Sale]] = defaultdict(list)
    for sale in sales:
        key = sale.day, sale.event.id, sale.event.currency, code_of(sale) or ("", "")
        days[key].append(sale)
    if not days:
        return
    summed = {
        name: [sum(getattr(sale, field) for sale in found) for found in days.values()]
        for name, field in (
            ("orders", "orders"),
            ("tickets_sold", "tickets"),
            ("gross", "gross"),
            ("refunds", "refunds"),
            ("revenue", "revenue"),
        )
    }
    warehouse.insert(
        "zakaz.fact_qtickets_promo_codes_daily",
        {
            "account_id": [account] * len(days),
            "sales_date": [day for day, _, _, _ in days],
            "event_id": [event for _, event, _, _ in days],
            "promo_code_id": [code for _, _, _, (code, _) in days],
            "discount_id": [discount for _, _, _, (_, discount) in days],
            "currency": [currency for _, _, currency, _ in days],
            "discounts": [
                sum((discount_of(sale) for sale in found), Decimal(0)) for found in days.values()
            ],
            "_ver": [1] * len(days),
            "_loaded_at": [loaded_at] * len(days),
            **summed,
        },
    )

"""A store of a few rows of the daily fact, each with its tags and each a part of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import sample_store
from sample_store import NOW, UTM
from zakaz.warehouse.port import Warehouse

NONE = ("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the daily fact."""

    tags: tuple[str, str, str, str, str] = NONE
    orders: int = 1
    tickets: int = 2
    gross: str = "1000.00"
    refunds: str = "0.00"
    days_ago: int = 1
    currency: str = "RUB"
    show: str = ""
    version: int = 1


def write(warehouse: Warehouse, facts: Iterable[Fact]) -> None:
    """Write these rows and no other sales."""
    sample_store.write(warehouse, [], NOW, ())
    for fact in facts:
        warehouse.insert("zakaz.fact_qtickets_sales_daily", _columns(fact))


def _columns(fact: Fact) -> dict[str, Sequence[object]]:
    gross, refunds = Decimal(fact.gross), Decimal(fact.refunds)
    row: dict[str, object] = {
        "account_id": "main",
        "sales_date": NOW.date() - timedelta(days=fact.days_ago),
        "event_id": "101",
        "show_id": fact.show,
        "currency": fact.currency,
        **dict(zip(UTM, fact.tags, strict=True)),
        "orders": fact.orders,
        "tickets_sold": fact.tickets,
        "gross": gross,
        "refunds": refunds,
        "revenue": gross - refunds,
        "refunds_by_refund_date": refunds,
        "_ver": fact.version,
        "_loaded_at": NOW,
    }
    return {name: [value] for name, value in row.items()}

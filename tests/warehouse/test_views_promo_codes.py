"""bi.v_promo_codes_daily and bi.v_sales_utm_daily on golden rows, side by side in one store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from staged import Staged
from zakaz import facts
from zakaz.warehouse.port import Warehouse

pytestmark = pytest.mark.engine

NOW = datetime.fromisoformat("2026-02-20T10:00:00+03:00")
EARLIER = {"payed_at": "2026-01-20 12:00"}
SUMS = ("orders", "tickets_sold", "discounts", "gross", "refunds", "revenue")


Rows = list[dict[str, Any]]


@dataclass
class Board:
    """The two views over all cases, and the promo view when an order was deleted afterwards."""

    warehouse: Warehouse
    promo: Rows
    utm: Rows
    promo_afterwards: Rows


@pytest.fixture(scope="module")
def board(shared: Staged) -> Board:
    """Return what the views tell of all cases, each of an account of its own."""
    with shared.together():
        stage(shared)
    promo = rebuilt(shared.warehouse)
    utm = shared.warehouse.query(
        "SELECT * FROM bi.v_sales_utm_daily WHERE orders > 0 ORDER BY utm_source"
    ).dicts()
    with shared.account("emptied"):
        shared.order("1", promo_code_id="p1", deleted_at="2026-02-15 10:00", **EARLIER)
    return Board(shared.warehouse, promo, utm, rebuilt(shared.warehouse))


def rebuilt(warehouse: Warehouse) -> Rows:
    """Rebuild every month and give the promo view."""
    facts.rebuild_all(warehouse, at=NOW)
    return warehouse.query(
        "SELECT * FROM bi.v_promo_codes_daily ORDER BY d, event_id, promo_code_id, currency"
    ).dicts()


def stage(staged: Staged) -> None:
    """Write all cases."""
    with staged.account("no code"):
        staged.ticket("1")
    with staged.account("a code"):
        stage_orders_with_a_code(staged)
    with staged.account("not listed"):
        staged.order("1", promo_code_id="77", discount_id="9")
        staged.basket("1")
    with staged.account("three loads"):
        for _ in range(3):
            staged.promo_code()
            staged.discount()
            for order, currency in (("1", "RUB"), ("2", "USD")):
                staged.order(order, currency=currency, promo_code_id="p1", discount_id="d1")
                staged.basket(order, order_id=order)
    with staged.account("emptied"):
        staged.order("1", promo_code_id="p1", **EARLIER)
        staged.basket("1")
    with staged.account("utm"):
        staged.event()
        staged.order("1", utm_source="vk", utm_campaign="osen")
        staged.basket("1", show_id="s1")
        staged.basket("2", show_id="s2")
        staged.order("2")
        staged.basket("3", order_id="2", refunded_at="2026-02-15 10:00", refunded_amount="300")


def stage_orders_with_a_code(staged: Staged) -> None:
    """Write two orders that count, one with a returned ticket, one unpaid and one deleted."""
    staged.discount()
    staged.promo_code()
    code = {"promo_code_id": "p1", "discount_id": "d1"}
    staged.order("1", **code)
    staged.basket("11", order_id="1", price="800", discount_value="200")
    staged.basket("12", order_id="1", price="800", discount_value="200",
                  refunded_at="2026-03-01 10:00", refunded_amount="800")  # fmt: skip
    staged.order("2", **code)
    staged.basket("21", order_id="2", price="800.50", discount_value="199.50",
                  refunded_at="2026-02-11 10:00", refunded_amount="0.25")  # fmt: skip
    staged.basket("22", order_id="2", price="1", deleted_at="2026-02-11 10:00")
    staged.order("3", payed=False, payed_at=None, **code)
    staged.basket("31", order_id="3")
    staged.order("4", deleted_at="2026-02-12 10:00", **code)
    staged.basket("41", order_id="4")


def of(rows: Rows, account: str) -> Rows:
    return [row for row in rows if row["account_id"] == account]


def test_promo_codes_of_nothing_are_empty(board: Board) -> None:
    """Orders without code and discount make no row."""
    assert of(board.promo, "no code") == []


def test_promo_code_sales_carry_code_and_discount(board: Board) -> None:
    """Paid orders with a code add up by day; discount, refund and returned ticket are counted."""
    (row,) = of(board.promo, "a code")
    assert (row["d"], row["promo_code"], row["discount_name"]) == (
        date(2026, 2, 10), "ПРИМЕР20", "Скидка 20%",
    )  # fmt: skip
    assert [row[name] for name in SUMS] == [
        2, 2, Decimal("599.50"), Decimal("2400.50"), Decimal("800.25"), Decimal("1600.25"),
    ]  # fmt: skip


def test_t04_a_code_that_is_no_longer_listed_keeps_its_sales(board: Board) -> None:
    """Old orders name codes the source does not list: the sale stays under the id."""
    (row,) = of(board.promo, "not listed")
    assert (row["promo_code_id"], row["promo_code"], row["revenue"]) == ("77", "", 1000)


def test_t05_t07_codes_count_once_and_currencies_stay_apart(board: Board) -> None:
    """Three loads of the same rows change nothing; two currencies are two rows."""
    rows = of(board.promo, "three loads")
    assert [(row["currency"], row["orders"], row["gross"]) for row in rows] == [
        ("RUB", 1, 1000), ("USD", 1, 1000),
    ]  # fmt: skip


def test_a_month_without_codes_is_emptied(board: Board) -> None:
    """An order that loses its payment takes its promo sale with it."""
    assert len(of(board.promo, "emptied")) == 1
    assert of(board.promo_afterwards, "emptied") == []


def test_sales_by_utm_add_up_to_all_sales(board: Board) -> None:
    """UTM rows of an event and day name what is absent unknown and add up to the daily sales."""
    rows = of(board.utm, "utm")
    assert [(r["utm_source"], r["utm_campaign"], r["utm_term"]) for r in rows] == [
        ("unknown", "unknown", "unknown"), ("vk", "osen", "unknown"),
    ]  # fmt: skip
    assert [(r["event_name"], r["orders"], r["tickets_sold"], r["revenue"]) for r in rows] == [
        ("Ёлка", 1, 1, 700), ("Ёлка", 1, 2, 2000),
    ]  # fmt: skip
    totals = (
        "SELECT account_id, sum(orders), sum(tickets_sold), sum(gross), sum(refunds), sum(revenue)"
    )
    by_utm, by_day = (
        board.warehouse.query(f"{totals} FROM {view} GROUP BY account_id ORDER BY account_id").rows
        for view in ("bi.v_sales_utm_daily", "bi.v_sales_daily")
    )
    assert by_utm == by_day

"""bi.v_promo_codes_daily and bi.v_sales_utm_daily on golden rows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from staged import Staged
from zakaz import facts

pytestmark = pytest.mark.engine

NOW = datetime.fromisoformat("2026-02-20T10:00:00+03:00")
SUMS = ("orders", "tickets_sold", "discounts", "gross", "refunds", "revenue")


def promo(staged: Staged) -> list[dict[str, Any]]:
    """Rebuild every month and give the promo view."""
    facts.rebuild_all(staged.warehouse, at=NOW)
    return staged.warehouse.query(
        "SELECT * FROM bi.v_promo_codes_daily ORDER BY d, event_id, promo_code_id, currency"
    ).dicts()


def test_promo_codes_of_nothing_are_empty(staged: Staged) -> None:
    """Orders without code and discount make no row."""
    staged.ticket("1")
    assert promo(staged) == []


def test_promo_code_sales_carry_code_and_discount(staged: Staged) -> None:
    """Paid orders with a code add up by day; discount, refund and returned ticket are counted."""
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
    (row,) = promo(staged)
    assert (row["d"], row["promo_code"], row["discount_name"]) == (
        date(2026, 2, 10), "ПРИМЕР20", "Скидка 20%",
    )  # fmt: skip
    assert [row[name] for name in SUMS] == [
        2, 2, Decimal("599.50"), Decimal("2400.50"), Decimal("800.25"), Decimal("1600.25"),
    ]  # fmt: skip


def test_t04_a_code_that_is_no_longer_listed_keeps_its_sales(staged: Staged) -> None:
    """Old orders name codes the source does not list: the sale stays under the id."""
    staged.order("1", promo_code_id="77", discount_id="9")
    staged.basket("1")
    (row,) = promo(staged)
    assert (row["promo_code_id"], row["promo_code"], row["revenue"]) == ("77", "", 1000)


def test_t05_t07_codes_count_once_and_currencies_stay_apart(staged: Staged) -> None:
    """Three loads of the same rows change nothing; two currencies are two rows."""
    for _ in range(3):
        staged.promo_code()
        staged.discount()
        for order, currency in (("1", "RUB"), ("2", "USD")):
            staged.order(order, currency=currency, promo_code_id="p1", discount_id="d1")
            staged.basket(order, order_id=order)
    rows = promo(staged)
    assert [(row["currency"], row["orders"], row["gross"]) for row in rows] == [
        ("RUB", 1, 1000), ("USD", 1, 1000),
    ]  # fmt: skip


def test_a_month_without_codes_is_emptied(staged: Staged) -> None:
    """An order that loses its payment takes its promo sale with it."""
    staged.order("1", promo_code_id="p1")
    staged.basket("1")
    assert len(promo(staged)) == 1
    staged.order("1", promo_code_id="p1", deleted_at="2026-02-15 10:00")
    assert promo(staged) == []


def test_sales_by_utm_add_up_to_all_sales(staged: Staged) -> None:
    """UTM rows of an event and day name what is absent unknown and add up to the daily sales."""
    staged.event()
    staged.order("1", utm_source="vk", utm_campaign="osen")
    staged.basket("1", show_id="s1")
    staged.basket("2", show_id="s2")
    staged.order("2")
    staged.basket("3", order_id="2", refunded_at="2026-02-15 10:00", refunded_amount="300")
    facts.rebuild_all(staged.warehouse, at=NOW)
    rows = staged.warehouse.query(
        "SELECT * FROM bi.v_sales_utm_daily WHERE orders > 0 ORDER BY utm_source"
    ).dicts()
    assert [(r["utm_source"], r["utm_campaign"], r["utm_term"]) for r in rows] == [
        ("unknown", "unknown", "unknown"), ("vk", "osen", "unknown"),
    ]  # fmt: skip
    assert [(r["event_name"], r["orders"], r["tickets_sold"], r["revenue"]) for r in rows] == [
        ("Ёлка", 1, 1, 700), ("Ёлка", 1, 2, 2000),
    ]  # fmt: skip
    totals = "SELECT sum(orders), sum(tickets_sold), sum(gross), sum(refunds), sum(revenue)"
    assert (
        staged.warehouse.query(f"{totals} FROM bi.v_sales_utm_daily").rows
        == staged.warehouse.query(f"{totals} FROM bi.v_sales_daily").rows
    )

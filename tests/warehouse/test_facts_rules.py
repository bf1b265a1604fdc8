"""What counts as sold, returned and earned: golden rows from staging to the daily fact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from staged import Staged, msk
from zakaz import facts
from zakaz.schema import checks
from zakaz.warehouse.embedded import EmbeddedWarehouse

NOW = msk("2026-03-15 10:00")


def rebuild(warehouse: EmbeddedWarehouse) -> None:
    """Rebuild everything and require the checks to be silent."""
    facts.rebuild_all(warehouse, at=NOW)
    assert checks.run(warehouse) == []


def totals(warehouse: EmbeddedWarehouse) -> dict[str, Any]:
    """Rebuild everything and give the sums of the view."""
    rebuild(warehouse)
    return sums(warehouse)


def sums(warehouse: EmbeddedWarehouse, where: str = "1") -> dict[str, Any]:
    """Return the sums of the view."""
    (row,) = warehouse.query(
        "SELECT sum(orders) AS orders, sum(tickets_sold) AS tickets, sum(gross) AS gross,"
        " sum(refunds) AS refunds, sum(revenue) AS net FROM bi.v_sales_daily"
        f" WHERE {where}"
    ).dicts()
    return row


def golden(orders: int, tickets: int, gross: str, refunds: str, net: str) -> dict[str, Any]:
    """Give the sums a test expects."""
    return {
        "orders": orders,
        "tickets": tickets,
        "gross": Decimal(gross),
        "refunds": Decimal(refunds),
        "net": Decimal(net),
    }


@pytest.mark.engine
def test_a_sold_ticket_counts_once(staged: Staged) -> None:
    """One paid order with one ticket is one order, one ticket and its price."""
    staged.ticket(price="1000")
    assert golden(1, 1, "1000", "0", "1000") == totals(staged.warehouse)


@pytest.mark.engine
def test_refunds_follow_the_golden_rows(staged: Staged) -> None:
    """Gross keeps a returned ticket, refunds are the money given back, net is the difference."""
    cases = {
        "full": ({"refunded_amount": "1000"}, golden(1, 0, "1000", "1000", "0")),
        "partial": ({"refunded_amount": "300"}, golden(1, 1, "1000", "300", "700")),
        "with deduction": (
            {"refunded_amount": "900", "refunded_deduction_amount": "100"},
            golden(1, 0, "1000", "900", "100"),
        ),
        "partial with deduction": (
            {"refunded_amount": "500", "refunded_deduction_amount": "100"},
            golden(1, 1, "1000", "500", "500"),
        ),
        "free ticket returned": ({"price": "0"}, golden(1, 0, "0", "0", "0")),
    }
    sold = {"price": "1000", "refunded_at": "2026-02-12 10:00"}
    for event, (refund, _) in cases.items():
        staged.order(event, event_id=event)
        staged.basket(event, order_id=event, event_id=event, **(sold | refund))
    rebuild(staged.warehouse)
    for event, (_, expected) in cases.items():
        assert expected == sums(staged.warehouse, f"event_id = '{event}'"), event


@pytest.mark.engine
def test_an_amount_without_a_refund_date_is_no_refund(staged: Staged) -> None:
    """Only a ticket with ``refunded_at`` was refunded, whatever its amount column holds."""
    staged.ticket(refunded_amount="1000")
    assert golden(1, 1, "1000", "0", "1000") == totals(staged.warehouse)


@pytest.mark.engine
def test_f4_refunded_and_deleted_tickets_are_not_sold(staged: Staged) -> None:
    """Of a live, a refunded and a deleted ticket one is sold, two are gross, one is refunded."""
    staged.order()
    staged.basket("1")
    staged.basket("2", refunded_at="2026-02-12 10:00", refunded_amount="1000")
    staged.basket("3", deleted_at="2026-02-12 10:00")
    assert golden(1, 1, "2000", "1000", "1000") == totals(staged.warehouse)


def test_f5_a_deleted_order_leaves_the_fact(staged: Staged) -> None:
    """An order deleted after it was counted takes its row with it."""
    staged.ticket()
    assert golden(1, 1, "1000", "0", "1000") == totals(staged.warehouse)
    staged.order(deleted_at="2026-02-11 10:00")
    assert golden(0, 0, "0", "0", "0") == totals(staged.warehouse)
    count = staged.warehouse.query("SELECT count() FROM zakaz.fact_qtickets_sales_daily").scalar()
    assert count == 0


def test_f6_a_partial_refund_lowers_revenue_only(staged: Staged) -> None:
    """A refund of 30 % leaves the ticket sold."""
    staged.ticket(price="1000", refunded_at="2026-02-12 10:00", refunded_amount="300")
    assert golden(1, 1, "1000", "300", "700") == totals(staged.warehouse)


@pytest.mark.engine
def test_f10_a_quantity_of_zero_stays_zero(staged: Staged) -> None:
    """A line without tickets sells none, and a line of three sells three for its one price."""
    staged.order()
    staged.basket("1", quantity=0)
    staged.basket("2", quantity=3, price="2400")
    assert golden(1, 3, "3400", "0", "3400") == totals(staged.warehouse)


@pytest.mark.engine
def test_f11_free_tickets_count(staged: Staged) -> None:
    """A ticket of price 0 is a ticket sold for nothing."""
    staged.ticket(price="0", original_price="1000", discount_value="1000")
    assert golden(1, 1, "0", "0", "0") == totals(staged.warehouse)


@pytest.mark.engine
def test_f12_revenue_is_the_price_after_discount_without_fee(staged: Staged) -> None:
    """Of price 500, original 600 and fee 50 only the 500 are revenue."""
    staged.ticket(price="500", original_price="600", discount_value="100", service_fee="50")
    assert golden(1, 1, "500", "0", "500") == totals(staged.warehouse)


@pytest.mark.engine
def test_f13_currencies_stay_apart(staged: Staged) -> None:
    """An order in dollars is a row of its own on the same day."""
    staged.ticket("1", currency="RUB", price="1000")
    staged.ticket("2", currency="USD", price="15.50")
    rebuild(staged.warehouse)
    assert golden(1, 1, "15.50", "0", "15.50") == sums(staged.warehouse, "currency = 'USD'")
    assert golden(1, 1, "1000", "0", "1000") == sums(staged.warehouse, "currency = 'RUB'")


@pytest.mark.engine
def test_f14_money_stays_exact(staged: Staged) -> None:
    """Three tickets cost three times one ticket, to the kopeck."""
    prices = ("19.99", "0.10", "1.15", "100000.01")
    for price in prices:
        staged.order(price, event_id=price)
        for place in ("1", "2", "3"):
            staged.basket(place + price, order_id=price, event_id=price, price=price)
    rebuild(staged.warehouse)
    for price in prices:
        assert Decimal(price) * 3 == sums(staged.warehouse, f"event_id = '{price}'")["net"]


@pytest.mark.engine
def test_f17_midnight_is_moscow_midnight(staged: Staged) -> None:
    """A payment at 21:30 UTC on 5 November belongs to 6 November in Moscow."""
    staged.order("1", payed_at=msk("2025-11-06 00:30").astimezone())
    staged.basket("1")
    facts.rebuild_all(staged.warehouse, at=NOW)
    days = staged.warehouse.query("SELECT toString(d) FROM bi.v_sales_daily").rows
    assert days == [("2025-11-06",)]


@pytest.mark.engine
def test_t03_the_last_hours_of_a_utc_month_belong_to_the_next_moscow_month(
    staged: Staged,
) -> None:
    """An order of 31 January 22:30 UTC is a sale of February in the daily and the hourly fact."""
    staged.order("1", payed_at=msk("2026-02-01 01:30"))
    staged.basket("1")
    assert facts.rebuild_all(staged.warehouse, at=NOW) == [202602]
    daily = staged.warehouse.query("SELECT toString(d) FROM bi.v_sales_daily").rows
    hourly = staged.warehouse.query(
        "SELECT formatDateTime(sales_hour, '%F %H:%i') FROM bi.v_sales_hourly"
    ).rows
    assert (daily, hourly) == ([("2026-02-01",)], [("2026-02-01 01:00",)])


@pytest.mark.engine
def test_unpaid_orders_are_not_sales(staged: Staged) -> None:
    """An order counts when it is paid."""
    staged.order(payed=False, payed_at=None)
    staged.basket()
    assert golden(0, 0, "0", "0", "0") == totals(staged.warehouse)


def homes(staged: Staged) -> list[tuple[str, str, int, int]]:
    """Give event, show, orders and tickets of every row of the fact."""
    facts.rebuild_all(staged.warehouse, at=NOW)
    return staged.warehouse.query(
        "SELECT event_id, show_id, sum(orders), sum(tickets_sold)"
        " FROM zakaz.fact_qtickets_sales_daily GROUP BY event_id, show_id"
        " ORDER BY event_id, show_id"
    ).rows


@pytest.mark.engine
def test_an_order_is_counted_on_the_show_of_its_lowest_live_ticket(staged: Staged) -> None:
    """Ids are compared as numbers, and a returned or deleted ticket gives its place away."""
    staged.order()
    staged.basket("9", show_id="deleted", deleted_at="2026-02-12 10:00")
    staged.basket("10", show_id="returned", refunded_at="2026-02-12 10:00", refunded_amount="1000")
    staged.basket("100", show_id="later")
    staged.basket("20", show_id="home")
    expected = [
        ("e1", "home", 1, 1),
        ("e1", "later", 0, 1),
        ("e1", "returned", 0, 0),
    ]
    assert expected == homes(staged)


@pytest.mark.engine
def test_an_order_without_live_tickets_keeps_its_lowest_show(staged: Staged) -> None:
    """An order whose tickets were all deleted is still one order."""
    staged.order()
    staged.basket("2", show_id="s2", deleted_at="2026-02-12 10:00")
    staged.basket("1", show_id="s1", deleted_at="2026-02-12 10:00")
    assert homes(staged) == [("e1", "s1", 1, 0)]


@pytest.mark.engine
def test_an_order_without_tickets_counts_on_its_event_and_no_show(staged: Staged) -> None:
    """P12: an order that holds no tickets is kept."""
    staged.order(event_id="e9")
    assert homes(staged) == [("e9", "", 1, 0)]


@pytest.mark.engine
def test_a_refund_also_shows_on_the_day_it_was_paid_out(staged: Staged) -> None:
    """Money given back in March for a February sale lowers February's net; March tells it."""
    staged.ticket(price="1000", refunded_at="2026-03-02 10:00", refunded_amount="400")
    facts.rebuild_all(staged.warehouse, at=NOW)
    rows = staged.warehouse.query(
        "SELECT toString(d), orders, revenue, refunds, refunds_by_refund_date"
        " FROM bi.v_sales_daily ORDER BY d"
    ).rows
    zero = Decimal(0)
    expected = [
        ("2026-02-10", 1, Decimal(600), Decimal(400), zero),
        ("2026-03-02", 0, zero, zero, Decimal(400)),
    ]
    assert expected == rows


@pytest.mark.engine
def test_utm_is_part_of_the_daily_grain_and_adds_up_in_the_view(staged: Staged) -> None:
    """Two tags on one day are two rows of the fact and one row of the view."""
    staged.order("1", utm_source="vk", utm_campaign="spring")
    staged.basket("1", order_id="1")
    staged.order("2")
    staged.basket("2", order_id="2")
    assert golden(2, 2, "2000", "0", "2000") == totals(staged.warehouse)
    sources = staged.warehouse.query(
        "SELECT utm_source, orders FROM zakaz.fact_qtickets_sales_daily ORDER BY utm_source"
    ).rows
    assert sources == [("", 1), ("vk", 1)]
    assert staged.warehouse.query("SELECT count() FROM bi.v_sales_daily").scalar() == 1

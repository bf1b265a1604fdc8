"""What counts as sold, returned and earned: golden rows from staging to the daily fact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sales_cases
from kept import Kept
from sales_cases import golden
from side_by_side import SALES, Row, Told
from staged import msk
from zakaz import facts
from zakaz.schema import checks
from zakaz.warehouse.embedded import EmbeddedWarehouse

NOW = msk("2026-03-15 10:00")


def rebuild(warehouse: EmbeddedWarehouse) -> None:
    """Rebuild everything and require the checks to be silent."""
    facts.rebuild_all(warehouse, at=NOW)
    assert checks.run(warehouse) == []


@pytest.fixture(scope="module")
def told(kept: Kept) -> Told:
    """Return what the view tells of every case."""
    return sales_cases.case.run(kept, rebuild, SALES)


def sums(rows: list[Row]) -> dict[str, Any]:
    """Return the sums of rows of the view."""
    return {
        "orders": sum(row["orders"] for row in rows),
        "tickets": sum(row["tickets_sold"] for row in rows),
        "gross": sum(row["gross"] for row in rows),
        "refunds": sum(row["refunds"] for row in rows),
        "net": sum(row["revenue"] for row in rows),
    }


@pytest.mark.engine
def test_a_sold_ticket_counts_once(told: Told) -> None:
    """One paid order with one ticket is one order, one ticket and its price."""
    assert sums(told.of(sales_cases.sold)) == golden(1, 1, "1000", "0", "1000")


@pytest.mark.engine
def test_refunds_follow_the_golden_rows(told: Told) -> None:
    """Gross keeps a returned ticket, refunds are the money given back, net is the difference."""
    for event, (_, expected) in sales_cases.REFUNDS.items():
        found = [row for row in told.of(sales_cases.refunded) if row["event_id"] == event]
        assert sums(found) == expected, event


@pytest.mark.engine
def test_an_amount_without_a_refund_date_is_no_refund(told: Told) -> None:
    """Only a ticket with ``refunded_at`` was refunded, whatever its amount column holds."""
    assert sums(told.of(sales_cases.amount_without_a_date)) == golden(1, 1, "1000", "0", "1000")


@pytest.mark.engine
def test_f4_refunded_and_deleted_tickets_are_not_sold(told: Told) -> None:
    """Of a live, a refunded and a deleted ticket one is sold, two are gross, one is refunded."""
    assert sums(told.of(sales_cases.live_refunded_deleted)) == golden(1, 1, "2000", "1000", "1000")


def test_f5_a_deleted_order_leaves_the_fact(told: Told) -> None:
    """An order deleted after it was counted takes its row with it."""
    assert sums(told.of(sales_cases.deleted_order, 0)) == golden(1, 1, "1000", "0", "1000")
    assert sums(told.of(sales_cases.deleted_order)) == golden(0, 0, "0", "0", "0")
    count = "SELECT count() FROM zakaz.fact_qtickets_sales_daily WHERE account_id = "
    assert told.ask(sales_cases.deleted_order, count + "{account:String}") == [(0,)]


def test_f6_a_partial_refund_lowers_revenue_only(told: Told) -> None:
    """A refund of 30 % leaves the ticket sold."""
    assert sums(told.of(sales_cases.partly_refunded)) == golden(1, 1, "1000", "300", "700")


@pytest.mark.engine
def test_f10_a_quantity_of_zero_stays_zero(told: Told) -> None:
    """A line without tickets sells none, and a line of three sells three for its one price."""
    assert sums(told.of(sales_cases.quantities)) == golden(1, 3, "3400", "0", "3400")


@pytest.mark.engine
def test_f11_free_tickets_count(told: Told) -> None:
    """A ticket of price 0 is a ticket sold for nothing."""
    assert sums(told.of(sales_cases.free)) == golden(1, 1, "0", "0", "0")


@pytest.mark.engine
def test_f12_revenue_is_the_price_after_discount_without_fee(told: Told) -> None:
    """Of price 500, original 600 and fee 50 only the 500 are revenue."""
    assert sums(told.of(sales_cases.discounted)) == golden(1, 1, "500", "0", "500")


@pytest.mark.engine
def test_f13_currencies_stay_apart(told: Told) -> None:
    """An order in dollars is a row of its own on the same day."""
    roubles, dollars = told.of(sales_cases.two_currencies)
    assert (roubles["currency"], dollars["currency"]) == ("RUB", "USD")
    assert sums([dollars]) == golden(1, 1, "15.50", "0", "15.50")
    assert sums([roubles]) == golden(1, 1, "1000", "0", "1000")


@pytest.mark.engine
def test_f14_money_stays_exact(told: Told) -> None:
    """Three tickets cost three times one ticket, to the kopeck."""
    net = {row["event_id"]: row["revenue"] for row in told.of(sales_cases.kopecks)}
    assert net == {price: Decimal(price) * 3 for price in sales_cases.PRICES}


@pytest.mark.engine
def test_f17_midnight_is_moscow_midnight(told: Told) -> None:
    """A payment at 21:30 UTC on 5 November belongs to 6 November in Moscow."""
    assert [str(row["d"]) for row in told.of(sales_cases.midnight)] == ["2025-11-06"]


@pytest.mark.engine
def test_t03_the_last_hours_of_a_utc_month_belong_to_the_next_moscow_month(told: Told) -> None:
    """An order of 31 January 22:30 UTC is a sale of February in the daily and the hourly fact."""
    hourly = told.ask(
        sales_cases.end_of_month,
        "SELECT formatDateTime(sales_hour, '%F %H:%i') FROM bi.v_sales_hourly"
        " WHERE account_id = {account:String}",
    )
    assert [str(row["d"]) for row in told.of(sales_cases.end_of_month)] == ["2026-02-01"]
    assert hourly == [("2026-02-01 01:00",)]


@pytest.mark.engine
def test_unpaid_orders_are_not_sales(told: Told) -> None:
    """An order counts when it is paid."""
    assert sums(told.of(sales_cases.unpaid)) == golden(0, 0, "0", "0", "0")


HOMES = """
SELECT event_id, show_id, sum(orders), sum(tickets_sold)
FROM zakaz.fact_qtickets_sales_daily WHERE account_id = {account:String}
GROUP BY event_id, show_id ORDER BY event_id, show_id
"""


@pytest.mark.engine
def test_an_order_is_counted_on_the_show_of_its_lowest_live_ticket(told: Told) -> None:
    """Ids are compared as numbers, and a returned or deleted ticket gives its place away."""
    assert told.ask(sales_cases.four_shows, HOMES) == [
        ("e1", "home", 1, 1),
        ("e1", "later", 0, 1),
        ("e1", "returned", 0, 0),
    ]


@pytest.mark.engine
def test_an_order_without_live_tickets_keeps_its_lowest_show(told: Told) -> None:
    """An order whose tickets were all deleted is still one order."""
    assert told.ask(sales_cases.all_tickets_deleted, HOMES) == [("e1", "s1", 1, 0)]


@pytest.mark.engine
def test_an_order_without_tickets_counts_on_its_event_and_no_show(told: Told) -> None:
    """P12: an order that holds no tickets is kept."""
    assert told.ask(sales_cases.no_tickets, HOMES) == [("e9", "", 1, 0)]


@pytest.mark.engine
def test_a_refund_also_shows_on_the_day_it_was_paid_out(told: Told) -> None:
    """Money given back in March for a February sale lowers February's net; March tells it."""
    names = ("orders", "revenue", "refunds", "refunds_by_refund_date")
    rows = [
        (str(row["d"]), *(row[name] for name in names))
        for row in told.of(sales_cases.paid_out_in_march)
    ]
    zero = Decimal(0)
    assert rows == [
        ("2026-02-10", 1, Decimal(600), Decimal(400), zero),
        ("2026-03-02", 0, zero, zero, Decimal(400)),
    ]


@pytest.mark.engine
def test_utm_is_part_of_the_daily_grain_and_adds_up_in_the_view(told: Told) -> None:
    """Two tags on one day are two rows of the fact and one row of the view."""
    (row,) = told.of(sales_cases.two_tags)
    assert sums([row]) == golden(2, 2, "2000", "0", "2000")
    sources = told.ask(
        sales_cases.two_tags,
        "SELECT utm_source, orders FROM zakaz.fact_qtickets_sales_daily"
        " WHERE account_id = {account:String} ORDER BY utm_source",
    )
    assert sources == [("", 1), ("vk", 1)]

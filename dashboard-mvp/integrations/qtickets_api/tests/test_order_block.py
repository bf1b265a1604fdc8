"""Orders held as columns are the same orders: chosen, joined, cut by month, made rows again."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from qtickets_api import transform
from qtickets_api.order_block import OrderBlock
from qtickets_api.rows import Basket, Order
from qtickets_api.transform import Stamp
from zakaz.moscow import MOSCOW, api_instant, month_of, parse_instant
from zakaz.rows import column_names

NOON = parse_instant("2026-02-05T12:00:00+03:00")
STAMP = Stamp("main", NOON, NOON)
# Values that the quick way leaves to the careful one, and some that neither takes.
UNUSUAL: dict[str, list[Any]] = {
    "id": ["7", " 8 ", "x", 0, 2**63],
    "event_id": ["80002", 0, "", 80002],
    "payed": [1, 0, False, 2],
    "payed_at": [None, "", "2026-02-03", "2026-02-03 19:42:10", 1770136930, "0000-00-00"],
    "created_at": ["2026-02-03T16:42:10Z", "2026-02-03T23:42:10.5+07:00", "1970-01-01T00:00:00Z",
                   "2099-12-31T23:00:00Z", "2026-02-30T00:00:00+03:00"],
    "deleted_at": ["", "2026-02-03T19:42:10+0300", None, "soon"],
    "price": [0, 0.1, "12.345", "NaN", 10**13, -0.001],
    "discount_id": [0, "", "44", None, -1],
    "currency_id": [None, " RUB ", 5],
    "utm": [[], None, "", {"utm_source": "VK"}, {"utm_term": "Анна Примерова"}, 5],
    "baskets": [None, [], {}],
}  # fmt: skip


def mutated(make: Any, data: st.DataObject, number: int) -> dict[str, Any]:
    """Give an order with some unusual values in it and in its ticket."""
    row: dict[str, Any] = make.order(number, baskets=[make.basket(number * 10)])
    for name in data.draw(st.lists(st.sampled_from(sorted(UNUSUAL)), max_size=2)):
        row[name] = copy.deepcopy(data.draw(st.sampled_from(UNUSUAL[name])))
    if row["baskets"] and data.draw(st.booleans()):
        name = data.draw(st.sampled_from(["id", "created_at", "deleted_at", "price"]))
        row["baskets"][0][name] = data.draw(st.sampled_from(UNUSUAL[name]))
    return row


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_page_reads_like_each_of_its_orders_alone(data: st.DataObject, make: Any) -> None:
    """Read together, a field of all orders at a time, no order is read differently."""
    raws = make.encode([mutated(make, data, number) for number in (101, 102, 103, 104)])

    together = transform.orders(raws, STAMP)
    alone = [transform.orders([raw], STAMP) for raw in raws]

    accepted = {item.key: item for page in alone for item in page.items}
    if len(accepted) == sum(len(page.items) for page in alone):  # no two became one
        assert [*together.items] == [*accepted.values()]
    assert {item.key for item in together.items} == set(accepted)
    assert sorted(map(str, together.rejected)) == sorted(
        str(row) for page in alone for row in page.rejected
    )


def block_of(make: Any, *orders: dict[str, Any]) -> OrderBlock:
    """Take orders, all of which must be accepted."""
    items = transform.orders(make.encode(orders), STAMP).items
    assert isinstance(items, OrderBlock)
    assert len(items) == len(orders)
    return items


def test_every_column_of_both_tables_is_there(make: Any) -> None:
    """The columns are those of the row types, whether anything was read or not."""
    for block in (OrderBlock(), block_of(make, make.order())):
        assert set(block.orders) == set(column_names(Order))
        assert set(block.baskets) == set(column_names(Basket))


def test_tickets_stay_with_their_orders(make: Any) -> None:
    """Orders of none, one and three tickets keep them when they are chosen and joined."""
    three = [make.basket(number) for number in (11, 12, 13)]
    block = block_of(
        make,
        make.order(1, baskets=three),
        make.order(2, baskets=[]),
        make.order(3, baskets=[make.basket(31)]),
    )
    rows = list(block)
    joined = block.chosen([2, 1])
    joined.add(block.chosen([0]))

    assert list(joined) == [rows[2], rows[1], rows[0]]
    assert joined.lines() == 4
    assert [len(item.lines) for item in joined] == [1, 0, 3]
    assert list(joined.order_ids()) == ["3", "2", "1"]
    assert [line.basket_id for line in joined[2].lines] == ["11", "12", "13"]


def test_a_ticket_scanned_later_changes_its_own_order_only(make: Any) -> None:
    """An order's last change is that of its newest ticket, the watermark's is its own."""
    scanned = make.basket(21, updated_at="2026-03-01T17:41:07+03:00")
    block = block_of(
        make,
        make.order(1),
        make.order(2, baskets=[make.basket(20), scanned]),
        make.order(3, baskets=[]),
    )
    states = block.states()

    own = int(datetime(2026, 2, 3, 19, 42, 14, tzinfo=MOSCOW).timestamp())
    scan = int(datetime(2026, 3, 1, 17, 41, 7, tzinfo=MOSCOW).timestamp())
    assert list(states.updated) == [own, own, own]
    assert list(states.changed) == [own, scan, own]


def test_w04_no_columns_span_more_months_than_one_insert_may(make: Any) -> None:
    """Orders of ten years are cut at months; together they are all of them."""
    began = datetime(2015, 1, 15, tzinfo=MOSCOW)
    orders = [
        make.order(number, created_at=api_instant(began + timedelta(days=30 * number)))
        for number in range(1, 121)
    ]
    parts = list(block_of(make, *orders).tables())

    assert [table.rpartition("_")[2] for table, _ in parts] == ["baskets", *["orders"] * 3]
    months = [{month_of(at) for at in columns["created_at"]} for _, columns in parts[1:]]
    assert max(map(len, months)) <= 50
    assert len(set().union(*months)) == sum(map(len, months)) > 110
    assert sum(len(columns["order_id"]) for _, columns in parts[1:]) == 120


def test_g5_months_of_payments_and_of_refunds_are_dirty(make: Any) -> None:
    """A refund dirties its own month beside that of the payment; an unpaid order none."""
    refunded = make.basket(11, refunded_at="2026-04-30T21:30:00Z", refunded_amount=1)
    unpaid = make.order(2, payed=False, payed_at=None)

    assert block_of(make, make.order(1, baskets=[refunded]), unpaid).months_of_sales() == {
        202602,
        202605,
    }
    assert block_of(make, unpaid).months_of_sales() == set()

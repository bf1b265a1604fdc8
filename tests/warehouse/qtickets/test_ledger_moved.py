"""Things whose ``created_at`` moves to another month: one live row of each, whatever moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from qtickets_api import moved
from zakaz.verify import verify
from zakaz_emulators.qtickets.records import Discount, Order, PromoCode

HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)


def move(ground: Any, order: Order, by: timedelta) -> None:
    """Let an order and its tickets have been created at another time."""
    order.created_at += by
    for ticket in order.tickets:
        ticket.created_at += by
    ground.organisation.touch(order.id, ground.now)


def live(ground: Any, table: str, key: str, number: int) -> int:
    """Count the live rows of a thing as facts read them, month by month."""
    ((rows,),) = ground.rows(
        f"SELECT count() FROM zakaz.{table} FINAL WHERE {key} = {{id:String}}"
        " AND deleted_at IS NULL SETTINGS do_not_merge_across_partitions_select_final = 1",
        id=str(number),
    )
    return int(rows)


def settled(ground: Any) -> None:
    """Hold the store against the ledger and against its own checks."""
    assert ground.sales() == ground.truth()
    assert verify(ground.warehouse) == []


@pytest.fixture(params=["few", "many"])
def looked_up(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look orders up one by one, as of a usual run, or by a range, as of a full refresh."""
    if request.param == "many":
        monkeypatch.setattr(moved, "_FEW", 1)


def test_found_e12_an_order_that_moves_to_another_month_counts_once(
    ground: Any, looked_up: None
) -> None:
    """Moved, moved back, refunded after it, deleted after it: the figures stay the ledger's."""
    ground.load()
    order = next(
        one for one in ground.organisation.orders if len(one.tickets) == 2 and one.payed_at
    )
    for by in (-YEAR, YEAR, -YEAR):
        ground.now += HOUR
        move(ground, order, by)
        ground.load()
        settled(ground)
        assert live(ground, "stg_qtickets_orders", "order_id", order.id) == 1
        assert live(ground, "stg_qtickets_baskets", "basket_id", order.tickets[0].id) == 1
    ground.now += HOUR
    ground.organisation.refund(order.id, at=ground.now)
    ground.load()
    settled(ground)
    ground.now += HOUR
    move(ground, order, YEAR)
    ground.organisation.cancel(order.id, ground.now)
    ground.load()
    settled(ground)
    assert live(ground, "stg_qtickets_orders", "order_id", order.id) == 0


def test_found_e12_a_silent_move_is_found_by_a_full_refresh(ground: Any, looked_up: None) -> None:
    """The change time stays: the full refresh reads the order again and it counts once."""
    ground.load()
    for order in ground.organisation.orders[10:40]:
        order.created_at -= YEAR
        for ticket in order.tickets:
            ticket.created_at -= YEAR
    ground.now += HOUR
    ground.load(full_refresh=True)

    settled(ground)
    found = ground.rows("SELECT count(), countIf(n > 1) FROM (SELECT order_id, count() AS n"
                        " FROM zakaz.stg_qtickets_orders FINAL WHERE deleted_at IS NULL"
                        " GROUP BY order_id)")  # fmt: skip
    assert found == [(len([one for one in ground.organisation.orders if not one.deleted_at]), 0)]


def test_found_e12_an_event_and_a_show_that_move_are_named_once(ground: Any) -> None:
    """An event is created a year earlier and renamed, its show is moved and closed for sale."""
    ground.load()
    event = ground.organisation.events[80001]
    ground.now += HOUR
    event.created_at -= YEAR
    event.name, event.updated_at = "Переехала", ground.now
    for show in event.shows:
        show.created_at -= YEAR
        show.name, show.updated_at = "День", ground.now
    ground.load()

    settled(ground)
    assert ground.rows("SELECT event_name FROM zakaz.dim_events WHERE event_id = '80001'") == [
        ("Переехала",)
    ]
    assert ground.rows(
        "SELECT DISTINCT show_name, count() OVER () FROM zakaz.dim_shows WHERE event_id = '80001'"
    ) == [("День", len(event.shows))]
    ground.now += HOUR
    for one in (event, *event.shows):
        one.created_at += YEAR
        one.deleted_at = one.updated_at = ground.now
    ground.load()
    assert ground.rows("SELECT is_active FROM bi.v_events WHERE event_id = '80001'") == [(False,)]
    assert ground.seats() == ground.true_seats()


def test_found_e12_a_promo_code_that_moves_explains_its_sales_once(ground: Any) -> None:
    """A code and its discount move to another month: the sales by code are not doubled."""
    made = ground.now - timedelta(days=60)
    discount, code = Discount(4401, "Скидка", made), PromoCode(55001, 4401, "VK10", made)
    ground.organisation.put_discount(discount)
    ground.organisation.put_promo_code(code)
    order = ground.organisation.orders[-1]
    order.discount_id, order.promo_code_id = 4401, 55001
    ground.organisation.touch(order.id)
    ground.load()
    ground.now += HOUR
    changed = {"created_at": made - YEAR, "updated_at": ground.now}
    ground.organisation.put_discount(replace(discount, name="Новая", **changed))
    ground.organisation.put_promo_code(replace(code, **changed))
    ground.load()

    assert ground.rows(
        "SELECT promo_code, discount_name, sum(orders) FROM bi.v_promo_codes_daily GROUP BY ALL"
    ) == [("VK10", "Новая", 1)]
    settled(ground)


def test_found_e12_an_older_store_that_counts_an_order_twice_is_named_and_mended(
    ground: Any,
) -> None:
    """A double of an earlier version is named by verify, and mended by the next refresh."""
    ground.load()
    for table in ("orders", "baskets"):
        ground.warehouse.execute(
            f"INSERT INTO zakaz.stg_qtickets_{table} SELECT * REPLACE"
            " (addYears(created_at, -1) AS created_at, _ver - 1 AS _ver)"
            f" FROM zakaz.stg_qtickets_{table} LIMIT 1"
        )
    names = {finding.name for finding in verify(ground.warehouse)}
    assert "staging_keys_stay_in_one_month" in names

    ground.now += HOUR
    ground.load(full_refresh=True)
    settled(ground)

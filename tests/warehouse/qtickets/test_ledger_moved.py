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
FEW = moved._FEW


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


def looked_up(monkeypatch: pytest.MonkeyPatch, number: int, *, few: int) -> None:
    """Look orders up by a range, as of a full refresh, and every second time one by one."""
    monkeypatch.setattr(moved, "_FEW", FEW if number % 2 else few)


def test_found_e12_an_order_that_moves_to_another_month_counts_once(
    loaded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moved, moved back, refunded after it, deleted after it: the figures stay the ledger's.

    Two orders go through the steps, one a load behind the other, and loads look up in turns:
    each step meets both ways.
    """
    organisation = loaded.organisation
    pair = [one for one in organisation.orders if len(one.tickets) == 2 and one.payed_at][:2]
    moves = (-YEAR, YEAR, -YEAR)
    for number in range(6):
        loaded.now += HOUR
        steps = [(order, number - behind) for behind, order in enumerate(pair)]
        for order, step in steps:
            if step in range(3):
                move(loaded, order, moves[step])
            elif step == 3:
                organisation.refund(order.id, at=loaded.now)
            elif step == 4:
                move(loaded, order, YEAR)
                organisation.cancel(order.id, loaded.now)
        looked_up(monkeypatch, number, few=1)
        loaded.load()
        settled(loaded)
        for order, step in steps:
            rows = live(loaded, "stg_qtickets_orders", "order_id", order.id)
            assert rows == (step < 4), (number, step)
            if step < 3:
                assert live(loaded, "stg_qtickets_baskets", "basket_id", order.tickets[0].id) == 1


def test_found_e12_a_silent_move_is_found_by_a_full_refresh(
    loaded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change time stays: the full refresh reads the order again and it counts once."""
    for number, some in enumerate((slice(10, 40), slice(50, 80))):
        for order in loaded.organisation.orders[some]:
            order.created_at -= YEAR
            for ticket in order.tickets:
                ticket.created_at -= YEAR
        loaded.now += HOUR
        looked_up(monkeypatch, number, few=20)
        loaded.load(full_refresh=True)

        settled(loaded)
        found = loaded.rows("SELECT count(), countIf(n > 1) FROM (SELECT order_id, count() AS n"
                            " FROM zakaz.stg_qtickets_orders FINAL WHERE deleted_at IS NULL"
                            " GROUP BY order_id)")  # fmt: skip
        kept = [one for one in loaded.organisation.orders if not one.deleted_at]
        assert found == [(len(kept), 0)]


def test_found_e12_an_event_and_a_show_that_move_are_named_once(loaded: Any) -> None:
    """An event is created a year earlier and renamed, its show is moved and closed for sale."""
    event = loaded.organisation.events[80001]
    loaded.now += HOUR
    event.created_at -= YEAR
    event.name, event.updated_at = "Переехала", loaded.now
    for show in event.shows:
        show.created_at -= YEAR
        show.name, show.updated_at = "День", loaded.now
    loaded.load()

    settled(loaded)
    assert loaded.rows("SELECT event_name FROM zakaz.dim_events WHERE event_id = '80001'") == [
        ("Переехала",)
    ]
    assert loaded.rows(
        "SELECT DISTINCT show_name, count() OVER () FROM zakaz.dim_shows WHERE event_id = '80001'"
    ) == [("День", len(event.shows))]
    loaded.now += HOUR
    for one in (event, *event.shows):
        one.created_at += YEAR
        one.deleted_at = one.updated_at = loaded.now
    loaded.load()
    assert loaded.rows("SELECT is_active FROM bi.v_events WHERE event_id = '80001'") == [(False,)]
    assert loaded.seats() == loaded.true_seats()


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
    loaded: Any,
) -> None:
    """A double of an earlier version is named by verify, and mended by the next refresh."""
    for table in ("orders", "baskets"):
        loaded.warehouse.execute(
            f"INSERT INTO zakaz.stg_qtickets_{table} SELECT * REPLACE"
            " (addYears(created_at, -1) AS created_at, _ver - 1 AS _ver)"
            f" FROM zakaz.stg_qtickets_{table} LIMIT 1"
        )
    names = {finding.name for finding in verify(loaded.warehouse)}
    assert "staging_keys_stay_in_one_month" in names

    loaded.now += HOUR
    loaded.load(full_refresh=True)
    settled(loaded)

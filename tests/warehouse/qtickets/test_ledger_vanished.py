"""What disappears from the source without a mark stops being sold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from zakaz_emulators.qtickets import faults

HOUR = timedelta(hours=1)


def test_a_ticket_that_left_its_order_is_not_sold_until_it_comes_back(loaded: Any) -> None:
    """An order read again with a ticket less counts the tickets it has.

    The mark is ours, so the source takes it away by sending the ticket.
    """
    order = next(order for order in loaded.organisation.orders if len(order.tickets) == 2)
    away = order.tickets.pop()
    for tickets in ([], [away]):
        loaded.now += HOUR
        order.tickets += tickets
        loaded.organisation.touch(order.id, loaded.now)
        loaded.load()

        assert loaded.sales() == loaded.truth()
        (row,) = loaded.rows(
            "SELECT deleted_at IS NOT NULL FROM zakaz.stg_qtickets_baskets FINAL"
            " WHERE basket_id = {basket:String}",
            basket=str(away.id),
        )
        assert row == (not tickets,)


def test_an_order_that_vanished_is_marked_by_a_full_refresh(ground: Any) -> None:
    """The list no longer has it and its address answers 404: its sale and its refunds are gone."""
    ids = [order.id for order in ground.organisation.orders]
    ground.organisation.refund(ids[9])
    ground.load()
    for order in (ids[4], ids[9]):
        ground.organisation.remove_order(order)
    ground.now += HOUR
    report = ground.load(full_refresh=True)

    assert ground.sales() == ground.truth()
    assert any("2 orders that Qtickets no longer knows" in note for note in report.notes)
    assert any("no longer knows" in note for note in ground.load(full_refresh=True).notes) is False


def test_orders_that_the_list_missed_or_lost_by_the_hundred_are_kept(loaded: Any) -> None:
    """Where the address still answers, the list was at fault and the sale stands.

    A hundred vanished orders are a fault of the list: nothing is marked, and it is said.
    """
    before = loaded.sales()
    missed = loaded.organisation.orders[70].id

    def without(page: Any) -> Any:
        page["data"] = [row for row in page["data"] if row["id"] != missed]
        return page

    loaded.emulator.faults.add(faults.edit(without), times=None, path="/orders")
    loaded.now += HOUR
    report = loaded.load(full_refresh=True)

    assert loaded.sales() == before == loaded.truth()
    assert not any("no longer knows" in note for note in report.notes)

    loaded.emulator.faults.clear()
    for order in loaded.organisation.orders[:101]:
        loaded.organisation.remove_order(order.id)
    loaded.now += HOUR
    report = loaded.load(full_refresh=True)

    assert loaded.sales() == before
    assert any("none was marked as deleted" in note for note in report.notes)

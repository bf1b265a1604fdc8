"""Halls, baskets, seasons, discounts and promo codes of the demo organisation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from zakaz_emulators.demo_organisation import demo_organisation
from zakaz_emulators.qtickets import MOSCOW, Ledger, Organisation, Show
from zakaz_emulators.qtickets.inventory import InventoryRow
from zakaz_emulators.qtickets.refunds import is_returned

TODAY = date(2026, 10, 20)
NOW = datetime(2026, 10, 20, 15, 0, tzinfo=MOSCOW)

Invented = Callable[..., Organisation]


@pytest.fixture(scope="module")
def demo(invented: Invented) -> Organisation:
    return invented(now=NOW)


@pytest.fixture(scope="module")
def inventory(demo: Organisation) -> dict[str, InventoryRow]:
    return {row.show_id: row for row in Ledger(demo).inventory()}


def shows(demo: Organisation) -> list[Show]:
    return [show for event in demo.events.values() for show in event.shows]


@pytest.mark.parametrize(("orders", "hours"), [(20_000, 26), (4000, 5), (4000, 50), (4000, 200)])
def test_a_seat_belongs_to_one_live_ticket_and_no_zone_holds_more_than_its_places(
    invented: Invented, orders: int, hours: int
) -> None:
    """At any hour; who comes to a full zone gets another one, or none."""
    demo = invented(now=NOW + timedelta(hours=hours), today=TODAY, orders=orders)
    taken: Counter[tuple[int, str, int]] = Counter()
    zones: Counter[tuple[int, str]] = Counter()
    for order in demo.orders:
        for ticket in order.tickets:
            if not (order.deleted_at or ticket.deleted_at or is_returned(ticket)):
                zones[ticket.show_id, ticket.zone.slug] += 1
                if ticket.zone.places:
                    taken[ticket.show_id, ticket.zone.slug, ticket.seat] += 1
                    assert ticket.seat not in ticket.zone.disabled
                    assert ticket.seat < ticket.zone.capacity
    assert max(taken.values()) == 1
    for show in shows(demo):
        for zone in show.zones:
            assert zones[show.id, zone.slug] <= zone.capacity - len(zone.disabled)


def test_seats_of_returned_tickets_are_sold_again(demo: Organisation) -> None:
    """Within a season hundreds of seats change hands."""
    seats: Counter[tuple[int, str, int]] = Counter()
    for order in demo.orders:
        for ticket in order.tickets:
            if ticket.zone.places:
                seats[ticket.show_id, ticket.zone.slug, ticket.seat] += 1
    assert sum(count > 1 for count in seats.values()) > 500


@pytest.mark.parametrize(("orders", "hours"), [(20_000, 26), (400, 0), (4000, 5)])
def test_f19_one_show_ahead_is_sold_out(invented: Invented, orders: int, hours: int) -> None:
    """Nothing is left at any hour: whoever waits takes what comes back."""
    demo = invented(now=NOW + timedelta(hours=hours), today=TODAY, orders=orders)
    full = [
        row for row in Ledger(demo).inventory() if row.is_open and row.capacity and not row.left
    ]
    assert [row.event_id for row in full] == ["80011"]


def test_reservations_and_baskets_stand_in_the_inventory_of_now(
    demo: Organisation, inventory: dict[str, InventoryRow]
) -> None:
    """Unpaid orders of the last day, and baskets of the last minutes."""
    assert sum(row.reserved for row in inventory.values()) > 30
    assert len(demo.holds) >= 10
    assert all(NOW < hold.until <= NOW + timedelta(minutes=20) for hold in demo.holds)
    open_shows = {show.id for show in shows(demo) if show.is_open(NOW)}
    assert {hold.show_id for hold in demo.holds} <= open_shows


def test_one_show_has_no_hall_yet_and_some_seats_are_disabled(
    demo: Organisation, inventory: dict[str, InventoryRow]
) -> None:
    """An announcement without prices; seats behind a pillar and under the desk."""
    bare = [show for show in shows(demo) if not show.zones]
    assert len(bare) == 1
    assert inventory[str(bare[0].id)].capacity == 0
    assert inventory[str(bare[0].id)].is_open
    disabled = [len(zone.disabled) for show in shows(demo) for zone in show.zones]
    assert 10 < sum(disabled) < 60


def test_one_show_has_tariffs(demo: Organisation) -> None:
    """Full, for children and reduced: the ticket tells which, and costs its share."""
    tariffed = [show for show in shows(demo) if show.tariffs]
    assert [show.event_id for show in tariffed] == [80012]
    show = tariffed[0]
    sold = [t for order in demo.orders for t in order.tickets if t.show_id == show.id]
    assert {ticket.tariff for ticket in sold} == {"full", "child", "social"}
    shares = {tariff.code: tariff.share for tariff in show.tariffs}
    assert all(t.original_price == t.zone.price * shares[t.tariff or ""] for t in sold)
    others = {t.tariff for order in demo.orders for t in order.tickets if t.show_id != show.id}
    assert others == {None}


def test_shows_of_the_season_before_can_be_compared_by_days_to_the_show(
    demo: Organisation,
) -> None:
    """Four events sold for the same number of days a year ago; those shows are closed now."""
    last_season = [show for show in shows(demo) if show.starts_at < NOW - timedelta(days=300)]
    assert len({show.event_id for show in last_season}) == len(last_season) == 4
    assert not any(show.is_active for show in last_season)
    days_sold: dict[int, set[int]] = {}
    starts = {show.id: show.starts_at for show in shows(demo)}
    for order in demo.orders:
        show_id = order.tickets[0].show_id
        left = (starts[show_id].date() - order.created_at.date()).days
        days_sold.setdefault(show_id, set()).add(left)
    for past in last_season:
        [event] = [one for one in demo.events.values() if past in one.shows]
        ahead = [show for show in event.shows if show.starts_at > NOW]
        assert ahead
        assert len(days_sold[past.id]) > 60
        assert any(len(days_sold[past.id] & days_sold[show.id]) > 20 for show in ahead)


def test_promo_codes_and_discounts_are_used_unused_over_and_gone(demo: Organisation) -> None:
    """Some orders name a code that is in no list."""
    codes = {promo.id: promo for promo in demo.promo_codes}
    used = {order.promo_code_id for order in demo.orders} - {None}
    assert len(used) == 8
    assert used - set(codes) == {54017}
    assert [promo.id for promo in demo.promo_codes] != sorted(codes)
    texts = Counter(promo.code.casefold() for promo in demo.promo_codes)
    assert {text for text, count in texts.items() if count > 1} == {"early15", "семья20"}
    assert sum(promo.deleted_at is not None for promo in demo.promo_codes) == 2
    assert {promo.discount_id for promo in demo.promo_codes} == {
        discount.id for discount in demo.discounts
    }
    limited = [discount for discount in demo.discounts if discount.show_ids]
    assert {demo.show(number) is not None for one in limited for number in one.show_ids} == {True}


@pytest.mark.parametrize("hours", range(6))
def test_a_fortnight_later_an_announced_show_without_a_hall_is_on_sale(hours: int) -> None:
    """Nobody can put a seat of it into a basket yet, and the demo goes on."""
    later = demo_organisation(now=NOW + timedelta(days=13, hours=hours), today=TODAY, orders=400)
    [announced] = [one for one in shows(later) if not one.zones and one.is_open(later.now)]
    assert announced.updated_at < later.now
    assert announced.id not in {hold.show_id for hold in later.holds}

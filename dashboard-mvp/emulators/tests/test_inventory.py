"""The inventory in the ledger, by hand, and against what a reader of the hall would count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from zakaz_emulators.qtickets import Ledger, Organisation, Tariff, Zone, small_organisation
from zakaz_emulators.qtickets.inventory import InventoryRow
from zakaz_emulators.qtickets.language import SeatsQuery
from zakaz_emulators.qtickets.seats import Halls, hall

SHOW = 800_010
SELECT = (
    "id", "root_id", "disabled", "max_quantity", "free_quantity", "ordered_quantity",
    "payed_quantity", "in_basket_quantity",
)  # fmt: skip


@pytest.fixture
def shop() -> Organisation:
    return small_organisation(0)


def row(shop: Organisation, show: int = SHOW) -> InventoryRow:
    return next(one for one in Ledger(shop).inventory() if one.show_id == str(show))


def figures(shop: Organisation) -> tuple[int, int, int, int]:
    found = row(shop)
    return found.capacity, found.sold, found.reserved, found.left


def test_an_untouched_hall_is_all_left(shop: Organisation) -> None:
    """Two zones of a hundred seats."""
    assert figures(shop) == (200, 0, 0, 200)


def test_paid_is_sold_and_ordered_or_held_is_reserved(shop: Organisation) -> None:
    """Three paid, one ordered, one in a basket."""
    shop.insert_order(event_id=80001, prices=(1000, 1000, 700))
    shop.insert_order(event_id=80001, paid=False)
    shop.hold(SHOW, "BALKON", 50)
    assert figures(shop) == (200, 3, 2, 195)
    shop.now += timedelta(hours=1)
    assert figures(shop) == (200, 3, 1, 196)


def test_returned_and_deleted_tickets_are_left_again(shop: Organisation) -> None:
    """A part of the price back leaves the ticket sold."""
    first, second, third = (shop.insert_order(event_id=80001) for _ in range(3))
    shop.refund(first.id, amount=300)
    shop.refund(second.id, deduction=100)
    shop.cancel(third.id)
    assert figures(shop) == (200, 1, 0, 199)
    shop.restore(third.id)
    assert figures(shop) == (200, 2, 0, 198)


def test_f21_disabled_seats_are_no_capacity_and_standing_zones_count_whole(
    shop: Organisation,
) -> None:
    """300 standing, 200 numbered less 3."""
    show = shop.events[80001].shows[0]
    show.zones = (*show.zones, Zone("FAN", "Фан-зона", 900003, Decimal(500), capacity=300))
    shop.change_zone(SHOW, "PARTERRE", disabled=frozenset({0, 1, 2}))
    shop.insert_order(event_id=80001, prices=(500, 500))
    assert figures(shop) == (497, 2, 0, 495)


def test_f19_a_sold_out_hall_has_0_left(shop: Organisation) -> None:
    """Oversold as well."""
    shop.events[80001].shows[0].zones = (Zone("FAN", "Фан", 1, Decimal(500), capacity=2),)
    for _ in range(3):
        shop.insert_order(event_id=80001)
    shop.insert_order(event_id=80001, paid=False)
    assert figures(shop) == (2, 2, 0, 0)


def test_f22_whether_a_loader_reads_a_show_is_told(shop: Organisation) -> None:
    """Neither deleted nor begun; inactive is only closed for sale. All shows are listed."""
    show, event = shop.events[80001].shows[0], shop.events[80001]
    seen = [row(shop).is_open]
    show.is_active = False
    seen.append(row(shop).is_open)
    show.is_active, show.deleted_at = True, shop.now
    seen.append(row(shop).is_open)
    show.deleted_at, event.deleted_at = None, shop.now
    seen.append(row(shop).is_open)
    event.deleted_at, shop.now = None, show.starts_at
    seen.append(row(shop).is_open)
    assert seen == [True, True, False, False, False]
    assert [one.event_id for one in Ledger(shop).inventory()] == ["80001", "80002"]


def test_the_ledger_as_json_holds_the_inventory(shop: Organisation) -> None:
    """Whole numbers and ids as text."""
    assert Ledger(shop).as_json()["inventory"][0] == {
        "event_id": "80001", "show_id": "800010", "capacity": 200, "sold": 0, "reserved": 0,
        "left": 200, "is_open": True,
    }  # fmt: skip


def counted(seats: Iterable[dict[str, Any]]) -> tuple[int, int, int, int]:
    """Count a hall as a loader does: enabled rows by physical seat."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for seat in seats:
        if not seat["disabled"]:
            groups[seat["root_id"] or seat["id"]].append(seat)
    total = [0, 0, 0, 0]
    for rows in groups.values():
        most = max(one["max_quantity"] for one in rows)
        left = max(one["free_quantity"] for one in rows)
        sold = min(sum(one["payed_quantity"] for one in rows), most - left)
        unpaid = sum(max(one["ordered_quantity"] - one["payed_quantity"], 0) for one in rows)
        held = unpaid + sum(one["in_basket_quantity"] for one in rows)
        reserved = min(held, most - left - sold)
        for place, figure in enumerate((most, sold, reserved, left)):
            total[place] += figure
    return total[0], total[1], total[2], total[3]


@pytest.mark.parametrize("seed", range(20))
def test_the_hall_and_the_ledger_agree_whatever_happens(shop: Organisation, seed: int) -> None:
    """Random tariffs, orders, baskets, refunds, deletions, disabled seats and smaller zones."""
    random = Random(seed)
    event = shop.events[80001]
    show = event.shows[0]
    show.zones = (*show.zones, Zone("FAN", "Фан", 900003, Decimal(500), capacity=30))
    for _ in range(120):
        happen(shop, random)
    if seed % 2:
        show.tariffs = (Tariff("full", "Полный"), Tariff("child", "Детский", Decimal("0.5")))
    for _ in range(60):
        happen(shop, random)
    seats = hall(Halls(shop), event, show, SeatsQuery(select=SELECT, is_flat=True))
    assert counted(seats.values()) == figures(shop)
    assert row(shop).sold > 10


def happen(shop: Organisation, random: Random) -> None:
    """Let one thing happen in the hall."""
    slug = random.choice(["PARTERRE", "BALKON", "FAN"])
    codes = [tariff.code for tariff in shop.events[80001].shows[0].tariffs]
    tariff = random.choice(codes) if codes else None
    orders = shop.orders or [shop.insert_order(event_id=80001)]
    order = random.choice(orders)
    match random.randrange(9):
        case 0 | 1 | 2:
            shop.insert_order(event_id=80001, prices=(100, 200), zone=slug, tariff=tariff)
        case 3:
            shop.insert_order(event_id=80001, paid=False, zone=slug, tariff=tariff)
        case 4:
            shop.hold(SHOW, slug, 0 if slug == "FAN" else random.randrange(100), tariff=tariff)
        case 5:
            shop.refund(order.id, amount=random.choice([None, 10]))
        case 6:
            shop.cancel(order.id)
        case 7:
            shop.delete_ticket(order.tickets[0].id)
        case _:
            disabled = frozenset(random.sample(range(1, 100), 5))
            smaller = random.choice([8, 20, 60, 100])
            shop.change_zone(SHOW, slug, disabled=disabled, capacity=smaller)

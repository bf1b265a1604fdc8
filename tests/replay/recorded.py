"""The organiser on the cassettes, small enough to be read and with every state a stream knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from zakaz_emulators.qtickets import (
    Discount,
    Organisation,
    PromoCode,
    Show,
    Tariff,
    Zone,
    small_organisation,
)

HALL, STANDING, BARE = 800_010, 800_020, 800_021
FIRST_ORDER = 7_000_001


def recorded_organisation() -> Organisation:
    """Give two pages of orders, three halls, two discounts and five promo codes."""
    organisation = small_organisation(17)
    ids = [order.id for order in organisation.orders]
    organisation.refund(ids[4])
    organisation.cancel(ids[6])
    _halls(organisation)
    organisation.insert_order(event_id=80001, prices=("19.99",), paid=False, tariff="child")
    organisation.insert_order(
        event_id=80002, prices=(500, 500), discount_id=4401, promo_code_id=55_001
    )
    organisation.hold(HALL, "BALKON", 5)
    _reductions(organisation)
    return organisation


def _halls(organisation: Organisation) -> None:
    numbered = organisation.events[80001].shows[0]
    numbered.zones = tuple(replace(zone, capacity=20) for zone in numbered.zones)
    numbered.tariffs = (Tariff("full", "Полный"), Tariff("child", "Детский", Decimal("0.5")))
    organisation.change_zone(HALL, "BALKON", disabled=frozenset({18, 19}))
    other = organisation.events[80002]
    standing = other.shows[0]
    fan = Zone("FAN", "Фан-зона", 900003, Decimal(500), capacity=300)
    standing.zones = (*(replace(zone, capacity=20) for zone in standing.zones[1:]), fan)
    other.shows.append(
        Show(
            id=BARE,
            event_id=other.id,
            starts_at=standing.starts_at + timedelta(days=7),
            finishes_at=standing.finishes_at + timedelta(days=7),
            created_at=standing.created_at,
            updated_at=standing.updated_at,
            zones=(),
        )
    )


def _reductions(organisation: Organisation) -> None:
    now = organisation.now
    made = now - timedelta(days=60)
    organisation.put_discount(
        Discount(4401, "Скидка 20%", made, (80001,), now + timedelta(days=9), show_ids=(HALL,))
    )
    organisation.put_discount(Discount(4402, "Подписчикам 10%", made, deleted_at=now))
    for promo in (
        PromoCode(55_003, 4401, "СЕМЬЯ20", made),
        PromoCode(55_001, 4401, "early15", made, deleted_at=now, updated_at=now),
        PromoCode(55_005, 4401, "EARLY15", made, 50),
        PromoCode(55_002, 4402, "vk10", made, is_active=False),
        PromoCode(55_004, 4402, "ТЕЛЕГРАМ10", made, active_to=now),
    ):
        organisation.put_promo_code(promo)

"""A small organisation for tests: two events in two zones, as many orders as asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.records import MOSCOW, City, Event, Show, Zone

KAZAN = City(91, "Казань", "Europe/Moscow", "kazan", 55.79, 49.12)
TOMSK = City(92, "Томск", "Asia/Krasnoyarsk", "tomsk", 56.48, 84.95)
SAMPLE_NOW = datetime(2026, 3, 20, 15, 0, tzinfo=MOSCOW)
UTM_TAGS: Sequence[dict[str, str]] = (
    {},
    {"utm_source": "vk", "utm_medium": "cpc", "utm_campaign": "vesna"},
    {
        "utm_source": "yandex",
        "utm_medium": "cpc",
        "utm_campaign": "vesna",
        "utm_content": "казань_05_02",
        "utm_term": "ёлка",
    },
)


def small_organisation(orders: int = 123, *, now: datetime = SAMPLE_NOW) -> Organisation:
    """Give two events and so many paid orders, one every three hours, the newest last."""
    organisation = Organisation(
        now=now,
        events=[_event(80001, KAZAN, now, orders), _event(80002, TOMSK, now, orders)],
    )
    for place in range(orders):
        created = now - timedelta(hours=3) * (orders - place)
        organisation.insert_order(
            event_id=80001 + place % 2,
            prices=(1000, 700)[: 1 + place % 2],
            created_at=created,
            utm=UTM_TAGS[place % 3],
            client_id=9_000_001 + place % 50,
        )
    return organisation


def hall(orders: int) -> tuple[Zone, ...]:
    """Give two zones in rows of twenty, each with a place for so many orders and some more."""
    capacity = 100 + orders // 40 * 20
    return (
        Zone("PARTERRE", "Партер", 900001, Decimal(1000), 20, capacity),
        Zone("BALKON", "Балкон", 900002, Decimal(700), 20, capacity, color_theme="8"),
    )


def _event(number: int, city: City, now: datetime, orders: int) -> Event:
    made = now - timedelta(days=120)
    starts = (now + timedelta(days=20)).replace(hour=18, minute=0, second=0, microsecond=0)
    show = Show(
        id=number * 10,
        event_id=number,
        starts_at=starts,
        finishes_at=starts + timedelta(minutes=90),
        created_at=made,
        updated_at=made,
        zones=hall(orders),
    )
    return Event(
        id=number,
        name=f"Снежная сказка ({city.name})",
        city=city,
        place_name='ДК "Пример"',
        created_at=made,
        updated_at=made,
        shows=[show],
        slug=f"snezhnaya-skazka-{city.slug}",
    )

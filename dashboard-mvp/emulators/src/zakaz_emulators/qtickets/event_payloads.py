"""Events, shows and the small dictionaries as the JSON objects of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zakaz_emulators.qtickets.payloads import SITE, moment, number
from zakaz_emulators.qtickets.records import Discount, Event, PromoCode, Show, Zone

SHOW_OF_A_DISCOUNT = (
    "id", "is_active", "event_id", "sale_start_date", "sale_finish_date", "open_date", "start_date",
    "finish_date", "created_at", "updated_at", "deleted_at",
)  # fmt: skip


def event_payload(event: Event) -> dict[str, Any]:
    """Write an event with its shows, soft-deleted ones included."""
    city = event.city
    return {
        "id": event.id,
        "is_active": int(event.is_active),
        "name": event.name,
        "scheme_id": 7000 + event.id % 1000,
        "currency_id": event.currency_id,
        "place_name": event.place_name,
        "place_address": event.place_address,
        "place_description": "",
        "city_id": city.id,
        "description": event.description,
        "site_url": f"https://show.example.test/{city.slug}",
        "external_id": None,
        "ticket_id": 35,
        "mail_template_id": 31,
        "age": event.age,
        "shows": [show_payload(show) for show in event.shows],
        "payments": [
            {
                "id": 301,
                "is_active": True,
                "name": "ООО Пример",
                "handler": "payanyway",
                "agree_url": f"{SITE}/legal/example/1?event={event.id}",
            }
        ],
        "poster": {
            "id": 50000 + event.id % 1000,
            "content_type": "image/jpeg",
            "file_size": 100000,
            "url": f"{SITE}/storage/app/uploads/public/000/000/000/x.jpg",
        },
        "event_type_id": event.event_type_id,
        "city": {"id": city.id, "name": city.name, "timezone": city.timezone},
        "ticket": {"id": 35, "is_active": 1, "name": "Системный шаблон"},
        "mail_template": {"id": 31, "is_active": 1, "name": "Системный шаблон"},
        "slug": event.slug,
        "place_coordinates": [city.latitude, city.longitude],
        "url": f"https://{city.slug}.qtickets.events/{event.id}-{event.slug}",
        "created_at": moment(event.created_at),
        "updated_at": moment(event.updated_at),
        "deleted_at": moment(event.deleted_at),
    }


def show_payload(show: Show) -> dict[str, Any]:
    """Write a show; its price range is null on some shows, as captured."""
    prices = [price_payload(zone) for zone in show.zones]
    ranged = sorted(show.zones, key=lambda zone: zone.price) if show.has_price_range else []
    return {
        "id": show.id,
        "name": show.name,
        "is_active": int(show.is_active),
        "sale_start_date": moment(show.sale_starts_at),
        "sale_finish_date": moment(show.sale_finishes_at or show.starts_at),
        "open_date": moment(show.starts_at),
        "start_date": moment(show.starts_at),
        "finish_date": moment(show.finishes_at),
        "scheme_properties": scheme_payload(show),
        "prices": prices,
        "min_price": price_payload(ranged[0]) if ranged else None,
        "max_price": price_payload(ranged[-1]) if ranged else None,
        "created_at": moment(show.created_at),
        "updated_at": moment(show.updated_at),
        "deleted_at": moment(show.deleted_at),
    }


def price_payload(zone: Zone) -> dict[str, Any]:
    """Write the price of a zone; the colour's id is a string."""
    return {
        "id": zone.price_id,
        "default_price": number(zone.price),
        "color_theme": zone.color_theme,
        "modifiers": [],
    }


def scheme_payload(show: Show) -> dict[str, Any]:
    """Write the hall's settings: everything inside is a string, even ids and flags."""
    zones: dict[str, Any] = {}
    for zone in show.zones:
        rows: Any = [""]
        if zone.places:
            count = max(1, min(40, zone.capacity // zone.places))
            rows = {
                str(row): {"disabled": "0", "price_id": str(zone.price_id)}
                for row in range(1, count + 1)
            }
        zones[zone.slug] = {
            "disabled": "0",
            "price_id": "" if zone.places else str(zone.price_id),
            "label": "",
            "rows": rows,
            "spread": {"enabled": ""},
        }
    opened = {zone.slug: {"opened": "0", "was_opened": "1"} for zone in show.zones}
    scheme: dict[str, Any] = {"admin": {"zones": opened}, "zones": zones}
    seats = {
        zone.seat_id(seat): {"disabled": "1", "spread": {"enabled": ""}}
        for zone in show.zones
        for seat in sorted(zone.disabled)
    }
    return scheme | ({"seats": seats} if seats else {})


def discount_payload(discount: Discount, events: Mapping[int, Event]) -> dict[str, Any]:
    """Write a discount; there is no field for its size."""
    limited = [events[event_id] for event_id in discount.event_ids if event_id in events]
    shows = {show.id: show for event in events.values() for show in event.shows}
    return {
        "id": discount.id,
        "is_active": int(discount.is_active),
        "name": discount.name,
        "active_from": moment(discount.active_from),
        "active_to": moment(discount.active_to),
        "type": "P",
        "events": [
            {
                "id": event.id,
                "is_active": int(event.is_active),
                "name": event.name,
                "deleted_at": moment(event.deleted_at),
            }
            for event in limited
        ],
        "shows": [
            _show_of_a_discount(shows[number]) for number in discount.show_ids if number in shows
        ],
        "created_at": moment(discount.created_at),
        "updated_at": moment(discount.updated_at or discount.created_at),
        "deleted_at": moment(discount.deleted_at),
    }


def _show_of_a_discount(show: Show) -> dict[str, Any]:
    payload = show_payload(show) | {"event_id": show.event_id}
    return {name: payload[name] for name in SHOW_OF_A_DISCOUNT}


def promo_code_payload(promo: PromoCode) -> dict[str, Any]:
    """Write a promo code; there is no usage counter and no value."""
    return {
        "id": promo.id,
        "is_active": int(promo.is_active),
        "type": 0,
        "discount_id": promo.discount_id,
        "code": promo.code,
        "max_uses_count": promo.max_uses_count,
        "active_from": moment(promo.active_from),
        "active_to": moment(promo.active_to),
        "created_at": moment(promo.created_at),
        "updated_at": moment(promo.updated_at or promo.created_at),
        "deleted_at": moment(promo.deleted_at),
    }

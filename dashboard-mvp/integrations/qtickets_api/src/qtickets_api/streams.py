"""The streams of Qtickets: what each is called, where it is listed and how a page becomes rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from qtickets_api import dictionaries, transform
from qtickets_api.transform import Item, Stamp, Taken

EVENTS, ORDERS, DISCOUNTS, PROMO_CODES, INVENTORY = (
    "events",
    "orders",
    "discounts",
    "promo_codes",
    "inventory",
)
# Read in this order: orders name events, and seats are counted of the shows just read.
STREAMS = (EVENTS, ORDERS, DISCOUNTS, PROMO_CODES, INVENTORY)
# Without these two there is nothing to show; a failure of the others leaves the rest standing.
REQUIRED = (EVENTS, ORDERS)

# Whole, an event weighs about 130 KB, nearly all of it the drawing of the hall; an order 4 KB.
_EVENTS_PER_PAGE = 20
_ENTRIES_PER_PAGE = 500
_EVENT_FIELDS = (
    *("id", "name", "is_active", "currency_id", "place_name", "city_id"),
    *("city.id", "city.name", "city.timezone"),
    *("created_at", "updated_at", "deleted_at"),
    *("shows.id", "shows.name", "shows.is_active", "shows.start_date", "shows.finish_date"),
    *("shows.sale_start_date", "shows.sale_finish_date"),
    *("shows.created_at", "shows.updated_at", "shows.deleted_at"),
)


@dataclass(frozen=True, slots=True)
class Stream(Generic[Item]):
    """One list of the API; ``select`` names the fields wanted where whole rows are too heavy."""

    name: str
    path: str
    per_page: int
    read: Callable[[Sequence[bytes], Stamp], Taken[Item]]
    select: tuple[str, ...] = ()
    has_details: bool = True  # the thing has an address of its own, <path>/<id>


def stream_of(name: str, orders_per_page: int) -> Stream[Any]:
    """Give a stream by name; the seats of a show are no list, so inventory is none of these."""
    match name:
        case "events":
            return Stream(name, "/events", _EVENTS_PER_PAGE, transform.events, _EVENT_FIELDS)
        case "orders":
            return Stream(name, "/orders", orders_per_page, transform.orders)
        case "discounts":
            return Stream(name, "/discounts", _ENTRIES_PER_PAGE, dictionaries.discounts)
        case _:
            return Stream(
                name,
                "/promo-codes",
                _ENTRIES_PER_PAGE,
                dictionaries.promo_codes,
                has_details=False,
            )

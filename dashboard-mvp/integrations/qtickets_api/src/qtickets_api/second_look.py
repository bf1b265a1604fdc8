"""A second look at orders: keys that come twice, and fields that nobody knows yet.

A decoder of a whitelist sees neither: of two equal keys the last one counts without a word (P19),
and an unknown field is passed over (P10). To see them the keys must be read as well, which takes
five times as long. So the orders of a page of up to 50 are looked at, and of longer ones those of
the first page of a run and of every twentieth after it; once one of them told something, of every
page. Values are not looked at, and nothing of them is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from qtickets_api.taken import DUPLICATE_KEY
from qtickets_api.wire import MalformedError, members

SHORT_PAGE = 50
_EVERY = 20

ORDER_FIELDS = frozenset({
    "id", "uniqid", "payed", "payed_at", "client_id", "client", "site_id", "site", "payment_id",
    "payment_type_id", "payment_card_number", "payment_url", "cancel_url", "basket_user_id",
    "backend_user_id", "access_code_id", "discount_id", "promo_code_id", "reserved",
    "reserved_to", "reserve_extended", "event_id", "price", "original_price", "currency_id",
    "utm", "custom", "fields", "baskets", "refunds", "integrations", "created_at", "updated_at",
    "deleted_at", "primary_orders", "secondary_orders",
})  # fmt: skip
TICKET_FIELDS = frozenset({
    "id", "series", "barcode", "show_id", "seat_id", "seat_name", "original_price",
    "ticket_original_price", "discount_value", "price", "ticket_amount", "service_fee_amount",
    "multiprice_code", "quantity", "client_email", "client_phone", "client_name",
    "client_surname", "client_middlename", "organization_name", "legal_name", "work_position",
    "inn", "kpp", "comment", "pdf_url", "passbook_url", "gpass_url", "related_baskets",
    "services", "checked_at", "created_at", "updated_at", "deleted_at", "refunded_at",
    "refunded_amount", "refunded_deduction_amount", "refunds",
})  # fmt: skip


class Turns:
    """Says for the pages of a run, one after the other, whether a long one is looked at."""

    def __init__(self) -> None:
        self._pages = 0
        self._tells = False

    def is_due(self) -> bool:
        """Say it for the next page."""
        self._pages += 1
        return self._tells or self._pages % _EVERY == 1

    def found(self, *, something: bool) -> None:
        """Hear what came of a page: where something was found, there is more."""
        self._tells = self._tells or something


def new_fields(raw: bytes) -> set[str]:
    """Give the fields of an order that are in no list; raises MalformedError for a key twice.

    What is no JSON at all is left to the decoder, which has a reason for it.
    """
    try:
        order = json.loads(bytes(raw), object_pairs_hook=_object, parse_int=str, parse_float=str)
    except MalformedError:
        raise
    except (ValueError, RecursionError):
        return set()
    return set(_unknown(order))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    twice = next(name for name in names if names.count(name) > 1)
    known = ORDER_FIELDS | TICKET_FIELDS
    raise MalformedError(DUPLICATE_KEY, twice if twice in known else "")


def _unknown(order: Any) -> Iterator[str]:
    if not isinstance(order, dict):
        return
    yield from order.keys() - ORDER_FIELDS
    baskets = order.get("baskets")
    for line in members(baskets) if isinstance(baskets, list | dict) else ():
        if isinstance(line, dict):
            yield from (f"baskets.{name}" for name in line.keys() - TICKET_FIELDS)

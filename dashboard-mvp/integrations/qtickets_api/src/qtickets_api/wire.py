"""The parts of Qtickets answers that cross the border: a whitelist, so a buyer is never decoded.

The API is PHP: an empty object arrives as ``[]``, a list with holes as an object keyed by digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

# Ids are whole numbers today; digits as text are the same id, a float is none (P02).
Id = int | str
# Instants are ISO text today; epoch numbers are read too (P08).
Instant = str | int
Flag = bool | int
# Amounts stay as they were sent until ``zakaz.money`` reads them, each text once.
Amount = Raw
NULL = Raw(b"null")


class Keys(Struct, frozen=True, gc=False):
    """What filters and order are checked on, whatever the types."""

    id: Any = None
    updated_at: Any = None
    payed_at: Any = None
    event_id: Any = None


class Utm(Struct, frozen=True, gc=False):
    """The five tags; any other key of the object stays outside."""

    utm_source: Any = None
    utm_medium: Any = None
    utm_campaign: Any = None
    utm_content: Any = None
    utm_term: Any = None


class Basket(Struct, frozen=True, gc=False):
    """One ticket line."""

    id: Id
    created_at: Instant
    updated_at: Instant
    price: Amount
    original_price: Amount
    quantity: int
    show_id: Id | None = None
    deleted_at: Instant | None = None
    refunded_at: Instant | None = None
    discount_value: Amount = NULL
    service_fee_amount: Amount = NULL
    refunded_amount: Amount = NULL
    refunded_deduction_amount: Amount = NULL
    client_surname: Raw = NULL  # looked at in ``buyer``, to keep it out of the tags


class Order(Struct, frozen=True, gc=False):
    """One order with its ticket lines."""

    id: Id
    event_id: Id
    payed: Flag
    created_at: Instant
    updated_at: Instant
    price: Amount
    original_price: Amount
    baskets: list[Basket] | dict[str, Basket] | None
    payed_at: Instant | None = None
    deleted_at: Instant | None = None
    currency_id: Any = None  # what is no code is stored as unknown
    discount_id: Id | None = None
    promo_code_id: Id | None = None
    utm: Raw = NULL  # read in ``tags``, each text once
    client: Raw = NULL  # looked at in ``buyer``, like the tickets' surnames


class City(Struct, frozen=True, gc=False):
    """The city of an event; the only place where a city is named."""

    id: Any = None
    name: Any = None
    timezone: Any = None


class Show(Struct, frozen=True, gc=False):
    """One performance; what each field holds is looked at one by one."""

    id: Id
    start_date: Any = None
    created_at: Any = None
    updated_at: Any = None
    name: Any = None
    finish_date: Any = None
    sale_start_date: Any = None
    sale_finish_date: Any = None
    is_active: Any = True
    deleted_at: Any = None


class Event(Struct, frozen=True, gc=False):
    """One event with its shows; only its id must be one, or nothing is known to be this event."""

    id: Id
    created_at: Any = None
    updated_at: Any = None
    name: Any = None
    city: Any = None
    city_id: Any = None
    place_name: Any = None
    currency_id: Any = None
    is_active: Any = True
    shows: Any = None
    deleted_at: Any = None


decode_keys = msgspec.json.Decoder(Keys).decode
decode_order = msgspec.json.Decoder(Order).decode
decode_event = msgspec.json.Decoder(Event).decode


def keys_of(raw: bytes) -> Keys | None:
    """Give the keys of a row, None when it cannot be read."""
    try:
        return decode_keys(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


_IDS = frozenset({"id", "event_id", "show_id", "city_id", "discount_id", "promo_code_id"})
_DATES = frozenset({
    "created_at", "updated_at", "deleted_at", "payed_at", "refunded_at",
    "start_date", "finish_date", "sale_start_date", "sale_finish_date",
})  # fmt: skip
_REQUIRED = re.compile(r"missing required field `(\w+)`")
_PATH = re.compile(r"at `\$(.*)`$")
LONGEST_PATH = 80
_WHOLE = re.compile(r"\s*-?[0-9]{1,20}\s*")
_FIRST_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*"?(\d{1,20})\b')


class MalformedError(ValueError):
    """A row that cannot be taken: a short reason code and the field, never a value."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(f"{reason}: {field}" if field else reason)
        self.reason = reason
        self.field = field


# What a row that cannot be taken raises.
UNREADABLE = (MalformedError, msgspec.MsgspecError, UnicodeError, RecursionError)


def malformed(error: Exception) -> MalformedError:
    """Word what a decoder refused as a reason code and the place in the row."""
    if isinstance(error, MalformedError):
        return error
    if isinstance(error, UnicodeError):
        return MalformedError("bad_text")
    if not isinstance(error, msgspec.ValidationError):
        return MalformedError("bad_json")
    text = str(error)
    found = _PATH.search(text)
    path = found[1].removeprefix(".") if found else ""
    required = _REQUIRED.search(text)
    if required:
        return MalformedError("missing_key", f"{path}.{required[1]}".removeprefix("."))
    if not path:
        return MalformedError("not_an_object")
    return MalformedError(reason_of(path), path)


def reason_of(path: str) -> str:
    """Return the reason code that fits the last field of a path such as ``baskets[0].show_id``."""
    field = re.sub(r"\[[^\]]*\]", "", path).rpartition(".")[2]
    if field in _IDS:
        return "bad_id"
    if field in _DATES:
        return "bad_date"
    return "bad_quantity" if field == "quantity" else "bad_type"


def row_key(raw: bytes) -> str:
    """Give the id of a row as far as it can be read, for people who look for it.

    Only its own: further on stand those of the buyer and of the tickets.
    """
    try:
        sent = decode_keys(raw).id
    except UNREADABLE:
        found = _FIRST_ID.match(raw)
        return found[1].decode() if found else ""
    return str(sent).strip() if _WHOLE.fullmatch(str(sent)) else ""


def members(value: Sequence[Any] | dict[str, Any] | None) -> list[Any]:
    """Give the items of a PHP list, which is an object when it has holes and null when empty."""
    if type(value) is list:
        return value
    if not value:
        return []
    return list(value.values()) if isinstance(value, dict) else list(value)

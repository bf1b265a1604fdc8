"""Discounts and promo codes in, typed staging rows out; pure functions only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from zakaz.scrub import scrub_contacts

from qtickets_api.readable import Readable
from qtickets_api.rows import Discount, PromoCode
from qtickets_api.transform import DictionaryRow, Stamp, Taken, take
from qtickets_api.values import flag, identity, identity_or_none, instant_or_none, name_of, text
from qtickets_api.wire import Id, MalformedError

_USES = range(2**32)


class WireDiscount(Struct, frozen=True, gc=False):
    """One discount; its size is in no field."""

    id: Id
    created_at: Any = None
    updated_at: Any = None
    name: Any = None
    is_active: Any = True
    active_from: Any = None
    active_to: Any = None
    deleted_at: Any = None


class WirePromoCode(Struct, frozen=True, gc=False):
    """One promo code."""

    id: Id
    created_at: Any = None
    updated_at: Any = None
    code: Any = None
    discount_id: Any = None
    is_active: Any = True
    max_uses_count: Any = None
    active_from: Any = None
    active_to: Any = None
    deleted_at: Any = None


_decode_discount = msgspec.json.Decoder(WireDiscount).decode
_decode_promo_code = msgspec.json.Decoder(WirePromoCode).decode


def discounts(raws: Sequence[bytes], stamp: Stamp) -> Taken[DictionaryRow]:
    """Take the discounts of one page; each that cannot be read is rejected alone."""
    return take(
        "discount", raws, lambda raw, taken: discount_row(_decode_discount(raw), stamp, taken)
    )


def promo_codes(raws: Sequence[bytes], stamp: Stamp) -> Taken[DictionaryRow]:
    """Take the promo codes of one page."""
    return take(
        "promo_code", raws, lambda raw, taken: promo_code_row(_decode_promo_code(raw), stamp, taken)
    )


def discount_row(
    discount: WireDiscount, stamp: Stamp, taken: Taken[DictionaryRow]
) -> DictionaryRow:
    """Turn one discount into a row, what cannot be read left empty; raises MalformedError."""
    discount_id, fields = identity(discount.id, "id"), Readable()
    row = Discount(
        account_id=stamp.account_id,
        discount_id=discount_id,
        discount_name=scrub_contacts(fields.field(name_of, discount.name, "name", "")),
        **_validity(discount, stamp, fields),
    )
    taken.unread += fields.unread
    return DictionaryRow(row)


def promo_code_row(
    promo: WirePromoCode, stamp: Stamp, taken: Taken[DictionaryRow]
) -> DictionaryRow:
    """Turn one promo code into a row, what cannot be read left empty; raises MalformedError.

    A number of uses that cannot be read is stored as 0, without limit.
    """
    promo_code_id, fields = identity(promo.id, "id"), Readable()
    row = PromoCode(
        account_id=stamp.account_id,
        promo_code_id=promo_code_id,
        discount_id=fields.field(identity_or_none, promo.discount_id, "discount_id", ""),
        promo_code=scrub_contacts(fields.field(text, promo.code, "code", "")),
        max_uses=fields.field(_uses, promo.max_uses_count, "max_uses_count", 0),
        **_validity(promo, stamp, fields),
    )
    taken.unread += fields.unread
    return DictionaryRow(row)


def _validity(sent: WireDiscount | WirePromoCode, stamp: Stamp, fields: Readable) -> dict[str, Any]:
    """Return what a discount and a code have alike: from when to when they hold, and their age."""
    created_at, updated_at = fields.lifetime(sent.created_at, sent.updated_at)
    return {
        "is_active": fields.field(flag, sent.is_active, "is_active", True),
        "active_from": fields.field(instant_or_none, sent.active_from, "active_from", None),
        "active_to": fields.field(instant_or_none, sent.active_to, "active_to", None),
        "created_at": created_at,
        "updated_at": updated_at,
        "deleted_at": fields.field(instant_or_none, sent.deleted_at, "deleted_at", None),
        "ver": stamp.version(updated_at),
        "loaded_at": stamp.loaded_at,
    }


def _uses(sent: Any, field: str) -> int:
    if sent is None:
        return 0
    if type(sent) is not int or sent not in _USES:
        raise MalformedError("bad_quantity", field)
    return sent

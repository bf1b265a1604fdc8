"""Discounts and promo codes in, typed staging rows out; pure functions only."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from zakaz.scrub import scrub_contacts

from qtickets_api.rows import Discount, PromoCode
from qtickets_api.transform import DictionaryRow, Stamp, Taken, take
from qtickets_api.values import flag, identity, identity_or_none, instant, instant_or_none, name_of
from qtickets_api.wire import Flag, Id, Instant, MalformedError

_USES = range(2**32)


class WireDiscount(Struct, frozen=True, gc=False):
    """One discount; its size is in no field."""

    id: Id
    created_at: Instant
    updated_at: Instant
    name: str | dict[str, str] | list[str] | None = None
    is_active: Flag = True
    active_from: Instant | None = None
    active_to: Instant | None = None
    deleted_at: Instant | None = None


class WirePromoCode(Struct, frozen=True, gc=False):
    """One promo code."""

    id: Id
    created_at: Instant
    updated_at: Instant
    code: str | int | None = None
    discount_id: Id | None = None
    is_active: Flag = True
    max_uses_count: int | None = None
    active_from: Instant | None = None
    active_to: Instant | None = None
    deleted_at: Instant | None = None


_decode_discount = msgspec.json.Decoder(WireDiscount).decode
_decode_promo_code = msgspec.json.Decoder(WirePromoCode).decode


def discounts(raws: Sequence[bytes], stamp: Stamp) -> Taken[DictionaryRow]:
    """Take the discounts of one page; each that cannot be read is rejected alone."""
    return take("discount", raws, lambda raw: discount_row(_decode_discount(raw), stamp))


def promo_codes(raws: Sequence[bytes], stamp: Stamp) -> Taken[DictionaryRow]:
    """Take the promo codes of one page."""
    return take("promo_code", raws, lambda raw: promo_code_row(_decode_promo_code(raw), stamp))


def discount_row(discount: WireDiscount, stamp: Stamp) -> DictionaryRow:
    """Turn one discount into a row; raises MalformedError."""
    updated_at = instant(discount.updated_at, "updated_at")
    return DictionaryRow(
        Discount(
            account_id=stamp.account_id,
            discount_id=identity(discount.id, "id"),
            discount_name=scrub_contacts(name_of(discount.name)),
            is_active=flag(discount.is_active, "is_active"),
            active_from=instant_or_none(discount.active_from, "active_from"),
            active_to=instant_or_none(discount.active_to, "active_to"),
            created_at=instant(discount.created_at, "created_at"),
            updated_at=updated_at,
            deleted_at=instant_or_none(discount.deleted_at, "deleted_at"),
            ver=stamp.version(updated_at),
            loaded_at=stamp.loaded_at,
        )
    )


def promo_code_row(promo: WirePromoCode, stamp: Stamp) -> DictionaryRow:
    """Turn one promo code into a row; raises MalformedError."""
    uses = promo.max_uses_count or 0
    if uses not in _USES:
        raise MalformedError("bad_quantity", "max_uses_count")
    updated_at = instant(promo.updated_at, "updated_at")
    code = "" if promo.code is None else str(promo.code)
    return DictionaryRow(
        PromoCode(
            account_id=stamp.account_id,
            promo_code_id=identity(promo.id, "id"),
            discount_id=identity_or_none(promo.discount_id, "discount_id"),
            promo_code=scrub_contacts(name_of(code)),
            is_active=flag(promo.is_active, "is_active"),
            max_uses=uses,
            active_from=instant_or_none(promo.active_from, "active_from"),
            active_to=instant_or_none(promo.active_to, "active_to"),
            created_at=instant(promo.created_at, "created_at"),
            updated_at=updated_at,
            deleted_at=instant_or_none(promo.deleted_at, "deleted_at"),
            ver=stamp.version(updated_at),
            loaded_at=stamp.loaded_at,
        )
    )

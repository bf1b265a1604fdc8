"""Orders of Qtickets in, columns of orders and of tickets out; pure functions only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from operator import and_
from types import NoneType
from typing import Any

import msgspec
from zakaz.packed import Columns, Identities, Instants, Texts, Versions

from qtickets_api import envelope, second_look, wire
from qtickets_api.order_block import OrderBlock
from qtickets_api.tags import tag_columns
from qtickets_api.taken import OrderRows, Rejected, Stamp, Taken
from qtickets_api.values import UNKNOWN_CURRENCY, currency
from qtickets_api.wire import UNREADABLE, MalformedError
from qtickets_api.wire_columns import (
    amounts,
    counts,
    each_once,
    flags,
    identities,
    instants,
    optional_amounts,
    optional_identities,
    optional_instants,
)

_TAGS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "utm_raw")


def orders(raws: Sequence[bytes], stamp: Stamp) -> Taken[OrderRows]:
    """Take the orders of one page; each that cannot be read is rejected alone."""
    rejected, unknown = list[Rejected](), Counter[str]()
    rows = envelope.decode_orders(raws)
    received = len(raws if rows is None else rows)
    if stamp.looks_twice or received <= second_look.SHORT_PAGE:
        raws = _clear(raws, rejected, unknown)
    if rows is None or rejected:
        raws, rows = _decoded(raws, rejected)
    try:
        block = _block(rows, raws, stamp)
    except UNREADABLE:
        raws, rows = _standing(rows, raws, stamp, rejected)
        block = _block(rows, raws, stamp)
    winners = _winners(block, raws)
    duplicate = len(block) - len(winners)
    if duplicate:
        block = block.chosen(winners)
    taken = Taken(received, block, rejected, duplicate, unknown)
    taken.unread["currency_id"] += list(block.orders["currency"]).count(UNKNOWN_CURRENCY)
    taken.met["order"] += received
    return taken


def _clear(
    raws: Sequence[bytes], rejected: list[Rejected], unknown: Counter[str]
) -> Sequence[bytes]:
    """Count fields that are new, and give the orders without those that say one thing twice."""
    clear = []
    for raw in raws:
        try:
            unknown.update(second_look.new_fields(raw))
            clear.append(raw)
        except MalformedError as error:
            rejected.append(_rejected(raw, error))
    return clear


def _decoded(
    raws: Sequence[bytes], rejected: list[Rejected]
) -> tuple[Sequence[bytes], list[wire.Order]]:
    """Give the orders that can be decoded, one by one."""
    sent, rows = [], []
    for raw in raws:
        try:
            rows.append(wire.decode_order(raw))
            sent.append(raw)
        except UNREADABLE as error:
            rejected.append(_rejected(raw, error))
    return sent, rows


def _standing(
    rows: Sequence[wire.Order], raws: Sequence[bytes], stamp: Stamp, rejected: list[Rejected]
) -> tuple[Sequence[bytes], list[wire.Order]]:
    """Give the orders that can be taken; each other one is refused with its reason."""
    sent, taken = [], []
    for row, raw in zip(rows, raws, strict=True):
        try:
            _block([row], [raw], stamp)
        except UNREADABLE as error:
            rejected.append(_rejected(raw, error))
        else:
            sent.append(raw)
            taken.append(row)
    return sent, taken


def _rejected(raw: bytes, error: Exception) -> Rejected:
    fault = wire.malformed(error)
    return Rejected("order", wire.row_key(raw), fault.reason, fault.field[: wire.LONGEST_PATH])


def _winners(block: OrderBlock, raws: Sequence[bytes]) -> Sequence[int]:
    """Give the places of the orders to keep: of two with one id the newer version.

    Of two equal versions the greater text wins, whatever their order.
    """
    ids, versions = block.orders["order_id"].numbers, block.orders["_ver"].numbers
    if len(set(ids)) == len(ids):
        return range(len(ids))
    best: dict[int, tuple[int, bytes, int]] = {}
    for place, (number, version) in enumerate(zip(ids, versions, strict=True)):
        rival = (version, bytes(raws[place]), place)
        best[number] = max(best.get(number, rival), rival)
    return sorted(place for _, _, place in best.values())


def _block(rows: Sequence[wire.Order], raws: Sequence[bytes], stamp: Stamp) -> OrderBlock:
    """Turn orders and their ticket lines into columns; raises one of UNREADABLE.

    Beside the orders stand their texts.
    """
    if not rows:
        return OrderBlock()
    order_ids = identities([one.id for one in rows], "id")
    event_ids = identities([one.event_id for one in rows], "event_id")
    payed = flags([one.payed for one in rows], "payed")
    payed_at = optional_instants([one.payed_at for one in rows], "payed_at")
    if any(map(and_, payed.numbers, payed_at.absent)):
        raise MalformedError("bad_date", "payed_at")  # a sale without a day belongs to no day
    updated_at = instants([one.updated_at for one in rows], "updated_at")
    tags = tag_columns(rows, raws)
    orders: Columns = {
        "order_id": order_ids,
        "event_id": event_ids,
        "payed": payed,
        "payed_at": payed_at,
        "created_at": instants([one.created_at for one in rows], "created_at"),
        "updated_at": updated_at,
        "deleted_at": optional_instants([one.deleted_at for one in rows], "deleted_at"),
        "currency": Texts(_currencies([one.currency_id for one in rows])),
        "price": amounts([one.price for one in rows], "price"),
        "original_price": amounts([one.original_price for one in rows], "original_price"),
        "discount_id": optional_identities([one.discount_id for one in rows], "discount_id"),
        "promo_code_id": optional_identities([one.promo_code_id for one in rows], "promo_code_id"),
        **{name: Texts(tag) for name, tag in zip(_TAGS, tags, strict=True)},
    }
    lines = [wire.members(one.baskets) for one in rows]
    sizes = list(map(len, lines))
    flat = list(chain.from_iterable(lines))
    owners: Columns = {
        name: Identities(chain.from_iterable(map(repeat, column.numbers, sizes)))
        for name, column in (("order_id", order_ids), ("event_id", event_ids))
    }
    block = OrderBlock(
        _stamped(orders, stamp), _stamped(_basket_columns(flat, owners), stamp), sizes
    )
    return _without_twins(block, flat)


def _currencies(sent: Sequence[Any]) -> Iterable[str]:
    if set(map(type, sent)) <= {str, NoneType}:
        return each_once(sent, currency)
    return map(currency, sent)


def _basket_columns(lines: Sequence[wire.Basket], owners: Columns) -> Columns:
    return {
        "basket_id": identities([one.id for one in lines], "baskets.id"),
        **owners,
        "show_id": optional_identities([one.show_id for one in lines], "baskets.show_id"),
        "created_at": instants([one.created_at for one in lines], "baskets.created_at"),
        "updated_at": instants([one.updated_at for one in lines], "baskets.updated_at"),
        "deleted_at": optional_instants([one.deleted_at for one in lines], "baskets.deleted_at"),
        "refunded_at": optional_instants([one.refunded_at for one in lines], "baskets.refunded_at"),
        "quantity": counts([one.quantity for one in lines], "baskets.quantity"),
        "original_price": amounts([one.original_price for one in lines], "baskets.original_price"),
        "discount_value": optional_amounts(
            [one.discount_value for one in lines], "baskets.discount_value"
        ),
        "price": amounts([one.price for one in lines], "baskets.price"),
        "service_fee": optional_amounts(
            [one.service_fee_amount for one in lines], "baskets.service_fee_amount"
        ),
        "refunded_amount": optional_amounts(
            [one.refunded_amount for one in lines], "baskets.refunded_amount"
        ),
        "refunded_deduction_amount": optional_amounts(
            [one.refunded_deduction_amount for one in lines], "baskets.refunded_deduction_amount"
        ),
    }


def _stamped(columns: Columns, stamp: Stamp) -> Columns:
    """Add whose rows these are, their versions, and when they are loaded."""
    updated = columns["updated_at"].numbers
    return {
        "account_id": Texts([stamp.account_id] * len(updated)),
        **columns,
        "_ver": Versions([at << 32 | stamp.fetched for at in updated]),
        "_loaded_at": Instants(repeat(stamp.loaded, len(updated))),
    }


def _without_twins(block: OrderBlock, lines: Sequence[wire.Basket]) -> OrderBlock:
    """Keep one line of each id in an order: two in one answer are a fault of the source."""
    ids = block.baskets["basket_id"].numbers
    if len(set(ids)) == len(ids):
        return block
    updated = block.baskets["updated_at"].numbers
    owners = chain.from_iterable(map(repeat, range(len(block)), block.sizes))
    best: dict[tuple[int, int], tuple[int, bytes, int]] = {}
    for line, key in enumerate(zip(owners, ids, strict=True)):
        rival = (updated[line], msgspec.json.encode(lines[line]), line)
        best[key] = max(best.get(key, rival), rival)
    sizes = [0] * len(block)
    for owner, _ in best:
        sizes[owner] += 1
    kept = sorted(line for _, _, line in best.values())
    baskets = {name: column.chosen(kept) for name, column in block.baskets.items()}
    return OrderBlock(block.orders, baskets, sizes)

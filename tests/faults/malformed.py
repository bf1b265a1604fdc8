"""Orders as no source should send them: what is spoilt, and the reason each is set aside with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Spoiler = Callable[[dict[str, Any]], object]

ORDER_AMOUNTS = ("price", "original_price")
TICKET_AMOUNTS = (*ORDER_AMOUNTS, "discount_value", "service_fee_amount", "refunded_amount",
                  "refunded_deduction_amount")  # fmt: skip
ORDER_DAYS = ("payed_at", "created_at", "updated_at", "deleted_at")
TICKET_DAYS = ("created_at", "updated_at", "deleted_at", "refunded_at")
NO_AMOUNTS = ("1 234,56", "1,234.56", "", "abc", "1.000.000", "12 руб.", {}, [1], True)
TOO_MUCH = (10**18, -(10**18), float("nan"), float("inf"), float("-inf"))
NO_DAYS = ("2026-02-30T00:00:00+03:00", "2026-13-01T00:00:00+03:00", "0000-00-00 00:00:00",
           "1969-12-31T23:59:59+03:00", "2200-01-01T00:00:00+03:00", "yesterday", 12)  # fmt: skip
NO_IDS = (0, -1, "", "abc", "1e3", 2**63, 7000060.0, {}, [], True)


@dataclass(frozen=True, slots=True)
class Malformed:
    """One way to spoil an order, under the id of its case."""

    case: str
    spoil: Spoiler
    reason: str
    field: str


def order(**fields: Any) -> Spoiler:
    """Give a spoiler of an order's own fields; ``...`` takes a field away."""

    def spoil(payload: dict[str, Any]) -> None:
        for name, value in fields.items():
            payload[name] = value
            if value is ...:
                del payload[name]

    return spoil


def ticket(**fields: Any) -> Spoiler:
    """Give a spoiler of the fields of an order's first ticket."""
    return lambda payload: order(**fields)(payload["baskets"][0])


def every_way() -> Iterator[Malformed]:
    """Give every hand-made way: some two hundred of them."""
    yield from _keys()
    for name in ORDER_AMOUNTS:
        yield from _amounts(order, name, name)
    for name in TICKET_AMOUNTS:
        yield from _amounts(ticket, name, f"baskets.{name}")
    for spoiler, names, place in ((order, ORDER_DAYS, ""), (ticket, TICKET_DAYS, "baskets.")):
        for name in names:
            for day in NO_DAYS:
                yield Malformed("P07", spoiler(**{name: day}), "bad_date", place + name)
            yield Malformed("P07", spoiler(**{name: [day]}), "bad_date", place + name)
    for payed in ("paid", 2, -1, None, [], {}):
        yield Malformed("P11", order(payed=payed), "bad_type", "payed")


def _keys() -> Iterator[Malformed]:
    for name in ("id", "event_id", "payed", "created_at", "updated_at", "baskets"):
        yield Malformed("P01", order(**{name: ...}), "missing_key", name)
    for name in ("id", "created_at", "updated_at", "quantity"):
        yield Malformed("P01", ticket(**{name: ...}), "missing_key", f"baskets.{name}")
    for value in NO_IDS:
        yield Malformed("P02", order(id=value), "bad_id", "id")
        yield Malformed("P02", order(event_id=value), "bad_id", "event_id")
        yield Malformed("P02", ticket(id=value), "bad_id", "baskets.id")


def _amounts(spoiler: Callable[..., Spoiler], name: str, place: str) -> Iterator[Malformed]:
    if name in ORDER_AMOUNTS:  # the others may be absent: then nothing was taken off or given back
        yield Malformed("P03", spoiler(**{name: None}), "bad_amount", place)
        yield Malformed("P03", spoiler(**{name: ...}), "missing_key", place)
    for text in NO_AMOUNTS:
        yield Malformed("P04", spoiler(**{name: text}), "bad_amount", place)
    for number in TOO_MUCH:
        yield Malformed("P06", spoiler(**{name: number}), "amount_range", place)

"""The seats of one show in, its four figures out; pure functions only.

Qtickets counts only what is asked for by name, sends the same physical seat once per tariff, and
says ``admission`` for a place without a fixed seat, never for a free one (trap 10).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from qtickets_api.rows import Inventory
from qtickets_api.wire import MalformedError

SELECT = (
    "id",
    "root_id",
    "max_quantity",
    "free_quantity",
    "ordered_quantity",
    "payed_quantity",
    "in_basket_quantity",
    "disabled",
)
_MOST = 2**31


class Seat(Struct, frozen=True, gc=False):
    """A seat of one tariff, or an admission zone that stands for many."""

    id: Any = None
    seat_id: Any = None
    root_id: Any = None
    disabled: Any = None
    max_quantity: int | None = None
    free_quantity: int | None = None
    ordered_quantity: int | None = None
    payed_quantity: int | None = None
    in_basket_quantity: int | None = None


class _Zone(Struct, frozen=True, gc=False, forbid_unknown_fields=False):
    seats: dict[str, Seat] | list[Seat]


class _Flat(Struct, frozen=True, gc=False):
    data: dict[str, Seat] | list[Seat]


class _Zoned(Struct, frozen=True, gc=False):
    data: dict[str, _Zone]


def seats_of(answer: bytes) -> list[tuple[str, Seat]]:
    """Give the seats of an answer, flat or by zone, each with its key; [] for an empty hall.

    Raises msgspec.MsgspecError when the answer is no list of seats.
    """
    try:
        zones = msgspec.json.decode(answer, type=_Zoned).data
        return [
            (f"{zone}-{key}", seat)
            for zone, members in zones.items()
            for key, seat in _keyed(members.seats)
        ]
    except msgspec.ValidationError:
        return list(_keyed(msgspec.json.decode(answer, type=_Flat).data))


def count(
    seats: list[tuple[str, Seat]],
    *,
    account_id: str,
    show_id: str,
    event_id: str,
    snapshot_at: datetime,
    loaded_at: datetime,
) -> Inventory:
    """Add up a show's seats; raises MalformedError when a seat comes without its counts.

    Disabled seats are no capacity (F21). The tariffs of one physical seat share ``root_id`` and
    count once: they may report the seat's sales each or all together, so what was sold is their sum
    but never more than is gone.
    """
    totals = [0, 0, 0, 0]
    for tariffs in _physical(seats).values():
        for place, figure in enumerate(_counted(tariffs)):
            totals[place] += figure
    total, sold, reserved, left = totals
    if total > _MOST:
        raise MalformedError("bad_quantity", "max_quantity")
    return Inventory(
        account_id=account_id,
        show_id=show_id,
        event_id=event_id,
        snapshot_at=snapshot_at,
        seats_total=total,
        seats_sold=sold,
        seats_reserved=reserved,
        seats_left=left,
        ver=int(snapshot_at.timestamp() * 1000),
        loaded_at=loaded_at,
    )


def _keyed(seats: Mapping[str, Seat] | list[Seat]) -> Iterator[tuple[str, Seat]]:
    if isinstance(seats, Mapping):
        yield from seats.items()
        return
    for place, seat in enumerate(seats):  # PHP: keys 0, 1, 2 … arrive as a list
        yield str(place), seat


def _physical(seats: list[tuple[str, Seat]]) -> dict[str, list[Seat]]:
    """Group the seats by the place in the hall they stand for; one tariff must be enabled."""
    found: dict[str, list[Seat]] = {}
    for key, seat in seats:
        root = seat.root_id or seat.id or seat.seat_id or key
        found.setdefault(str(root), []).append(seat)
    return {root: tariffs for root, tariffs in found.items() if any(map(_is_enabled, tariffs))}


def _is_enabled(seat: Seat) -> bool:
    return seat.disabled not in (True, 1, "1", "true")


def _counted(tariffs: list[Seat]) -> tuple[int, int, int, int]:
    """Give total, sold, reserved and left of one physical seat or admission zone.

    What was sold under a tariff that is disabled by now is sold all the same.
    """
    offered = list(filter(_is_enabled, tariffs))
    total = max(_quantity(seat.max_quantity, "max_quantity") for seat in offered)
    free = max(_quantity(seat.free_quantity, "free_quantity") for seat in offered)
    left = min(free, total)
    payed = [_quantity(seat.payed_quantity, "payed_quantity") for seat in tariffs]
    ordered = [_quantity(seat.ordered_quantity, "ordered_quantity") for seat in tariffs]
    held = sum(_quantity(seat.in_basket_quantity, "in_basket_quantity") for seat in tariffs)
    waiting = sum(max(o - p, 0) for o, p in zip(ordered, payed, strict=True))
    sold = min(sum(payed), total - left)
    return total, sold, min(waiting + held, total - left - sold), left


def _quantity(value: int | None, field: str) -> int:
    if value is None:
        raise MalformedError("no_counts", field)  # the source did not understand what was selected
    if not 0 <= value <= _MOST:
        raise MalformedError("bad_quantity", field)
    return value

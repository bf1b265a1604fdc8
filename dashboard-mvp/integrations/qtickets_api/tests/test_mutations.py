"""Whatever happens to a page, each row ends as accepted, refused with a reason, or repeated."""

from __future__ import annotations

import copy
import json
import random
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from qtickets_api import dictionaries, seats, transform, wire
from qtickets_api.client import Page, QticketsClient
from qtickets_api.intake import Intake
from qtickets_api.query import Condition, Query
from zakaz.errors import DataError, ZakazError
from zakaz.http_answer import BrokenAnswerError, json_object
from zakaz.moscow import MOSCOW, parse_instant
from zakaz.source import SyncReport

NOON = parse_instant("2026-02-05T12:00:00+03:00")
CODE = re.compile(r"[a-z_]{5,20}")
NASTY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "NaN", "1e999", "abc", "2026-02-30T00:00:00Z", "0000-00-00", "\x00", "😀"]
    ),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the path of everything inside a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, inner in items:
        found.append((*path, key))
        if isinstance(inner, dict | list):
            found += places(inner, (*path, key))
    return found


def mutate(row: dict[str, Any], path: tuple[Any, ...], value: Any, *, removes: bool) -> None:
    """Replace or remove what stands at a path."""
    target: Any = row
    for key in path[:-1]:
        target = target[key]
    if removes:
        del target[path[-1]]
    else:
        target[path[-1]] = value


def wrecked(data: st.DataObject, row: dict[str, Any]) -> dict[str, Any]:
    """Give a row with up to three of its values replaced or taken away."""
    sick = copy.deepcopy(row)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(sick) or [("id",)]))
        mutate(sick, path, data.draw(NASTY), removes=data.draw(st.booleans()) and bool(sick))
    return sick


def closed(report: SyncReport, page: Any, received: int) -> None:
    """Hold the counts of a page and of its run, and the columns that would be stored."""
    received += sum(row.entity == "show" for row in page.rejected)  # put aside beside their event
    assert page.received == len(page.items) + len(page.rejected) + page.duplicate == received
    counted = report.accepted + report.quarantined + report.duplicate
    assert report.received == counted == received
    assert len(page.items) == report.accepted
    assert all(CODE.fullmatch(row.reason) for row in page.rejected)
    for _, columns in page.items.tables():
        assert len({len(values) for values in columns.values()}) == 1


@settings(max_examples=400, deadline=None, derandomize=True)
@given(data=st.data())
def test_every_mutated_page_closes_its_counts(data: st.DataObject, make: Any) -> None:
    """No mutation of an order is lost, stored as nonsense or raised as a bug."""
    rows = [make.order(number, baskets=[make.basket(number)]) for number in (1, 2, 3)]
    rows[1] = wrecked(data, rows[1])
    report = SyncReport()
    intake: Any = Intake(
        "orders", transform.orders, account_id="main", loaded_at=NOON, report=report
    )
    (page,) = intake.take([Page(make.encode(rows), (), 50, 3, NOON)])

    closed(report, page, 3)
    assert {"3"} <= {item.key for item in page.items}
    for item in page.items:
        assert item.key.isdigit()
        assert 0 <= item.row.ver < 2**64
        assert item.row.created_at.tzinfo is MOSCOW
        assert abs(item.row.price.as_tuple().exponent) == 2


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data())
def test_every_mutated_list_closes_its_counts(data: st.DataObject, make: Any) -> None:
    """No mutation of an event, a discount or a promo code is lost or raised as a bug."""
    stream, build, read = data.draw(
        st.sampled_from(
            [
                ("events", make.event, transform.events),
                ("discounts", entry, dictionaries.discounts),
                ("promo_codes", entry, dictionaries.promo_codes),
            ]
        )
    )
    rows = [build(number) for number in (1, 2, 3)]
    rows[1] = wrecked(data, rows[1])
    report = SyncReport()
    intake: Any = Intake(stream, read, account_id="main", loaded_at=NOON, report=report)
    (page,) = intake.take([Page(make.encode(rows), (), 50, 3, NOON)])

    closed(report, page, 3)
    assert {"3"} <= {item.key for item in page.items}


def entry(number: int) -> dict[str, Any]:
    """Give an entry that may be a discount or a promo code."""
    at = "2026-01-10T12:00:00+03:00"
    return {
        "id": number, "name": "Скидка", "code": "ПРИМЕР", "discount_id": 7, "is_active": 1,
        "max_uses_count": 5, "active_from": None, "active_to": at, "created_at": at,
        "updated_at": at, "deleted_at": None,
    }  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data())
def test_every_mutated_hall_is_counted_or_refused(data: st.DataObject) -> None:
    """Seats with any values give figures that fit together, or a reason."""
    seat = {
        "id": "P-1;1", "root_id": "P-1;1", "disabled": False, "max_quantity": 9,
        "free_quantity": 3, "ordered_quantity": 5, "payed_quantity": 4, "in_basket_quantity": 1,
    }  # fmt: skip
    hall = wrecked(data, {"data": {"P-1;1": seat, "P-1;2": seat | {"root_id": "P-1;2"}}})
    try:
        row = seats.count(
            seats.seats_of(json.dumps(hall).encode()),
            account_id="main", show_id="1", event_id="1", snapshot_at=NOON, loaded_at=NOON,
        )  # fmt: skip
    except wire.UNREADABLE as error:
        reason = wire.malformed(error).reason
    else:
        reason = ""
    if reason:
        assert CODE.fullmatch(reason)
        return

    assert 0 <= row.seats_sold + row.seats_reserved + row.seats_left <= row.seats_total
    assert min(row.seats_sold, row.seats_reserved, row.seats_left) >= 0


class Answering:
    """Answers every request with one text, judged as the HTTP client judges it."""

    requests = 0

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def get_json(self, path: str, **_asked: Any) -> bytes:
        """Give the answer if it is one JSON object."""
        kind = {"Content-Type": "application/json"}
        return json_object(f"GET {path}", path, 200, kind, self.answer)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), mutated=st.booleans(), data=st.data())
def test_every_mutated_answer_ends_as_rows_or_a_typed_error(
    seed: int, mutated: bool, data: st.DataObject, make: Any
) -> None:
    """An answer with any value changed or any byte garbled is counted whole, or refused by name."""
    rows = [make.order(number, baskets=[make.basket(number)]) for number in (1, 2, 3)]
    page = {"data": rows, "paging": {"perPage": 50, "currentPage": 1, "total": 3}}
    if mutated:
        page = wrecked(data, page)
    raw = bytearray(json.dumps(page).encode())
    if not mutated:
        garble(raw, random.Random(seed))
    report = SyncReport()
    intake: Any = Intake(
        "orders", transform.orders, account_id="main", loaded_at=NOON, report=report
    )
    client = QticketsClient(Answering(bytes(raw)), lambda: NOON)  # type: ignore[arg-type]
    since = Condition("updated_at", ">=", parse_instant("2026-01-01T00:00:00+03:00"))
    try:
        read = client.page("/orders", Query((since,)))
        (taken,) = intake.take([read])
    except (ZakazError, BrokenAnswerError) as error:
        told = str(error)
    else:
        told = ""
    if told:
        assert "orders" in told
        return

    closed(report, taken, len(read.rows))


def garble(raw: bytearray, chance: random.Random) -> None:
    """Flip, cut or double a few bytes."""
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(raw))
        raw[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 2))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), events=st.booleans())
def test_every_garbled_byte_closes_the_counts(seed: int, events: bool, make: Any) -> None:
    """Bytes flipped, cut or doubled anywhere in a row end as a refused row or a valid one."""
    build, take = (make.event, transform.events) if events else (make.order, transform.orders)
    raw = bytearray(json.dumps(build(1)).encode())
    garble(raw, random.Random(seed))
    report = SyncReport()
    intake: Any = Intake("rows", take, account_id="main", loaded_at=NOON, report=report)
    rows = [bytes(raw), *make.encode([build(2), build(3)])]

    try:
        (page,) = intake.take([Page(rows, (), 50, 3, NOON)])
    except DataError:
        return

    closed(report, page, 3)

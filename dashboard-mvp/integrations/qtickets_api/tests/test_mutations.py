"""Whatever happens to a page, each row ends as accepted, refused with a reason, or repeated."""

from __future__ import annotations

import copy
import json
import random
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from qtickets_api import transform
from qtickets_api.client import Page
from qtickets_api.intake import Intake
from qtickets_api.transform import Stamp
from zakaz.errors import DataError
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


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_every_mutated_page_closes_its_counts(data: st.DataObject, make: Any) -> None:
    """No mutation of an order is lost, stored as nonsense or raised as a bug."""
    rows = [make.order(number, baskets=[make.basket(number)]) for number in (1, 2, 3)]
    sick = copy.deepcopy(rows[1])
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(sick)))
        mutate(sick, path, data.draw(NASTY), removes=data.draw(st.booleans()))
    rows[1] = sick

    page = transform.orders(make.encode(rows), Stamp("main", NOON, NOON))

    assert page.received == len(page.items) + len(page.rejected) + page.duplicate == 3
    assert {"3"} <= {item.key for item in page.items}
    assert all(CODE.fullmatch(row.reason) for row in page.rejected)
    for item in page.items:
        assert item.key.isdigit()
        assert 0 <= item.row.ver < 2**64
        assert item.row.created_at.tzinfo is MOSCOW
        assert abs(item.row.price.as_tuple().exponent) == 2  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32), events=st.booleans())
def test_every_garbled_byte_closes_the_counts(seed: int, events: bool, make: Any) -> None:
    """Bytes flipped, cut or doubled anywhere in a row end as a refused row or a valid one."""
    chance = random.Random(seed)
    build, take = (make.event, transform.events) if events else (make.order, transform.orders)
    raw = bytearray(json.dumps(build(1)).encode())
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(raw))
        raw[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 2))
    report = SyncReport()
    intake: Any = Intake("rows", take, account_id="main", loaded_at=NOON, report=report)
    rows = [bytes(raw), *make.encode([build(2), build(3)])]

    try:
        (page,) = intake.take([Page(rows, (), 50, 3, NOON)])
    except DataError:
        return

    assert report.received == report.accepted + report.quarantined + report.duplicate == 3
    assert len(page.items) == report.accepted

"""Keys that come twice are refused where they are seen, new fields are told and passed over."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from qtickets_api import second_look, transform
from qtickets_api.client import Page
from qtickets_api.envelope import Rows
from qtickets_api.intake import Intake
from qtickets_api.transform import Stamp
from zakaz.moscow import MOSCOW
from zakaz.source import SyncReport

NOON = datetime(2026, 2, 5, 12, tzinfo=MOSCOW)


def twice(raw: bytes, name: str) -> bytes:
    """Give an order in which a key comes a second time, in whatever object it is."""
    at = raw.index(f'"{name}"'.encode())
    return raw[:at] + f'"{name}": 1, '.encode() + raw[at:]


def newer(raw: bytes) -> bytes:
    """Give an order with a field that nobody knows."""
    return raw[:-1] + b', "loyalty_card": 1}'


@pytest.mark.parametrize("name", ["id", "price", "payed", "client_email", "baskets", "quantity"])
def test_p19_an_order_that_says_one_thing_twice_is_refused(
    make: Any, stamp: Stamp, name: str
) -> None:
    """Of two equal keys neither is believed, in the order, its buyer or a ticket."""
    raws = make.encode([make.order(1), make.order(2), make.order(3)])
    raws[1] = twice(raws[1], name)
    page = transform.orders(raws, stamp)

    assert [item.key for item in page.items] == ["1", "3"]
    (row,) = page.rejected
    assert (row.reason, row.context) == ("duplicate_key", name)
    assert page.received == len(page.items) + len(page.rejected)


def test_p19_a_key_that_may_be_somebodys_is_not_named(make: Any, stamp: Stamp) -> None:
    """A repeated key is told by name only if it is a known field."""
    (raw,) = make.encode([make.order(custom={"x@example.org": 1})])
    (row,) = transform.orders([twice(raw, "x@example.org")], stamp).rejected

    assert (row.reason, row.context) == ("duplicate_key", "")


def test_p10_a_new_field_is_told_and_passed_over(make: Any, stamp: Stamp) -> None:
    """Fields that are in no list are counted by name; the orders are taken as ever."""
    raws = make.encode([
        make.order(1, loyalty_card="1234"),
        make.order(2, loyalty_card=None, baskets=[make.basket(21, wallet={"id": 1})]),
        make.order(3),
    ])  # fmt: skip
    page = transform.orders(raws, stamp)

    assert len(page.items) == 3
    assert page.new_fields == {"loyalty_card": 2, "baskets.wallet": 1}


def test_p10_new_fields_are_noted_once_and_without_a_value(make: Any) -> None:
    """A run says which fields are new however many pages have them, and nothing of their values."""
    report = SyncReport()
    intake: Any = Intake(
        "orders", transform.orders, account_id="main", loaded_at=NOON, report=report
    )
    rows = [
        make.order(number, loyalty_card="1234", **{"x@example.org": "Анна"}) for number in (1, 2)
    ]
    list(intake.take(Page([raw], (), 50, 2, NOON) for raw in make.encode(rows)))

    assert report.new_fields == 4
    (note,) = intake.notes()
    assert "loyalty_card" in note
    assert not [secret for secret in ("1234", "Анна", "x@example.org") if secret in note]


def test_p10_known_fields_are_no_news(make: Any, stamp: Stamp) -> None:
    """Whatever is in free objects, and whatever the contract sheet names, is not new."""
    order = dict.fromkeys(second_look.ORDER_FIELDS) | make.order(
        custom={"anything": 1}, fields={"inn": "1"}, utm={"utm_id": "7"}
    )
    order["baskets"] = {"0": dict.fromkeys(second_look.TICKET_FIELDS) | make.basket()}
    page = transform.orders(make.encode([order]), stamp)

    assert (len(page.items), page.new_fields) == (1, {})


def test_every_order_of_a_short_page_is_looked_at(make: Any) -> None:
    """A page of up to fifty orders is looked at whatever its turn, a longer one when it is due."""
    stamp = Stamp("main", NOON, NOON, looks_twice=False)
    for count, told in ((50, 50), (51, 0)):
        raws = make.encode([make.order(number + 1, loyalty_card="1") for number in range(count)])
        assert transform.orders(raws, stamp).new_fields["loyalty_card"] == told


def test_the_first_page_and_every_twentieth_are_looked_at() -> None:
    """Of the long pages of a run one in twenty is looked at, the first among them."""
    turns = second_look.Turns()
    assert [page for page in range(1, 62) if turns.is_due()] == [1, 21, 41, 61]


@pytest.mark.parametrize("spoil", [lambda raw: twice(raw, "price"), newer])
def test_p10_p19_once_something_was_found_every_order_is_looked_at(
    make: Any, spoil: Callable[[bytes], bytes]
) -> None:
    """A repeated key or a new field on one page has all later pages looked at."""
    report = SyncReport()
    intake: Any = Intake(
        "orders", transform.orders, account_id="main", loaded_at=NOON, report=report
    )
    pages = [make.encode([make.order(100 * page + n) for n in range(1, 61)]) for page in range(4)]
    for page in pages[1:]:
        page[7] = twice(page[7], "price")
    pages[0][7] = spoil(pages[0][7])
    list(intake.take(Page(raws, (), 60, 240, NOON) for raws in pages))

    assert report.quarantined + report.new_fields == 4


def test_p06_p19_a_key_that_comes_twice_is_seen_beside_a_nan(make: Any, stamp: Stamp) -> None:
    """A page with a value that is no JSON keeps repeated keys, of an order and of a ticket."""
    raws = make.encode([make.order(number) for number in (1, 2, 3, 4)])
    raws[0] = raws[0].replace(b'"custom"', b'"custom": NaN, "uniqid"', 1)
    raws[1] = twice(raws[1], "price")
    raws[2] = twice(raws[2], "quantity")
    assert b"NaN" in raws[0]
    body = b'{"data": [' + b",".join(raws) + b'], "paging": '
    rows = Rows(body + b'{"perPage": 50, "currentPage": 1, "total": 4}}')
    page = transform.orders(rows, stamp)

    assert [item.key for item in page.items] == ["1", "4"]
    assert [(row.row_key, row.context) for row in page.rejected] == [
        ("2", "price"),
        ("3", "quantity"),
    ]


@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[1]", b'{"id": 1', b'{"baskets": 5}', b'{"baskets": [5, null]}',
     b'{"id": "\xff"}', b"[" * 100_000, b'{"id": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_p13_p17_what_is_no_order_is_left_to_the_decoder(raw: bytes) -> None:
    """Broken bytes, endless nesting and endless numbers have their reasons elsewhere."""
    assert second_look.new_fields(raw) == set()


def test_the_lists_are_those_of_the_contract_sheet(fields_of: Callable[[str], set[str]]) -> None:
    """Orders and tickets of the recordings have no field that counts as new."""
    assert fields_of("order") <= second_look.ORDER_FIELDS
    assert fields_of("ticket") <= second_look.TICKET_FIELDS


@pytest.fixture
def fields_of() -> Callable[[str], set[str]]:
    """Give the fields that the recorded answers are held against."""
    path = Path(__file__).resolve().parents[4] / "tests/replay/qtickets_fields.toml"
    known = tomllib.loads(path.read_text(encoding="utf-8"))
    return lambda name: set(known[name])

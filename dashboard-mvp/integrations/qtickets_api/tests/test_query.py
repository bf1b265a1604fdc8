"""Queries: what is sent, and when an answer counts as obedient."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from qtickets_api import wire
from qtickets_api.query import Condition, FilterIgnoredError, Query
from zakaz.moscow import MOSCOW


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 2, 1),  # noqa: DTZ001 - a naive value means Moscow
        datetime(2026, 1, 31, 21, tzinfo=UTC),
        datetime(2026, 2, 1, tzinfo=MOSCOW),
        datetime(2026, 2, 1, 4, tzinfo=timezone(timedelta(hours=7))),
    ],
)
def test_e9_every_instant_is_sent_on_the_moscow_clock(instant: datetime) -> None:
    """Naive, UTC, Moscow and other offsets all go out as +03:00 with a colon."""
    body = Condition("payed_at", ">=", instant).body()

    assert body["value"] == "2026-02-01T00:00:00+03:00"


def test_a_query_without_conditions_sends_none() -> None:
    """An unfiltered list is asked for without a where, in ascending order of id."""
    assert Query(per_page=20).body() == {"orderBy": {"id": "asc"}, "page": 1, "perPage": 20}


def test_the_rest_of_a_list_replaces_the_lower_bound_of_ids() -> None:
    """Reading on behind an id keeps the other conditions and goes back to page 1."""
    since = Condition("updated_at", ">=", datetime(2026, 2, 1, tzinfo=MOSCOW))
    rest = Query((Condition("id", ">=", 5), since), page=3).after(70)

    assert rest == Query((since, Condition("id", ">", 70)), page=1)


def verify(make: Any, *rows: Any, conditions: tuple[Condition, ...] = ()) -> tuple[int, ...]:
    """Hold rows against conditions and the order by id."""
    raws = make.encode(rows)
    return Query(conditions).verify(raws, list(map(wire.keys_of, raws)), "/orders")


DAY = datetime(2026, 2, 3, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("condition", "obeys"),
    [
        (Condition("id", ">", 6), True),
        (Condition("id", ">", 7), False),
        (Condition("id", ">=", 7), True),
        (Condition("event_id", "=", 80001), True),
        (Condition("event_id", "=", 80002), False),
        (Condition("payed_at", ">=", DAY), True),
        (Condition("payed_at", "<", DAY), False),
        (Condition("payed_at", "<", DAY + timedelta(days=1)), True),
        (Condition("updated_at", ">=", DAY + timedelta(days=1)), False),
    ],
)
def test_every_row_is_held_against_every_condition(
    make: Any, condition: Condition, obeys: bool
) -> None:
    """One row outside a condition gives the whole page away."""
    if obeys:
        assert verify(make, make.order(7), conditions=(condition,)) == (7,)
        return
    with pytest.raises(FilterIgnoredError) as caught:
        verify(make, make.order(7), conditions=(condition,))
    assert caught.value.column == condition.column


def test_e1_an_unpaid_order_gives_an_ignored_payment_filter_away(make: Any) -> None:
    """A row without a payment cannot have passed a filter on the day of payment."""
    unpaid = make.order(payed=False, payed_at=None)

    with pytest.raises(FilterIgnoredError):
        verify(make, unpaid, conditions=(Condition("payed_at", ">=", DAY),))


def test_a_broken_order_of_rows_is_noticed(make: Any) -> None:
    """Rows that do not ascend by id show that the order was ignored."""
    with pytest.raises(FilterIgnoredError, match="order by id") as caught:
        verify(make, make.order(2), make.order(1))

    assert caught.value.column == "orderBy"


def test_a_malformed_row_is_left_to_the_transform(make: Any) -> None:
    """A row that cannot be read proves nothing against the source's filter."""
    since = (Condition("updated_at", ">=", DAY), Condition("id", ">", 1))
    rows = [None, b"[]", make.order("x"), make.order(3, updated_at="soon"), make.order(4, id=...)]

    assert verify(make, *rows, make.order(5), conditions=since) == (3, 5)


@pytest.mark.parametrize("sent", [0, -1, True, "0", 2**63, "9" * 30, 7.0, "1e3", []])
def test_p02_what_can_be_no_id_proves_neither_filter_nor_order(make: Any, sent: Any) -> None:
    """One order with an impossible id is a row to refuse, not a source that ignores us."""
    behind = (Condition("id", ">", 4), Condition("event_id", "=", 80001))
    rows = [make.order(5), make.order(sent), make.order(6, event_id=sent), make.order(7)]

    assert verify(make, *rows, conditions=behind) == (5, 6, 7)

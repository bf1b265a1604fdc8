"""Intake: repeats are dropped, counts add up, mostly bad data stops the run."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qtickets_api import transform
from qtickets_api.client import Page
from qtickets_api.intake import Intake, Newest
from qtickets_api.seen import Seen
from zakaz.errors import DataError
from zakaz.moscow import MOSCOW
from zakaz.source import SyncReport

NOON = datetime(2026, 2, 5, 12, tzinfo=MOSCOW)
Take = Callable[..., tuple[SyncReport, Intake[Any], list[Any]]]


def page(rows: list[bytes], at: datetime = NOON) -> Page:
    """Give a proven page."""
    return Page(rows, (), 50, len(rows), at)


@pytest.fixture
def take(make: Any) -> Take:
    """Give a way to take pages of rows through the border."""

    def taking(*pages: list[Any], at: datetime = NOON) -> tuple[SyncReport, Intake[Any], list[Any]]:
        report = SyncReport()
        intake = Intake(
            "orders", transform.orders, account_id="main", loaded_at=NOON, report=report
        )
        return report, intake, list(intake.take(page(make.encode(rows), at) for rows in pages))

    return taking


def closes(counts: Any, accepted: int) -> bool:
    """Say whether received = accepted + quarantined + duplicate."""
    bad = getattr(counts, "quarantined", None)
    bad = len(counts.rejected) if bad is None else bad
    return counts.received == accepted + bad + counts.duplicate


def test_p15_counts_add_up_page_by_page(make: Any, take: Take) -> None:
    """Accepted, refused and repeated rows make up what was received, on every page."""
    good = [make.order(number) for number in (1, 2, 3)]
    report, _, pages = take([*good, make.order(4, price=None)], [good[0], make.order(5)])

    assert all(closes(one, len(one.items)) for one in pages)
    assert (report.received, report.accepted, report.quarantined, report.duplicate) == (6, 4, 1, 1)


def test_a_later_state_in_one_run_is_no_repeat(make: Any, take: Take) -> None:
    """An order read twice counts twice if it or a ticket of it changed between, else once."""
    later = "2026-02-04T00:00:00+03:00"
    scanned = make.order(baskets=[make.basket(updated_at=later)])
    report, _, _ = take([make.order()], [make.order()], [scanned], [scanned])

    assert (report.accepted, report.duplicate) == (2, 2)


def test_p16_a_page_of_nothing_but_bad_rows_stops_the_run(make: Any, take: Take) -> None:
    """When all rows of a page are unreadable the API has changed: exit 65."""
    with pytest.raises(DataError, match="bad_amount price") as caught:
        take([make.order(1)], [make.order(2, price=None), make.order(3, price=None)])

    assert caught.value.exit_code == 65


def test_p16_one_bad_row_alone_on_a_page_is_an_accident(make: Any, take: Take) -> None:
    """A last page that holds one unreadable order does not stop the run."""
    report, _, _ = take([make.order(1)], [make.order(2, price=None)])

    assert (report.accepted, report.quarantined) == (1, 1)


@pytest.mark.parametrize(("bad", "stops"), [(5, False), (6, True)])
def test_p16_more_than_five_in_a_hundred_stop_the_run(
    make: Any, take: Take, bad: int, stops: bool
) -> None:
    """Five bad rows of a hundred are quarantined, six are too many."""
    rows = [make.order(number, price=None if number <= bad else 1) for number in range(1, 101)]

    if not stops:
        assert take(rows)[0].quarantined == bad
        return
    with pytest.raises(DataError, match="6 of 100"):
        take(rows)


def test_s22_the_cursor_is_the_sources_own_time(make: Any, take: Take) -> None:
    """However wrong our clock is, the watermark is the newest change the source named."""
    for hours in (-2, 0, 2):
        _, intake, _ = take([make.order()], at=NOON + timedelta(hours=hours))

        watermark = intake.newest.watermark(timedelta(hours=1))
        assert watermark == datetime(2026, 2, 3, 19, 42, 14, tzinfo=MOSCOW)


def test_a_change_dated_in_the_future_moves_no_cursor(make: Any, take: Take) -> None:
    """An order that claims a change in 2099 does not hide the real ones behind it."""
    future = make.order(2, updated_at="2099-01-01T00:00:00+03:00")
    _, intake, _ = take([make.order(1), future])

    assert intake.newest.updated_at == datetime(2026, 2, 3, 19, 42, 14, tzinfo=MOSCOW)
    assert intake.newest.identity == 2


def test_a_long_read_takes_its_length_off_the_cursor() -> None:
    """What changed behind a long read is inside the next run's overlap."""
    newest = Newest()
    later = NOON + timedelta(hours=5)
    newest.look(page([], NOON), [1], [int(NOON.timestamp())])
    newest.look(page([], later), [2], [int(later.timestamp())])

    assert newest.watermark(timedelta(hours=1)) == NOON + timedelta(hours=1)
    assert Newest().watermark(timedelta(0)) is None


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 5))))
def test_what_was_seen_is_remembered_like_a_dictionary(rows: list[tuple[int, int]]) -> None:
    """The compact memory of a run answers as a plain dictionary would, in any order."""
    seen, plain = Seen(), {}
    for identity, stamp in rows:
        assert seen.is_repeat(identity, stamp) == (plain.get(identity, -1) >= stamp)
        plain[identity] = max(plain.get(identity, -1), stamp)


def test_x05_a_hundred_thousand_orders_are_remembered_in_two_megabytes() -> None:
    """The memory of a run stays small enough for a million orders."""
    seen = Seen()
    tracemalloc.start()
    try:
        for identity in range(100_000):
            seen.is_repeat(identity, 1_770_000_000)
        size = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert size < 2_500_000

"""The ladder: whole lists by id or by page, and the way down when a filter is ignored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from qtickets_api import ladder as ladder_module
from qtickets_api import numbered_pages, plan
from qtickets_api.client import QticketsClient
from qtickets_api.cursor import Cursor
from qtickets_api.ladder import Ladder, Read, Rung
from qtickets_api.plan import Habits
from qtickets_api.query import Condition
from zakaz.errors import DataError, PermanentSourceError
from zakaz.moscow import MOSCOW

BEGAN = datetime(2026, 1, 1, tzinfo=MOSCOW)
HABITS = Habits(timedelta(hours=2), timedelta(days=3))
Connect = Callable[[Any], QticketsClient]


def climb(client: QticketsClient, *rungs: Rung, per_page: int = 50) -> tuple[Ladder, list[int]]:
    """Read a list to its end; gives the ladder and the ids in the order they came."""
    ladder = Ladder(client, "/orders", per_page, rungs or (plan.WHOLE,), lambda text: None)
    return ladder, [identity for page in ladder.pages() for identity in page.ids]


def incremental(count: int, *, second_look: bool = False) -> tuple[Rung, ...]:
    """Give the rungs of a run that has seen all but the last few of ``count`` orders."""
    known = Cursor(BEGAN + timedelta(hours=count - 5), count - 5, date(2026, 1, 20))
    today = known.whole_on + timedelta(days=second_look)
    return plan.changes_of_orders(known, HABITS, today, lambda: [80001]).rungs


def test_e3_three_pages_are_three_requests(make: Any, client_of: Connect) -> None:
    """A list of 123 orders in pages of 50 comes whole, by id, in three requests."""
    shelf = make.shelf(123)
    ladder, ids = climb(client_of(shelf))

    assert ids == list(range(1, 124))
    assert (shelf.requests, ladder.mode, ladder.expected) == (3, "full-keyset", 123)


def test_e4_the_servers_own_page_size_decides(make: Any, client_of: Connect) -> None:
    """A server that ignores the asked page size is read to the end all the same."""
    shelf = make.shelf(123, ignored={"perPage"}, per_page=50)

    assert climb(client_of(shelf), per_page=500)[1] == list(range(1, 124))


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100, 101])
@pytest.mark.parametrize("ignored", [set(), {"id"}])
def test_e3_lists_of_every_length_end(
    make: Any, client_of: Connect, count: int, ignored: set[str]
) -> None:
    """By id or by page number, a list ends with its last row and no request too many."""
    shelf = make.shelf(count, ignored=ignored)

    assert climb(client_of(shelf))[1] == list(range(1, count + 1))
    assert shelf.requests <= max(1, -(-count // (45 if ignored else 50))) + bool(ignored)


def test_an_ignored_id_filter_means_paging_by_number(make: Any, client_of: Connect) -> None:
    """Where ``id >`` is ignored the list is paged, and the mode says so."""
    ladder, ids = climb(client_of(make.shelf(123, ignored={"id"})))

    assert (ids, ladder.mode) == (list(range(1, 124)), "full-paging")


def test_e15_a_row_inserted_between_pages_is_read(make: Any, client_of: Connect) -> None:
    """Orders that arrive while the list is read make neither gap nor double."""
    for ignored in (set(), {"id"}):
        shelf = make.shelf(120, ignored=ignored)
        shelf.between = lambda s: s.rows.append(make.order(len(s.rows) + 1))

        ids = climb(client_of(shelf))[1]
        assert ids == list(range(1, len(ids) + 1))
        assert len(ids) >= 120


def test_s18_a_row_deleted_between_pages_hides_no_other(make: Any, client_of: Connect) -> None:
    """Rows that vanish while the list is read by id hide none of the others."""
    shelf = make.shelf(120)
    shelf.between = lambda s: s.rows.pop(0)

    assert climb(client_of(shelf))[1] == list(range(1, 121))


def test_s21_a_short_page_is_not_the_end(make: Any, client_of: Connect) -> None:
    """A page shorter than promised is followed by the rest when reading by id."""
    shelf = make.shelf(123)
    shelf.edit = lambda page: page["data"].__delitem__(slice(30, None))

    assert climb(client_of(shelf))[1] == list(range(1, 124))


@pytest.mark.parametrize("ignored", [set(), {"id"}])
def test_e3_a_total_that_grows_is_no_endless_list(
    make: Any, client_of: Connect, ignored: set[str]
) -> None:
    """An overstated, moving total ends with the last row."""
    shelf = make.shelf(123, ignored=ignored)
    shelf.edit = lambda page: page["paging"].update(total=page["paging"]["total"] + shelf.requests)

    ids = climb(client_of(shelf))[1]
    assert sorted(set(ids)) == list(range(1, 124))
    assert shelf.requests <= 6


def test_s17_the_same_page_for_ever_is_data_error(make: Any, client_of: Connect) -> None:
    """A source that repeats one page is given up after one repeat, with exit 65."""
    shelf = make.shelf(123, ignored={"id", "page"})

    with pytest.raises(DataError, match="repeats") as caught:
        climb(client_of(shelf))

    assert caught.value.exit_code == 65
    assert shelf.requests == 3


def test_e3_pages_have_a_hard_cap(
    make: Any, client_of: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No list is followed for ever, whatever its metadata says."""
    for module in (ladder_module, numbered_pages):
        monkeypatch.setattr(module, "MOST_PAGES", 3)
    for ignored in (set(), {"id"}):
        with pytest.raises(DataError, match="never ends"):
            climb(client_of(make.shelf(500, ignored=ignored)))


def test_a_filter_that_finds_nothing_is_not_the_end(make: Any, client_of: Connect) -> None:
    """An id filter that answers nothing although the list goes on is not believed."""
    shelf = make.shelf(123)
    shelf._obeys = lambda row, condition: False
    shelf.ignored.add("perPage")
    ladder, ids = climb(client_of(shelf))

    assert (ids, ladder.mode) == (list(range(1, 124)), "full-paging")


def test_e10_changes_are_read_by_their_time(make: Any, client_of: Connect) -> None:
    """The first rung reads what changed since the cursor less the overlap, in one request."""
    shelf = make.shelf(300)
    ladder, ids = climb(client_of(shelf), *incremental(300))

    assert (ids, ladder.mode, shelf.requests) == (list(range(293, 301)), "updated_at", 1)


def test_e10_the_daily_second_look_covers_recent_and_refundable(
    make: Any, client_of: Connect
) -> None:
    """Once a day orders of the last days and older ones of certain events are read again."""
    shelf = make.shelf(300)
    for number in (10, 20):
        shelf.rows[number - 1]["event_id"] = 80002
    ladder, ids = climb(client_of(shelf), *incremental(300, second_look=True))

    assert ladder.mode == "updated_at"
    assert set(ids) == set(range(1, 301)) - {10, 20}


def test_e2_an_ignored_change_filter_leads_to_reading_by_id(make: Any, client_of: Connect) -> None:
    """The second rung finds new orders by id, changed ones by payment and by event."""
    ladder, ids = climb(client_of(make.shelf(300, ignored={"updated_at"})), *incremental(300))

    assert ladder.mode == "keyset"
    assert ids[:6] == [295, 296, 297, 298, 299, 300]
    assert set(ids) == set(range(1, 301))


@pytest.mark.parametrize(
    ("ignored", "mode"),
    [
        ({"updated_at", "payed_at"}, "full-keyset"),
        ({"updated_at", "event_id"}, "full-keyset"),
        ({"updated_at", "id"}, "full-paging"),
        ({"updated_at", "payed_at", "event_id", "id"}, "full-paging"),
    ],
)
def test_e2_the_lowest_rung_reads_everything(
    make: Any, client_of: Connect, ignored: set[str], mode: str
) -> None:
    """Where nothing else works the whole list is read, and no order is missed."""
    shelf = make.shelf(300, ignored=ignored)
    shelf.rows[0]["event_id"] = 80002
    ladder, ids = climb(client_of(shelf), *incremental(300))

    assert ladder.mode == mode
    assert set(ids) == set(range(1, 301))


def test_an_empty_answer_to_a_known_change_is_not_believed(make: Any, client_of: Connect) -> None:
    """A filter that does not find the very order it was made from leads down the ladder."""
    shelf = make.shelf(300)
    obeys = shelf._obeys
    shelf._obeys = lambda row, c: c["column"] != "updated_at" and obeys(row, c)
    ladder, ids = climb(client_of(shelf), *incremental(300))

    assert ladder.mode == "keyset"
    assert 300 in ids


def test_when_no_rung_holds_nothing_is_believed(make: Any, client_of: Connect) -> None:
    """A source that gives rows in no order at all ends the run with exit 78."""
    shelf = make.shelf(300, ignored={"updated_at", "id"})
    shelf.edit = lambda page: page["data"].reverse()

    with pytest.raises(PermanentSourceError, match="none of the ways") as caught:
        climb(client_of(shelf), *incremental(300))

    assert caught.value.exit_code == 78


def test_the_way_down_is_told(make: Any, client_of: Connect) -> None:
    """Each filter found ignored is noted for the run's report."""
    told: list[str] = []
    shelf = make.shelf(300, ignored={"updated_at"})
    rungs = incremental(300)
    list(Ladder(client_of(shelf), "/orders", 50, rungs, told.append).pages())

    assert len(told) == 1
    assert "updated_at" in told[0]


def test_chosen_days_are_inclusive_and_in_moscow(make: Any, client_of: Connect) -> None:
    """Days from and to are both included, by the Moscow day of payment."""
    day = date(2026, 1, 3)
    ladder, ids = climb(client_of(make.shelf(123)), *plan.window(day, day).rungs)

    assert (ladder.mode, ids) == ("payed_at", list(range(48, 72)))


def test_chosen_days_of_a_deaf_source_are_read_whole(make: Any, client_of: Connect) -> None:
    """Where the payment filter is ignored, everything is read rather than page one believed."""
    day = date(2026, 1, 3)
    shelf = make.shelf(123, ignored={"payed_at"})
    ladder, ids = climb(client_of(shelf), *plan.window(day, None).rungs)

    assert (ladder.mode, ids) == ("full-keyset", list(range(1, 124)))


def test_a_second_look_is_worked_out_only_when_it_is_due() -> None:
    """The events of the second look are not asked for by a run that needs none."""

    def never() -> list[int]:
        raise AssertionError

    known = Cursor(BEGAN, 5, BEGAN.date())
    first = plan.changes_of_orders(known, HABITS, BEGAN.date(), never).rungs[0]

    assert list(first.reads()) == [
        Read((Condition("updated_at", ">=", BEGAN - timedelta(hours=2)),), must_answer=True)
    ]

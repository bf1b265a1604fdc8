"""Lists read by page number: whatever vanishes meanwhile, no other row goes out of sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from qtickets_api import plan
from qtickets_api.client import QticketsClient
from qtickets_api.ladder import Ladder
from zakaz.errors import TransientSourceError

Connect = Callable[[Any], QticketsClient]


def numbers(client: QticketsClient, per_page: int = 50) -> list[int]:
    """Read a whole list of a source that is deaf to ``id >``; gives the ids as they came."""
    ladder = Ladder(client, "/orders", per_page, [plan.WHOLE], lambda text: None)
    found = [identity for page in ladder.pages() for identity in page.ids]
    assert ladder.mode in ("full", "full-paging")
    return found


@pytest.mark.parametrize("ignored", [{"id"}, {"id", "perPage"}])
@pytest.mark.parametrize("rows", [5, 30])
def test_s21_a_short_page_by_number_is_never_a_silent_loss(
    make: Any, client_of: Connect, ignored: set[str], rows: int
) -> None:
    """Where the rest of a short page cannot be asked for, the run fails and is repeated."""
    shelf = make.shelf(123, ignored=ignored)
    shelf.edit = lambda page: page["data"].__delitem__(slice(rows, None))

    with pytest.raises(TransientSourceError, match="rows may be missing"):
        numbers(client_of(shelf))


@pytest.mark.parametrize("per_page", [7, 20, 49, 50])
def test_s18_rows_that_vanish_from_numbered_pages_hide_no_other(
    make: Any, client_of: Connect, per_page: int
) -> None:
    """Each page begins with known rows, so a few that vanish move none out of sight."""
    shelf = make.shelf(300, ignored={"id"})
    shelf.between = lambda s: s.rows.__delitem__(slice(0, 2))

    assert numbers(client_of(shelf), per_page) == list(range(1, 301))


def test_s18_too_many_rows_that_vanish_are_never_a_silent_loss(
    make: Any, client_of: Connect
) -> None:
    """When more vanish than the pages overlap, the gap is seen and the run is repeated."""
    shelf = make.shelf(300, ignored={"id"})
    shelf.between = lambda s: s.rows.__delitem__(slice(0, 30))

    with pytest.raises(TransientSourceError, match="never seen"):
        numbers(client_of(shelf))


@pytest.mark.parametrize("per_page", [1, 3, 49, 50, 100, 200, 500])
@pytest.mark.parametrize("count", [211, 1000])
def test_s18_numbered_pages_of_every_size_end(
    make: Any, client_of: Connect, per_page: int, count: int
) -> None:
    """A list is read whole by page number, whatever the size, in few more requests."""
    shelf = make.shelf(count, ignored={"id"})
    ids = numbers(client_of(shelf), per_page)

    assert ids == list(range(1, count + 1))
    if count > per_page:
        assert shelf.requests - 1 <= 1.25 * -(-count // per_page) + 1


@pytest.mark.parametrize("per_page", [20, 50, 200])
def test_s18_a_source_with_one_size_for_all_pages_is_read_edge_to_edge(
    make: Any, client_of: Connect, per_page: int
) -> None:
    """Where pages cannot be made to overlap, each is asked for once, and one to find that out."""
    shelf = make.shelf(123, ignored={"id", "perPage"}, per_page=20)

    assert numbers(client_of(shelf), per_page) == list(range(1, 124))
    pages, trial_of_the_filter, trial_of_the_size = 7, 1, 1
    assert shelf.requests == pages + trial_of_the_filter + trial_of_the_size

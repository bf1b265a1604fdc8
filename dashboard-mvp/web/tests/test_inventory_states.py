"""What the Inventory page says where there is little to show, and where figures contradict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sample_store
from panel_rows import table, tiles
from sample_shows import Show
from sample_store import NOW
from starlette.testclient import TestClient

Own = Callable[[list[Show]], TestClient]


@pytest.fixture
def own(holding: Callable[..., TestClient]) -> Own:
    """Return a maker of a client over a store with some shows and without sales."""
    return lambda shows: holding(lambda warehouse: sample_store.write(warehouse, [], NOW, shows))


def test_shows_that_nobody_counted_say_what_to_run(own: Own) -> None:
    """With shows and without any count the page lists them and names the command."""
    client = own([Show("1", "101", 3)])
    page = client.get("/inventory").text
    assert 'data-testid="uncounted"' in page
    assert "zakaz sync" in page
    shows, *seats = tiles(client, "inventory").values()
    assert (shows, set(seats)) == (1, {None})


def test_shows_that_were_over_before_the_first_count_say_so(own: Own) -> None:
    """No load counts them any more, so no command is named; each row says why it has no bar."""
    client = own([Show("1", "101", -3), Show("2", "102", -9)])
    page = client.get("/inventory?shows=past").text
    assert "прошли до первого подсчёта" in page
    assert "zakaz sync" not in page
    assert page.count("До показа места не считали") == 2
    assert client.get("/events?event=101").text.count("До показа места не считали") == 1

    ahead = client.get("/inventory?shows=all&lang=en").text
    assert ahead.count("Not counted before the show") == 2


def test_a_store_without_shows_says_what_to_run(own: Own) -> None:
    """Nothing loaded yet: one sentence and one command in place of empty tables."""
    client = own([])
    page = client.get("/inventory").text
    assert 'data-testid="no-shows"' in page
    assert "zakaz sync" in page


def test_no_show_ahead_is_told_apart_from_none_at_all(own: Own) -> None:
    """Where all shows are over the page says so, and the choice of past ones is a click away."""
    client = own([Show("1", "101", -3, counts=(9, 9, 0, 0))])
    assert "Впереди показов нет" in client.get("/inventory").text
    assert len(table(client, "inventory", "?shows=past")) == 1


def test_many_shows_come_fifty_at_first(own: Own) -> None:
    """The table opens with fifty shows, the tiles count all, and one link shows the rest."""
    many = [Show(str(at), "101", at, counts=(10, at % 10, 0, 10 - at % 10)) for at in range(1, 81)]
    client = own(many)
    assert (len(table(client, "inventory")), len(table(client, "inventory", "?rows=all"))) == (
        50,
        80,
    )
    assert tiles(client, "inventory")["shows"] == 80
    assert "Показать все: 80 показов" in client.get("/inventory").text
    assert "Показать все" not in client.get("/inventory?rows=all").text


def test_a_show_begins_to_be_past_at_its_minute(own: Own) -> None:
    """A show of this very minute is ahead, one of a minute ago is past."""
    shows = [Show("1", "101", 0, clock=NOW.time()), Show("2", "101", 0, clock=_earlier(NOW))]
    client = own(shows)
    assert [row["time"] for row in table(client, "inventory")] == ["14:25"]
    assert [row["time"] for row in table(client, "inventory", "?shows=past")] == ["14:24"]


def _earlier(moment: datetime) -> Any:
    return (moment - timedelta(minutes=1)).time()


def test_a_count_that_exceeds_its_hall_is_shown_as_it_is(own: Own) -> None:
    """Figures that contradict each other are not bent; the bar still ends at its end."""
    client = own([Show("1", "101", 3, counts=(10, 12, 0, 4))])
    (row,) = table(client, "inventory")
    assert (row["sold"], row["held"], row["sell_through"]) == (12, -6, "0.6000")
    assert 'class="left" x="750" width="250"' in client.get("/inventory").text

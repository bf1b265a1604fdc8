"""The figures of the Inventory page, against the counts that the known store holds."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sample_shows
from panel_rows import table, tiles
from sample_shows import SHOWS, Show
from sample_store import NOW
from starlette.testclient import TestClient

TODAY = NOW.date()
LIVE = [show for show in SHOWS if not show.is_deleted]
AHEAD = [show for show in LIVE if not show.known or show.starts_at(TODAY) >= NOW]


def summed(shows: list[Show]) -> list[int]:
    """Add up the counts of some shows: total, sold, reserved, left."""
    return [sum(show.counts[at] for show in shows if show.counts) for at in range(4)]


def test_the_shows_ahead_come_by_their_start(client: TestClient) -> None:
    """The nearest show is first; the hour counts within a day; one without a date comes last."""
    days = [row["day"] for row in table(client, "inventory")]
    expected = sorted(show.starts_at(TODAY) for show in AHEAD if show.known)
    assert [day.date().isoformat() for day in expected] == days[:-1]
    assert days[-1] is None
    assert [row["time"] for row in table(client, "inventory") if row["day"] == "2025-06-26"] == [
        "12:00", "19:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "shows"),
    [
        ("", AHEAD),
        ("?shows=past", [show for show in LIVE if show not in AHEAD]),
        ("?shows=all", LIVE),
        ("?city=казань&shows=all", [s for s in LIVE if s.event_id in ("102", "104")]),
        ("?event=101", [show for show in AHEAD if show.event_id == "101"]),
        ("?event=nothing", []),
    ],
)
def test_tiles_and_table_add_up_to_the_counts(
    client: TestClient, query: str, shows: list[Show]
) -> None:
    """0, 1 and n shows: tiles and rows are the sums of the newest counts, deleted ones apart."""
    total, sold, reserved, left = summed(shows)
    found, rows = tiles(client, "inventory", query), table(client, "inventory", query)
    assert len(shows) == found["shows"] == len(rows)
    assert [total, sold, reserved, left] == [
        found[name] for name in ("seats", "seats_sold", "seats_reserved", "seats_left")
    ]
    for name, value in (("total", total), ("sold", sold), ("reserved", reserved), ("left", left)):
        assert value == sum(row[name] or 0 for row in rows)
    assert total - sold - reserved - left == sum(row["held"] or 0 for row in rows)


def test_sell_through_is_weighted_by_seats(client: TestClient) -> None:
    """The tile is taken seats over all seats, not the mean of the shows' shares."""
    total, _, _, left = summed(AHEAD)
    expected = (Decimal(total - left) / total).quantize(Decimal("0.0001"))
    assert expected == Decimal(tiles(client, "inventory")["sell_through"])
    assert tiles(client, "inventory", "?event=nothing")["sell_through"] is None


def test_f19_a_sold_out_show_is_at_100_percent(client: TestClient) -> None:
    """No seat left is 1, and what is held back is neither sold nor left."""
    by_time = {(row["day"], row["time"]): row for row in table(client, "inventory")}
    matinee, evening = by_time["2025-06-26", "12:00"], by_time["2025-06-26", "19:00"]
    assert (matinee["sell_through"], matinee["left"]) == ("1.0000", 0)
    assert matinee["state"] == "Распродан"
    assert (evening["sell_through"], evening["held"]) == ("0.7000", 50)
    assert "100\u202f%" in client.get("/inventory").text


def test_a_hall_without_seats_is_not_at_zero(client: TestClient) -> None:
    """Neither a show nobody counted nor a show without a hall has a share of seats."""
    rows = table(client, "inventory")
    for row in (rows[0], next(row for row in rows if row["day"] == "2025-06-28")):
        assert [row[name] for name in ("total", "sold", "left", "sell_through")] == [None] * 4
    page = client.get("/inventory").text
    assert page.count("Места не посчитаны") == 2
    assert "посчитано: 5" in page


def test_the_hour_is_that_of_the_city(client: TestClient) -> None:
    """A show in Tomsk at half past one is the evening before in Moscow, and the page says both."""
    tomsk = table(client, "inventory")[0]
    assert (tomsk["day"], tomsk["time"], tomsk["zone"]) == ("2025-06-19", "01:30", "Asia/Tomsk")
    assert tomsk["days"] == 5
    page = client.get("/inventory").text
    assert "чт, 19\u00a0июн, 01:30" in page
    assert "через 5 дней · 18\u00a0июн, 21:30 МСК" in page


def test_an_unknown_zone_is_told_as_moscow_time(client: TestClient) -> None:
    """Where the city's clock is not known the hour is Moscow's and says so."""
    page = client.get("/inventory?shows=past&event=104").text
    assert "ср, 4\u00a0июн, 19:00 МСК" in page
    assert "10 дней назад" in page


def test_a_closed_sale_and_an_old_count_are_marked(client: TestClient) -> None:
    """The sale of a show is closed; another is still sold and was counted seven hours ago."""
    page = client.get("/inventory").text
    assert page.count('<span class="state closed">Продажа закрыта</span>') == 1
    assert page.count('<span class="old" title="подсчёт старше шести часов">07:25</span>') == 1
    assert "1 подсчёт старше шести часов" in page


def test_a_past_show_keeps_its_last_count(client: TestClient) -> None:
    """The past shows come newest first, with the day of their last count and no mark on it."""
    days = [row["day"] for row in table(client, "inventory", "?shows=past")]
    assert days == sorted(days, reverse=True)
    page = client.get("/inventory?shows=past").text
    assert 'class="old"' not in page
    assert "16\u00a0мар, 14:25" in page


@pytest.mark.parametrize("sort", ["day", "-day", "event", "-sold", "left", "-sell_through"])
def test_the_table_comes_in_the_order_asked_for(client: TestClient, sort: str) -> None:
    """Sorting holds for page and data alike; shows without a figure come last."""
    name = sort.removeprefix("-")
    cells = [row[name] for row in table(client, "inventory", f"?shows=all&sort={sort}")]
    known = [cell for cell in cells if cell is not None]
    assert known == cells[: len(known)]
    if name == "event":
        known = [cell.casefold() for cell in known]
    assert known == sorted(known, reverse=sort.startswith("-"))


def test_one_show_has_a_bar_of_its_seats(client: TestClient) -> None:
    """The bar is drawn in thousandths of the hall and told in words."""
    page = client.get("/inventory?event=101").text
    told = "Продано 600, бронь 50, не в продаже 50, осталось 300 из 1\u202f000"
    bar = page[page.index(f'aria-label="{told}"') :]
    bar = bar[: bar.index("</svg>")]
    for part in (
        'class="sold" x="0" width="600"',
        'class="reserved" x="600" width="50"',
        'class="held" x="650" width="50"',
        'class="left" x="700" width="300"',
    ):
        assert part in bar


def test_the_shows_of_the_sample_agree_with_its_module() -> None:
    """The deleted show of the store is in none of the lists above."""
    assert {show.id for show in SHOWS} - {show.id for show in LIVE} == {"104-2"}
    assert sample_shows.show_of("105", TODAY, TODAY) == "105-1"

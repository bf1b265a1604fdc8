"""The figures of the Sales page, against the same sums done in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from panel_rows import file
from sample_store import EVENTS, NOW, Sale, total
from starlette.testclient import TestClient

TODAY = NOW.date()
KOPECK = Decimal("0.01")
FIGURES = ("revenue", "gross", "refunds", "tickets", "orders")


def between(sales: Iterable[Sale], first: date, last: date) -> list[Sale]:
    """Pick the rouble sales of some days."""
    return [sale for sale in sales if first <= sale.day <= last and sale.event.currency == "RUB"]


def before_hour(sales: Iterable[Sale], day: date, hour: int) -> list[Sale]:
    """Pick the sales up to an hour of their last day."""
    return [sale for sale in sales if sale.day < day or sale.hour.hour < hour]


def rows(client: TestClient, panel: str, query: str = "") -> list[list[object]]:
    """Read a panel as JSON."""
    answer = client.get(f"/panel/{panel}.json{query}")
    assert answer.status_code == 200
    found: list[list[object]] = answer.json()["rows"]
    return found


def kpi(client: TestClient, query: str = "") -> dict[str, list[Decimal | None]]:
    """Read the tiles: value, compared, previous, change by KPI in dictionary order."""
    names = ("revenue", "gross", "refunds", "tickets", "orders", "average_ticket")
    return {
        name: [None if cell is None else Decimal(str(cell)) for cell in row[1:]]
        for name, row in zip(names, rows(client, "kpi", query), strict=True)
    }


def test_tiles_equal_the_sums_of_the_period(client: TestClient, sales: list[Sale]) -> None:
    """Each tile is the sum over its days, to the kopeck."""
    found = kpi(client, "?period=30d")
    mine = between(sales, TODAY - timedelta(days=29), TODAY)
    assert {name: total(mine, name) for name in FIGURES} == {
        name: found[name][0] for name in FIGURES
    }


def test_average_ticket_is_a_ratio_of_sums(client: TestClient, sales: list[Sale]) -> None:
    """The average ticket is revenue over tickets of the whole period, not a mean of means."""
    mine = between(sales, TODAY - timedelta(days=29), TODAY)
    expected = (total(mine, "revenue") / total(mine, "tickets")).quantize(KOPECK, ROUND_HALF_UP)
    assert expected == kpi(client)["average_ticket"][0]


def test_today_is_compared_with_yesterday_up_to_the_same_hour(
    client: TestClient, sales: list[Sale]
) -> None:
    """At 14:25 the full hours of today stand against the same hours of yesterday."""
    found = kpi(client, "?period=today")
    yesterday = TODAY - timedelta(days=1)
    for name in FIGURES:
        value, compared, previous, _ = found[name]
        assert total(between(sales, TODAY, TODAY), name) == value
        assert total(before_hour(between(sales, TODAY, TODAY), TODAY, 14), name) == compared
        assert total(before_hour(between(sales, yesterday, yesterday), yesterday, 14), name) == (
            previous
        )


def test_a_tile_of_today_shows_both_figures_of_its_comparison(
    client: TestClient, sales: list[Sale]
) -> None:
    """Beside all of today stands what is compared: so much by 14:00, so much it was."""
    page = client.get("/sales?period=today").text
    tile = page[page.index('data-testid="kpi-orders"') :]
    tile = tile[: tile.index("</li>")]
    today = before_hour(between(sales, TODAY, TODAY), TODAY, 14)
    yesterday = TODAY - timedelta(days=1)
    before = before_hour(between(sales, yesterday, yesterday), yesterday, 14)
    assert f"к 14:00: {total(today, 'orders')}<" in tile
    assert f"было {total(before, 'orders')}<" in tile


def test_a_period_that_ends_today_is_compared_without_the_open_hour(
    client: TestClient, sales: list[Sale]
) -> None:
    """The previous seven days are cut at the same hour as this week is."""
    found = kpi(client, "?period=7d")
    first, last = TODAY - timedelta(days=13), TODAY - timedelta(days=7)
    expected = total(before_hour(between(sales, first, last), last, 14), "revenue")
    assert expected == found["revenue"][2]


def test_a_closed_period_is_compared_whole(client: TestClient, sales: list[Sale]) -> None:
    """Yesterday stands against the whole day before, and the change is their ratio."""
    value, compared, previous, change = kpi(client, "?period=yesterday")["revenue"]
    before = total(between(sales, TODAY - timedelta(days=2), TODAY - timedelta(days=2)), "revenue")
    assert value == compared
    assert before == previous
    assert change is not None
    assert previous is not None
    assert value is not None
    assert (value / previous - 1).quantize(Decimal("0.0001"), ROUND_HALF_UP) == change


def test_this_month_is_compared_with_the_same_days_of_the_month_before(
    client: TestClient, sales: list[Sale]
) -> None:
    """1 to 14 June stands against 1 to 14 May, up to the same hour."""
    previous = kpi(client, "?period=month")["revenue"][2]
    may = between(sales, date(2025, 5, 1), date(2025, 5, 14))
    assert total(before_hour(may, date(2025, 5, 14), 14), "revenue") == previous


def test_nothing_earlier_means_no_comparison(client: TestClient) -> None:
    """All time has no period before it: the change is a dash, never 0 % and never infinity."""
    assert kpi(client, "?period=all")["revenue"][1:] == [None, None, None]
    assert "сравнить не с чем" in client.get("/sales?period=all").text


def test_h3_a_zero_denominator_is_a_dash(client: TestClient) -> None:
    """Without tickets there is no average ticket: NULL in data, a dash on the page."""
    query = "?city=nowhere"
    assert kpi(client, query)["average_ticket"][0] is None
    page = client.get(f"/sales{query}").text
    tile = page[page.index('data-testid="kpi-average_ticket"') :]
    assert 'data-value="" title="—">—</p>' in tile[: tile.index("</li>")]


def test_city_and_event_filters_narrow_every_panel(client: TestClient, sales: list[Sale]) -> None:
    """Two cities together are the sum of both, and an event within them narrows further."""
    mine = between(sales, TODAY - timedelta(days=29), TODAY)
    two = [sale for sale in mine if sale.event.city in ("москва", "казань")]
    one = [sale for sale in two if sale.event.id == "102"]
    query = "?city=москва&city=казань"
    assert total(two, "revenue") == kpi(client, query)["revenue"][0]
    assert total(one, "revenue") == kpi(client, f"{query}&event=102")["revenue"][0]
    assert {"Москва", "Казань"} == {row[0] for row in rows(client, "cities", query)}
    assert len(rows(client, "events", f"{query}&event=102")) == 1


@pytest.mark.parametrize("panel", ["revenue", "cities", "events"])
def test_every_panel_adds_up_to_the_tiles(client: TestClient, panel: str) -> None:
    """What the panels show in detail is what the tiles show in sum."""
    answer = client.get(f"/panel/{panel}.json?period=90d").json()
    at = [column["name"] for column in answer["columns"]].index("revenue")
    shown = sum(Decimal(row[at]) for row in answer["rows"])
    assert kpi(client, "?period=90d")["revenue"][0] == shown


def test_h12_currencies_are_never_added(client: TestClient, sales: list[Sale]) -> None:
    """The page shows the currency with most revenue; the other one is a switch away."""
    first = TODAY - timedelta(days=29)
    tenge = [s for s in sales if s.event.currency == "KZT" and s.day >= first]
    page = client.get("/sales").text
    assert 'data-testid="currency-KZT"' in page
    assert total(between(sales, first, TODAY), "revenue") == kpi(client)["revenue"][0]
    assert total(tenge, "revenue") == kpi(client, "?currency=KZT")["revenue"][0]
    assert "₸" in client.get("/sales?currency=KZT").text


def test_an_event_without_a_dimension_row_is_not_lost(client: TestClient) -> None:
    """A sale of an unknown event keeps its place, under its number and an unknown city."""
    names = [row[0] for row in rows(client, "events")]
    assert "Событие 105" in names
    assert "Город не указан" in {row[0] for row in rows(client, "cities")}


def test_event_windows_are_the_last_seven_days_and_the_seven_before(
    client: TestClient, sales: list[Sale]
) -> None:
    """Tickets of the last 7 × 24 hours up to the cut stand against those of the 7 days before."""
    cut = datetime(2025, 6, 14, 14, tzinfo=NOW.tzinfo)
    week = timedelta(days=7)
    for event, row in ((row[0], row) for row in rows(client, "events", "?period=today")):
        mine = [s for s in sales if s.event.name == event]
        if not mine:
            continue
        recent = [s for s in mine if cut - week <= s.hour < cut]
        before = [s for s in mine if cut - 2 * week <= s.hour < cut - week]
        assert [total(recent, "tickets"), total(before, "tickets")] == row[4:6]


@pytest.mark.parametrize(
    ("query", "step", "count"),
    [
        ("?period=today", "hour", 24),
        ("?period=30d", "day", 30),
        ("?from=2024-12-01&to=2025-06-14", "week", 29),
        ("?from=2024-01-01&to=2025-06-14", "month", 18),
    ],
)
def test_the_step_follows_the_length_of_the_period(
    client: TestClient, query: str, step: str, count: int
) -> None:
    """A day is drawn by hours, a quarter by days, a year by weeks, more by months."""
    answer = client.get(f"/panel/revenue.json{query}").json()
    assert step == answer["columns"][0]["kind"]
    assert count == len(answer["rows"])


def test_hours_still_to_come_are_empty_and_not_zero(client: TestClient) -> None:
    """At 14:25 the hour 14 is known and the hour 15 is not."""
    hours = rows(client, "revenue", "?period=today")
    assert hours[14][1] is not None
    assert hours[15][1] is None
    assert hours[15][2] is not None


def test_the_previous_line_is_laid_over_the_same_step(
    client: TestClient, sales: list[Sale]
) -> None:
    """The muted line shows, over each day, the day as many days earlier."""
    found = rows(client, "revenue", "?period=7d")
    week_ago = TODAY - timedelta(days=7)
    assert str(total(between(sales, week_ago, week_ago), "revenue")) == found[-1][2]


@pytest.mark.parametrize("sort", ["-revenue", "revenue", "event", "-tickets", "-change"])
def test_the_event_table_comes_in_the_order_asked_for(client: TestClient, sort: str) -> None:
    """Sorting holds for the page, the JSON and the CSV alike; unknown changes come last."""
    answer = client.get(f"/panel/events.json?sort={sort}").json()
    names = [column["name"] for column in answer["columns"]]
    cells = [row[names.index(sort.removeprefix("-"))] for row in answer["rows"]]
    known = [cell for cell in cells if cell is not None]
    assert known == cells[: len(known)]
    keys = known if sort == "event" else [Decimal(str(cell)) for cell in known]
    assert keys == sorted(keys, key=_folded, reverse=sort.startswith("-"))


def test_csv_and_json_hold_the_same_cells(client: TestClient) -> None:
    """The CSV of a panel is its JSON, cell for cell."""
    query = "?period=90d"
    for panel in ("kpi", "revenue", "cities", "events"):
        _, lines = file(client, panel, query)
        cells = [["" if c is None else str(c) for c in row] for row in rows(client, panel, query)]
        assert cells == [[cell.removeprefix("'") for cell in line] for line in lines]


def test_all_events_of_the_sample_are_offered_as_filters(client: TestClient) -> None:
    """The pop-over lists hold every event that ever sold, by its id."""
    page = client.get("/sales").text
    for event in EVENTS:
        assert f'name="event" value="{event.id}"' in page


def _folded(cell: object) -> object:
    return cell.casefold() if isinstance(cell, str) else cell


def test_an_empty_period_says_so(client: TestClient) -> None:
    """A period without sales shows a sentence in place of empty charts."""
    page = client.get("/sales?from=2024-01-01&to=2024-01-02")
    assert page.status_code == 200
    assert 'data-testid="nothing"' in page.text


def test_a_page_is_answered_from_the_cache_of_its_generation(
    client: TestClient, browse: Callable[..., TestClient]
) -> None:
    """The same address twice gives the same page."""
    first = client.get("/sales?period=7d").text
    assert first == client.get("/sales?period=7d").text

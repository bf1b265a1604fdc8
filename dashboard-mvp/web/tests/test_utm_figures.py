"""The figures of the UTM page, against the same sums done in Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import quote

import pytest
from panel_rows import file, table, tiles
from sample_store import NOW, UTM, Sale, total
from starlette.testclient import TestClient
from zakaz_web import kpi, queries, utm
from zakaz_web.utm_panels import TABLES

TODAY = NOW.date()
RATIO = Decimal("0.0001")
KOPECK = Decimal("0.01")
QUERIES = (
    "?period=30d",
    "?period=90d&city=москва&city=казань",
    "?period=7d&event=102",
    "?period=all&currency=KZT",
    "?period=90d&tag_source=vk&tag_medium=cpc",
    "?period=90d&tag_campaign=unknown",
)


def days(sales: Iterable[Sale], first: int, last: int = 0, currency: str = "RUB") -> list[Sale]:
    """Pick the sales of some days, counted back from today."""
    start, end = TODAY - timedelta(days=first), TODAY - timedelta(days=last)
    return [s for s in sales if start <= s.day <= end and s.event.currency == currency]


def untagged(sales: Iterable[Sale]) -> list[Sale]:
    """Pick the sales that came without any tag."""
    return [sale for sale in sales if not any(sale.tags)]


def tag_of(sale: Sale, field: str) -> str:
    """Give one tag of a sale as the tables write it."""
    return sale.tags[UTM.index(f"utm_{field}")] or "без метки"


def rest(row: dict[str, object]) -> bool:
    """Say whether a row joins the others."""
    return str(next(iter(row.values()))).startswith("Остальные")


def test_tiles_equal_the_sums_of_the_period(client: TestClient, sales: list[Sale]) -> None:
    """Revenue, orders, tickets, and what of them came without any tag, to the kopeck."""
    mine = days(sales, 29)
    found = tiles(client, "utm", "?period=30d")
    assert Decimal(found["revenue"]) == total(mine, "revenue")
    assert Decimal(found["untagged_revenue"]) == total(untagged(mine), "revenue")
    for name, counted in (("orders", mine), ("tickets", mine), ("untagged_orders", untagged(mine))):
        assert found[name] == total(counted, name.removeprefix("untagged_"))


def test_ratios_are_made_of_sums(client: TestClient, sales: list[Sale]) -> None:
    """The share without tags is orders over orders, the average ticket revenue over tickets."""
    mine = days(sales, 29)
    found = tiles(client, "utm", "?period=30d")
    share = (total(untagged(mine), "orders") / total(mine, "orders")).quantize(RATIO, ROUND_HALF_UP)
    average = (total(mine, "revenue") / total(mine, "tickets")).quantize(KOPECK, ROUND_HALF_UP)
    assert Decimal(found["untagged_share"]) == share
    assert Decimal(found["average_ticket"]) == average


def test_the_share_of_a_week_is_that_of_the_last_seven_days(
    client: TestClient, sales: list[Sale]
) -> None:
    """Whatever the period and the tags; the week before stands beside it."""
    week, before = days(sales, 6), days(sales, 13, 7)
    expected = [
        (total(untagged(one), "orders") / total(one, "orders")).quantize(RATIO, ROUND_HALF_UP)
        for one in (week, before)
    ]
    for query in ("?period=all", "?from=2025-02-01&to=2025-02-03", "?period=90d&tag_source=vk"):
        row = table(client, "utm_kpi", query)[-1]
        assert [Decimal(row["value"]), Decimal(row["previous"])] == expected
    same = tiles(client, "utm", "?period=7d")
    assert same["untagged_week"] == same["untagged_share"]


def test_a_period_that_ends_today_is_compared_by_whole_days(
    client: TestClient, sales: list[Sale]
) -> None:
    """Tags are known by the day: today is left out, and so is its match a period before."""
    row = table(client, "utm_kpi", "?period=7d")[0]
    assert Decimal(row["value"]) == total(days(sales, 6), "revenue")
    assert Decimal(row["compared"]) == total(days(sales, 6, 1), "revenue")
    assert Decimal(row["previous"]) == total(days(sales, 13, 8), "revenue")
    page = client.get("/utm?period=7d").text
    assert "полные дни по 13\u00a0июн" in page
    assert "за полные дни: " in page


def test_a_closed_period_is_compared_whole(client: TestClient, sales: list[Sale]) -> None:
    """Yesterday stands against the whole day before."""
    row = table(client, "utm_kpi", "?period=yesterday")[0]
    assert row["value"] == row["compared"]
    assert Decimal(row["previous"]) == total(days(sales, 2, 2), "revenue")


def test_today_has_no_comparison_yet(client: TestClient) -> None:
    """Not one whole day of it is known: dashes, and a sentence that says so."""
    *rows, week = table(client, "utm_kpi", "?period=today")
    assert {row["change"] for row in rows} == {None}
    assert week["previous"] is not None
    page = client.get("/utm?period=today").text
    assert "ни один день периода не загружен целиком" in page
    assert 'data-column="change"' not in page


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("panel", TABLES)
def test_every_table_adds_up_to_the_tiles(client: TestClient, panel: str, query: str) -> None:
    """Orders, tickets and revenue, now and before: the rows are the tiles in detail."""
    found = {row["kpi"]: row for row in table(client, "utm_kpi", query)}
    rows = table(client, panel, query)
    assert sum(row["orders"] for row in rows) == found["Заказы"]["value"]
    assert sum(row["tickets"] for row in rows) == found["Билеты"]["value"]
    money = found["Выручка"]
    assert sum(Decimal(row["revenue"]) for row in rows) == Decimal(money["value"])
    if money["compared"] is not None:
        for name in ("compared", "previous"):
            shown = sum(Decimal(row[f"{name}_revenue"]) for row in rows)
            assert shown == Decimal(money[name])


@pytest.mark.parametrize("query", QUERIES)
def test_the_chart_adds_up_to_the_tiles(client: TestClient, query: str) -> None:
    """Each step is the sum of its sources, and all steps are the tile."""
    rows = table(client, "utm_revenue", query)
    for row in rows:
        parts = [Decimal(row[name]) for name in row if name[0] == "s" and name != "step"]
        parts += [Decimal(row[name]) for name in ("rest", "unknown") if name in row]
        assert sum(parts) == Decimal(row["revenue"])
    shown = sum(Decimal(row["revenue"]) for row in rows)
    assert shown == Decimal(tiles(client, "utm", query)["revenue"])


@pytest.mark.parametrize(
    ("chosen", "title", "labels"),
    [
        ("", "и источникам", ["vk", "yandex", "без метки"]),
        ("&tag_source=vk&tag_source=yandex", "и источникам", ["vk", "yandex"]),
        ("&tag_source=vk", "и каналам", ["cpc", "social", "без метки"]),
        ("&tag_source=vk&tag_medium=cpc", "и кампаниям", ["ice-vk-202506", "без метки"]),
    ],
)
def test_the_chart_tells_the_next_field_apart(
    client: TestClient, chosen: str, title: str, labels: list[str]
) -> None:
    """Narrowed to one source it shows media, narrowed to one medium campaigns."""
    columns = client.get(f"/panel/utm_revenue.json?period=90d{chosen}").json()["columns"]
    assert sorted(column["label"] for column in columns[3:]) == sorted(labels)
    assert f"Выручка по дням {title}" in client.get(f"/utm?period=90d{chosen}").text


def test_the_previous_line_is_laid_over_the_same_step(
    client: TestClient, sales: list[Sale]
) -> None:
    """The dashed line shows, over each day, the day as many days earlier."""
    last = table(client, "utm_revenue", "?period=7d")[-1]
    assert Decimal(last["previous_revenue"]) == total(days(sales, 7, 7), "revenue")


@pytest.mark.parametrize("panel", TABLES)
def test_each_row_is_the_sum_of_its_tags(client: TestClient, sales: list[Sale], panel: str) -> None:
    """Grouped in Python by the same fields, each row has the very figures."""
    by = TABLES[panel]
    groups: dict[tuple[str, ...], list[Sale]] = defaultdict(list)
    for sale in days(sales, 89):
        groups[tuple(tag_of(sale, field) for field in by)].append(sale)
    rows = {tuple(row[field] for field in by): row for row in table(client, panel, "?period=90d")}
    assert set(groups) <= set(rows)
    whole = total(days(sales, 89), "revenue")
    for tags, mine in groups.items():
        row = rows[tags]
        money, tickets = total(mine, "revenue"), total(mine, "tickets")
        assert (Decimal(row["revenue"]), row["tickets"]) == (money, tickets)
        assert row["orders"] == total(mine, "orders")
        assert Decimal(row["share"]) == (money / whole).quantize(RATIO, ROUND_HALF_UP)
        average = (money / tickets).quantize(KOPECK, ROUND_HALF_UP)
        assert Decimal(row["average_ticket"]) == average


def test_tags_chosen_narrow_every_panel(client: TestClient, sales: list[Sale]) -> None:
    """Two values of a field are either, two fields are both; no tag is a choice too."""
    mine = days(sales, 89)
    vk = [sale for sale in mine if sale.tags[0] == "vk"]
    social = [sale for sale in vk if sale.tags[1] == "social"]
    none = untagged(mine)
    for query, expected in (
        ("tag_source=vk", vk),
        ("tag_source=vk&tag_medium=social", social),
        ("tag_source=vk&tag_source=unknown", vk + none),
        ("tag_source=unknown", none),
    ):
        found = tiles(client, "utm", f"?period=90d&{query}")
        assert Decimal(found["revenue"]) == total(expected, "revenue")
        rows = table(client, "utm_tags", f"?period=90d&{query}")
        assert sum(row["tickets"] for row in rows) == total(expected, "tickets")
        chart = table(client, "utm_revenue", f"?period=90d&{query}")
        assert sum(Decimal(row["revenue"]) for row in chart) == total(expected, "revenue")


def test_h12_currencies_are_never_added(client: TestClient, sales: list[Sale]) -> None:
    """The page shows the currency with most revenue; the other one is a switch away."""
    page = client.get("/utm").text
    assert 'data-testid="currency-KZT"' in page
    tenge = tiles(client, "utm", "?currency=KZT")
    assert Decimal(tenge["revenue"]) == total(days(sales, 29, 0, "KZT"), "revenue")
    assert "₸" in client.get("/utm?currency=KZT").text


@pytest.mark.parametrize("sort", ["revenue", "-orders", "tickets", "-average_ticket", "-change"])
def test_the_tables_come_in_the_order_asked_for(client: TestClient, sort: str) -> None:
    """Sorting holds for all tables; unknown figures come last, and the rest after them."""
    name = sort.removeprefix("-")
    for panel in TABLES:
        rows = table(client, panel, f"?period=90d&sort={sort}")
        cells = [row[name] for row in rows if not rest(row)]
        known = [Decimal(cell) for cell in cells if cell is not None]
        assert known == sorted(known, reverse=sort.startswith("-"))
        assert None not in cells[: len(known)]


def test_csv_and_json_hold_the_same_cells(client: TestClient) -> None:
    """The CSV of a panel is its JSON, cell for cell, and its formulas are harmless."""
    query = "?period=90d"
    for panel in utm.PANELS:
        head, lines = file(client, panel, query)
        answer = client.get(f"/panel/{panel}.json{query}").json()
        cells = [["" if cell is None else str(cell) for cell in row] for row in answer["rows"]]
        assert cells == [[cell.removeprefix("'") for cell in line] for line in lines]
        assert head == [column["label"] for column in answer["columns"]]
    campaigns = client.get(f"/panel/utm_campaigns.csv{query}").text
    assert "'=1+1" in campaigns


@pytest.mark.parametrize("panel", utm.PANELS)
def test_every_panel_is_a_sheet_too(client: TestClient, panel: str) -> None:
    """The XLSX of a panel is offered under its name and period."""
    answer = client.get(f"/panel/{panel}.xlsx?period=yesterday")
    assert answer.status_code == 200
    assert f'"{panel}_2025-06-13_2025-06-13.xlsx"' in answer.headers["content-disposition"]


def test_a_row_leads_to_its_tags(client: TestClient) -> None:
    """Each tag is a link that keeps the other choices and narrows the page to it."""
    page = client.get("/utm?period=90d&tag_source=yandex&city=казань").text
    city = quote("казань")
    assert f"/utm?period=90d&amp;city={city}&amp;tag_source=yandex&amp;tag_medium=cpc" in page
    chosen = client.get("/utm?period=90d&tag_source=vk&tag_medium=social").text
    assert "Источник: vk" in chosen
    assert 'href="/utm?period=90d&amp;tag_medium=social"' in chosen


def test_an_event_leads_to_all_its_tags(client: TestClient) -> None:
    """The page of an event links to this page for it alone, over all its time."""
    assert 'href="/utm?period=all&amp;event=102&amp;lang=en"' in (
        client.get("/events?event=102&lang=en").text
    )


def test_what_is_chosen_stays_chosen_when_a_city_is(client: TestClient) -> None:
    """The form carries along the tags that no list of its own shows."""
    page = client.get("/utm?tag_campaign=ice-vk-202506&tag_source=vk").text
    assert '<input type="hidden" name="tag_campaign" value="ice-vk-202506">' in page
    assert '<input type="hidden" name="tag_source"' not in page
    assert 'name="tag_source" value="vk" checked' in page


def test_the_dictionary_names_only_sums_that_exist() -> None:
    """Each KPI of the page is made of columns that panels/utm_kpi.sql gives."""
    sql = queries.load("utm_kpi").sql
    for figure in kpi.dictionary("utm"):
        for name in figure.ratio or (figure.sum,):
            assert f"AS {name}_sum" in sql
            assert f"AS previous_{name}" in sql

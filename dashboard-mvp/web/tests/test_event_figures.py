"""The figures of an event's own page, against the sales that the known store holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from panel_rows import file, table, tiles
from sample_codes import code_of, discount_of
from sample_shows import SHOWS, Show
from sample_store import EVENTS, NOW, Sale, total
from starlette.testclient import TestClient
from zakaz_web.event import PANELS
from zakaz_web.event_panels import TOP_ROWS

TODAY = NOW.date()
BY_ID = {show.id: show for show in SHOWS}
IDS = [event.id for event in EVENTS]


def of(sales: Iterable[Sale], event: str) -> list[Sale]:
    """Pick the sales of one event."""
    return [sale for sale in sales if sale.event.id == event]


def days_to(sale: Sale) -> int | None:
    """Count the days from a sale to its show."""
    show: Show = BY_ID[sale.show]
    return (show.starts_at(TODAY).date() - sale.day).days if show.known else None


@pytest.mark.parametrize("event", IDS)
def test_the_tiles_are_the_sums_of_all_its_sales(
    client: TestClient, sales: list[Sale], event: str
) -> None:
    """Each tile is the sum over the event's life, to the kopeck, in its own currency."""
    found, mine = tiles(client, "event", f"?event={event}"), of(sales, event)
    for name in ("revenue", "gross", "refunds", "tickets", "orders"):
        assert total(mine, name) == Decimal(str(found[name]))
    average = total(mine, "revenue") / total(mine, "tickets")
    assert average.quantize(Decimal("0.01")) == Decimal(found["average_ticket"])


def test_seats_and_days_are_those_of_its_shows(client: TestClient) -> None:
    """Sell-through is weighted over the counted shows; days run to the next show."""
    found = tiles(client, "event", "?event=101")
    assert (found["sell_through"], found["days_to_show"]) == ("0.8750", 12)
    over = tiles(client, "event", "?event=104")
    assert (over["sell_through"], over["days_to_show"]) == ("0.3000", None)
    assert "последний: 4\u00a0июн\u00a02025" in client.get("/events?event=104").text
    assert tiles(client, "event", "?event=103")["sell_through"] is None


@pytest.mark.parametrize("event", IDS)
@pytest.mark.parametrize("measure", ["tickets", "revenue"])
def test_the_curve_holds_every_sale(
    client: TestClient, sales: list[Sale], event: str, measure: str
) -> None:
    """Before, on and after the day of the show, and for unknown shows: the steps are the total."""
    rows = table(client, "curve", f"?event={event}&measure={measure}&compare=none")
    expected = total(of(sales, event), measure)
    assert expected == sum(Decimal(str(row["gain"] or 0)) for row in rows)
    known = [row["e0"] for row in rows if row["e0"] is not None]
    assert expected == Decimal(str(known[-1]))


def test_the_curve_counts_days_show_by_show(client: TestClient, sales: list[Sale]) -> None:
    """At D-n stand all tickets sold n days or more before the show they are for."""
    answer = client.get("/panel/curve.json?event=102&compare=101").json()
    rows = {key[0]: key for key in answer["rows"]}
    for day in (60, 30, 20):
        for at, event in ((2, "102"), (3, "101")):
            mine = [sale for sale in of(sales, event) if (days_to(sale) or 0) >= day]
            assert total(mine, "tickets") == rows[f"Д−{day}"][at]


def test_sales_after_the_show_and_without_one_are_steps_of_their_own(
    client: TestClient, sales: list[Sale]
) -> None:
    """An event that still sold after its show, and one whose show nobody loaded."""
    late = table(client, "curve", "?event=104&compare=none")[-1]
    mine = [sale for sale in of(sales, "104") if (days_to(sale) or 0) < 0]
    assert (late["step"], late["gain"]) == ("После показа", total(mine, "tickets"))
    lost = table(client, "curve", "?event=105&compare=none")[-1]
    assert (lost["step"], lost["gain"]) == ("Показ неизвестен", total(of(sales, "105"), "tickets"))


def test_the_pace_compares_like_with_like(client: TestClient, sales: list[Sale]) -> None:
    """Twenty days before its last show the event stands against the others at their D-20."""
    own, other = table(client, "pace", "?event=102&compare=104")
    then = [sale for sale in of(sales, "104") if (days_to(sale) or 0) >= 20]
    now = [sale for sale in of(sales, "102") if (days_to(sale) or 0) >= 20]
    assert (total(now, "tickets"), total(then, "tickets")) == (
        own["tickets_at"],
        other["tickets_at"],
    )
    assert total(then, "revenue") == Decimal(other["revenue_at"])
    change = Decimal(own["tickets_at"]) / Decimal(other["tickets_at"]) - 1
    assert change.quantize(Decimal("0.0001")) == Decimal(other["change"])
    assert own["change"] is None
    assert total(of(sales, "104"), "revenue") == Decimal(other["revenue"])
    assert "Д−20" in client.get("/events?event=102").text


def test_an_event_not_yet_at_that_day_is_not_compared(client: TestClient) -> None:
    """At D-5 there is nothing to compare with events that still have twelve days to go."""
    rows = table(client, "pace", "?event=103&compare=101&compare=104")
    assert [row["tickets_at"] is None for row in rows] == [False, True, False]
    assert rows[1]["change"] is None


def test_the_usual_comparison_is_the_same_city(client: TestClient) -> None:
    """Unless the reader chooses, an event is laid over one of its city first, then over others."""
    names = [row["event"] for row in table(client, "pace", "?event=102")]
    assert names == [
        "Цирк на воде",
        '=HYPERLINK("http://example.test")',
        "Ледяное шоу «Щелкунчик»",
        "<script>alert(1)</script>",
    ]
    assert len(table(client, "pace", "?event=102&compare=none")) == 1
    assert len(table(client, "pace", "?event=102&compare=none&compare=101")) == 2


@pytest.mark.parametrize("event", IDS)
def test_the_shows_add_up_to_the_tiles(client: TestClient, event: str) -> None:
    """What each show sold is what the event sold, with unknown shows and those without sales."""
    rows, whole = (
        table(client, "event_shows", f"?event={event}"),
        tiles(client, "event", f"?event={event}"),
    )
    for name in ("tickets", "orders"):
        assert whole[name] == sum(row[name] for row in rows)
    for name in ("revenue", "refunds"):
        assert Decimal(whole[name]) == sum(Decimal(row[name]) for row in rows)


def test_a_show_has_its_sales_and_its_seats(client: TestClient, sales: list[Sale]) -> None:
    """Sold out, on sale, uncounted, over: each show with its own count."""
    rows = table(client, "event_shows", "?event=101")
    assert [(row["state"], row["total"]) for row in rows] == [
        ("Прошёл", 1000), ("Распродан", 800), ("В продаже", 1000), ("В продаже", None),
    ]  # fmt: skip
    mine = [sale for sale in of(sales, "101") if sale.show == "101-2"]
    assert total(mine, "tickets") == rows[2]["tickets"]
    (lost,) = table(client, "event_shows", "?event=105")
    assert (lost["day"], lost["state"], lost["total"]) == (None, "Показ не загружен", 60)


@pytest.mark.parametrize("event", IDS)
def test_refunds_stand_by_day_of_sale_and_by_day_of_refund(
    client: TestClient, sales: list[Sale], event: str
) -> None:
    """Each day's refunds are those of its sales, the newest day first; both columns add up."""
    by_day: dict[date, Decimal] = defaultdict(Decimal)
    for sale in of(sales, event):
        by_day[sale.day] += sale.refunds
    expected = sorted(((day, value) for day, value in by_day.items() if value), reverse=True)
    rows = table(client, "refunds", f"?event={event}&rows=all")
    assert [(day.isoformat(), str(value)) for day, value in expected] == [
        (row["day"], row["refunds"]) for row in rows
    ]
    paid_back = sum(Decimal(row["paid_back"]) for row in rows)
    assert Decimal(tiles(client, "event", f"?event={event}")["refunds"]) == paid_back


def test_a_long_table_opens_with_whole_rows_and_gives_the_rest_on_demand(
    client: TestClient,
) -> None:
    """No table of the event scrolls inside its panel; a button stands where rows are left out."""
    for name in ("refunds", "utm", "promo_codes"):
        whole = table(client, name, "?event=102&rows=all")
        assert table(client, name, "?event=102") == whole[:TOP_ROWS]
        button = f'data-testid="all-{name}"'
        assert (button in client.get("/events?event=102").text) == (len(whole) > TOP_ROWS)
        assert button not in client.get("/events?event=102&rows=all").text
    assert len(table(client, "refunds", "?event=102&rows=all")) > TOP_ROWS


def test_promo_codes_keep_their_sales(client: TestClient, sales: list[Sale]) -> None:
    """A listed code by its name, a forgotten one by its number, a discount without a code."""
    rows = {row["promo_code"]: row for row in table(client, "promo_codes", "?event=101")}
    keys = {"@SUM(A1)": ("p1", "d1"), "Код p9": ("p9", "d9"), "Без промокода": ("", "d1")}
    assert keys.keys() == rows.keys()
    for shown, key in keys.items():
        mine = [sale for sale in of(sales, "101") if code_of(sale) == key]
        assert total(mine, "orders") == rows[shown]["orders"]
        assert total(mine, "revenue") == Decimal(rows[shown]["revenue"])
        assert sum(discount_of(sale) for sale in mine) == Decimal(rows[shown]["discounts"])
    assert [rows[shown]["discount"] for shown in keys] == ["Скидка 25%", "Скидка d9", "Скидка 25%"]


@pytest.mark.parametrize("event", IDS)
def test_sources_add_up_and_the_unknown_stays_in_sight(
    client: TestClient, sales: list[Sale], event: str
) -> None:
    """Every order has its row, those without tags too, and the shares are of all revenue."""
    rows, mine = table(client, "utm", f"?event={event}&rows=all"), of(sales, event)
    assert total(mine, "tickets") == sum(row["tickets"] for row in rows)
    assert total(mine, "orders") == sum(row["orders"] for row in rows)
    assert total(mine, "revenue") == sum(Decimal(row["revenue"]) for row in rows)
    assert sum(Decimal(row["share"]) for row in rows) == pytest.approx(1, abs=Decimal("0.0003"))
    untagged = [sale for sale in mine if not any(sale.tags)]
    (row,) = (row for row in rows if row["source"] == "без метки")
    assert total(untagged, "revenue") == Decimal(row["revenue"])


def test_h12_an_event_is_shown_in_its_own_currency(client: TestClient, sales: list[Sale]) -> None:
    """Tenge stay tenge: no rouble is added, and no event in roubles is compared with."""
    page = client.get("/events?event=201").text
    assert "₸" in page
    assert "₽" not in page
    assert len(table(client, "pace", "?event=201")) == 1
    assert client.get("/panel/utm.json?event=201").json()["currency"] == "KZT"
    assert tiles(client, "event", "?event=201&currency=RUB")["tickets"] == 0


@pytest.mark.parametrize("panel", PANELS)
def test_files_hold_the_cells_of_the_panel(client: TestClient, panel: str) -> None:
    """CSV, XLSX and JSON of a panel are the same rows, named for the event and the day."""
    query = "?event=101&compare=104&rows=all"
    rows = client.get(f"/panel/{panel}.json{query}").json()["rows"]
    answer = client.get(f"/panel/{panel}.csv{query}")
    assert f'"{panel}_101_2025-06-14.csv"' in answer.headers["content-disposition"]
    _, lines = file(client, panel, query)
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    assert rows
    assert cells == [[cell.removeprefix("'") for cell in line] for line in lines]
    assert client.get(f"/panel/{panel}.xlsx{query}").content.startswith(b"PK")


def test_the_page_is_complete(client: TestClient) -> None:
    """Header, eight tiles and seven panels are on the page of an event that has them all."""
    page = client.get("/events?event=102").text
    assert "Казань · 16\u00a0мар – 4\u00a0июл\u00a02025" in page
    assert 'data-testid="state">Продажа закрыта<' in page
    assert "аккаунт" not in page
    assert page.count('class="tile"') == 8
    for panel in PANELS[1:]:
        assert f'data-panel="{panel}"' in page
        assert f"/panel/{panel}.xlsx?event=102" in page


def test_the_curve_is_told_in_words(client: TestClient) -> None:
    """The sentence for readers who cannot see the curve names each event and its figure."""
    page = client.get("/events?event=102&compare=104").text
    own, other = table(client, "pace", "?event=102&compare=104")
    for row in (own, other):
        shown = f"{row['tickets_at']:,}".replace(",", "\u202f")
        assert f"Д−20: {shown}." in page
    assert TODAY + timedelta(days=20) == BY_ID["102-3"].starts_at(TODAY).date()

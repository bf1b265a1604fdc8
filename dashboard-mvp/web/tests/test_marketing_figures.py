"""The figures of the Marketing page, against the same sums done in Python."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
import sample_ads
from panel_rows import file, table, tiles
from sample_ads import Ad
from sample_store import NOW, Sale, total
from starlette.testclient import TestClient
from zakaz_web import kpi
from zakaz_web.figures import Figures

TODAY = NOW.date()
TABLES = ("campaigns", "cities", "events", "utm")
SUMS = ("spend", "revenue", "impressions", "clicks", "orders", "tickets")
QUERIES = (
    "",
    "?period=90d",
    "?city=москва",
    "?city=unknown",
    "?event=101&event=102",
    "?campaign=501",
    "?campaign=unknown",
    "?campaign=501&city=казань",
    "?sort=cpt",
    "?rows=all&sort=-name",
)


def roubles(sales: Iterable[Sale], first: date, last: date = TODAY) -> list[Sale]:
    """Pick the rouble sales of some days."""
    return [s for s in sales if first <= s.day <= last and s.event.currency == "RUB"]


def spent(ads: Iterable[Ad], first: date, last: date = TODAY) -> list[Ad]:
    """Pick the ads of some days."""
    return [ad for ad in ads if first <= ad.day <= last]


def rounded(top: Decimal, bottom: Decimal, digits: str) -> Decimal:
    """Divide sums as a reader would."""
    return (top / bottom).quantize(Decimal(digits), ROUND_HALF_UP)


def figures(client: TestClient, query: str = "") -> dict[str, dict[str, Any]]:
    """Read the tiles with what they are compared with."""
    rows = table(client, "marketing_kpi", query)
    names = [figure.id for figure in kpi.dictionary("marketing")]
    return dict(zip(names, rows, strict=True))


def test_tiles_are_ratios_of_sums(client: TestClient, sales: list[Sale], ads: list[Ad]) -> None:
    """Each figure is made of the sums of the whole period, to the kopeck and the fourth digit."""
    first = TODAY - timedelta(days=29)
    mine, cost = roubles(sales, first), spent(ads, first)
    revenue, spend = total(mine, "revenue"), sample_ads.total(cost, "spend")
    impressions, clicks = (sample_ads.total(cost, name) for name in ("impressions", "clicks"))
    orders, tickets = total(mine, "orders"), total(mine, "tickets")
    expected = {
        "spend": spend,
        "revenue": revenue,
        "roas": rounded(revenue, spend, "0.0001"),
        "romi": rounded(revenue - spend, spend, "0.0001"),
        "drr": rounded(spend, revenue, "0.0001"),
        "impressions": impressions,
        "cpm": rounded(1000 * spend, impressions, "0.01"),
        "clicks": clicks,
        "cpc": rounded(spend, clicks, "0.01"),
        "orders": orders,
        "cpo": rounded(spend, orders, "0.01"),
        "tickets": tickets,
        "cpt": rounded(spend, tickets, "0.01"),
    }
    assert expected == {
        name: Decimal(str(value)) for name, value in tiles(client, "marketing").items()
    }


def test_only_full_days_are_compared(client: TestClient, sales: list[Sale], ads: list[Ad]) -> None:
    """At 14:25 today is left out of the comparison, and so is its day of the period before."""
    found = figures(client, "?period=7d")
    now = TODAY - timedelta(days=6), TODAY - timedelta(days=1)
    before = TODAY - timedelta(days=13), TODAY - timedelta(days=8)
    assert Decimal(found["spend"]["compared"]) == sample_ads.total(spent(ads, *now), "spend")
    assert Decimal(found["spend"]["previous"]) == sample_ads.total(spent(ads, *before), "spend")
    earned = [total(roubles(sales, *days), "revenue") for days in (now, before)]
    assert [Decimal(found["revenue"][name]) for name in ("compared", "previous")] == earned
    assert Decimal(found["revenue"]["change"]) == rounded(*earned, "0.0001") - 1
    page = client.get("/marketing?period=7d").text
    assert "полные дни по 13\u00a0июн" in page


def test_a_closed_day_is_compared_whole(client: TestClient, ads: list[Ad]) -> None:
    """Yesterday stands against the day before it."""
    found = figures(client, "?period=yesterday")["spend"]
    yesterday, before = (TODAY - timedelta(days=back) for back in (1, 2))
    assert found["value"] == found["compared"]
    assert Decimal(found["value"]) == sample_ads.total(spent(ads, yesterday, yesterday), "spend")
    assert Decimal(found["previous"]) == sample_ads.total(spent(ads, before, before), "spend")


def test_shares_are_compared_by_points(client: TestClient) -> None:
    """ROMI and ДРР have a difference and no ratio of ratios; every other figure a ratio."""
    for name, row in figures(client, "?period=7d").items():
        is_share = name in ("romi", "drr")
        assert (row["points"] is not None) == is_share
        assert (row["change"] is not None) == (not is_share)
        if is_share:
            difference = Decimal(row["compared"]) - Decimal(row["previous"])
            assert Decimal(row["points"]) == difference


def test_today_alone_has_no_comparison_yet(client: TestClient) -> None:
    """No day of it is over: figures of today, no change, and the page says why."""
    found = figures(client, "?period=today")
    assert {row["previous"] for row in found.values()} == {None}
    assert "ни один день периода не загружен целиком" in client.get("/marketing?period=today").text


def test_a_side_younger_than_the_comparison_has_none(client: TestClient) -> None:
    """Ads of 120 days cannot be held against the 90 days before; sales of 200 days can."""
    found = figures(client, "?period=90d")
    assert found["spend"]["previous"] is None
    assert found["roas"]["previous"] is None
    assert found["revenue"]["previous"] is not None


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("name", TABLES)
def test_every_table_adds_up_to_the_tiles(client: TestClient, name: str, query: str) -> None:
    """Whatever is chosen, the rows hold the whole; what is not attributed is the last of them."""
    panel = f"marketing_{name}"
    rows = table(client, panel, query)
    whole = tiles(client, "marketing", query)
    for figure in SUMS:
        assert sum(Decimal(str(row[figure])) for row in rows) == Decimal(str(whole[figure]))
    page = client.get(f"/marketing{query}").text
    body = page[page.index(f'data-testid="table-{panel}"') :]
    body = body[: body.index("</table>")]
    assert body.rindex('data-key="unknown"') == body.rindex("data-key=")


def test_days_add_up_to_the_tiles(client: TestClient) -> None:
    """So do the days of the chart, and each has the period before beside it."""
    for query in ("?period=30d", "?period=90d", "?from=2025-01-01", "?from=2024-01-01"):
        rows, whole = table(client, "marketing_days", query), tiles(client, "marketing", query)
        for figure in SUMS:
            known = [Decimal(str(row[figure])) for row in rows if row[figure] is not None]
            assert sum(known) == Decimal(str(whole[figure]))
    week = table(client, "marketing_days", "?period=7d")
    before = table(client, "marketing_days", "?from=2025-06-01&to=2025-06-07")
    for name in ("revenue", "spend"):
        assert [row[f"previous_{name}"] for row in week] == [row[name] for row in before]


def test_the_newest_days_are_marked_as_open(client: TestClient) -> None:
    """Days that the source restates say so in the table, and the page names them."""
    states = [row["state"] for row in table(client, "marketing_days", "?period=7d")]
    assert states[:4] == [""] * 4
    assert states[4:6] == ["расход уточняется"] * 2
    assert states[6] == "день ещё идёт, расход уточняется"
    page = client.get("/marketing?period=7d").text
    assert "Расход ещё уточняется: 12–14\u00a0июн\u00a02025" in page
    assert 'data-open="12\u00a0июн"' in page


def test_revenue_of_a_campaign_is_that_of_its_tags(
    client: TestClient, sales: list[Sale], ads: list[Ad]
) -> None:
    """Sales with the source, medium and campaign of an ad are its campaign's, no others."""
    first = TODAY - timedelta(days=29)
    tagged = [s for s in roubles(sales, first) if s.tags[2] == "ice-vk-202506"]
    plan = [ad for ad in spent(ads, first) if ad.banner.plan == "501"]
    ice, _, _, unknown = sorted(
        table(client, "marketing_campaigns", "?sort=-revenue"),
        key=lambda row: (row["id"] == "", row["id"]),
    )
    assert Decimal(ice["revenue"]) == total(tagged, "revenue")
    assert Decimal(ice["spend"]) == sample_ads.total(plan, "spend")
    assert unknown["name"] == "Без кампании"
    assert Decimal(unknown["spend"]) == 0


def test_the_tiles_say_what_of_the_revenue_carries_tags(client: TestClient) -> None:
    """All revenue stands above, beneath it what carries tags; nothing beneath a single campaign."""
    rows = table(client, "marketing_campaigns", "?rows=all")
    named = sum((Decimal(row["revenue"]) for row in rows[:-1]), Decimal(0))
    shown, f = figures(client), Figures("ru", "RUB")
    parts = {
        "revenue": f.share(kpi.share(named, Decimal(shown["revenue"]["value"]))),
        "roas": f.factor(kpi.share(named, Decimal(shown["spend"]["value"]))),
    }
    page = client.get("/marketing").text
    for tile, part in parts.items():
        told = page.partition(f'data-testid="kpi-{tile}"')[2].partition("</li>")[0]
        assert f'<span class="was">по меткам кампаний: {part}</span>' in told
    assert "по меткам кампаний" not in client.get("/marketing?campaign=501").text


@pytest.mark.parametrize("name", TABLES)
def test_spend_and_sales_of_nobody_make_no_ratio(client: TestClient, name: str) -> None:
    """Ads without tags did not sell what came without tags: no ROAS, though both sums stand."""
    unknown = table(client, f"marketing_{name}", "?rows=all")[-1]
    assert {unknown[figure] for figure in ("roas", "romi", "drr", "cpo", "cpt")} == {None}
    shown = Decimal(unknown["impressions"])
    expected = f"{Decimal(unknown['spend']) * 1000 / shown:.2f}" if shown else None
    assert unknown["cpm"] == expected


def test_attribution_says_where_the_spend_went(client: TestClient, ads: list[Ad]) -> None:
    """The model is named on the page; reasons add up to the spend and to the shares above them."""
    mine = spent(ads, TODAY - timedelta(days=29))
    whole = sample_ads.total(mine, "spend")
    rows = table(client, "marketing_attribution")
    assert sum(Decimal(row["spend"]) for row in rows) == whole
    assert [Decimal(row["spend"]) for row in rows] == sorted(
        (
            sample_ads.total([ad for ad in mine if ad.banner.reason == reason], "spend")
            for reason in ("event", "several_events", "no_city_in_content", "no_content")
        ),
        reverse=True,
    )
    page = client.get("/marketing").text
    assert "content_city_day" in page
    city = [ad for ad in mine if ad.banner.city != "unknown"]
    percent = rounded(100 * sample_ads.total(city, "spend"), whole, "0.1")
    assert f"К городу отнесено {str(percent).replace('.', ',')}\u202f%" in page


@pytest.mark.parametrize("sort", ["-spend", "spend", "name", "-roas", "drr", "-cpc", "tickets"])
def test_tables_come_in_the_order_asked_for(client: TestClient, sort: str) -> None:
    """One order for all tables; no figure comes after all figures, unattributed spend last."""
    for name in TABLES:
        rows = table(client, f"marketing_{name}", f"?rows=all&sort={sort}")[:-1]
        cells = [row[sort.removeprefix("-")] for row in rows]
        known = [cell for cell in cells if cell is not None]
        assert known == cells[: len(known)]
        keys = [
            str(cell).casefold().replace("ё", "е") if sort == "name" else Decimal(str(cell))
            for cell in known
        ]
        assert keys == sorted(keys, reverse=sort.startswith("-"))


def test_csv_and_json_hold_the_same_cells(client: TestClient) -> None:
    """The CSV of a panel is its JSON, cell for cell, and its heads are in the reader's language."""
    for name in ("kpi", "days", "attribution", "control", *TABLES):
        panel = f"marketing_{name}"
        head, lines = file(client, panel, "?period=90d")
        rows = [list(row.values()) for row in table(client, panel, "?period=90d")]
        cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
        assert cells == [[cell.removeprefix("'") for cell in line] for line in lines]
        labels = client.get(f"/panel/{panel}.json").json()["columns"]
        assert head == [column["label"] for column in labels]
        assert client.get(f"/panel/{panel}.xlsx?period=90d").content.startswith(b"PK")


def test_the_light_follows_the_ratio() -> None:
    """Above 1.5 is good, 1 to 1.5 a warning, below 1 or nothing is bad; no other figure is lit."""
    roas = next(figure for figure in kpi.dictionary("marketing") if figure.id == "roas")
    values = ("1.5001", "1.5", "1", "0.9999", "0")
    assert [roas.lit(Decimal(value)) for value in values] == [
        "good",
        "warning",
        "warning",
        "bad",
        "bad",
    ]
    assert roas.lit(None) == "bad"
    others = [figure for figure in kpi.dictionary("marketing") if figure is not roas]
    assert {figure.lit(Decimal(1)) for figure in others} == {""}


def test_the_dictionary_names_only_sums_that_exist() -> None:
    """Each figure is made of columns of panels/marketing_days.sql, profit of two of them."""
    from zakaz_web import queries

    sql = queries.load("marketing_days").sql
    for figure in kpi.dictionary("marketing"):
        for name in figure.ratio or (figure.sum,):
            assert name == "profit" or f"AS {name}_sum" in sql

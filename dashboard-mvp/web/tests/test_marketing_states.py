"""What the Marketing page says where a side is missing, nothing is there, or sums disagree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import sample_ads
import sample_store
from panel_rows import table, text_of, tiles
from sample_ads import Ad, Banner
from sample_store import NOW, Sale
from starlette.testclient import TestClient
from zakaz.warehouse.port import Warehouse

Own = Callable[..., TestClient]
TODAY = NOW.date()


@pytest.fixture(scope="module")
def sales(sales: list[Sale]) -> list[Sale]:
    """Return the sales of two weeks: to write two hundred days takes longer than a test."""
    return [sale for sale in sales if sale.day > TODAY - timedelta(days=14)]


@pytest.fixture
def own(holding: Callable[..., TestClient]) -> Own:
    """Return a maker of a client over sales and ads; a statement spoils them beforehand."""

    def make(sales: list[Sale], ads: list[Ad], statement: str = "") -> TestClient:
        def write(warehouse: Warehouse) -> None:
            sample_store.write(warehouse, sales, NOW)
            sample_ads.write(warehouse, ads, NOW)
            if statement:
                warehouse.execute(statement)

        return holding(write)

    return make


def ad(back: int, spend: str, banner: Banner = sample_ads.BANNERS[0]) -> Ad:
    """Give a day of an ad with a thousand impressions and ten clicks."""
    return Ad(TODAY - timedelta(days=back), banner, 1000, 10, Decimal(spend))


def test_sales_without_ads_say_what_to_configure(own: Own, sales: list[Sale]) -> None:
    """Revenue is shown, cost is a dash, and the notice names the variables and the command."""
    client = own(sales, [])
    page = client.get("/marketing").text
    notice = text_of(page, "no-ads")
    assert "VK_ADS_CLIENT_ID" in notice
    assert "zakaz sync vk" in notice
    found = tiles(client, "marketing")
    assert Decimal(found["revenue"]) > 0
    assert {found[name] for name in ("spend", "roas", "romi", "drr", "cpm", "cpo")} == {None}
    assert 'data-value="" title="—">—</p>' in text_of(page, "kpi-spend")
    assert "расхода нет" in text_of(page, "light-roas")
    assert "Реклама (VK): не загружалось" in page
    assert 'data-testid="no-spend"' in page


def test_ads_without_sales_say_what_to_load(own: Own) -> None:
    """Cost per click is known, return is not: a dash, never a loss of everything."""
    client = own([], [ad(1, "500"), ad(2, "100.50")])
    page = client.get("/marketing").text
    assert "zakaz sync qtickets" in text_of(page, "no-sales")
    found = tiles(client, "marketing")
    assert (found["spend"], found["cpc"], found["cpm"]) == ("600.50", "30.03", "300.25")
    assert {found[name] for name in ("revenue", "roas", "romi", "drr", "cpo", "cpt")} == {None}


def test_a_store_without_anything_says_what_to_run(own: Own) -> None:
    """Nothing loaded yet: one sentence and one command in place of empty tables."""
    page = own([], []).get("/marketing").text
    assert 'data-testid="empty"' in page
    assert "zakaz sync" in page


def test_h3_spend_of_zero_is_no_ratio(own: Own, sales: list[Sale]) -> None:
    """Free ads have no ROAS: a dash that is lit red, and a cost of 0 per click."""
    client = own(sales, [ad(1, "0")])
    found = tiles(client, "marketing", "?period=yesterday")
    assert (found["roas"], found["romi"]) == (None, None)
    assert (found["spend"], found["cpc"], found["drr"]) == ("0.00", "0.00", "0.0000")
    page = client.get("/marketing?period=yesterday").text
    assert 'class="light bad"' in page


def test_a_sum_that_differs_is_never_hidden(own: Own, sales: list[Sale]) -> None:
    """The day, both amounts, their difference and the command stand there under any filter."""
    days = [ad(back, "500.00") for back in range(1, 6)]
    spoilt = f"""INSERT INTO zakaz.stg_vk_ads_account_daily
        SELECT * REPLACE (spend + toDecimal64('0.02', 2) AS spend, _ver + 1 AS _ver)
        FROM zakaz.stg_vk_ads_account_daily WHERE stat_date = '{TODAY - timedelta(days=3)}'"""
    client = own(sales, days, spoilt)
    for query in ("", "?city=томск", "?campaign=1&currency=KZT", "?event=101"):
        (row,) = table(client, "marketing_control", query)
        assert (row["day"], row["state"]) == ("2025-06-11", "не сходится")
        assert [row[name] for name in ("account_spend", "banners_spend", "difference")] == [
            "500.02",
            "500.00",
            "0.02",
        ]
        page = client.get(f"/marketing{query}").text
        assert "1 день не сходится." in page
        assert "zakaz sync vk --from 2025-06-11 --to 2025-06-11" in page
        assert "500,02\u202f₽" in page
    assert 'data-testid="control"' not in client.get("/marketing?period=yesterday").text


def test_a_day_without_the_accounts_sum_proves_nothing(own: Own, sales: list[Sale]) -> None:
    """A missing control is told as such, and its amounts are dashes."""
    spoilt = "TRUNCATE TABLE zakaz.stg_vk_ads_account_daily"
    client = own(sales, [ad(1, "500"), ad(2, "500")], spoilt)
    page = client.get("/marketing?lang=en").text
    assert "2 days have nothing to check against." in page
    rows = table(client, "marketing_control")
    assert [(row["account_spend"], row["difference"]) for row in rows] == [(None, None)] * 2


def test_a_day_that_was_not_over_is_no_fault(own: Own, sales: list[Sale]) -> None:
    """Two sums read one after the other differ in the middle of a day: said, and no alarm."""
    spoilt = f"""INSERT INTO zakaz.stg_vk_ads_account_daily
        SELECT * REPLACE (clicks + 1 AS clicks, _ver + 1 AS _ver)
        FROM zakaz.stg_vk_ads_account_daily WHERE stat_date = '{TODAY}'"""
    client = own(sales, [ad(back, "500") for back in range(5)], spoilt)
    page = client.get("/marketing").text
    assert 'data-testid="control"' not in page
    line = text_of(page, "control-equal")
    assert "все 4 дня сходятся. Сверка с кабинетом за 14\u00a0июн\u00a02025 — когда" in line
    (row,) = table(client, "marketing_control")
    assert (row["day"], row["state"]) == ("2025-06-14", "день ещё не закончился")


def test_days_after_the_last_load_have_no_spend_yet(own: Own, sales: list[Sale]) -> None:
    """What is not loaded is empty and says so; it is neither 0 nor compared."""
    two = timedelta(days=2)
    client = own(
        sales,
        [ad(back, "100") for back in range(2, 60)],
        # Ads were loaded two days ago, sales now.
        """INSERT INTO zakaz.stg_vk_ads_daily
        SELECT * REPLACE (_loaded_at - INTERVAL 2 DAY AS _loaded_at, _ver + 1 AS _ver)
        FROM zakaz.stg_vk_ads_daily""",
    )
    rows = table(client, "marketing_days", "?period=7d")
    assert [row["spend"] for row in rows] == ["100.00"] * 5 + [None] * 2
    assert "реклама ещё не загружена" in rows[-1]["state"]
    spend = table(client, "marketing_kpi", "?period=7d")[0]
    assert (spend["value"], spend["compared"], spend["previous"]) == ("500.00", "400.00", "400.00")
    last = TODAY - two - timedelta(days=1)
    assert f"полные дни по {last.day}\u00a0июн" in client.get("/marketing?period=7d").text


def test_the_tail_of_a_long_table_is_one_row(own: Own, sales: list[Sale]) -> None:
    """Forty campaigns come as 15, the rest as one row, unattributed last; one link shows all."""
    banner = sample_ads.BANNERS[0]
    many = [
        ad(1, f"{number}.00", replace(banner, id=str(number), plan=f"p{number}"))
        for number in range(1, 41)
    ]
    client = own(sales, many)
    rows = table(client, "marketing_campaigns")
    assert len(rows) == 17
    assert [row["spend"] for row in (rows[0], rows[14], rows[15], rows[16])] == [
        "40.00",
        "26.00",
        "325.00",  # 1 + 2 + … + 25
        "0.00",
    ]
    assert rows[15]["name"] == "Остальные (25)"
    assert rows[15]["cpc"] == "1.30"  # 325 / 250: a ratio of sums
    assert len(table(client, "marketing_campaigns", "?rows=all")) == 41
    page = client.get("/marketing").text
    assert 'data-testid="all-marketing_campaigns"' in page
    assert 'data-testid="all-marketing_cities"' not in page

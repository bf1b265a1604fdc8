"""Spend beside revenue: golden data from files, through the real rebuild, with nothing merged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from golden_rows import RATIOS, Golden, told
from staged import Staged, msk
from zakaz import facts
from zakaz.schema import checks
from zakaz.warehouse.embedded import EmbeddedWarehouse

NOW = msk("2026-03-15 10:00")
WITH_SPEND = (
    "bi.v_vk_ads_daily", "bi.v_marketing_daily", "bi.v_marketing_roi_daily", "bi.v_romi_daily",
)  # fmt: skip
WITH_REVENUE = ("bi.v_marketing_daily", "bi.v_marketing_roi_daily", "bi.v_romi_daily")
FILES = {
    "roi": "SELECT * FROM bi.v_marketing_roi_daily ORDER BY d, city, currency",
    "romi": "SELECT * FROM bi.v_romi_daily ORDER BY d, utm_source, currency",
}


def totals(warehouse: EmbeddedWarehouse, view: str, money: str, suffix: str = "") -> Any:
    """Give a view's sum of money by currency."""
    return warehouse.query(
        f"SELECT currency, sum({money}) AS total FROM {view} {suffix}"
        " GROUP BY currency HAVING total != 0 ORDER BY currency"
    ).rows


def rebuilt(staged: Staged) -> EmbeddedWarehouse:
    """Rebuild everything; no check may fail, no sum of spend or revenue may change on its way."""
    facts.rebuild_all(staged.warehouse, at=NOW)
    assert checks.run(staged.warehouse) == []
    spent = totals(
        staged.warehouse, "zakaz.stg_vk_ads_daily", "spend", "FINAL WHERE NOT is_deleted"
    )
    assert {view: totals(staged.warehouse, view, "spend") for view in WITH_SPEND} == dict.fromkeys(
        WITH_SPEND, spent
    )
    earned = totals(staged.warehouse, "bi.v_sales_daily", "revenue")
    assert {
        view: totals(staged.warehouse, view, "revenue") for view in WITH_REVENUE
    } == dict.fromkeys(WITH_REVENUE, earned)
    return staged.warehouse


def golden(staged: Staged, name: str, view: str = "roi", times: int = 1) -> None:
    """Stage a file, rebuild, and hold the view against the rows of the file."""
    case = Golden(name)
    case.stage(staged, times)
    assert told(rebuilt(staged).query(FILES[view]).dicts()) == case.rows(view)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param("h1_no_event", marks=pytest.mark.engine),
        pytest.param("h1_one_event", marks=pytest.mark.engine),
        "h1_three_events",
    ],
)
def test_h1_the_number_of_events_does_not_multiply_spend(staged: Staged, case: str) -> None:
    """With 0, 1 and 3 events on a city's day its spend of 500 stays 500."""
    golden(staged, case)


@pytest.mark.engine
def test_h2_a_side_alone_keeps_day_and_city(staged: Staged) -> None:
    """Ads without sales and sales without ads are rows of their own, none before 2000."""
    golden(staged, "h2_one_side_only")
    for view in WITH_SPEND:
        assert staged.warehouse.query(f"SELECT min(d) < '2000-01-01' FROM {view}").scalar() == 0


def test_h3_no_spend_is_no_ratio_and_no_digit_is_cut(staged: Staged) -> None:
    """ROAS and ROMI are NULL at spend 0, and 2000 / 300 is 6.6667."""
    golden(staged, "h3_ratios")


@pytest.mark.engine
def test_h4_spend_meets_the_sales_of_its_day(staged: Staged) -> None:
    """A ticket for a later show counts on the day it was bought."""
    golden(staged, "h4_day_of_sale")


@pytest.mark.engine
@pytest.mark.parametrize("case", ["h1_three_events", "h3_ratios", "h12_two_currencies"])
def test_h7_unmerged_loads_change_no_figure(staged: Staged, case: str) -> None:
    """Every row loaded three times, nothing merged: the same rows as after one load."""
    golden(staged, case, times=3)


@pytest.mark.engine
def test_h7_unmerged_rows_of_facts_and_dimensions_change_no_figure(staged: Staged) -> None:
    """A fact, a dimension and the dictionary written three times read as one."""
    case = Golden("h1_one_event")
    case.stage(staged)
    facts.rebuild_all(staged.warehouse, at=NOW)
    for table in ["fact_ads_daily", "dim_ads", "dim_events", "fact_qtickets_sales_daily"] * 2:
        staged.warehouse.execute(f"INSERT INTO zakaz.{table} SELECT * FROM zakaz.{table} LIMIT 1")
    assert told(staged.warehouse.query(FILES["roi"]).dicts()) == case.rows("roi")
    assert totals(staged.warehouse, "bi.v_vk_ads_daily", "spend") == [("RUB", Decimal(500))]


@pytest.mark.engine
def test_h5_without_a_dictionary_sales_keep_their_city(staged: Staged) -> None:
    """An empty dictionary costs no sale its city and puts all spend under unknown, never ''."""
    staged.warehouse.execute("TRUNCATE TABLE zakaz.dim_city_alias")
    Golden("h1_one_event").stage(staged)
    rows = rebuilt(staged).query(
        "SELECT city, revenue, spend FROM bi.v_marketing_roi_daily ORDER BY city"
    )
    assert rows.rows == [("unknown", 0, 500), ("томск", 2000, 0)]


@pytest.mark.engine
def test_h6_two_versions_of_an_alias_multiply_neither_side(staged: Staged) -> None:
    """The newest meaning holds for sales and ads alike."""
    staged.warehouse.execute(
        "INSERT INTO zakaz.dim_city_alias (alias, city, _ver, _loaded_at)"
        " SELECT 'томск', 'северск', number, now() FROM numbers(1, 3)"
    )
    Golden("h1_one_event").stage(staged)
    rows = rebuilt(staged).query("SELECT city, revenue, spend FROM bi.v_marketing_roi_daily")
    assert rows.rows == [("северск", 2000, 500)]


@pytest.mark.engine
def test_h8_spend_of_an_event_that_never_sold_has_its_name(staged: Staged) -> None:
    """An event known from the playbill alone names its spend; an unknown sale keeps its id."""
    staged.event("e1", event_name="Ёлка")
    staged.show("s1", event_id="e1", event_date="2026-03-01")
    staged.ads("2026-02-10", utm_content="томск_01_03")
    staged.ticket(event_id="nowhere")
    rows = rebuilt(staged).query(
        "SELECT event_id, event_name, city, revenue, spend FROM bi.v_marketing_daily"
        " ORDER BY event_id"
    )
    assert rows.rows == [("e1", "Ёлка", "томск", 0, 500), ("nowhere", "", "unknown", 1000, 0)]
    names = staged.warehouse.query("SELECT event_id, event_name FROM bi.v_vk_ads_daily").rows
    assert names == [("e1", "Ёлка")]


@pytest.mark.engine
def test_h10_ratios_over_days_are_those_of_the_sums(staged: Staged) -> None:
    """ROAS of two days is revenue over spend of both; the average of the rows is another figure."""
    staged.event()
    for day, spend, price in (("2026-02-10", "100", "1000"), ("2026-02-11", "900", "900")):
        staged.ads(day, utm_content="томск_01_03", spend=spend)
        staged.ticket(day, payed_at=f"{day} 12:00", price=price)
    (row,) = (
        rebuilt(staged)
        .query(
            "SELECT sum(revenue) / sum(spend) AS of_sums, avg(roas) AS of_rows,"
            " toTypeName(any(roas)) AS kind FROM bi.v_marketing_roi_daily"
        )
        .dicts()
    )
    assert (float(row["of_sums"]), row["of_rows"]) == (1.9, 5.5)
    assert row["kind"] == "Nullable(Float64)"


@pytest.mark.engine
def test_h11_ctr_is_a_share_and_cpc_is_of_clicks(staged: Staged) -> None:
    """CTR is not multiplied by 100, and a click, a ticket and an order each have their own cost."""
    tags = {"utm_source": "vk_ads", "utm_campaign": "elka", "utm_content": "томск_01_03"}
    staged.event()
    staged.ads("2026-02-10", **tags)
    staged.order("1", **tags)
    staged.basket("1")
    staged.basket("2")
    warehouse = rebuilt(staged)
    of_clicks = {"ctr": 0.01, "cpc": 50.0}
    for view, wanted in (
        ("bi.v_vk_ads_daily", of_clicks | {"cpm": 500.0}),
        ("bi.v_marketing_roi_daily", of_clicks | {"cpt": 250.0, "cpo": 500.0}),
        ("bi.v_romi_daily", of_clicks | {"cpt": 250.0, "cpo": 500.0}),
    ):
        (row,) = warehouse.query(f"SELECT * FROM {view}").dicts()
        assert {name: row[name] for name in wanted} == pytest.approx(wanted), view


def test_h12_currencies_never_add_up(staged: Staged) -> None:
    """Roubles and tenge of one day and city are two rows."""
    golden(staged, "h12_two_currencies")


@pytest.mark.engine
def test_h13_days_do_not_follow_the_zone_of_the_session(staged: Staged) -> None:
    """A sale at half past midnight stands on its Moscow day, whatever the reader's zone."""
    staged.event()
    staged.ticket(payed_at="2026-02-10 00:30")
    staged.ads("2026-02-10", utm_content="томск_01_03")
    warehouse = rebuilt(staged)
    for zone in ("UTC", "Europe/Moscow", "Asia/Kamchatka"):
        rows = warehouse.query(
            "SELECT toString(d), orders, spend FROM bi.v_marketing_roi_daily"
            f" SETTINGS session_timezone = '{zone}'"
        )
        assert rows.rows == [("2026-02-10", 1, 500)], zone


@pytest.mark.engine
def test_h14_every_layer_holds_the_same_kopecks(staged: Staged) -> None:
    """One unit from staging to the last view: 33 ads of 0.01 to 0.33 are 5.61 in each."""
    for kopecks in range(1, 34):
        staged.ads("2026-02-10", banner_id=str(kopecks), spend=f"0.{kopecks:02}")
    warehouse = rebuilt(staged)
    for table in ("zakaz.stg_vk_ads_daily", "zakaz.fact_ads_daily", *WITH_SPEND):
        assert totals(warehouse, table, "spend") == [("RUB", Decimal("5.61"))]


@pytest.mark.engine
def test_h15_old_statistics_loaded_again_are_not_fresh(staged: Staged) -> None:
    """The newest day of the ads is told beside the instant they were written."""
    staged.ads("2021-05-10")
    row = next(
        row
        for row in rebuilt(staged).query("SELECT * FROM bi.v_ops_freshness").dicts()
        if row["source"] == "vk"
    )
    assert (str(row["last_business_date"]), row["status"]) == ("2021-05-10", "critical")
    assert row["days_behind"] > 1000


@pytest.mark.engine
def test_h16_tags_on_one_side_lose_nothing(staged: Staged) -> None:
    """Sales without tags and ads without sales keep their rows; absent tags meet as unknown."""
    golden(staged, "h16_tags_on_one_side", view="romi")


@pytest.mark.engine
def test_marketing_views_are_empty_on_an_empty_store(emptied: EmbeddedWarehouse) -> None:
    """No load, no row."""
    facts.rebuild_all(emptied, at=NOW)
    for view in WITH_SPEND:
        assert emptied.query(f"SELECT * FROM {view}").rows == [], view


@pytest.mark.engine
def test_readers_may_switch_to_null_joins(staged: Staged) -> None:
    """A client that sends join_use_nulls=1, as DataLens may, gets the same answer."""
    Golden("h2_one_side_only").stage(staged)
    warehouse = rebuilt(staged)
    for view in WITH_SPEND:
        query = f"SELECT * FROM {view} ORDER BY d, spend"
        plain = warehouse.query(query).rows
        assert plain, view
        assert warehouse.query(f"{query} SETTINGS join_use_nulls = 1").rows == plain, view


@pytest.mark.engine
def test_h18_a_filter_by_day_reads_only_its_month(staged: Staged) -> None:
    """The day filter of a page reaches the partitions of both facts under two views."""
    for month in ("2026-01", "2026-02", "2026-03"):
        staged.ads(f"{month}-10")
        staged.ticket(month, payed_at=f"{month}-10 12:00")
    plan = rebuilt(staged).query(
        "EXPLAIN indexes = 1 SELECT city, sum(spend) FROM bi.v_marketing_roi_daily"
        " WHERE d BETWEEN '2026-02-01' AND '2026-02-28' GROUP BY city"
    )
    lines = [line.strip(" │") for (line,) in plan.rows]
    assert lines.count("Parts: 1/3") >= 2


@pytest.mark.engine
def test_every_ratio_of_a_row_is_null_without_its_denominator(staged: Staged) -> None:
    """A row with a late conversion and nothing else has no ratio at all: neither 0 nor infinity."""
    staged.ads("2026-02-10", spend="0", impressions=0, clicks=0, goals=1)
    warehouse = rebuilt(staged)
    for view in ("bi.v_marketing_roi_daily", "bi.v_romi_daily", "bi.v_vk_ads_daily"):
        (row,) = warehouse.query(f"SELECT * FROM {view}").dicts()
        assert {row[name] for name in RATIOS if name in row} == {None}


@pytest.mark.engine
def test_an_organiser_and_an_advertiser_are_different_accounts(staged: Staged) -> None:
    """Return is of the whole store; side by side, every row keeps the account it came from."""
    for organiser in ("main", "second"):
        staged.event("e1", account_id=organiser)
        staged.order("1", account_id=organiser)
        staged.basket("1", account_id=organiser)
    staged.ads("2026-02-10", account_id="5550123", utm_content="томск_01_03")
    warehouse = rebuilt(staged)
    query = "SELECT revenue, spend, roas FROM bi.v_marketing_roi_daily"
    assert warehouse.query(query).rows == [(2000, 500, 4.0)]
    query = "SELECT source, account_id FROM bi.v_marketing_daily ORDER BY source, account_id"
    assert warehouse.query(query).rows == [
        ("qtickets", "main"), ("qtickets", "second"), ("vk", "5550123"),
    ]  # fmt: skip

"""Ads by campaign, the control of the account, and sales by the tags of campaigns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from staged import Staged, msk
from zakaz import facts
from zakaz.schema import checks

pytestmark = pytest.mark.engine

NOW = msk("2026-03-15 10:00")
TAGS = {"utm_source": "vk_ads", "utm_medium": "cpc", "utm_campaign": "elka", "utm_content": "c1"}
AD = {"ad_plan_id": "p1", "ad_plan_name": "Ёлка", "ad_group_id": "g1", "ad_group_name": "Мамы"}


def rows(staged: Staged, query: str) -> list[tuple[Any, ...]]:
    """Rebuild everything, require the checks to be silent, and answer the query."""
    facts.rebuild_all(staged.warehouse, at=NOW)
    assert checks.run(staged.warehouse) == []
    return staged.warehouse.query(query).rows


def test_one_ad_fills_every_column_of_its_view(staged: Staged) -> None:
    """Golden row: place in the account, attribution with its reason, tags, figures and ratios."""
    staged.event()
    staged.show(event_date="2026-03-01")
    staged.ads(
        "2026-02-10", **AD, **(TAGS | {"utm_content": "томск_01_03"}), banner_name="Ролик",
        objective="site_conversions", impressions=400, clicks=8, spend="99.90", goals=2,
        is_final=True,
    )  # fmt: skip
    (row,) = rows(staged, "SELECT * FROM bi.v_vk_ads_daily")
    assert row == (
        date(2026, 2, 10), "main", "p1", "Ёлка", "g1", "Мамы", "b1", "Ролик", "site_conversions",
        "томск", "e1", "Ёлка", "content_city_day", "event", "vk_ads", "cpc", "elka", "томск_01_03",
        "unknown", 400, 8, 2, Decimal("99.90"), 0.02, 12.4875, 249.75, "RUB", True, NOW,
    )  # fmt: skip


def test_an_ad_without_a_place_is_unknown_and_keeps_its_spend(staged: Staged) -> None:
    """Archived spend whose campaign the source no longer tells stands under unknown."""
    staged.ads("2026-02-10")
    query = "SELECT ad_plan_id, ad_group_id, city, event_id, spend FROM bi.v_vk_ads_daily"
    assert rows(staged, query) == [("unknown", "unknown", "unknown", "unknown", 500)]


def test_a_renamed_campaign_is_one_campaign(staged: Staged) -> None:
    """A paused ad still carries the old name; every row of the campaign has the newest."""
    staged.ads("2026-02-10", banner_id="b1", **(AD | {"ad_plan_name": "Старое"}))
    staged.ads("2026-02-11", banner_id="b2", **AD)
    for view in ("bi.v_vk_ads_daily", "bi.v_marketing_daily"):
        query = f"SELECT ad_plan_name, sum(spend) FROM {view} GROUP BY ad_plan_name"
        assert rows(staged, query) == [("Ёлка", 1000)]


def test_ids_of_two_ad_accounts_do_not_meet(staged: Staged) -> None:
    """The same ids in two accounts are two ads with names and spend of their own."""
    staged.ads("2026-02-10", account_id="a1", **AD)
    staged.ads("2026-02-10", account_id="a2", **(AD | {"ad_plan_name": "Цирк"}), spend="7")
    query = "SELECT account_id, ad_plan_name, spend FROM bi.v_vk_ads_daily ORDER BY account_id"
    assert rows(staged, query) == [("a1", "Ёлка", 500), ("a2", "Цирк", 7)]


def test_a_sale_belongs_to_the_only_campaign_of_its_tags(staged: Staged) -> None:
    """Tags of one campaign bring its revenue; tags of several or of none stay unknown."""
    for number, (plan, tags) in enumerate([
        ("p1", TAGS),
        ("p2", TAGS | {"utm_campaign": "shared", "utm_content": "c2"}),
        ("p3", TAGS | {"utm_campaign": "shared", "utm_content": "c3"}),
        ("p4", TAGS | {"utm_campaign": "twice", "utm_content": "c4"}),
        ("p5", TAGS | {"utm_campaign": "twice", "utm_content": "c4"}),
        ("p6", {}),
    ]):  # fmt: skip
        staged.ads("2026-02-10", banner_id=str(number), ad_plan_id=plan, ad_group_id="g", **tags)
    sales: dict[str, tuple[dict[str, str], str]] = {
        "all four tags": (TAGS, "p1"),
        "three tags, content of no ad": (TAGS | {"utm_content": "other"}, "p1"),
        "the term does not matter": (TAGS | {"utm_term": "x"}, "p1"),
        "by content": (TAGS | {"utm_campaign": "shared", "utm_content": "c2"}, "p2"),
        "of two": (TAGS | {"utm_campaign": "shared", "utm_content": ""}, "unknown"),
        "content of two": (TAGS | {"utm_campaign": "twice", "utm_content": "c4"}, "unknown"),
        "another medium": (TAGS | {"utm_medium": "social"}, "unknown"),
        "no campaign": (TAGS | {"utm_campaign": ""}, "unknown"),
        "no tags": ({}, "unknown"),
    }
    for day, (case, (tags, _)) in enumerate(sales.items(), start=10):
        staged.order(case, event_id=case, payed_at=f"2026-02-{day} 12:00", **tags)
        staged.basket(case, order_id=case, event_id=case)
    query = (
        "SELECT event_id, ad_plan_id, revenue FROM bi.v_marketing_daily"
        " WHERE source = 'qtickets' ORDER BY d"
    )
    assert rows(staged, query) == [(case, plan, 1000) for case, (_, plan) in sales.items()]


def test_the_account_proves_the_sum_of_its_banners(staged: Staged) -> None:
    """A day is equal, different by what is missing, or without a control."""
    for day in ("2026-02-10", "2026-02-11", "2026-02-12"):
        staged.ads(day, banner_id="b1", spend="500")
        staged.ads(day, banner_id="b2", spend="0.10", impressions=1, clicks=0)
        staged.ads(day, banner_id="b3", spend="9", is_deleted=True)
    staged.ads_account("2026-02-10", spend="500.10", impressions=1001, clicks=10)
    staged.ads_account("2026-02-11", spend="512.34", impressions=1100, clicks=11)
    staged.ads_account("2026-02-13", spend="3")
    query = (
        "SELECT toString(d), account_spend, banners_spend, spend_difference, status"
        " FROM bi.v_vk_ads_control ORDER BY d"
    )
    assert rows(staged, query) == [
        ("2026-02-10", Decimal("500.10"), Decimal("500.10"), 0, "equal"),
        ("2026-02-11", Decimal("512.34"), Decimal("500.10"), Decimal("12.24"), "different"),
        ("2026-02-12", None, Decimal("500.10"), None, "no_control"),
        ("2026-02-13", 3, 0, 3, "different"),
    ]


def test_a_kopeck_for_each_ad_that_spent_is_rounding(staged: Staged) -> None:
    """Two ads that spent may differ by two kopecks together; an idle one allows for nothing."""
    for day in ("2026-02-10", "2026-02-11"):
        staged.ads(day, banner_id="b1", spend="500", impressions=1000, clicks=10)
        staged.ads(day, banner_id="b2", spend="0.10", impressions=0, clicks=0)
        staged.ads(day, banner_id="b3", spend="0", impressions=0, clicks=0)
    staged.ads_account("2026-02-10", spend="500.12")
    staged.ads_account("2026-02-11", spend="500.07")
    query = "SELECT spend_difference, spend_tolerance, status FROM bi.v_vk_ads_control ORDER BY d"
    assert rows(staged, query) == [
        (Decimal("0.02"), Decimal("0.02"), "equal"),
        (Decimal("-0.03"), Decimal("0.02"), "different"),
    ]


def test_a_day_that_was_not_over_proves_nothing(staged: Staged) -> None:
    """Ads and account are read one after the other: today's sums may differ, and may agree."""
    for day, spend in (("2026-02-10", "500"), ("2026-02-11", "500.03")):
        staged.ads(day)
        staged.ads_account(day, spend=spend, loaded_at=f"{day} 14:00")
    query = "SELECT status FROM bi.v_vk_ads_control ORDER BY d"
    assert rows(staged, query) == [("equal",), ("no_control",)]
    staged.ads_account("2026-02-11", spend="500.03", loaded_at="2026-02-12 00:30")
    assert rows(staged, query) == [("equal",), ("different",)]


def test_clicks_and_impressions_are_controlled_too(staged: Staged) -> None:
    """Equal money with other clicks is no equal day."""
    staged.ads("2026-02-10", clicks=10)
    staged.ads_account("2026-02-10", clicks=11)
    assert rows(staged, "SELECT status FROM bi.v_vk_ads_control") == [("different",)]


def test_h7_the_control_counts_every_answer_once(staged: Staged) -> None:
    """Unmerged answers of account and banners, restated or repeated, are compared as the newest."""
    for spend in ("450", "500", "500"):
        staged.ads("2026-02-10", spend=spend)
        staged.ads_account("2026-02-10", spend=spend)
    query = "SELECT account_spend, banners_spend, status FROM bi.v_vk_ads_control"
    assert rows(staged, query) == [(500, 500, "equal")]


def test_h12_the_control_compares_one_currency_at_a_time(staged: Staged) -> None:
    """An account read in another currency than its banners is different, not added up."""
    staged.ads("2026-02-10", currency="RUB")
    staged.ads_account("2026-02-10", currency="KZT")
    query = "SELECT currency, status FROM bi.v_vk_ads_control ORDER BY currency"
    assert rows(staged, query) == [("KZT", "different"), ("RUB", "no_control")]


def test_the_utm_group_is_the_medium_or_why_not(staged: Staged) -> None:
    """Only a sale without any tag is unknown: its share is that of sales without UTM."""
    cases: list[tuple[dict[str, str], str]] = [
        ({}, "unknown"),
        ({"utm_medium": "cpc"}, "cpc"),
        ({"utm_source": "vk", "utm_medium": "social"}, "social"),
        ({"utm_source": "vk", "utm_medium": "banner"}, "other"),
        ({"utm_source": "vk"}, "other"),
        ({"utm_term": "x"}, "other"),
    ]
    for day, (tags, _) in enumerate(cases, start=10):
        staged.order(str(day), payed_at=f"2026-02-{day} 12:00", **tags)
        staged.basket(str(day), order_id=str(day))
    query = "SELECT toDayOfMonth(d), utm_group, orders FROM bi.v_sales_utm_daily ORDER BY d"
    assert rows(staged, query) == [
        (day, group, 1) for day, (_, group) in enumerate(cases, start=10)
    ]


def test_the_checks_see_spend_that_a_view_lost(staged: Staged) -> None:
    """A month that the fact lost is named once for each view of it."""
    staged.ads("2026-02-10")
    assert rows(staged, "SELECT sum(spend) FROM bi.v_romi_daily") == [(500,)]
    staged.warehouse.execute("ALTER TABLE zakaz.fact_ads_daily DROP PARTITION 202602")
    found = {failure.name: failure.rows for failure in checks.run(staged.warehouse)}
    assert found == {"ads_views_keep_the_spend": 4, "fact_ads_daily_equals_staging": 1}

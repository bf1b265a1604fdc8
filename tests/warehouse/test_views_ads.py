"""Ads by campaign, the control of the account, and sales by the tags of campaigns.

The cases stand side by side in one store, each with an account of its own; each view is read once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
SALES: dict[str, tuple[dict[str, str], str]] = {
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
GROUPS: list[tuple[dict[str, str], str]] = [
    ({}, "unknown"),
    ({"utm_medium": "cpc"}, "cpc"),
    ({"utm_source": "vk", "utm_medium": "social"}, "social"),
    ({"utm_source": "vk", "utm_medium": "banner"}, "other"),
    ({"utm_source": "vk"}, "other"),
    ({"utm_term": "x"}, "other"),
]
VIEWS = {
    "ads": "SELECT * FROM bi.v_vk_ads_daily ORDER BY account_id, d, banner_id",
    "marketing": "SELECT * FROM bi.v_marketing_daily ORDER BY account_id, d, source",
    "control": "SELECT * FROM bi.v_vk_ads_control ORDER BY account_id, d, currency",
    "utm": "SELECT * FROM bi.v_sales_utm_daily ORDER BY account_id, d",
}

Case = Callable[[Staged], None]


@dataclass
class Board:
    """The views over all cases, and what the checks found when a month of the fact was lost."""

    views: dict[str, list[dict[str, Any]]]
    found: dict[str, int]

    def rows(self, view: str, account: str, *names: str) -> list[tuple[Any, ...]]:
        """Return the rows of one account: the columns that are named, or all."""
        return [
            tuple(row[name] for name in names or row)
            for row in self.views[view]
            if row["account_id"] == account
        ]


@pytest.fixture(scope="module")
def board(shared: Staged) -> Board:
    """Return what the views tell of all cases; the checks are silent until a month is dropped."""
    with shared.together():
        for account, case in CASES.items():
            with shared.account(account):
                case(shared)
    facts.rebuild_all(shared.warehouse, at=NOW)
    assert checks.run(shared.warehouse) == []
    views = {name: shared.warehouse.query(query).dicts() for name, query in VIEWS.items()}
    shared.warehouse.execute("ALTER TABLE zakaz.fact_ads_daily DROP PARTITION 202601")
    found = {failure.name: failure.rows for failure in checks.run(shared.warehouse)}
    return Board(views, found)


def stage_one_ad(staged: Staged) -> None:
    staged.event("e1")
    staged.show(event_date="2026-03-01")
    tags = TAGS | {"utm_campaign": "one", "utm_content": "томск_01_03"}
    staged.ads(
        "2026-02-10", **AD, **tags, banner_name="Ролик", objective="site_conversions",
        impressions=400, clicks=8, spend="99.90", goals=2, is_final=True,
    )  # fmt: skip


def stage_a_renamed_campaign(staged: Staged) -> None:
    staged.ads("2026-02-10", banner_id="b1", **(AD | {"ad_plan_name": "Старое"}))
    staged.ads("2026-02-11", banner_id="b2", **AD)


def stage_campaigns_and_their_sales(staged: Staged) -> None:
    for number, (plan, tags) in enumerate([
        ("p1", TAGS),
        ("p2", TAGS | {"utm_campaign": "shared", "utm_content": "c2"}),
        ("p3", TAGS | {"utm_campaign": "shared", "utm_content": "c3"}),
        ("p4", TAGS | {"utm_campaign": "twice", "utm_content": "c4"}),
        ("p5", TAGS | {"utm_campaign": "twice", "utm_content": "c4"}),
        ("p6", {}),
    ]):  # fmt: skip
        staged.ads("2026-02-10", banner_id=str(number), ad_plan_id=plan, ad_group_id="g", **tags)
    for day, (case, (tags, _)) in enumerate(SALES.items(), start=10):
        staged.order(case, event_id=case, payed_at=f"2026-02-{day} 12:00", **tags)
        staged.basket(case, order_id=case, event_id=case)


def stage_three_banners_and_their_sum(staged: Staged) -> None:
    for day in ("2026-02-10", "2026-02-11", "2026-02-12"):
        staged.ads(day, banner_id="b1", spend="500")
        staged.ads(day, banner_id="b2", spend="0.10", impressions=1, clicks=0)
        staged.ads(day, banner_id="b3", spend="9", is_deleted=True)
    staged.ads_account("2026-02-10", spend="500.10", impressions=1001, clicks=10)
    staged.ads_account("2026-02-11", spend="512.34", impressions=1100, clicks=11)
    staged.ads_account("2026-02-13", spend="3")


def stage_kopecks_of_rounding(staged: Staged) -> None:
    for day in ("2026-02-10", "2026-02-11"):
        staged.ads(day, banner_id="b1", spend="500", impressions=1000, clicks=10)
        staged.ads(day, banner_id="b2", spend="0.10", impressions=0, clicks=0)
        staged.ads(day, banner_id="b3", spend="0", impressions=0, clicks=0)
    staged.ads_account("2026-02-10", spend="500.12")
    staged.ads_account("2026-02-11", spend="500.07")


def stage_a_day_that_was_not_over(staged: Staged) -> None:
    for day, spend in (("2026-02-10", "500"), ("2026-02-11", "500.03")):
        staged.ads(day)
        staged.ads_account(day, spend=spend, loaded_at=f"{day} 14:00")


def stage_a_day_that_is_over(staged: Staged) -> None:
    stage_a_day_that_was_not_over(staged)
    staged.ads_account("2026-02-11", spend="500.03", loaded_at="2026-02-12 00:30")


def stage_other_clicks(staged: Staged) -> None:
    staged.ads("2026-02-10", clicks=10)
    staged.ads_account("2026-02-10", clicks=11)


def stage_repeated_answers(staged: Staged) -> None:
    for spend in ("450", "500", "500"):
        staged.ads("2026-02-10", spend=spend)
        staged.ads_account("2026-02-10", spend=spend)


def stage_two_currencies(staged: Staged) -> None:
    staged.ads("2026-02-10", currency="RUB")
    staged.ads_account("2026-02-10", currency="KZT")


def stage_groups_of_tags(staged: Staged) -> None:
    for day, (tags, _) in enumerate(GROUPS, start=10):
        staged.order(str(day), payed_at=f"2026-02-{day} 12:00", **tags)
        staged.basket(str(day), order_id=str(day))


CASES: dict[str, Case] = {
    "one": stage_one_ad,
    "nowhere": lambda staged: staged.ads("2026-02-10"),
    "renamed": stage_a_renamed_campaign,
    "a1": lambda staged: staged.ads("2026-02-10", **AD),
    "a2": lambda staged: staged.ads("2026-02-10", **(AD | {"ad_plan_name": "Цирк"}), spend="7"),
    "campaigns": stage_campaigns_and_their_sales,
    "sum": stage_three_banners_and_their_sum,
    "rounding": stage_kopecks_of_rounding,
    "not over": stage_a_day_that_was_not_over,
    "over": stage_a_day_that_is_over,
    "clicks": stage_other_clicks,
    "h7": stage_repeated_answers,
    "h12": stage_two_currencies,
    "groups": stage_groups_of_tags,
    "lost": lambda staged: staged.ads("2026-01-20"),
}


def test_one_ad_fills_every_column_of_its_view(board: Board) -> None:
    """Golden row: place in the account, attribution with its reason, tags, figures and ratios."""
    (row,) = board.rows("ads", "one")
    assert row == (
        date(2026, 2, 10), "one", "p1", "Ёлка", "g1", "Мамы", "b1", "Ролик", "site_conversions",
        "томск", "e1", "Ёлка", "content_city_day", "event", "vk_ads", "cpc", "one", "томск_01_03",
        "unknown", 400, 8, 2, Decimal("99.90"), 0.02, 12.4875, 249.75, "RUB", True, NOW,
    )  # fmt: skip


def test_an_ad_without_a_place_is_unknown_and_keeps_its_spend(board: Board) -> None:
    """Archived spend whose campaign the source no longer tells stands under unknown."""
    names = ("ad_plan_id", "ad_group_id", "city", "event_id", "spend")
    assert board.rows("ads", "nowhere", *names) == [
        ("unknown", "unknown", "unknown", "unknown", 500)
    ]


def test_a_renamed_campaign_is_one_campaign(board: Board) -> None:
    """A paused ad still carries the old name; every row of the campaign has the newest."""
    for view in ("ads", "marketing"):
        assert board.rows(view, "renamed", "ad_plan_name", "spend") == [("Ёлка", 500)] * 2


def test_ids_of_two_ad_accounts_do_not_meet(board: Board) -> None:
    """The same ids in two accounts are two ads with names and spend of their own."""
    assert board.rows("ads", "a1", "ad_plan_name", "spend") == [("Ёлка", 500)]
    assert board.rows("ads", "a2", "ad_plan_name", "spend") == [("Цирк", 7)]


def test_a_sale_belongs_to_the_only_campaign_of_its_tags(board: Board) -> None:
    """Tags of one campaign bring its revenue; tags of several or of none stay unknown."""
    rows = board.rows("marketing", "campaigns", "source", "event_id", "ad_plan_id", "revenue")
    assert [row for row in rows if row[0] == "qtickets"] == [
        ("qtickets", case, plan, 1000) for case, (_, plan) in SALES.items()
    ]


def test_the_account_proves_the_sum_of_its_banners(board: Board) -> None:
    """A day is equal, different by what is missing, or without a control."""
    names = ("d", "account_spend", "banners_spend", "spend_difference", "status")
    assert [(row[0].day, *row[1:]) for row in board.rows("control", "sum", *names)] == [
        (10, Decimal("500.10"), Decimal("500.10"), 0, "equal"),
        (11, Decimal("512.34"), Decimal("500.10"), Decimal("12.24"), "different"),
        (12, None, Decimal("500.10"), None, "no_control"),
        (13, 3, 0, 3, "different"),
    ]


def test_a_kopeck_for_each_ad_that_spent_is_rounding(board: Board) -> None:
    """Two ads that spent may differ by two kopecks together; an idle one allows for nothing."""
    names = ("spend_difference", "spend_tolerance", "status")
    assert board.rows("control", "rounding", *names) == [
        (Decimal("0.02"), Decimal("0.02"), "equal"),
        (Decimal("-0.03"), Decimal("0.02"), "different"),
    ]


def test_a_day_that_was_not_over_proves_nothing(board: Board) -> None:
    """Ads and account are read one after the other: today's sums may differ, and may agree."""
    assert board.rows("control", "not over", "status") == [("equal",), ("no_control",)]
    assert board.rows("control", "over", "status") == [("equal",), ("different",)]


def test_clicks_and_impressions_are_controlled_too(board: Board) -> None:
    """Equal money with other clicks is no equal day."""
    assert board.rows("control", "clicks", "status") == [("different",)]


def test_h7_the_control_counts_every_answer_once(board: Board) -> None:
    """Unmerged answers of account and banners, restated or repeated, are compared as the newest."""
    names = ("account_spend", "banners_spend", "status")
    assert board.rows("control", "h7", *names) == [(500, 500, "equal")]


def test_h12_the_control_compares_one_currency_at_a_time(board: Board) -> None:
    """An account read in another currency than its banners is different, not added up."""
    assert board.rows("control", "h12", "currency", "status") == [
        ("KZT", "different"), ("RUB", "no_control"),
    ]  # fmt: skip


def test_the_utm_group_is_the_medium_or_why_not(board: Board) -> None:
    """Only a sale without any tag is unknown: its share is that of sales without UTM."""
    rows = board.rows("utm", "groups", "d", "utm_group", "orders")
    assert [(day.day, *row) for day, *row in rows] == [
        (day, group, 1) for day, (_, group) in enumerate(GROUPS, start=10)
    ]


def test_the_checks_see_spend_that_a_view_lost(board: Board) -> None:
    """A month that the fact lost is named once for each view of it."""
    assert board.rows("marketing", "lost", "spend") == [(500,)]
    assert board.found == {"ads_views_keep_the_spend": 4, "fact_ads_daily_equals_staging": 1}

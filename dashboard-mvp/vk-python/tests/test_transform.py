"""Statistics in the shape of the API become typed rows."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from vk_ads.rows import VkAdsDaily
from vk_ads.transform import Catalogue, UnstorableDayError, daily_rows
from vk_ads.wire import Account, AdGroup, AdPlan, Banner, Statistics
from zakaz.moscow import MOSCOW

FETCHED_AT = datetime(2026, 9, 24, 4, 30, tzinfo=MOSCOW)
ANSWERS = json.loads((Path(__file__).parent / "cases" / "answers.json").read_text("utf-8"))


def answers() -> dict[str, Any]:
    """A fresh copy of the recorded shapes, to be bent by a test."""
    copy: dict[str, Any] = json.loads(json.dumps(ANSWERS))
    return copy


def rows_of(told: dict[str, Any], fetched_at: datetime = FETCHED_AT) -> list[VkAdsDaily]:
    """The rows of a whole answer, decoded from JSON text as a client would."""

    def decoded(part: str, shape: Any) -> Any:
        return msgspec.json.decode(json.dumps(told[part]), type=shape)

    catalogue = Catalogue.of(
        decoded("user", Account),
        decoded("ad_plans", list[AdPlan]),
        decoded("ad_groups", list[AdGroup]),
        decoded("banners", list[Banner]),
    )
    statistics: Statistics = decoded("statistics", Statistics)
    return [
        row for ad in statistics.items for row in daily_rows(ad, catalogue, fetched_at=fetched_at)
    ]


def base_of(told: dict[str, Any]) -> dict[str, Any]:
    """The figures of the first day of the first ad."""
    figures: dict[str, Any] = told["statistics"]["items"][0]["rows"][0]["base"]
    return figures


@pytest.mark.criterion("VK-3")
def test_a_day_of_an_ad_becomes_one_row() -> None:
    """A day of statistics becomes one row with its place in the account, figures and tags."""
    first, second = rows_of(answers())
    assert first == VkAdsDaily(
        account_id="5550123",
        banner_id="71200345",
        stat_date=date(2026, 9, 20),
        ad_plan_id="8801247",
        ad_plan_name="Осенний сезон",
        ad_group_id="30455102",
        ad_group_name="Похожие 25-45",
        banner_name="Ролик 15 с",
        objective="site_conversions",
        impressions=9840,
        clicks=123,
        spend=Decimal("1480.50"),
        goals=6,
        currency="RUB",
        utm_source="vk_ads",
        utm_medium="cpc",
        utm_campaign="8801247",
        utm_content="71200345",
        utm_term="30455102",
        utm_raw='{"utm_source":"vk_ads","utm_medium":"cpc","utm_campaign":"{{ad_plan_id}}",'
        '"utm_content":"{{banner_id}}","utm_term":"{{ad_group_id}}"}',
        utm_is_dynamic=False,
        is_final=True,
        is_deleted=False,
        ver=1_790_213_400_000,
        loaded_at=FETCHED_AT,
    )
    assert (second.stat_date, second.impressions) == (date(2026, 9, 21), 0)
    assert second.spend == Decimal(0)


def test_a14_order_of_keys_in_an_answer_changes_nothing() -> None:
    """The same answer with its keys in any order gives the same rows."""

    def shuffled(value: Any, chance: random.Random) -> Any:
        if isinstance(value, dict):
            keys = chance.sample(list(value), len(value))
            return {key: shuffled(value[key], chance) for key in keys}
        return [shuffled(one, chance) for one in value] if isinstance(value, list) else value

    expected = rows_of(answers())
    for seed in range(10):
        assert rows_of(shuffled(answers(), random.Random(seed))) == expected


@pytest.mark.parametrize(
    ("spent", "expected"),
    [
        ("12.34", "12.34"),
        ("0.29", "0.29"),
        ("1480.5", "1480.50"),
        ("0", "0.00"),
        ("1.005", "1.01"),
        (19.99, "19.99"),
        (1000000, "1000000.00"),
    ],
)
def test_g11_spend_is_roubles_exact_to_the_kopeck(spent: str | float, expected: str) -> None:
    """Spend stays exact decimal roubles, whether the API wrote it as text or as a number."""
    told = answers()
    base_of(told)["spent"] = spent
    spend = rows_of(told)[0].spend
    assert (spend, str(spend)) == (Decimal(expected), expected)


@pytest.mark.parametrize(
    "spent", ["NaN", "Infinity", "1e13", "10000000000000", "1_000", "1e3", "\u0661\u0662"]
)
def test_spend_that_is_no_amount_is_refused(spent: str) -> None:
    """An amount the warehouse would bend is refused instead of stored."""
    told = answers()
    base_of(told)["spent"] = spent
    with pytest.raises(ValueError, match=r"amount|Infinity|NaN"):
        rows_of(told)


def test_g15_ids_are_text_and_keep_leading_zeros() -> None:
    """Ids are identities and not numbers: zeros at the front and 20 digits both survive."""
    told = answers()
    told["user"]["id"] = "0012"
    told["statistics"]["items"][0]["id"] = "00071200345000000001"
    row = rows_of(told)[0]
    assert (row.account_id, row.banner_id) == ("0012", "00071200345000000001")


def test_g5_the_later_fetch_has_the_higher_version() -> None:
    """Each later fetch of the same day wins, whatever its figures are."""
    later = FETCHED_AT + timedelta(milliseconds=1)
    assert rows_of(answers(), later)[0].ver == rows_of(answers())[0].ver + 1


def test_g6_a_day_is_provisional_until_the_third_day_after_it() -> None:
    """A day may still be restated, so it counts as final three days later at the earliest."""

    def is_final(fetched_at: datetime) -> bool:
        return rows_of(answers(), fetched_at)[0].is_final

    assert not is_final(datetime(2026, 9, 22, 23, 59, tzinfo=MOSCOW))
    assert is_final(datetime(2026, 9, 23, 0, 0, tzinfo=MOSCOW))


def test_g16_moscow_decides_which_day_it_is() -> None:
    """A fetch at 21:30 UTC happens on the next Moscow day, so that day is not refused."""
    told = answers()
    told["statistics"]["items"][0]["rows"][0]["date"] = "2026-09-25"
    assert rows_of(told, datetime(2026, 9, 24, 21, 30, tzinfo=UTC))[0].stat_date.day == 25
    with pytest.raises(ValueError, match="2026-09-25"):
        rows_of(told, datetime(2026, 9, 24, 20, 30, tzinfo=UTC))


def test_a_fetch_instant_without_a_zone_is_refused() -> None:
    """A fetch instant that could be read on two clocks is a bug."""
    with pytest.raises(ValueError, match="zone"):
        rows_of(answers(), datetime(2026, 9, 24, 4, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("told_of_results", "expected"),
    [
        pytest.param({"vk": {"goals": 6, "result": 6}}, 6, id="goals before result"),
        pytest.param({"vk": {"result": 5}}, 5, id="result where there are no goals"),
        pytest.param({"vk": {"goals": 0, "result": 5}}, 0, id="zero goals are zero"),
        pytest.param({"vk": {}}, 0, id="an empty result set"),
        pytest.param({"vk": None}, 0, id="no result set"),
        pytest.param({"goals": 9, "vk": {"goals": 6}}, 6, id="the old figure is not read"),
    ],
)
def test_goals_are_the_conversions_of_the_cabinet(
    told_of_results: dict[str, Any], expected: int
) -> None:
    """Conversions are the number the cabinet shows for the goal the group is optimised to."""
    told = answers()
    base_of(told).update(told_of_results)
    assert rows_of(told)[0].goals == expected


def test_an_archived_ad_missing_from_the_lists_keeps_its_spend() -> None:
    """An ad the lists no longer name keeps its figures; its names and tags are empty."""
    told = answers()
    told["banners"] = []
    row = rows_of(told)[0]
    assert (row.spend, row.banner_id, row.banner_name) == (Decimal("1480.50"), "71200345", "")
    assert (row.ad_group_id, row.ad_plan_id, row.objective, row.utm_raw) == ("", "", "", "")


@pytest.mark.parametrize("no_plan", [None, 0])
def test_a_group_older_than_campaigns_has_no_campaign(no_plan: int | None) -> None:
    """A group whose campaign is null or 0 gives rows with a group and no campaign."""
    told = answers()
    told["ad_groups"][0]["ad_plan_id"] = no_plan
    row = rows_of(told)[0]
    assert (row.ad_group_id, row.ad_plan_id, row.ad_plan_name) == ("30455102", "", "")


def test_ids_of_different_levels_may_be_equal() -> None:
    """A campaign, a group and an ad with one and the same number are three things."""
    told = answers()
    told["ad_plans"][0]["id"] = told["ad_groups"][0]["id"] = told["banners"][0]["id"] = 7
    told["ad_groups"][0]["ad_plan_id"] = told["banners"][0]["ad_group_id"] = 7
    told["statistics"]["items"][0]["id"] = 7
    row = rows_of(told)[0]
    assert (row.ad_plan_name, row.banner_name) == ("Осенний сезон", "Ролик 15 с")


def test_an_ad_without_days_has_no_rows() -> None:
    """An ad without statistics gives no row, and none with an empty date."""
    told = answers()
    del told["statistics"]["items"][0]["rows"]
    assert rows_of(told) == []


@pytest.mark.parametrize(
    ("figure", "value"),
    [("shows", -1), ("clicks", "many"), ("shows", None), ("clicks", 2**63), ("spent", "")],
)
def test_a_figure_that_is_no_count_or_amount_is_refused(figure: str, value: Any) -> None:
    """A figure of a wrong kind or range is refused at the border and named with its place."""
    told = answers()
    base_of(told)[figure] = value
    with pytest.raises((msgspec.ValidationError, UnstorableDayError), match=figure):
        rows_of(told)

"""From staged ad statistics to the ad fact: what counts, and to which city and event it goes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from staged import Staged, msk
from zakaz import dirty_months, facts
from zakaz.schema import checks
from zakaz.warehouse.embedded import EmbeddedWarehouse

NOW = msk("2026-03-15 10:00")
LATER = msk("2026-03-15 11:00")
CITY_AND_DAY = [
    ("томск_01_03", "томск", "e1", "event"),
    ("ТОМСК_1_3", "томск", "e1", "event"),
    ("г. томск_01_03", "томск", "e1", "event"),
    ("tomsk_01_03", "томск", "e1", "event"),
    ("tomsk_02_03", "томск", "", "several_events"),
    ("томск_03_03", "томск", "", "no_event"),
    ("томск_31_02", "томск", "", "no_event"),
    ("томск_04_03", "томск", "", "no_event"),
    ("омск_01_03", "омск", "", "no_event"),
    ("нижний_новгород_01_03", "нижний новгород", "", "no_event"),
    ("нижний-новгород_01_03", "нижний новгород", "", "no_event"),
    ("н.новгород_01_03", "нижний новгород", "", "no_event"),
    ("ростов_на_дону_01_03", "ростов-на-дону", "", "no_event"),
    ("орёл_01_03", "орел", "", "no_event"),
    ("скидка_01_02", "unknown", "", "city_not_known"),
    ("гусь-хрустальный_01_03", "unknown", "", "city_not_known"),
    ("томск_32_03", "unknown", "", "no_city_in_content"),
    ("томск_01_13", "unknown", "", "no_city_in_content"),
    ("томск", "unknown", "", "no_city_in_content"),
    ("томск_01", "unknown", "", "no_city_in_content"),
    ("01_03", "unknown", "", "no_city_in_content"),
    ("123_01_03", "unknown", "", "no_city_in_content"),
    ("crea01_скидка", "unknown", "", "no_city_in_content"),
    ("crea_01_03", "unknown", "", "city_not_known"),
    ("71200345", "unknown", "", "no_city_in_content"),
    ("{{banner_id}}", "unknown", "", "no_city_in_content"),
    ("", "unknown", "", "no_content"),
]
MEASURES = "sum(impressions), sum(clicks), sum(spend), sum(goals)"


def rebuilt(staged: Staged) -> list[dict[str, Any]]:
    """Rebuild everything, require the checks to be silent, and give the fact's rows."""
    facts.rebuild_all(staged.warehouse, at=NOW)
    assert checks.run(staged.warehouse) == []
    return staged.warehouse.query(
        "SELECT * FROM zakaz.fact_ads_daily ORDER BY stat_date, account_id, banner_id"
    ).dicts()


def playbill(staged: Staged) -> None:
    """One event plays in Tomsk on 1 March, two on the 2nd, a deleted show on the 4th."""
    staged.event("e1", city_name="Томск")
    staged.event("e2", city_name="Томск")
    staged.event("e3", city_name="Омск", deleted_at="2026-02-01 10:00")
    staged.show("s1", event_id="e1", event_date="2026-03-01")
    staged.show("s2", event_id="e1", event_date="2026-03-01")
    staged.show("s3", event_id="e1", event_date="2026-03-02")
    staged.show("s4", event_id="e2", event_date="2026-03-02")
    staged.show("s5", event_id="e1", event_date="2026-03-04", deleted_at="2026-02-01 10:00")
    staged.show("s6", event_id="e3", event_date="2026-03-01")


@pytest.mark.engine
def test_g10_one_table_says_which_city_and_event_a_content_names(staged: Staged) -> None:
    """Every form of content has its city, event and reason; what no rule names is unknown."""
    playbill(staged)
    for number, (content, *_) in enumerate(CITY_AND_DAY):
        staged.ads("2026-02-10", banner_id=f"{number:03}", utm_content=content, spend="1.01")
    found = rebuilt(staged)
    told = [
        (wanted[0], row["city"], row["event_id"], row["attribution_reason"])
        for wanted, row in zip(CITY_AND_DAY, found, strict=True)
    ]
    assert told == CITY_AND_DAY
    assert {row["attribution_model"] for row in found} == {"content_city_day"}
    assert sum(row["spend"] for row in found) == Decimal("1.01") * len(CITY_AND_DAY)


@pytest.mark.engine
def test_a_day_without_a_year_is_the_nearest_to_come(staged: Staged) -> None:
    """A show's day in the content is the next one, or one of at most 30 days ago."""
    for name, year in (("winter", 2026), ("next", 2027)):
        staged.event(name, city_name="Томск")
        staged.show(name, event_id=name, event_date=f"{year}-01-10")
    cases = [
        ("2025-12-01", "winter"),  # the next day of that number
        ("2026-01-10", "winter"),  # on the day of the show
        ("2026-02-09", "winter"),  # 30 days after it
        ("2026-02-10", "next"),  # 31 days after it: the year after
        ("2026-12-31", "next"),  # across a turn of the year
    ]
    for spent_on, _ in cases:
        staged.ads(spent_on, utm_content="томск_10_01")
    assert [(str(row["stat_date"]), row["event_id"]) for row in rebuilt(staged)] == cases


@pytest.mark.engine
def test_a_leap_day_is_a_day_of_leap_years_only(staged: Staged) -> None:
    """29 February of a common year is no day, so it names a city and no event."""
    staged.event()
    staged.show(event_date="2028-02-29")
    staged.show("s2", event_date="2027-03-01")
    staged.ads("2027-02-10", banner_id="1", utm_content="томск_29_02")
    staged.ads("2028-02-10", banner_id="2", utm_content="томск_29_02")
    assert [(row["city"], row["event_id"]) for row in rebuilt(staged)] == [
        ("томск", ""),
        ("томск", "e1"),
    ]


def test_h6_two_versions_of_an_alias_keep_the_spend(staged: Staged) -> None:
    """The newest meaning of a spelling wins and no row is doubled."""
    staged.warehouse.execute(
        "INSERT INTO zakaz.dim_city_alias (alias, city, _ver, _loaded_at)"
        " SELECT 'томск', 'северск', 2, now()"
    )
    staged.ads("2026-02-10", utm_content="томск_01_03")
    assert [(row["city"], row["spend"]) for row in rebuilt(staged)] == [("северск", 500)]


@pytest.mark.engine
def test_a_spelling_of_two_cities_names_none(staged: Staged) -> None:
    """Spellings that differ in a hyphen only and mean two cities are not guessed between."""
    staged.warehouse.execute(
        "INSERT INTO zakaz.dim_city_alias (alias, city, _ver, _loaded_at)"
        " SELECT 'то-мск', 'северск', 1, now()"
    )
    staged.ads("2026-02-10", utm_content="томск_01_03")
    assert [(row["city"], row["spend"]) for row in rebuilt(staged)] == [("unknown", 500)]


def test_h5_without_a_dictionary_all_spend_is_unknown(staged: Staged) -> None:
    """An empty dictionary costs no rouble: everything stands under unknown, nothing under ''."""
    staged.warehouse.execute("TRUNCATE TABLE zakaz.dim_city_alias")
    staged.event()
    staged.show()
    staged.ads("2026-02-10", utm_content="томск_01_03")
    assert [(row["city"], row["event_id"], row["spend"]) for row in rebuilt(staged)] == [
        ("unknown", "", 500)
    ]


@pytest.mark.engine
def test_a_vanished_day_leaves_the_fact(staged: Staged) -> None:
    """What the source no longer tells is spent no more, and comes back when it is told again."""
    staged.ads("2026-02-10", spend="500")
    staged.ads("2026-02-11", spend="70.70")
    assert len(rebuilt(staged)) == 2
    staged.ads("2026-02-10", spend="500", is_deleted=True)
    assert [row["spend"] for row in rebuilt(staged)] == [Decimal("70.70")]
    staged.ads("2026-02-10", spend="510")
    assert [row["spend"] for row in rebuilt(staged)] == [510, Decimal("70.70")]


NOTHING = {"impressions": 0, "clicks": 0, "spend": "0", "goals": 0}


@pytest.mark.engine
def test_a_day_without_any_figure_gives_no_row(staged: Staged) -> None:
    """Idle days that VK fills with zeros stay in staging alone; any one figure is a row."""
    staged.ads("2026-02-10", **NOTHING)
    staged.ads("2026-03-10", **NOTHING)
    one_of_each = [("impressions", 1), ("clicks", 1), ("spend", "-0.01"), ("goals", 1)]
    for banner, (name, value) in enumerate(one_of_each):
        staged.ads("2026-02-11", banner_id=str(banner), **(NOTHING | {name: value}))
    assert [str(row["stat_date"]) for row in rebuilt(staged)] == ["2026-02-11"] * 4
    assert months(staged.warehouse) == [202602]
    assert staged.warehouse.query("SELECT count() FROM zakaz.stg_vk_ads_daily").scalar() == 6


def test_a_day_restated_to_nothing_leaves_every_view(staged: Staged) -> None:
    """The last row of a month goes with it, and the account agrees that nothing was spent."""
    staged.ads("2026-02-10", spend="500")
    staged.ads_account("2026-02-10", spend="500")
    assert len(rebuilt(staged)) == 1
    staged.ads("2026-02-10", **NOTHING)
    staged.ads_account("2026-02-10", **NOTHING)
    assert rebuilt(staged) == []
    for view in ("v_vk_ads_daily", "v_marketing_daily", "v_marketing_roi_daily", "v_romi_daily"):
        assert staged.warehouse.query(f"SELECT count() FROM bi.{view}").scalar() == 0
    control = "SELECT banners_spend, account_spend, status FROM bi.v_vk_ads_control"
    assert staged.warehouse.query(control).rows == [(0, 0, "equal")]


@pytest.mark.engine
def test_g6_a_restated_day_replaces_the_old_one(staged: Staged) -> None:
    """The last answer counts, once, however often it is loaded."""
    for spend in ("480.10", "500.05", "500.05"):
        staged.ads("2026-02-10", spend=spend, clicks=12, goals=3)
    assert rebuilt(staged)[0]["spend"] == Decimal("500.05")
    sums = staged.warehouse.query(f"SELECT {MEASURES} FROM zakaz.fact_ads_daily").rows
    assert sums == [(1000, 12, Decimal("500.05"), 3)]


@pytest.mark.engine
def test_h7_the_same_answer_loaded_three_times_counts_once(staged: Staged) -> None:
    """Unmerged duplicates of staging, across a month end, never multiply the fact."""
    for _ in range(3):
        staged.ads("2026-01-31", spend="100.10")
        staged.ads("2026-02-01", spend="200.20")
    found = rebuilt(staged)
    assert [(row["stat_date"], row["spend"]) for row in found] == [
        (date(2026, 1, 31), Decimal("100.10")),
        (date(2026, 2, 1), Decimal("200.20")),
    ]


@pytest.mark.engine
def test_only_the_dirty_month_of_ads_is_rebuilt(staged: Staged) -> None:
    """Months of ads are recorded, rebuilt and emptied like those of sales."""
    staged.ads("2026-01-20")
    staged.ads("2026-02-10")
    dirty_months.record(staged.warehouse, [202602], NOW)
    assert facts.rebuild_dirty(staged.warehouse, at=LATER) == [202602]
    assert months(staged.warehouse) == [202602]
    assert facts.rebuild_all(staged.warehouse, at=LATER) == [202601, 202602]
    staged.ads("2026-01-20", is_deleted=True)
    dirty_months.record(staged.warehouse, [202601], NOW)
    facts.rebuild_dirty(staged.warehouse, at=LATER)
    assert months(staged.warehouse) == [202602]
    folder = staged.warehouse.folder
    staged.warehouse.close()
    with EmbeddedWarehouse(folder) as reopened:
        assert months(reopened) == [202602]


def months(warehouse: EmbeddedWarehouse) -> list[int]:
    """Give the months the fact has rows of."""
    rows = warehouse.query(
        "SELECT DISTINCT toYYYYMM(stat_date) AS month FROM zakaz.fact_ads_daily ORDER BY month"
    ).rows
    return [month for (month,) in rows]


@pytest.mark.engine
def test_the_checks_see_spend_that_got_lost(staged: Staged) -> None:
    """A month that left the fact, a doubled row and a forgotten twin are each named."""
    staged.ads("2026-02-10")
    rebuilt(staged)
    copy = "INSERT INTO {} SELECT * FROM zakaz.fact_ads_daily"
    staged.warehouse.execute(copy.format("zakaz.fact_ads_daily"))
    staged.warehouse.execute(copy.format("zakaz.fact_ads_daily_next"))
    names = [failure.name for failure in checks.run(staged.warehouse)]
    assert names == ["facts_hold_each_key_once", "twins_are_empty"]
    staged.warehouse.execute("ALTER TABLE zakaz.fact_ads_daily DROP PARTITION 202602")
    failures = {failure.name: str(failure) for failure in checks.run(staged.warehouse)}
    assert "month 202602" in failures["fact_ads_daily_equals_staging"]


@pytest.mark.engine
def test_f24_an_ad_keeps_its_last_known_names(staged: Staged) -> None:
    """A renamed ad is one ad; an answer that lost its group does not take the names away."""
    known = {"ad_group_id": "g", "ad_plan_id": "p"}
    staged.ads("2026-02-10", banner_name="Старое", ad_plan_name="Зима", **known)
    staged.ads("2026-02-11", banner_name="Новое", ad_plan_name="Весна", **known)
    staged.ads("2026-02-12")
    rebuilt(staged)
    rows = staged.warehouse.query(
        "SELECT banner_name, ad_plan_id, ad_plan_name, toString(first_on), toString(last_on)"
        " FROM zakaz.dim_ads"
    ).rows
    assert rows == [("Новое", "p", "Весна", "2026-02-10", "2026-02-12")]

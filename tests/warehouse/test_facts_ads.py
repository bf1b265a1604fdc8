"""From staged ad statistics to the ad fact: what counts, and to which city and event it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from kept import Kept
from side_by_side import Cases, Row, Told
from staged import Staged, msk
from zakaz import facts
from zakaz.schema import checks
from zakaz.warehouse.embedded import EmbeddedWarehouse

NOW = msk("2026-03-15 10:00")
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
FACT = "SELECT * FROM zakaz.fact_ads_daily ORDER BY account_id, stat_date, banner_id"
case = Cases()


def rebuild(warehouse: EmbeddedWarehouse) -> None:
    """Rebuild everything and require the checks to be silent."""
    facts.rebuild_all(warehouse, at=NOW)
    assert checks.run(warehouse) == []


@pytest.fixture(scope="module")
def told(kept: Kept) -> Told:
    """Return the rows of the fact of every case."""
    return case.run(kept, rebuild, FACT)


def places(rows: list[Row]) -> list[tuple[str, str, Decimal]]:
    """Return city, event and spend."""
    return [(row["city"], row["event_id"], row["spend"]) for row in rows]


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


@case
def contents(staged: Staged) -> None:
    """Name cities and days in every form."""
    playbill(staged)
    for number, (content, *_) in enumerate(CITY_AND_DAY):
        staged.ads("2026-02-10", banner_id=f"{number:03}", utm_content=content, spend="1.01")


@pytest.mark.engine
def test_g10_one_table_says_which_city_and_event_a_content_names(told: Told) -> None:
    """Every form of content has its city, event and reason; what no rule names is unknown."""
    found = told.of(contents)
    named = [
        (wanted[0], row["city"], row["event_id"], row["attribution_reason"])
        for wanted, row in zip(CITY_AND_DAY, found, strict=True)
    ]
    assert named == CITY_AND_DAY
    assert {row["attribution_model"] for row in found} == {"content_city_day"}
    assert sum(row["spend"] for row in found) == Decimal("1.01") * len(CITY_AND_DAY)


NEAREST = [
    ("2025-12-01", "winter"),  # the next day of that number
    ("2026-01-10", "winter"),  # on the day of the show
    ("2026-02-09", "winter"),  # 30 days after it
    ("2026-02-10", "next"),  # 31 days after it: the year after
    ("2026-12-31", "next"),  # across a turn of the year
]


@case
def two_winters(staged: Staged) -> None:
    """Play on the same day of two years."""
    for name, year in (("winter", 2026), ("next", 2027)):
        staged.event(name, city_name="Томск")
        staged.show(name, event_id=name, event_date=f"{year}-01-10")
    for spent_on, _ in NEAREST:
        staged.ads(spent_on, utm_content="томск_10_01")


@pytest.mark.engine
def test_a_day_without_a_year_is_the_nearest_to_come(told: Told) -> None:
    """A show's day in the content is the next one, or one of at most 30 days ago."""
    assert [(str(row["stat_date"]), row["event_id"]) for row in told.of(two_winters)] == NEAREST


@case
def leap_days(staged: Staged) -> None:
    """Name 29 February in a common year and in a leap year."""
    staged.event()
    staged.show(event_date="2028-02-29")
    staged.show("s2", event_date="2027-03-01")
    staged.ads("2027-02-10", banner_id="1", utm_content="томск_29_02")
    staged.ads("2028-02-10", banner_id="2", utm_content="томск_29_02")


@pytest.mark.engine
def test_a_leap_day_is_a_day_of_leap_years_only(told: Told) -> None:
    """29 February of a common year is no day, so it names a city and no event."""
    assert places(told.of(leap_days)) == [("томск", "", 500), ("томск", "e1", 500)]


ALIAS = """
INSERT INTO zakaz.dim_city_alias (alias, city, _ver, _loaded_at)
SELECT {alias:String}, 'северск', {version:UInt64}, now()
"""


@case
def newer_alias(staged: Staged) -> None:
    """Add a newer meaning of a spelling."""
    staged.warehouse.execute(ALIAS, {"alias": "казань", "version": 2})
    staged.ads("2026-02-10", utm_content="казань_01_03")


def test_h6_two_versions_of_an_alias_keep_the_spend(told: Told) -> None:
    """The newest meaning of a spelling wins and no row is doubled."""
    assert places(told.of(newer_alias)) == [("северск", "", 500)]


@case
def alias_of_two_cities(staged: Staged) -> None:
    """Spell two cities alike but for a hyphen."""
    staged.warehouse.execute(ALIAS, {"alias": "пер-мь", "version": 1})
    staged.ads("2026-02-10", utm_content="пермь_01_03")


@pytest.mark.engine
def test_a_spelling_of_two_cities_names_none(told: Told) -> None:
    """Spellings that differ in a hyphen only and mean two cities are not guessed between."""
    assert places(told.of(alias_of_two_cities)) == [("unknown", "", 500)]


@case
def vanished_day(staged: Staged) -> Iterator[None]:
    """Stage two days, then one of them no more, then both again."""
    staged.ads("2026-02-10", spend="500")
    staged.ads("2026-02-11", spend="70.70")
    yield
    staged.ads("2026-02-10", spend="500", is_deleted=True)
    yield
    staged.ads("2026-02-10", spend="510")


@pytest.mark.engine
def test_a_vanished_day_leaves_the_fact(told: Told) -> None:
    """What the source no longer tells is spent no more, and comes back when it is told again."""
    spend = [[row["spend"] for row in told.of(vanished_day, rebuild)] for rebuild in range(3)]
    rest = Decimal("70.70")
    assert spend == [[500, rest], [rest], [510, rest]]


NOTHING = {"impressions": 0, "clicks": 0, "spend": "0", "goals": 0}


@case
def idle_days(staged: Staged) -> None:
    """Stage days of zeros, and of one figure each."""
    staged.ads("2026-02-10", **NOTHING)
    staged.ads("2026-03-10", **NOTHING)
    one_of_each = [("impressions", 1), ("clicks", 1), ("spend", "-0.01"), ("goals", 1)]
    for banner, (name, value) in enumerate(one_of_each):
        staged.ads("2026-02-11", banner_id=str(banner), **(NOTHING | {name: value}))


@pytest.mark.engine
def test_a_day_without_any_figure_gives_no_row(told: Told) -> None:
    """Idle days that VK fills with zeros stay in staging alone; any one figure is a row."""
    assert [str(row["stat_date"]) for row in told.of(idle_days)] == ["2026-02-11"] * 4
    staged = "SELECT count() FROM zakaz.stg_vk_ads_daily WHERE account_id = {account:String}"
    assert told.ask(idle_days, staged) == [(6,)]


@case
def restated_to_nothing(staged: Staged) -> Iterator[None]:
    """Stage the only day of a month, then that nothing was shown on it."""
    staged.ads("2024-05-10", spend="500")
    staged.ads_account("2024-05-10", spend="500")
    yield
    staged.ads("2024-05-10", **NOTHING)
    staged.ads_account("2024-05-10", **NOTHING)


def test_a_day_restated_to_nothing_leaves_every_view(told: Told) -> None:
    """The last row of a month goes with it, and the account agrees that nothing was spent."""
    assert len(told.of(restated_to_nothing, 0)) == 1
    assert told.of(restated_to_nothing) == []
    for view in ("v_vk_ads_daily", "v_marketing_daily", "v_marketing_roi_daily", "v_romi_daily"):
        rows = f"SELECT count() FROM bi.{view} WHERE d = '2024-05-10'"
        assert told.ask(restated_to_nothing, rows) == [(0,)], view
    control = "SELECT banners_spend, account_spend, status FROM bi.v_vk_ads_control"
    assert told.ask(restated_to_nothing, control + " WHERE d = '2024-05-10'") == [(0, 0, "equal")]


@case
def restated(staged: Staged) -> None:
    """Stage a day three times."""
    for spend in ("480.10", "500.05", "500.05"):
        staged.ads("2026-02-10", spend=spend, clicks=12, goals=3)


@pytest.mark.engine
def test_g6_a_restated_day_replaces_the_old_one(told: Told) -> None:
    """The last answer counts, once, however often it is loaded."""
    names = ("impressions", "clicks", "spend", "goals")
    rows = [tuple(row[name] for name in names) for row in told.of(restated)]
    assert rows == [(1000, 12, Decimal("500.05"), 3)]


@case
def loaded_three_times(staged: Staged) -> None:
    """Stage two days of two months three times."""
    for _ in range(3):
        staged.ads("2026-01-31", spend="100.10")
        staged.ads("2026-02-01", spend="200.20")


@pytest.mark.engine
def test_h7_the_same_answer_loaded_three_times_counts_once(told: Told) -> None:
    """Unmerged duplicates of staging, across a month end, never multiply the fact."""
    assert [(row["stat_date"], row["spend"]) for row in told.of(loaded_three_times)] == [
        (date(2026, 1, 31), Decimal("100.10")),
        (date(2026, 2, 1), Decimal("200.20")),
    ]


@case
def renamed(staged: Staged) -> None:
    """Rename an ad and its plan; then tell neither group nor plan."""
    known = {"ad_group_id": "g", "ad_plan_id": "p"}
    staged.ads("2026-02-10", banner_name="Старое", ad_plan_name="Зима", **known)
    staged.ads("2026-02-11", banner_name="Новое", ad_plan_name="Весна", **known)
    staged.ads("2026-02-12")


@pytest.mark.engine
def test_f24_an_ad_keeps_its_last_known_names(told: Told) -> None:
    """A renamed ad is one ad; an answer that lost its group does not take the names away."""
    rows = told.ask(
        renamed,
        "SELECT banner_name, ad_plan_id, ad_plan_name, toString(first_on), toString(last_on)"
        " FROM zakaz.dim_ads WHERE account_id = {account:String}",
    )
    assert rows == [("Новое", "p", "Весна", "2026-02-10", "2026-02-12")]

"""The demo's advertising equals its ledger at every station, before and after VK corrects it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vk_ads.__main__ import SOURCE as VK
from zakaz.schema import checks

if TYPE_CHECKING:
    from conftest import Ground

MEASURES = "sum(impressions), sum(clicks), sum(spend), sum(goals)"
STATIONS = {
    "staging": f"SELECT stat_date, ad_plan_id, {MEASURES} FROM zakaz.stg_vk_ads_daily FINAL"
    " WHERE NOT is_deleted GROUP BY ALL",
    "facts": f"SELECT stat_date, ad_plan_id, {MEASURES} FROM zakaz.fact_ads_daily FINAL"
    " GROUP BY ALL",
    "ads": f"SELECT d, ad_plan_id, {MEASURES} FROM bi.v_vk_ads_daily GROUP BY ALL",
    "marketing": f"SELECT d, ad_plan_id, {MEASURES} FROM bi.v_marketing_daily"
    " WHERE source = 'vk' GROUP BY ALL",
}
VIEWS = ("bi.v_vk_ads_daily", "bi.v_marketing_daily", "bi.v_marketing_roi_daily", "bi.v_romi_daily")

Told = dict[tuple[date, str], tuple[int, int, Decimal, int]]


def counted(rows: Iterable[tuple[Any, ...]]) -> Told:
    """Give figures by day and campaign, without the days on which nothing was done."""
    return {(day, plan): (*figures,) for day, plan, *figures in rows if any(figures)}  # type: ignore[misc]


def truth(ground: Ground) -> Told:
    """Give the same by the ledger, as of now."""
    return {
        key: (sums.shows, sums.clicks, sums.spent, sums.goals)
        for key, sums in ground.ads.ledger.per_day_and_plan().items()
    }


def assert_equal_to_the_kopeck(ground: Ground) -> None:
    """Compare every station by day and campaign, and the whole spend of every view."""
    true = truth(ground)
    for station, sql in STATIONS.items():
        assert counted(ground.rows(sql)) == true, station
    spent = ground.ads.ledger.totals().spent
    for view in VIEWS:
        assert ground.rows(f"SELECT sum(spend) FROM {view}") == [(spent,)], view
    assert checks.run(ground.store.warehouse) == []


def test_s23_spend_clicks_impressions_and_goals_follow_the_ledger(loaded: Ground) -> None:
    """In staging, facts and views, with archived ads."""
    assert_equal_to_the_kopeck(loaded)
    archived = {str(ad.id) for ad in loaded.ads.account.banners.values() if ad.status == "deleted"}
    spent = loaded.ads.ledger.per_banner()
    assert sum(spent[ad].spent for ad in archived & spent.keys()) > 1000


def test_s23_spend_clicks_impressions_and_goals_follow_the_ledger_over_a_restatement(
    loaded: Ground, restated: Ground
) -> None:
    """In staging, facts and views, on both sides of a month's end."""
    before, today = truth(restated), restated.clock().date()
    assert before == truth(loaded)
    restated.ads.clock.advance(timedelta(hours=22))
    restated.sync(VK)
    assert_equal_to_the_kopeck(restated)
    after = truth(restated)
    changed = {key[0] for key in before.keys() & after.keys() if before[key] != after[key]}
    assert {day.month for day in changed} == {10, 11}
    assert min(changed) <= today - timedelta(days=11)
    assert {day for day, _ in after.keys() - before.keys()} == {today + timedelta(days=1)}

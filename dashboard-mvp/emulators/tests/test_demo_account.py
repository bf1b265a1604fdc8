"""The demo organisation's ad account looks like a promoter's, with the tags of its orders."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest
from zakaz_emulators.demo_account import demo_account
from zakaz_emulators.demo_campaigns import KEPT, Campaign, campaigns
from zakaz_emulators.demo_organisation import demo_organisation
from zakaz_emulators.qtickets import MOSCOW
from zakaz_emulators.qtickets import Ledger as Sold
from zakaz_emulators.qtickets.ledger import Sales
from zakaz_emulators.season import season
from zakaz_emulators.vk import Account, Ledger
from zakaz_emulators.vk.records import Figures

TODAY = date(2026, 10, 20)
NOW = datetime(2026, 10, 20, 15, 0, tzinfo=MOSCOW)
DAY = timedelta(days=1)
ORDERS = 20_000

Tags = tuple[str, ...]


@pytest.fixture(scope="module")
def account() -> Account:
    return demo_account(now=NOW)


@pytest.fixture(scope="module")
def spent(account: Account) -> dict[str, Figures]:
    return Ledger(account).per_ad_plan()


@cache
def advertising() -> list[Campaign]:
    return [one for one in campaigns(season(TODAY, ORDERS), TODAY) if one.days]


@cache
def sold() -> dict[Tags, Sales]:
    """Give what was sold since VK remembers, by source, campaign and content."""
    found: dict[Tags, Sales] = defaultdict(Sales)
    for day, order in Sold(demo_organisation(now=NOW)).sold():
        if day >= TODAY - KEPT:
            found[tags_of(order.utm)].add(order)
    return found


def tags_of(utm: object) -> Tags:
    assert isinstance(utm, dict)
    names = ("utm_source", "utm_medium", "utm_campaign", "utm_content")
    return tuple(utm.get(name, "").lower() for name in names)


def brought(campaign: Campaign) -> Sales:
    """Give what the buyers under the tags of a campaign paid."""
    total = Sales()
    for tags in {tags_of(part.tags) for part in campaign.sets if part.tags}:
        one = sold()[tags]
        total.orders += one.orders
        total.gross += one.gross
        total.refunds += one.refunds
    return total


def named(text: str) -> Campaign:
    return next(one for one in advertising() if text in one.name)


def test_names_follow_the_rules_of_the_trade(account: Account) -> None:
    """VK_<objective>_<what>_<year> and AD_<creative>_<audience>, each campaign named once."""
    names = [plan.name for plan in account.plans.values()]
    assert len(names) == len(set(names)) == 37
    assert all(re.fullmatch(r"VK_[^_]+_[^_]+_20\d\d", name) for name in names)
    assert all(re.fullmatch(r"AD_[^_]+_[^_]+", one.name) for one in account.banners.values())


def test_every_order_of_an_ad_carries_the_tags_of_one_campaign() -> None:
    """And every other order carries none of them."""
    known = defaultdict(set)
    for campaign in advertising():
        for part in campaign.sets:
            known[tags_of(part.tags)].add(campaign.id)
    by_ad = [tags for tags in sold() if tags[0] in ("vk", "vk_ads") and tags[1] == "cpc"]
    assert len(by_ad) > 30
    assert all(len(known[tags]) == 1 for tags in by_ad)


def test_advertising_pays_and_one_campaign_loses_money(spent: dict[str, Figures]) -> None:
    """Over all revenue spend is a tenth to a half; a finished campaign earns its money back."""
    everything = sum((one.net for one in sold().values()), Decimal())
    whole = sum((one.spent for one in spent.values()), Decimal())
    assert Decimal("0.09") < whole / everything < Decimal("0.45")
    finished = [one for one in advertising() if one.show_id and one.last < TODAY]
    shares = [spent[str(one.id)].spent / brought(one).net for one in finished]
    assert len(shares) >= 12
    assert all(Decimal("0.10") < share < Decimal("0.70") for share in shares)
    loss = named("Орган-Калининград")
    assert spent[str(loss.id)].spent > 3 * brought(loss).net
    good = [one for one in advertising() if "Рок-Казань" in one.name]
    assert all(4 * spent[str(one.id)].spent < brought(one).net for one in good)


def test_some_spend_has_no_city_to_go_to(account: Account) -> None:
    """By creative, by a suburb, under VK's own tags, without any; all of it spent lately."""
    recent = Ledger(account).per_ad_plan(TODAY - timedelta(days=29), TODAY)
    for name in ("Бренд", "Пригород", "Ретаргет", "Анкета-проба"):
        assert recent[str(named(name).id)].spent > 1000, name


def test_a_campaign_ran_on_after_its_show(account: Account) -> None:
    """Nobody stopped it; then it was archived, and its spend stays."""
    late = next(one for one in advertising() if "Сияние-Томск" in one.name and one.last < TODAY)
    after = Ledger(account).per_ad_plan(TODAY - timedelta(days=19), TODAY)[str(late.id)]
    assert after.spent > 1000
    assert account.plans[late.id].status == "deleted"


def test_archived_ads_have_spent_and_some_days_cost_nothing(account: Account) -> None:
    """One creative of a running campaign is archived too."""
    rows = Ledger(account).daily()
    free = [row for row in rows if row.shows and not row.spent]
    assert 0.005 < len(free) / len(rows) < 0.05
    failed = [
        ad.id
        for ad in account.banners.values()
        if ad.status == "deleted" != account.groups[ad.ad_group_id].status
    ]
    assert len(failed) >= 5
    ended = TODAY - timedelta(days=10)
    assert max(row.stat_date for row in rows if int(row.banner_id) in failed) == ended


def test_the_same_day_gives_the_same_account_and_another_seed_another(account: Account) -> None:
    """To the kopeck."""
    assert Ledger(demo_account(now=NOW)).daily() == Ledger(account).daily()
    assert Ledger(demo_account(now=NOW, seed=2)).daily() != Ledger(account).daily()


def test_s23_later_it_is_the_same_account_with_the_corrections_of_vk() -> None:
    """Built anew or with its clock moved on; only the days that VK corrects have changed."""
    moved = demo_account(now=NOW, today=TODAY, orders=ORDERS)
    before = {(row.banner_id, row.stat_date): row.figures for row in Ledger(moved).daily()}
    moved.clock.advance(DAY)
    later = {(row.banner_id, row.stat_date): row.figures for row in Ledger(moved).daily()}
    anew = Ledger(demo_account(now=NOW + DAY, today=TODAY, orders=ORDERS)).daily()
    built = {(row.banner_id, row.stat_date): row.figures for row in anew}
    past = {key for key in later if key[1] <= TODAY}
    assert {key: built[key] for key in past} == {key: later[key] for key in past}
    changed = {key[1] for key in before if before[key] != later[key]}
    assert changed == {TODAY, TODAY - 2 * DAY, TODAY - 11 * DAY}
    third = [key for key in before if key[1] == TODAY - 2 * DAY]
    assert sum(later[key].goals for key in third) > sum(before[key].goals for key in third)
    assert sum(later[key].spent for key in third) < sum(before[key].spent for key in third)

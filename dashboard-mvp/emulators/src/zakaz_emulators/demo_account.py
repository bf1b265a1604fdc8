"""The demo organisation's account in VK Ads: its campaigns as the API tells them, day by day.

It hangs on the same season as the orders, and what an ad did is drawn from the seed, the ad and
the day alone: an account seen later is the same account, with the corrections that VK makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from urllib.parse import urlencode

from zakaz_emulators.clock import MOSCOW
from zakaz_emulators.demo_campaigns import AdSet, Campaign, Planned, campaigns
from zakaz_emulators.demo_organisation import DEFAULT_ORDERS
from zakaz_emulators.season import DAY, noon, season
from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.records import AdGroup, AdPlan, Banner, Figures
from zakaz_emulators.vk.sample import empty_account

SITE = "https://bilety.example/"
ARCHIVED = timedelta(days=10)
"""So long ago the creatives that did not work were archived; their spend stays."""

PAUSED, UNPAID = 0.03, 0.05
"""Of a hundred days an ad rests on three, and is shown for nothing on two."""

SETTLES = timedelta(days=3, hours=3)
"""Until then a day has clicks that VK takes back, and lacks conversions that come late."""

CORRECTED, CORRECTIONS = timedelta(days=12, hours=3), 0.1
"""One day in ten is corrected once more."""

AHEAD = 3
"""Days after the present one, for whoever lets the clock go on."""


def demo_account(
    *,
    seed: int = 1,
    now: datetime,
    today: date | None = None,
    orders: int = DEFAULT_ORDERS,
) -> Account:
    """Build the account as it stands at ``now``; see ``demo_organisation`` for the rest."""
    account = empty_account(now=now)
    anchor = today or account.clock.today
    for campaign in campaigns(season(anchor, orders), anchor):
        if min(campaign.days, default=date.max) <= account.clock.today + AHEAD * DAY:
            _put(account, campaign, anchor, seed)
    return account


def _put(account: Account, campaign: Campaign, anchor: date, seed: int) -> None:
    first = min(campaign.days)
    made, changed = noon(first - 3 * DAY), noon(first)
    status = "active" if campaign.last >= account.clock.today else "deleted"
    plan = AdPlan(campaign.id, campaign.name, made, changed, status, campaign.objective, first)
    plan.budget_limit_day = Decimal("25000.00")
    account.put(plan)
    for part in campaign.sets:
        group = AdGroup(part.id, plan.id, part.audience, made, changed, status, plan.objective)
        link = _tag(group, part)
        account.put(group)
        for place, creative in enumerate(part.creatives):
            ad = Banner(part.ad_id(place), part.id, "", made, changed, status, {"primary": link})
            ad.name, ad.title = f"AD_{creative}_{part.audience}", creative
            if place:
                ad.status = "deleted"
            account.put(ad)
            for day, planned in campaign.days.items():
                share = part.share * _share(place, len(part.creatives), day, anchor)
                if share and day <= account.clock.today + AHEAD * DAY:
                    drawn = Random((seed * 1_000_000_000 + ad.id) * 1_000_000 + day.toordinal())
                    told = list(_versions(day, planned.times(share), campaign.click, drawn))
                    if told:
                        _put_day(account, ad.id, day, told)


def _tag(group: AdGroup, part: AdSet) -> str:
    """Give the link of a set's ads; every other set has its tags at the group instead."""
    if part.is_automatic:
        group.enable_utm = True
        return SITE
    if part.tags and group.id // 10 % 2:
        group.enable_utm, group.utm = True, urlencode(part.tags)
        return f"{SITE}?utm_source=vk&utm_content=afisha"
    return f"{SITE}?{urlencode(part.tags)}" if part.tags else SITE


def _share(place: int, ads: int, day: date, anchor: date) -> float:
    """Give an ad's part of its set: all but the first were archived, and the first went on."""
    if day <= anchor - ARCHIVED:
        return 1 / ads
    return 0.0 if place else 1.0


def _put_day(account: Account, ad_id: int, day: date, told: list[tuple[datetime, Figures]]) -> None:
    """Put what the service told of a day at first, and what it has told of it since."""
    now = account.clock.now
    if day == now.date():
        midnight = datetime.combine(day + DAY, time(), MOSCOW)
        whole = told[0][1]
        told[0] = midnight, whole
        told.insert(0, (now, _part(whole, (now + DAY - midnight) / DAY)))
    known = [figures for at, figures in told if at <= now] or [told[0][1]]
    account.put_day(ad_id, day, known[-1])
    for at, figures in told[len(known) :]:
        account.restate(ad_id, day, at=at, **asdict(figures))


def _versions(
    day: date, planned: Planned, click: float, drawn: Random
) -> Iterator[tuple[datetime, Figures]]:
    """Give the figures of a whole day with the instants from which they are told."""
    begins = datetime.combine(day, time(), MOSCOW)
    chance = drawn.random()
    if chance < PAUSED:
        return
    if chance < UNPAID:
        yield begins, Figures(shows=drawn.randrange(5, 90))
        return
    spent = _roubles(planned.spend * drawn.uniform(0.75, 1.25))
    clicks = max(round(float(spent) / (click * drawn.uniform(0.8, 1.25))), 1)
    shows = round(clicks / drawn.uniform(0.008, 0.014))
    buyers = planned.buyers * drawn.uniform(0.8, 1.25)
    goals = int(buyers) + (drawn.random() < buyers % 1)
    early = Figures(shows, clicks + clicks // 30, _roubles(float(spent) * 1.02), goals * 7 // 10)
    settled = Figures(shows - shows // 50, clicks, spent, goals)
    yield begins, early
    yield begins + SETTLES, settled
    if drawn.random() < CORRECTIONS:
        corrected = replace(settled, spent=_roubles(float(spent) * 0.97), goals=goals + 1)
        yield begins + CORRECTED, corrected


def _part(whole: Figures, done: float) -> Figures:
    """Give what a day has brought when a part of it is done."""
    spent = _roubles(float(whole.spent) * done)
    counts = (int(count * done) for count in (whole.shows, whole.clicks, whole.goals))
    shows, clicks, goals = counts
    return Figures(shows, clicks, spent, goals)


def _roubles(amount: float) -> Decimal:
    return Decimal(round(amount * 100)) / 100

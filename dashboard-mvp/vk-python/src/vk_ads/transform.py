"""Statistics and dictionaries of VK Ads in, typed staging rows out; pure functions only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlsplit

from zakaz.money import AmountRangeError, wire_amount
from zakaz.moscow import moscow_day
from zakaz.utm import FIELDS, Utm, normalise, parse_query

from vk_ads.objects import OddPart
from vk_ads.rows import VkAdsDaily
from vk_ads.wire import Account, AdGroup, AdPlan, Banner, BannerDays, Day, Id, Url

# VK filters bad traffic and adds late conversions for about three days.
SETTLED_AFTER = timedelta(days=3)

FIRST_DAY = date(1970, 1, 1)

# What VK adds when a group has tags switched on and none of its own.
AUTOMATIC_TAGS = (
    "utm_medium=cpc&utm_source=vk_ads&utm_campaign={{campaign_id}}&utm_content={{banner_id}}"
)

GROUP_TAGS = frozenset({"enable_utm", "utm"})
TAGS = tuple(f"utm_{name}" for name in FIELDS)
MACRO = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class ResolvedTags:
    """The tags of one ad: normalised, as the template they came from, and whether they vary."""

    utm: Utm
    raw: str
    is_dynamic: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The account's ads, groups and campaigns by id, as they were fetched with the statistics.

    ``odd`` is what could not be read of them. A group whose tags are among it has hidden tags:
    nobody knows what it adds to its ads' links.
    """

    account: Account
    plans: Mapping[str, AdPlan]
    groups: Mapping[str, AdGroup]
    banners: Mapping[str, Banner]
    odd: Sequence[OddPart] = ()
    hidden_tags: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        account: Account,
        plans: Iterable[AdPlan],
        groups: Iterable[AdGroup],
        banners: Iterable[Banner],
        odd: Sequence[OddPart] = (),
    ) -> Catalogue:
        """Index the lists of the API; ids are unique within one level only."""
        return cls(
            account,
            {identity(plan.id): plan for plan in plans},
            {identity(group.id): group for group in groups},
            {identity(banner.id): banner for banner in banners},
            odd,
            frozenset(
                one.id for one in odd if one.entity == "ad_group" and one.field in GROUP_TAGS
            ),
        )


class Place(NamedTuple):
    """Where an ad hangs in the account; a part the API did not tell has no id and no name."""

    account_id: str
    plan_id: str
    plan_name: str
    group_id: str
    group_name: str
    banner_id: str
    objective: str

    def macros(self) -> dict[str, str]:
        """Give the value of every macro that does not wait for the moment of the show."""
        return {
            "advertiser_id": self.account_id,
            "ad_plan_id": self.plan_id,
            "ad_plan_name": self.plan_name,
            "ad_group_id": self.group_id,
            "ad_group_name": self.group_name,
            # The API's old vocabulary: its "campaign" is the ad group, not the cabinet's campaign.
            "campaign_id": self.group_id,
            "campaign_name": self.group_name,
            "banner_id": self.banner_id,
        }


class UnstorableDayError(ValueError):
    """A day of an ad that the warehouse cannot hold; ``reason`` is the quarantine's word for it."""

    def __init__(self, reason: str, told: str) -> None:
        super().__init__(told)
        self.reason = reason


def daily_rows(
    ad: BannerDays,
    catalogue: Catalogue,
    *,
    fetched_at: datetime,
    refused: Callable[[Day, UnstorableDayError], None] | None = None,
) -> Iterator[VkAdsDaily]:
    """Give one row per day of an ad.

    An ad missing from the catalogue keeps its figures and has no names: archived spend is spend.
    A day that cannot be stored goes to ``refused``; without it, its error is raised.
    """
    banner = catalogue.banners.get(identity(ad.id))
    group = catalogue.groups.get(identity(banner.ad_group_id)) if banner else None
    place = place_of(ad, banner, group, catalogue)
    hidden = place.group_id in catalogue.hidden_tags
    tags = resolve_tags({} if hidden else tag_template(group, banner), place.macros())
    for day in ad.rows:
        try:
            stat_date, spend = checked_day(day.date, fetched_at), checked_spend(day.base.spent)
        except UnstorableDayError as error:
            if refused is None:
                raise
            refused(day, error)
            continue
        yield VkAdsDaily(
            account_id=place.account_id,
            banner_id=place.banner_id,
            stat_date=stat_date,
            ad_plan_id=place.plan_id,
            ad_plan_name=place.plan_name,
            ad_group_id=place.group_id,
            ad_group_name=place.group_name,
            banner_name=banner.name if banner else "",
            objective=place.objective,
            impressions=day.base.shows,
            clicks=day.base.clicks,
            spend=spend,
            goals=goals_of(day),
            currency=catalogue.account.currency.strip().upper(),
            utm_source=tags.utm.source,
            utm_medium=tags.utm.medium,
            utm_campaign=tags.utm.campaign,
            utm_content=tags.utm.content,
            utm_term=tags.utm.term,
            utm_raw=tags.raw,
            utm_is_dynamic=tags.is_dynamic,
            is_final=moscow_day(fetched_at) - day.date >= SETTLED_AFTER,
            is_deleted=False,
            ver=version_of(fetched_at),
            loaded_at=fetched_at,
        )


def place_of(
    ad: BannerDays, banner: Banner | None, group: AdGroup | None, catalogue: Catalogue
) -> Place:
    """Find the parents of an ad; an ad older than campaigns has a group and nothing above it."""
    plan_id = identity(group.ad_plan_id) if group else ""
    plan = catalogue.plans.get(plan_id)
    objectives = [parent.objective for parent in (group, plan) if parent and parent.objective]
    return Place(
        account_id=identity(catalogue.account.id),
        plan_id=plan_id,
        plan_name=plan.name if plan else "",
        group_id=identity(banner.ad_group_id) if banner else "",
        group_name=group.name if group else "",
        banner_id=identity(ad.id),
        objective=objectives[0] if objectives else "",
    )


def tag_template(group: AdGroup | None, banner: Banner | None) -> dict[str, str]:
    """Give the tags VK puts into the link of an ad, percent-decoded once, macros unexpanded.

    In order of force: the group's tags when it has them switched on, VK's automatic tags when it
    has them on but empty, the ad's own link, nothing. The stronger one wins tag by tag.
    """
    tags = link_tags(banner.urls) if banner else {}
    if group is not None and group.enable_utm:
        tags |= utm_of(parse_query((group.utm or "").strip() or AUTOMATIC_TAGS))
    return tags


def link_tags(urls: Mapping[str, Url]) -> dict[str, str]:
    """Give the tags of an ad's link: the primary one, else the first by role that has any."""
    for role in sorted(urls, key=lambda role: (role != "primary", role)):
        url = urls[role].url
        # VK mini apps take their parameters after the hash.
        after_hash = urlsplit(url).fragment.rpartition("?")[2]
        tags = utm_of(parse_query(url)) or utm_of(parse_query(after_hash))
        if tags:
            return tags
    return {}


def utm_of(parameters: Mapping[str, str]) -> dict[str, str]:
    """Keep the UTM tags of a query and drop everything else in it."""
    return {key: parameters[key] for key in TAGS if parameters.get(key)}


def resolve_tags(template: Mapping[str, str], known: Mapping[str, str]) -> ResolvedTags:
    """Expand the macros whose values are known and normalise as the sales side does.

    Macros known only at the moment of the show stay as they are and make the tags dynamic.
    """

    def value_of(macro: re.Match[str]) -> str:
        return known.get(macro[1]) or macro[0]

    expanded = {key: MACRO.sub(value_of, text) for key, text in template.items()}
    utm, _ = normalise(expanded)
    _, raw = normalise(template)
    return ResolvedTags(utm, raw, any(MACRO.search(text) for text in expanded.values()))


def goals_of(day: Day) -> int:
    """Give the conversions the cabinet shows; the top-level ``goals`` is 0 for modern campaigns."""
    results = day.base.vk
    if results is None:
        return 0
    return results.goals if results.goals is not None else results.result or 0


def checked_day(day: date, fetched_at: datetime) -> date:
    """Refuse a day that the warehouse's Date cannot hold or that has not come yet."""
    if not FIRST_DAY <= day <= moscow_day(fetched_at):
        raise UnstorableDayError("bad_date", f"a statistics day out of range: {day.isoformat()}")
    return day


def checked_spend(spent: bytes) -> Decimal:
    """Return an amount by the rule of every source; raises UnstorableDayError for any other."""
    try:
        return wire_amount(spent)
    except AmountRangeError as error:
        raise UnstorableDayError("amount_range", str(error)) from None
    except ValueError:
        raise UnstorableDayError("bad_day", "not an amount: base.spent") from None


def identity(wire_id: Id | None) -> str:
    """Give an id as text; the API writes a missing parent as null or 0."""
    return "" if wire_id in (None, 0, "0", "") else str(wire_id)


def version_of(fetched_at: datetime) -> int:
    """Give the version of everything fetched at this instant: the last fetch wins."""
    if fetched_at.tzinfo is None:
        raise ValueError("a fetch instant must have a zone")
    return round(fetched_at.timestamp() * 1000)

"""The demo organisation's marketing, entry by entry, out of the emulators' own records: no SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from marketing_by_hand import TAGS, Figures, Ledger, Row, letters, named, placed
from zakaz_emulators.qtickets import Organisation
from zakaz_emulators.qtickets.ledger import Ledger as Sold
from zakaz_emulators.qtickets.ledger import Sales
from zakaz_emulators.vk import Account, Banner
from zakaz_emulators.vk import Ledger as Spent

SHORT = {"мск": "москва", "екб": "екатеринбург"}

Campaigns = Mapping[tuple[str, ...], set[str]]


def read(organisation: Organisation, account: Account) -> Ledger:
    """Give every sale and every ad's day with its place."""
    events = organisation.events.values()
    aliases = SHORT | {letters(event.city.name): event.city.name.lower() for event in events}
    playing: dict[tuple[str, date], set[str]] = defaultdict(set)
    for event in events:
        for show in event.shows:
            if event.deleted_at is None and show.deleted_at is None:
                day = show.starts_at.astimezone(ZoneInfo(event.city.timezone)).date()
                playing[event.city.name.lower(), day].add(str(event.id))
    ledger = Ledger()
    ledger.entries += sales(organisation, campaigns(account))
    ledger.entries += ads(account, aliases, playing)
    return ledger


def sales(organisation: Organisation, known: Campaigns) -> Iterator[tuple[Row, Figures]]:
    """Give one entry per sold order, with the only campaign that carries its tags."""
    for day, order in Sold(organisation).sold():
        sums = Sales()
        sums.add(order)
        tags = {tag: order.utm.get(tag, "").lower() for tag in TAGS}
        four = tuple(tags[tag] for tag in TAGS[:4])
        found = known.get(four) or known.get(four[:3]) or set()
        row = tags | {"account_id": "demo", "currency": order.currency_id}
        city = organisation.events[order.event_id].city.name.lower()
        place = placed(row, day, city, str(order.event_id))
        place["ad_plan_id"] = next(iter(found)) if len(found) == 1 else "unknown"
        yield place, Figures(orders=sums.orders, tickets_sold=sums.tickets, revenue=sums.net)


def ads(
    account: Account,
    aliases: Mapping[str, str],
    playing: Mapping[tuple[str, date], set[str]],
) -> Iterator[tuple[Row, Figures]]:
    """Give one entry per ad and day."""
    carried = tags_by_banner(account)
    for row in Spent(account).daily():
        tags = carried[row.banner_id]
        city, day = named(tags["utm_content"], row.stat_date, aliases)
        found = playing.get((city, day), set()) if day else set()
        event = next(iter(found)) if len(found) == 1 else "unknown"
        told = tags | {"account_id": row.account_id, "currency": "RUB"}
        place = placed(told, row.stat_date, city, event)
        place |= {"banner_id": row.banner_id, "ad_plan_id": row.ad_plan_id}
        yield (
            place,
            Figures(impressions=row.shows, clicks=row.clicks, goals=row.goals, spend=row.spent),
        )


def campaigns(account: Account) -> Campaigns:
    """Give the campaigns that carry four tags, and those that carry the first three of them."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    carried = tags_by_banner(account)
    for row in Spent(account).daily():
        tags = carried[row.banner_id]
        four = tuple(tags[tag] for tag in TAGS[:4])
        if tags["utm_campaign"]:
            found[four].add(row.ad_plan_id)
            found[four[:3]].add(row.ad_plan_id)
    return found


def tags_by_banner(account: Account) -> dict[str, dict[str, Any]]:
    """Return the tags of every ad by its id, as statistics tell it."""
    return {str(number): tags_of(account, ad) for number, ad in account.banners.items()}


def tags_of(account: Account, ad: Banner) -> dict[str, Any]:
    """Give the tags with which VK sends a reader of this ad on."""
    group = account.groups[ad.ad_group_id]
    tags = dict(parse_qsl(urlsplit(ad.urls["primary"]).query))
    if group.enable_utm and group.utm:
        tags |= dict(parse_qsl(group.utm))
    elif group.enable_utm:
        own = {"utm_campaign": str(group.id), "utm_content": str(ad.id)}
        tags |= {"utm_source": "vk_ads", "utm_medium": "cpc"} | own
    return {tag: tags.get(tag, "").lower() for tag in TAGS}

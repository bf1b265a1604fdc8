"""Whose figures are asked for: ads, groups, campaigns or the account, each the sum of its ads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.records import NOTHING, Banner, Figures
from zakaz_emulators.vk.refusals import refused
from zakaz_emulators.vk.switches import Switches

Days = dict[date, Figures]


@dataclass(frozen=True, slots=True)
class Level:
    """One level: the code that refuses its ids, its objects' ids, and whose an ad is."""

    name: str
    code: str
    ids: Callable[[Account, Switches], list[int]]
    owner: Callable[[Account, Banner], int | None]


def _banners(account: Account, switches: Switches) -> list[int]:
    return [
        banner.id
        for banner in account.banners.values()
        if switches.serve_deleted or banner.status != "deleted"
    ]


def _groups(account: Account, _: Switches) -> list[int]:
    return list(account.groups)


def _group_of(_: Account, banner: Banner) -> int | None:
    return banner.ad_group_id


LEVELS = {
    "banners": Level("banners", "ERR_WRONG_BANNERS", _banners, lambda _, banner: banner.id),
    "ad_groups": Level("ad_groups", "ERR_WRONG_ADGROUPS", _groups, _group_of),
    "campaigns": Level("campaigns", "ERR_WRONG_CAMPAIGNS", _groups, _group_of),
    "ad_plans": Level(
        "ad_plans",
        "ERR_WRONG_ADPLANS",
        lambda account, _: list(account.plans),
        lambda account, banner: account.plan_of(banner.id),
    ),
    "users": Level(
        "users",
        "ERR_WRONG_USERS",
        lambda account, _: [account.user.id],
        lambda account, _: account.user.id,
    ),
}


def known_ids(
    account: Account, level: Level, texts: Sequence[str], switches: Switches
) -> list[int]:
    """Read ids, each once; a single one that is not the account's refuses them all."""
    prefix = switches.err_prefix
    if not all(text.isdecimal() for text in texts):
        raise refused(400, "ERR_WRONG_PARAMETER", "id must be a list of integers", prefix=prefix)
    asked = list(dict.fromkeys(map(int, texts)))
    known = set(level.ids(account, switches))
    if not known.issuperset(asked):
        message = f"Some {level.name} do not exist or are not available"
        raise refused(400, level.code, message, prefix=prefix)
    return asked


def daily(
    account: Account,
    level: Level,
    ids: Iterable[int],
    first: date,
    last: date,
    at: datetime,
    takes: Callable[[Banner], bool] = lambda _: True,
) -> dict[int, Days]:
    """Give the days of each object on which it did anything, as they stood at an instant."""
    sums: dict[int, Days] = {number: {} for number in ids}
    for banner in account.banners.values():
        owner = level.owner(account, banner)
        if owner in sums and takes(banner):
            days = sums[owner]
            for day, figures in account.days(banner.id, first, last, at):
                days[day] = days.get(day, NOTHING) + figures
    if level.name == "users":
        for days in sums.values():
            for day, figures in account.unattributed.items():
                if first <= day <= min(last, at.date()):
                    days[day] = days.get(day, NOTHING) + figures
    return sums

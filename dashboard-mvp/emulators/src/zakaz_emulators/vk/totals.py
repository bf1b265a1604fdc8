"""Statistics of the third version: one total per object over the whole period, page by page.

In spite of ``day`` in the address there are no days in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.levels import Level, daily, known_ids
from zakaz_emulators.vk.metrics import SETS, base
from zakaz_emulators.vk.parameters import Parameters
from zakaz_emulators.vk.records import Banner, Figures, total
from zakaz_emulators.vk.statistics_query import Refusals, require_attribution, window
from zakaz_emulators.vk.switches import Switches

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 250
_STATUSES = ("all", "active", "blocked", "deleted")


def totals(
    account: Account, level: Level, parameters: Parameters, switches: Switches
) -> dict[str, Any]:
    """Give a page of totals; the grand total is that of all objects, not of the page."""
    now = account.clock.now
    first, last = window(parameters, now.date(), switches)
    require_attribution(parameters, switches)
    write = _writer(parameters, switches)
    limit, offset = _page(parameters, switches)
    ids = _ids(account, level, parameters, switches)
    takes = _takes(account, parameters, switches)
    found = {
        number: total(days.values())
        for number, days in daily(account, level, ids, first, last, now, takes).items()
        if days or switches.list_idle
    }
    ordered = _sorted(found, parameters, switches)
    page = ordered[offset : offset + limit]
    return {
        "items": [
            {"id": number, "user_id": account.user.id, "total": write(found[number])}
            for number in page
        ],
        "total": write(total(found.values())),
        "limit": limit,
        "offset": offset,
        "count": len(page) if switches.v3_count == "page" else len(ordered),
    }


def _page(parameters: Parameters, switches: Switches) -> tuple[int, int]:
    texts = (parameters.one("limit") or str(DEFAULT_LIMIT), parameters.one("offset") or "0")
    if not all(text.isdecimal() for text in texts) or not 1 <= int(texts[0]) <= LARGEST_LIMIT:
        raise Refusals(switches).parameter(f"limit is 1 to {LARGEST_LIMIT}, offset 0 or more")
    return int(texts[0]), int(texts[1])


def _ids(account: Account, level: Level, parameters: Parameters, switches: Switches) -> list[int]:
    texts = parameters.many("id")
    ids = (
        known_ids(account, level, texts, switches)
        if texts
        else sorted(level.ids(account, switches))
    )
    without = set(parameters.many("id_ne"))
    return [number for number in ids if str(number) not in without]


def _takes(
    account: Account, parameters: Parameters, switches: Switches
) -> Callable[[Banner], bool]:
    """Give the condition on ads: their group, its package, either's status."""
    values: Mapping[str, Callable[[Banner], str]] = {
        "ad_group_id": lambda banner: str(banner.ad_group_id),
        "package_id": lambda banner: str(account.groups[banner.ad_group_id].package_id),
        "banner_status": lambda banner: banner.status,
        "ad_group_status": lambda banner: account.groups[banner.ad_group_id].status,
    }
    conditions: list[tuple[Callable[[Banner], str], set[str], bool]] = []
    for name, value in values.items():
        for asked, wanted in ((name, True), (f"{name}_ne", False)):
            texts = set(parameters.many(asked))
            if name.endswith("status") and not texts.issubset(_STATUSES):
                raise Refusals(switches).parameter(f"{asked} is one of {', '.join(_STATUSES)}")
            if texts and "all" not in texts:
                conditions.append((value, texts, wanted))
    return lambda banner: all((value(banner) in texts) is way for value, texts, way in conditions)


def _writer(parameters: Parameters, switches: Switches) -> Callable[[Figures], dict[str, Any]]:
    """Give what writes the sets, or single figures of them, that ``fields`` names."""
    asked = parameters.many("fields") or ["base"]
    whole = _all_sets(Figures(), switches)
    for name in asked:
        head, _, figure = name.partition(".")
        if head not in whole or (figure and figure.partition(".")[0] not in whole[head]):
            raise Refusals(switches).parameter(f"Unknown field {name}")

    def write(figures: Figures) -> dict[str, Any]:
        sets = _all_sets(figures, switches)
        told: dict[str, Any] = {}
        for name in asked:
            head, _, figure = name.partition(".")
            if not figure:
                told[head] = sets[head]
                continue
            key = figure.partition(".")[0]
            told.setdefault(head, {})[key] = sets[head][key]
        return told

    return write


def _all_sets(figures: Figures, switches: Switches) -> dict[str, dict[str, Any]]:
    told = {"base": base(figures, switches, amounts=True)}
    return told | {name: write(figures) for name, write in SETS.items()}


def _sorted(found: Mapping[int, Figures], parameters: Parameters, switches: Switches) -> list[int]:
    field = parameters.one("sort_by")
    if field is None:
        return list(found)
    head, _, figure = field.partition(".")
    if head != "base" or figure not in ("shows", "clicks", "spent"):
        raise Refusals(switches).parameter(f"Cannot sort by {field}")
    descending = parameters.one("d") == "desc"
    return sorted(found, key=lambda number: getattr(found[number], figure), reverse=descending)

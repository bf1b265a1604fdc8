"""Statistics of the second version: days of each object, or its whole life in one sum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.levels import Days, Level, daily, known_ids
from zakaz_emulators.vk.metrics import written
from zakaz_emulators.vk.parameters import Parameters
from zakaz_emulators.vk.records import NOTHING, Figures, total
from zakaz_emulators.vk.statistics_query import Refusals, require_attribution, sets, window
from zakaz_emulators.vk.switches import Switches


def by_day(
    account: Account, level: Level, parameters: Parameters, switches: Switches
) -> dict[str, Any]:
    """Give every day of each object, and the totals."""
    now = account.clock.now
    first, last = window(parameters, now.date(), switches)
    names = sets(parameters, switches)
    require_attribution(parameters, switches)
    ids = _ids(account, level, parameters, switches)
    found = daily(account, level, ids, first, last, now)
    items = [
        {
            "id": number,
            "rows": [
                {"date": day.isoformat(), **written(figures, names, switches)}
                for day, figures in _rows(days, first, min(last, now.date()), switches)
            ],
            "total": written(total(days.values()), names, switches),
        }
        for number, days in found.items()
        if days or switches.list_idle
    ]
    return {"items": items, "total": _grand(found.values(), names, switches)}


def summary(
    account: Account, level: Level, parameters: Parameters, switches: Switches
) -> dict[str, Any]:
    """Give the sum of each object's whole life; days are not even looked at."""
    names = sets(parameters, switches)
    ids = _ids(account, level, parameters, switches)
    found = daily(account, level, ids, date.min, date.max, account.clock.now)
    items = [
        {"id": number, "total": written(total(days.values()), names, switches)}
        for number, days in found.items()
        if days or switches.list_idle
    ]
    return {"items": items, "total": _grand(found.values(), names, switches)}


def _ids(account: Account, level: Level, parameters: Parameters, switches: Switches) -> list[int]:
    texts = parameters.many("id")
    if len(texts) > switches.most_ids:
        raise Refusals(switches).too_much(f"At most {switches.most_ids} objects")
    if not texts:
        if switches.need_ids:
            raise Refusals(switches).parameter("id is required")
        return level.ids(account, switches)
    return known_ids(account, level, texts, switches)


def _rows(days: Days, first: date, last: date, switches: Switches) -> list[tuple[date, Figures]]:
    if not switches.fill_zero_days:
        return sorted(days.items())
    every = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    return [(day, days.get(day, NOTHING)) for day in every]


def _grand(found: Any, names: Sequence[str], switches: Switches) -> dict[str, Any]:
    figures = total(figures for days in found for figures in days.values())
    return written(figures, names, switches, grand=True)

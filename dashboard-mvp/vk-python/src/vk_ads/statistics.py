"""Daily statistics in requests the API accepts: few ads, few days, and less when it says so.

One id that does not exist, or is not the account's, fails a whole request. Halving finds it; the
others are not lost with it. What is found out about ids and limits holds for the rest of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import msgspec
from zakaz.errors import DataError

from vk_ads import answers
from vk_ads.answers import Part, RefusedDay
from vk_ads.refusals import RefusedError

BANNERS = "/api/v2/statistics/banners/day.json"
ACCOUNT = "/api/v2/statistics/users/day.json"
MOST_IDS = 100
MOST_DAYS = 31
_TOO_MUCH = frozenset({"LIMIT_EXCEEDED"})
_TOO_LONG = 414  # a list of ids longer than an address may be
_UNKNOWN_ID = frozenset({"WRONG_BANNERS", "WRONG_IDS"})

Ask = Callable[[str, dict[str, Any]], bytes]
Window = tuple[date, date]


@dataclass(slots=True)
class Asked:
    """What a run has learned by asking: ids in vain, and how much one request may ask for.

    ``unknown`` are ads that the statistics do not know; they are not asked for again.
    """

    unknown: list[str] = field(default_factory=list)
    most_ids: int = MOST_IDS
    most_days: int = MOST_DAYS
    _days_next: bool = True

    def shrink(self, ids: int, days: int) -> bool:
        """Ask for less from now on, days and ads by turns; False when nothing is left to halve."""
        if ids == days == 1:
            return False
        if days > 1 and (self._days_next or ids == 1):
            self.most_days = max(days // 2, 1)
        else:
            self.most_ids = max(ids // 2, 1)
        self._days_next = not self._days_next
        return True


def windows(first: date, last: date, *, most: int = MOST_DAYS) -> list[Window]:
    """Cut inclusive days into runs of at most so many, oldest first."""
    cut = []
    while first <= last:
        end = min(first + timedelta(days=most - 1), last)
        cut.append((first, end))
        first = end + timedelta(days=1)
    return cut


def of_banners(ask: Ask, ids: Sequence[str], window: Window, asked: Asked) -> Iterator[Part]:
    """Give the days of the ads, some ads at a time."""
    return _asked_for(ask, BANNERS, [(list(ids), window)], asked)


def of_account(ask: Ask, account_id: str, window: Window) -> list[Part]:
    """Give the days of the whole account, by the API's own sum: what the ads are held against."""
    return list(_asked_for(ask, ACCOUNT, [([account_id], window)], Asked()))


def _asked_for(
    ask: Ask, path: str, left: list[tuple[list[str], Window]], asked: Asked
) -> Iterator[Part]:
    """Ask for all that is left, oldest days first; what is too much is cut and asked again."""
    while left:
        ids, window = left.pop()
        ids = [one for one in ids if one not in asked.unknown]
        if not ids:
            continue
        smaller = _cut(ids, window, asked)
        if len(smaller) > 1:
            left += reversed(smaller)
            continue
        try:
            answer = ask(path, _parameters(ids, window))
        except RefusedError as error:
            left += reversed(_after_refusal(error, path, ids, window, asked))
            continue
        yield _rows(path, answer, ids, window)


def _cut(ids: list[str], window: Window, asked: Asked) -> list[tuple[list[str], Window]]:
    """Cut what is left into pieces that one request may ask for."""
    return [
        (ids[start : start + asked.most_ids], days)
        for days in windows(*window, most=asked.most_days)
        for start in range(0, len(ids), asked.most_ids)
    ]


def _after_refusal(
    error: RefusedError, path: str, ids: list[str], window: Window, asked: Asked
) -> list[tuple[list[str], Window]]:
    """Give what to ask for instead; raises a refusal that asking otherwise cannot mend."""
    if error.code in _UNKNOWN_ID and path == BANNERS:
        if len(ids) == 1:
            asked.unknown += ids
            return []
        middle = len(ids) // 2
        return [(ids[:middle], window), (ids[middle:], window)]
    too_much = error.code in _TOO_MUCH or error.status == _TOO_LONG
    if too_much and asked.shrink(len(ids), (window[1] - window[0]).days + 1):
        return [(ids, window)]
    raise error


def _parameters(ids: list[str], window: Window) -> dict[str, Any]:
    first, last = window
    return {
        "id": ",".join(ids),
        "date_from": first.isoformat(),
        "date_to": last.isoformat(),
        "metrics": "base",
    }


def _rows(path: str, answer: bytes, ids: Sequence[str], window: Window) -> Part:
    try:
        part = answers.read(answer, frozenset(ids))
    except msgspec.ValidationError as error:
        raise DataError(
            f"GET {path}: the answer holds no daily statistics ({error}); nothing was loaded. "
            "The API has changed or VK_ADS_BASE_URL is wrong."
        ) from None
    _put_strange_days_aside(path, part, window)
    return part


def _put_strange_days_aside(path: str, part: Part, window: Window) -> None:
    """Refuse days that were not asked for; raises DataError when all ads tell of such days."""
    first, last = window
    strange = [(ad, day) for ad in part.ads for day in ad.rows if not first <= day.date <= last]
    if not strange:
        return
    ads = {ad.id for ad, _ in strange}
    if len(strange) > 1 and len(ads) == len({ad.id for ad in part.ads}):
        raise DataError(
            f"GET {path}: asked for {first} to {last}, got {min(day.date for _, day in strange)}: "
            "the days were ignored; nothing was loaded. The API has changed."
        )
    for ad, day in strange:
        ad.rows.remove(day)
        part.refused.append(
            RefusedDay(str(ad.id), day.date.isoformat(), "bad_date", "a day that was not asked for")
        )

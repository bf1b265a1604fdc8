"""One window of days: read ad by ad, turned into rows, held against the account's own sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from zakaz.errors import DataError
from zakaz.fault_point import reach
from zakaz.money import ZERO
from zakaz.moscow import moscow_day

from vk_ads.answers import RefusedDay
from vk_ads.client import VkAdsClient
from vk_ads.rows import VkAdsAccountDaily, VkAdsDaily
from vk_ads.statistics import Asked, Window
from vk_ads.transform import (
    SETTLED_AFTER,
    Catalogue,
    UnstorableDayError,
    checked_day,
    checked_spend,
    daily_rows,
    goals_of,
    identity,
    version_of,
)
from vk_ads.wire import Account, Day

# The API rounds every ad's day to the kopeck, so a sum may differ by as much for each ad.
_ROUNDING = Decimal("0.01")
_ENOUGH_TO_JUDGE = 100
_MOST_BAD = 0.05


@dataclass(slots=True)
class Read:
    """What one window holds; ``rows`` by ad and day, the last told wins."""

    window: Window
    rows: dict[tuple[str, date], VkAdsDaily] = field(default_factory=dict)
    refused: list[RefusedDay] = field(default_factory=list)
    duplicate: int = 0
    fetched_at: datetime | None = None

    @property
    def received(self) -> int:
        """How many days of ads came."""
        return len(self.rows) + len(self.refused) + self.duplicate

    def told_whole(self, asked: set[str]) -> set[str]:
        """Return the ads whose days, as far as they are not told, are no more.

        An ad of which a day was refused is none of them. Where it is not known whose days were
        refused, neither is an ad that no row tells of.
        """
        refused = {one.banner_id for one in self.refused}
        whole = asked - refused
        return whole & {ad for ad, _ in self.rows} if "" in refused else whole


def read_window(
    client: VkAdsClient,
    catalogue: Catalogue,
    ids: Sequence[str],
    window: Window,
    asked: Asked,
    clock: Callable[[], datetime],
    advance: Callable[[int], None],
) -> Read:
    """Read the days of the ads; raises SourceError or DataError, never gives half a window."""
    found = Read(window, fetched_at=clock())
    for part in client.days(ids, window, asked):
        fetched_at = clock()
        reach("fetch")
        found.refused += part.refused
        for ad in part.ads:
            banner_id = identity(ad.id)

            def refuse(day: Day, error: UnstorableDayError, banner_id: str = banner_id) -> None:
                told = RefusedDay(banner_id, day.date.isoformat(), error.reason, str(error))
                found.refused.append(told)

            for row in daily_rows(ad, catalogue, fetched_at=fetched_at, refused=refuse):
                key = (row.banner_id, row.stat_date)
                found.duplicate += key in found.rows
                found.rows[key] = row
        _judge(found)
        reach("parse")
        advance(len(part.ads))
    return found


def _judge(found: Read) -> None:
    """Refuse days that are mostly unreadable: that is a change of the API, not an accident.

    However many days of a single ad are bad, they are that ad's fault.
    """
    bad, received = len(found.refused), found.received
    of_several = len({one.banner_id for one in found.refused}) > 1
    too_many = received >= _ENOUGH_TO_JUDGE and bad > _MOST_BAD * received
    if bad == received > 1 or (of_several and too_many):
        reasons = sorted({f"{one.reason} {one.context}".strip() for one in found.refused})
        raise DataError(
            f"{bad} of {received} days of ads could not be read ({'; '.join(reasons[:5])}); nothing"
            " of these days was loaded. The API has changed: please report this."
        )


@dataclass(slots=True)
class Sums:
    """The account's own sums of a window, a row for each day, and the days that cannot be read."""

    window: Window
    rows: list[VkAdsAccountDaily] = field(default_factory=list)
    refused: list[RefusedDay] = field(default_factory=list)

    @property
    def unreadable(self) -> list[date]:
        """Return the days without a sum because one was told that cannot be read."""
        if not self.refused:
            return []
        told, (first, last) = {row.stat_date for row in self.rows}, self.window
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [day for day in days if day not in told]


def read_account(
    client: VkAdsClient, account: Account, window: Window, clock: Callable[[], datetime]
) -> Sums:
    """Read the account's own sums, which the API tells by another method.

    Raises DataError when none of several can be read.
    """
    account_id = identity(account.id)
    parts = client.account_days(account_id, window)
    at = clock()
    sums = Sums(window, refused=[one for part in parts for one in part.refused])
    for day in [day for part in parts for told in part.ads for day in told.rows]:
        try:
            sums.rows.append(
                VkAdsAccountDaily(
                    account_id=account_id,
                    stat_date=checked_day(day.date, at),
                    impressions=day.base.shows,
                    clicks=day.base.clicks,
                    spend=checked_spend(day.base.spent),
                    goals=goals_of(day),
                    currency=account.currency.strip().upper(),
                    is_final=moscow_day(at) - day.date >= SETTLED_AFTER,
                    ver=version_of(at),
                    loaded_at=at,
                )
            )
        except UnstorableDayError as error:
            told_day = day.date.isoformat()
            sums.refused.append(RefusedDay(account_id, told_day, error.reason, str(error)))
    if len(sums.refused) > 1 and not sums.rows:
        raise DataError(
            f"None of the account's own sums can be read ({sums.refused[0].context}); nothing of "
            "these days was loaded. The API has changed: please report this."
        )
    return sums


def differences(rows: Iterable[VkAdsDaily], sums: Sums, today: date) -> list[str]:
    """Hold every past day against the account's own sum; a sentence for each that differs.

    Today is still moving between two requests. A sum that cannot be read proves nothing: all such
    days together are one sentence.
    """
    told = {row.stat_date: row.spend for row in sums.rows}
    summed: dict[date, Decimal] = {}
    spending: dict[date, int] = {}
    for row in rows:
        summed[row.stat_date] = summed.get(row.stat_date, ZERO) + row.spend
        spending[row.stat_date] = spending.get(row.stat_date, 0) + (row.spend != 0)
    found = []
    unreadable = [day for day in sums.unreadable if day < today]
    for day in sorted(day for day in told.keys() | summed.keys() if day < today):
        ads, whole = summed.get(day, ZERO), told.get(day, ZERO)
        if day not in unreadable and abs(ads - whole) > _ROUNDING * spending.get(day, 0):
            found.append(f"control sum of {day}: the ads spent {ads}, the account says {whole}")
    if unreadable:
        more = f" and {len(unreadable) - 1} more days" if len(unreadable) > 1 else ""
        found.append(f"control sum of {unreadable[0]}{more}: what the account says is unreadable")
    return found

"""One window of days: read ad by ad, turned into rows, held against the account's own sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from zakaz.errors import DataError
from zakaz.fault_point import reach
from zakaz.money import roubles
from zakaz.moscow import moscow_day

from vk_ads.answers import RefusedDay
from vk_ads.client import VkAdsClient
from vk_ads.rows import VkAdsAccountDaily, VkAdsDaily
from vk_ads.statistics import Asked, Window
from vk_ads.transform import (
    SETTLED_AFTER,
    Catalogue,
    UnstorableDayError,
    daily_rows,
    goals_of,
    identity,
    version_of,
)
from vk_ads.wire import Account, Day

# The API rounds every ad's day to the kopeck, so a sum may differ by as much for each ad.
_ROUNDING = Decimal("0.01")
_NOTHING = Decimal("0.00")
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
    """Refuse days that are mostly unreadable: that is a change of the API, not an accident."""
    bad, received = len(found.refused), found.received
    if bad == received > 1 or (received >= _ENOUGH_TO_JUDGE and bad > _MOST_BAD * received):
        reasons = sorted({f"{one.reason} {one.context}".strip() for one in found.refused})
        raise DataError(
            f"{bad} of {received} days of ads could not be read ({'; '.join(reasons[:5])}); nothing"
            " of these days was loaded. The API has changed: please report this."
        )


def read_account(
    client: VkAdsClient, account: Account, window: Window, clock: Callable[[], datetime]
) -> list[VkAdsAccountDaily]:
    """Read the account's own sums, which the API tells by another method, a row for each day."""
    parts = client.account_days(identity(account.id), window)
    at = clock()
    if refused := [one for part in parts for one in part.refused]:
        raise DataError(
            f"The account's own sum of {refused[0].day or 'a day'} cannot be read "
            f"({refused[0].context}); nothing of these days was loaded. The API has changed."
        )
    try:
        return [
            VkAdsAccountDaily(
                account_id=identity(account.id),
                stat_date=day.date,
                impressions=day.base.shows,
                clicks=day.base.clicks,
                spend=roubles(day.base.spent),
                goals=goals_of(day),
                currency=account.currency.strip().upper(),
                is_final=moscow_day(at) - day.date >= SETTLED_AFTER,
                ver=version_of(at),
                loaded_at=at,
            )
            for part in parts
            for told in part.ads
            for day in told.rows
        ]
    except ValueError as error:
        raise DataError(
            f"The account's own sum cannot be stored ({error}); nothing of these days was loaded. "
            "The API has changed."
        ) from None


def differences(
    rows: Iterable[VkAdsDaily], account: Iterable[VkAdsAccountDaily], today: date
) -> list[str]:
    """Hold every past day against the account's own sum; gives a sentence for each that differs.

    Today is still moving between two requests.
    """
    told = {row.stat_date: row.spend for row in account}
    summed: dict[date, Decimal] = {}
    spending: dict[date, int] = {}
    for row in rows:
        summed[row.stat_date] = summed.get(row.stat_date, _NOTHING) + row.spend
        spending[row.stat_date] = spending.get(row.stat_date, 0) + (row.spend != 0)
    found = []
    for day in sorted(day for day in told.keys() | summed.keys() if day < today):
        ads, whole = summed.get(day, _NOTHING), told.get(day, _NOTHING)
        if abs(ads - whole) > _ROUNDING * spending.get(day, 0):
            found.append(f"control sum of {day}: the ads spent {ads}, the account says {whole}")
    return found

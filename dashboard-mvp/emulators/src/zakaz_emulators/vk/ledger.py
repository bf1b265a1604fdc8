"""The ledger: what was truly shown, clicked, charged and reached, at any instant.

It is computed in plain Python from the account's own records, archived ads included, and in
Decimal: what a loader has after reading at that instant must equal it to the kopeck.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.records import NOTHING, Figures

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class DailyRow:
    """One ad on one Moscow day on which it did anything."""

    stat_date: date
    account_id: str
    ad_plan_id: str
    ad_group_id: str
    banner_id: str
    shows: int
    clicks: int
    spent: Decimal
    goals: int

    @property
    def figures(self) -> Figures:
        """The figures alone."""
        return Figures(self.shows, self.clicks, self.spent, self.goals)


class Ledger:
    """Reads the truth anew on every call.

    ``first`` and ``last`` are inclusive Moscow days, ``at`` is the instant of reading (now by
    default), ``without`` names ads to leave out.
    """

    def __init__(self, account: Account) -> None:
        self._account = account

    def daily(
        self,
        first: date = date.min,
        last: date = date.max,
        *,
        at: datetime | None = None,
        without: Collection[int] = (),
    ) -> list[DailyRow]:
        """Give every ad's days, by day and ad."""
        account = self._account
        with account.lock:
            instant = account.clock.now if at is None else at
            found = [
                (day, banner, figures)
                for banner in account.banners.values()
                if banner.id not in without
                for day, figures in account.days(banner.id, first, last, instant)
            ]
            return [
                DailyRow(
                    day,
                    str(account.user.id),
                    str(account.plan_of(banner.id) or ""),
                    str(banner.ad_group_id),
                    str(banner.id),
                    figures.shows,
                    figures.clicks,
                    figures.spent,
                    figures.goals,
                )
                for day, banner, figures in sorted(found, key=lambda one: (one[0], one[1].id))
            ]

    def per_day(self, *days: date, **asked: Any) -> dict[date, Figures]:
        """Give the account's figures per day."""
        return _summed((row.stat_date, row.figures) for row in self.daily(*days, **asked))

    def per_banner(self, *days: date, **asked: Any) -> dict[str, Figures]:
        """Give the figures per ad."""
        return _summed((row.banner_id, row.figures) for row in self.daily(*days, **asked))

    def per_ad_plan(self, *days: date, **asked: Any) -> dict[str, Figures]:
        """Give the figures per campaign; ads without one are under an empty id."""
        return _summed((row.ad_plan_id, row.figures) for row in self.daily(*days, **asked))

    def per_day_and_plan(self, *days: date, **asked: Any) -> dict[tuple[date, str], Figures]:
        """Give the figures per day and campaign."""
        rows = self.daily(*days, **asked)
        return _summed(((row.stat_date, row.ad_plan_id), row.figures) for row in rows)

    def totals(self, *days: date, **asked: Any) -> Figures:
        """Give the figures of all ads and days."""
        return sum((row.figures for row in self.daily(*days, **asked)), NOTHING)

    def as_json(self) -> dict[str, Any]:
        """Give the whole ledger as JSON values: dates and money as text."""
        return {
            "daily": [_texts(asdict(row)) for row in self.daily()],
            "totals": _texts(asdict(self.totals())),
        }


def _summed(parts: Iterable[tuple[Key, Figures]]) -> dict[Key, Figures]:
    sums: dict[Key, Figures] = {}
    for key, figures in parts:
        sums[key] = sums.get(key, NOTHING) + figures
    return sums


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, date | Decimal) else value
        for name, value in row.items()
    }

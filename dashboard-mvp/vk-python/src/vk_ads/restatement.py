"""What VK Ads tells differently from the last time: days that vanished, days it corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from zakaz.moscow import moscow_day
from zakaz.warehouse.port import Warehouse

from vk_ads.rows import VkAdsDaily
from vk_ads.statistics import Window

_OF_WINDOW = """
FROM zakaz.stg_vk_ads_daily FINAL
WHERE account_id = {account_id:String} AND NOT is_deleted
    AND stat_date >= {first:Date} AND stat_date <= {last:Date}
"""
_FIGURES = "SELECT banner_id, stat_date, impressions, clicks, spend, goals, _loaded_at" + _OF_WINDOW
_REST = (
    "SELECT banner_id, stat_date, ad_plan_id, ad_plan_name, ad_group_id, ad_group_name,"
    " banner_name, objective, currency, utm_source, utm_medium, utm_campaign, utm_content,"
    " utm_term, utm_raw, utm_is_dynamic, is_final" + _OF_WINDOW
)
_NO_FIGURES = {"impressions": 0, "clicks": 0, "goals": 0, "spend": Decimal("0.00")}

Key = tuple[str, date]


@dataclass(slots=True)
class Restatement:
    """A window held against what is stored of it.

    ``gone`` are days that are not told any more, to be stored without figures and marked as deleted
    (S23); ``vanished`` counts those of them that had figures. ``corrected`` counts days that were
    over when they were read last and have other figures now, ``spend`` is by how much theirs moved.
    """

    gone: list[VkAdsDaily] = field(default_factory=list)
    vanished: int = 0
    corrected: int = 0
    spend: Decimal = Decimal("0.00")

    @property
    def notes(self) -> list[str]:
        """Give a sentence for each kind of change, none when nothing changed."""
        told = []
        if self.corrected:
            told.append(f"VK Ads corrected {self.corrected} past days of ads: spend {self.spend:+}")
        if self.vanished:
            told.append(f"{self.vanished} days of ads vanished and count no more")
        return told


def compare(
    warehouse: Warehouse,
    account_id: str,
    window: Window,
    rows: Mapping[Key, VkAdsDaily],
    asked: set[str],
    *,
    ver: int,
    at: datetime,
) -> Restatement:
    """Hold the rows of a window against the stored ones of the ads that were asked for."""
    given = {"account_id": account_id, "first": window[0], "last": window[1]}
    found, gone = Restatement(), set()
    for banner_id, day, *figures, loaded_at in warehouse.query(_FIGURES, given).rows:
        if banner_id not in asked:
            continue
        row = rows.get((banner_id, day))
        if row is None:
            gone.add((banner_id, day))
            found.vanished += any(figures)
        elif day < moscow_day(loaded_at):
            found.corrected += figures != [row.impressions, row.clicks, row.spend, row.goals]
            found.spend += row.spend - figures[2]
    if gone:  # rare: only then whole rows are read
        fixed = {"account_id": account_id, "is_deleted": True, "ver": ver, "loaded_at": at}
        found.gone = [
            VkAdsDaily(**(kept | _NO_FIGURES | fixed))
            for kept in warehouse.query(_REST, given).dicts()
            if (kept["banner_id"], kept["stat_date"]) in gone
        ]
    return found

"""The ads of the known store: figures of a few banners, as a load and a rebuild leave them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from zakaz.warehouse.port import Warehouse

ACCOUNT = "vk-1"
DAYS = 120
OPEN_DAYS = 3  # the newest days are still restated
MODEL = "content_city_day"


@dataclass(frozen=True, slots=True)
class Banner:
    """An ad with its campaign, its tags and what it is attributed to."""

    id: str
    plan: str
    plan_name: str
    tags: tuple[str, str, str, str]
    city: str = "unknown"
    event: str = ""
    reason: str = "no_content"


BANNERS = (
    Banner(
        "9001",
        "501",
        "VK_конверсии_лёд_2025",
        ("vk", "cpc", "ice-vk-202506", "москва_26_06"),
        "москва",
        "101",
        "event",
    ),
    Banner(
        "9002",
        "501",
        "VK_конверсии_лёд_2025",
        ("vk", "cpc", "ice-vk-202506", "казань_04_07"),
        "казань",
        "",
        "several_events",
    ),
    Banner(
        "9003",
        "502",
        '=HYPERLINK("http://ads.example.test")',
        ("vk", "cpc", "<script>alert(2)</script>", "crea01_discount"),
        reason="no_city_in_content",
    ),
    Banner("9004", "503", "<script>alert(3)</script>", ("", "", "", "")),
)


@dataclass(frozen=True, slots=True)
class Ad:
    """What one banner did on one day."""

    day: date
    banner: Banner
    impressions: int
    clicks: int
    spend: Decimal


def invent(today: date, days: int = DAYS, seed: int = 2) -> list[Ad]:
    """Invent the statistics of the last days; the same seed gives the same."""
    random = Random(seed)
    found = []
    for back in range(days):
        for banner in BANNERS:
            if random.random() < 0.8:
                spend = Decimal(random.randint(0, 400_000)) / 100
                shown = random.randint(100, 9000)
                day = today - timedelta(days=back)
                found.append(Ad(day, banner, shown, random.randint(0, shown // 50), spend))
    return found


def total(ads: Iterable[Ad], name: str) -> Decimal:
    """Add one figure of some ads."""
    return sum((Decimal(getattr(ad, name)) for ad in ads), Decimal(0))


def write(warehouse: Warehouse, ads: Sequence[Ad], loaded_at: datetime) -> None:
    """Write staging, the account's own sums, which agree, dimension and fact."""
    if not ads:
        return
    today = loaded_at.date()
    tags = ("utm_source", "utm_medium", "utm_campaign", "utm_content")
    for month in _by_month(ads):
        rows = {
            **_figures(month, loaded_at),
            "banner_id": [ad.banner.id for ad in month],
            "stat_date": [ad.day for ad in month],
            "ad_plan_id": [ad.banner.plan for ad in month],
            "is_final": [today - ad.day >= timedelta(days=OPEN_DAYS) for ad in month],
            **{name: [ad.banner.tags[at] for ad in month] for at, name in enumerate(tags)},
        }
        warehouse.insert(
            "zakaz.stg_vk_ads_daily",
            {**rows, "ad_plan_name": [ad.banner.plan_name for ad in month], **_blank(len(month))},
        )
        attributed = {
            "city": [ad.banner.city for ad in month],
            "event_id": [ad.banner.event for ad in month],
            "attribution_model": [MODEL] * len(month),
            "attribution_reason": [ad.banner.reason for ad in month],
            "ad_group_id": [""] * len(month),
            "utm_term": [""] * len(month),
        }
        warehouse.insert("zakaz.fact_ads_daily", {**rows, **attributed})
    _insert_account(warehouse, ads, loaded_at)
    _insert_banners(warehouse, ads, loaded_at, tags)


def _insert_account(warehouse: Warehouse, ads: Sequence[Ad], loaded_at: datetime) -> None:
    days: dict[date, list[Ad]] = defaultdict(list)
    for ad in ads:
        days[ad.day].append(ad)
    for month in _by_month([found[0] for found in days.values()]):
        mine = [days[ad.day] for ad in month]
        warehouse.insert(
            "zakaz.stg_vk_ads_account_daily",
            {
                **_figures(month, loaded_at),
                "stat_date": [ad.day for ad in month],
                "impressions": [int(total(found, "impressions")) for found in mine],
                "clicks": [int(total(found, "clicks")) for found in mine],
                "spend": [total(found, "spend") for found in mine],
                "is_final": [
                    loaded_at.date() - ad.day >= timedelta(days=OPEN_DAYS) for ad in month
                ],
            },
        )


def _insert_banners(
    warehouse: Warehouse, ads: Sequence[Ad], loaded_at: datetime, tags: Sequence[str]
) -> None:
    banners = list(dict.fromkeys(ad.banner for ad in ads))
    count = len(banners)
    names = ("banner_name", "ad_group_id", "ad_group_name", "objective", "utm_term")
    warehouse.insert(
        "zakaz.dim_ads",
        {
            "account_id": [ACCOUNT] * count,
            "banner_id": [banner.id for banner in banners],
            "ad_plan_id": [banner.plan for banner in banners],
            "ad_plan_name": [banner.plan_name for banner in banners],
            **{name: [""] * count for name in names},
            **{name: [banner.tags[at] for banner in banners] for at, name in enumerate(tags)},
            "utm_is_dynamic": [False] * count,
            "first_on": [min(ad.day for ad in ads)] * count,
            "last_on": [max(ad.day for ad in ads)] * count,
            "_ver": [1] * count,
            "_loaded_at": [loaded_at] * count,
        },
    )


def _figures(ads: Sequence[Ad], loaded_at: datetime) -> dict[str, list[Any]]:
    return {
        "account_id": [ACCOUNT] * len(ads),
        "impressions": [ad.impressions for ad in ads],
        "clicks": [ad.clicks for ad in ads],
        "spend": [ad.spend for ad in ads],
        "goals": [0] * len(ads),
        "currency": ["RUB"] * len(ads),
        "_ver": [1] * len(ads),
        "_loaded_at": [loaded_at] * len(ads),
    }


def _blank(count: int) -> dict[str, list[Any]]:
    names = ("ad_group_id", "ad_group_name", "banner_name", "objective", "utm_term", "utm_raw")
    flags = {name: [False] * count for name in ("utm_is_dynamic", "is_deleted")}
    return {name: [""] * count for name in names} | flags


def _by_month(ads: Sequence[Ad]) -> list[list[Ad]]:
    months: dict[tuple[int, int], list[Ad]] = defaultdict(list)
    for ad in ads:
        months[ad.day.year, ad.day.month].append(ad)
    return list(months.values())

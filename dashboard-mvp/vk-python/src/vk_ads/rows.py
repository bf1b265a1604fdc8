"""The typed rows of the staging tables this room writes, one type per table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from zakaz.rows import Row


class VkAdsDaily(Row, frozen=True, kw_only=True, gc=False):
    """One ad (banner) on one Moscow day, as VK Ads last told it.

    Only ``account_id``, ``banner_id`` and ``stat_date`` identify the row: names, tags and the
    place in the tree of campaigns may change between two fetches. ``spend`` is without VAT.
    """

    table: ClassVar[str] = "zakaz.stg_vk_ads_daily"

    account_id: str
    banner_id: str
    stat_date: date
    ad_plan_id: str
    ad_plan_name: str
    ad_group_id: str
    ad_group_name: str
    banner_name: str
    objective: str
    impressions: int
    clicks: int
    spend: Decimal
    goals: int
    currency: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_content: str
    utm_term: str
    utm_raw: str
    utm_is_dynamic: bool
    is_final: bool
    is_deleted: bool


class VkAdsAccountDaily(Row, frozen=True, kw_only=True, gc=False):
    """The whole account on one Moscow day by another method: the control of the banners' sum."""

    table: ClassVar[str] = "zakaz.stg_vk_ads_account_daily"

    account_id: str
    stat_date: date
    impressions: int
    clicks: int
    spend: Decimal
    goals: int
    currency: str
    is_final: bool


ROW_TYPES: tuple[type[Row], ...] = (VkAdsDaily, VkAdsAccountDaily)

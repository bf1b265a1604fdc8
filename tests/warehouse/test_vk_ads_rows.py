"""The rows of the VK Ads room land in their real table and can be corrected there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from vk_ads.rows import VkAdsDaily
from zakaz.moscow import MOSCOW
from zakaz.rows import column_names, columns, disagreements, table_of
from zakaz.warehouse.embedded import EmbeddedWarehouse

pytestmark = pytest.mark.engine

FETCHED_AT = datetime(2026, 9, 24, 4, 30, tzinfo=MOSCOW)
ROW = VkAdsDaily(
    account_id="0012",
    banner_id="00071200345000000001",
    stat_date=date(2026, 9, 20),
    ad_plan_id="8801247",
    ad_plan_name="Осенний сезон",
    ad_group_id="30455102",
    ad_group_name="Похожие 25-45",
    banner_name="Ролик 15 с",
    objective="site_conversions",
    impressions=9840,
    clicks=123,
    spend=Decimal("1480.55"),
    goals=6,
    currency="RUB",
    utm_source="vk_ads",
    utm_medium="cpc",
    utm_campaign="8801247",
    utm_content="71200345",
    utm_term="",
    utm_raw='{"utm_source":"vk_ads"}',
    utm_is_dynamic=False,
    is_final=True,
    is_deleted=False,
    ver=1_790_213_400_000,
    loaded_at=FETCHED_AT,
)


@pytest.fixture
def filled(emptied: EmbeddedWarehouse) -> EmbeddedWarehouse:
    """A bootstrapped warehouse that holds the row."""
    emptied.insert(table_of(VkAdsDaily), columns([ROW]))
    return emptied


def later(hours: int, **corrected: object) -> VkAdsDaily:
    """The row as a later fetch told it."""
    return msgspec.structs.replace(
        ROW,
        ver=ROW.ver + hours * 3_600_000,
        loaded_at=FETCHED_AT + timedelta(hours=hours),
        **corrected,
    )


def live(warehouse: EmbeddedWarehouse, what: str) -> list[tuple[object, ...]]:
    """What the table answers under FINAL."""
    return warehouse.query(f"SELECT {what} FROM zakaz.stg_vk_ads_daily FINAL").rows


@pytest.mark.criterion("VK-2")
def test_a10_the_row_and_the_live_table_agree(filled: EmbeddedWarehouse) -> None:
    """The engine's own column list agrees with the row type, name by name and type by type."""
    answer = filled.query(
        "SELECT name, type FROM system.columns WHERE database = 'zakaz' AND table = {name:String}",
        {"name": "stg_vk_ads_daily"},
    )
    assert disagreements(VkAdsDaily, dict(answer.rows)) == []


@pytest.mark.criterion("VK-2")
def test_a12_a_row_comes_back_as_it_was_written(filled: EmbeddedWarehouse) -> None:
    """Every field of a row is stored in a column of its own and read back unchanged."""
    (stored,) = live(filled, ", ".join(column_names(VkAdsDaily)))
    assert stored == tuple(values[0] for values in columns([ROW]).values())


def test_g15_ids_keep_their_leading_zeros_in_the_table(filled: EmbeddedWarehouse) -> None:
    """An id with leading zeros and one of 20 digits are stored as they are."""
    assert live(filled, "account_id, banner_id") == [("0012", "00071200345000000001")]


def test_g5_the_later_fetch_wins_in_either_order(filled: EmbeddedWarehouse) -> None:
    """The last fetch of a day is the visible one, also when an older one is replayed after it."""
    filled.insert(table_of(VkAdsDaily), columns([later(2, spend=Decimal("1500.00"))]))
    filled.insert(table_of(VkAdsDaily), columns([later(1, spend=Decimal("1490.00"))]))
    assert live(filled, "spend, clicks") == [(Decimal("1500.00"), 123)]


def test_a24_a_corrected_name_makes_no_second_row(filled: EmbeddedWarehouse) -> None:
    """New names, tags and parents replace the row, so the sum of the spend stays."""
    corrected = later(1, ad_plan_id="9", ad_plan_name="Зима", utm_campaign="9", utm_source="vk")
    filled.insert(table_of(VkAdsDaily), columns([corrected]))
    assert live(filled, "count(), sum(spend), any(ad_plan_name)") == [
        (1, Decimal("1480.55"), "Зима")
    ]


def test_d12_loading_the_same_answer_again_changes_nothing(filled: EmbeddedWarehouse) -> None:
    """The same rows written five times are one row."""
    for _ in range(4):
        filled.insert(table_of(VkAdsDaily), columns([ROW]))
    assert live(filled, "count(), sum(spend)") == [(1, Decimal("1480.55"))]

"""The demo's advertising, set beside the ledger of the VK Ads emulator."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zakaz.warehouse.port import Warehouse

from zakaz_emulators.demo_report import Key, differing

CURRENCY = "RUB"
MEASURES = ("spent", "shows", "clicks", "goals")
BY_DAY = """
SELECT d, ad_plan_id, currency, sum(spend), sum(impressions), sum(clicks), sum(goals)
FROM bi.v_vk_ads_daily
GROUP BY d, ad_plan_id, currency
HAVING sum(spend) != 0 OR sum(impressions) > 0
ORDER BY d, ad_plan_id, currency
"""
SPEND = """
SELECT 'bi.v_marketing_daily', sum(spend) FROM bi.v_marketing_daily
UNION ALL SELECT 'bi.v_marketing_roi_daily', sum(spend) FROM bi.v_marketing_roi_daily
UNION ALL SELECT 'bi.v_romi_daily', sum(spend) FROM bi.v_romi_daily
"""


def differences(warehouse: Warehouse, ledger: Mapping[str, Any]) -> list[str]:
    """Compare days and campaigns, and the spend of every view; gives what differs, in words."""
    true: dict[Key, tuple[Decimal, ...]] = {}
    for row in ledger["daily"]:
        key = (row["stat_date"], row["ad_plan_id"], CURRENCY)
        before = true.get(key, (Decimal(0),) * len(MEASURES))
        told = zip(before, MEASURES, strict=True)
        true[key] = tuple(sum_ + Decimal(row[name]) for sum_, name in told)
    loaded = {
        (str(row[0]), row[1], row[2]): tuple(Decimal(value) for value in row[3:])
        for row in warehouse.query(BY_DAY).rows
    }
    spent = Decimal(ledger["totals"]["spent"])
    return [
        *differing(MEASURES, true, loaded, "campaign"),
        *(
            f"{view}: spend {spend}, the ledger has {spent}"
            for view, spend in warehouse.query(SPEND).rows
            if spend != spent
        ),
    ]

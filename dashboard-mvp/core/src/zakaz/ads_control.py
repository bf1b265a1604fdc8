"""The control of ads: days on which the ad account tells other figures than its banners.

A load judges the days it reads; this is the whole history, as the dashboard shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zakaz.warehouse.port import Warehouse

_DIFFERENT = """
SELECT d, account_id, currency, account_spend, banners_spend, spend_difference, account_clicks,
    banners_clicks, account_impressions, banners_impressions
FROM bi.v_vk_ads_control
WHERE status = 'different'
ORDER BY abs(spend_difference) DESC, d DESC, account_id
"""


def differences(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Give the days that differ, the largest difference of spend first."""
    return warehouse.query(_DIFFERENT).dicts()


def told(row: Mapping[str, Any]) -> str:
    """Say in a sentence how a day differs."""
    if row["spend_difference"]:
        figures = (
            f"the account says {row['account_spend']} {row['currency']}, "
            f"its ads {row['banners_spend']}"
        )
    else:
        figures = (
            f"the account says {row['account_clicks']} clicks and {row['account_impressions']} "
            f"impressions, its ads {row['banners_clicks']} and {row['banners_impressions']}"
        )
    return f"{row['d']}, account {row['account_id']}: {figures}"

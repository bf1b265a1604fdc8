"""The control of ads: days on which the ad account tells other figures than its banners.

A load judges the days it reads; this is the whole history, as the dashboard shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zakaz.warehouse.port import Warehouse

_DIFFERENT = """
SELECT d, account_id, currency, account_spend, banners_spend, spend_difference, spend_tolerance,
    account_clicks, banners_clicks, account_impressions, banners_impressions
FROM bi.v_vk_ads_control
WHERE status = 'different'
ORDER BY abs(spend_difference) DESC, d DESC, account_id
"""


def differences(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Give the days that differ, the largest difference of spend first."""
    return warehouse.query(_DIFFERENT).dicts()


def told(row: Mapping[str, Any]) -> str:
    """Say in a sentence how a day differs; a kopeck that rounding explains is none of it."""
    amounts = [f"{row[name]} {row['currency']}" for name in ("account_spend", "banners_spend")]
    pairs = [amounts] if abs(row["spend_difference"]) > row["spend_tolerance"] else []
    for name in ("clicks", "impressions"):
        if row[f"account_{name}"] != row[f"banners_{name}"]:
            pairs.append([f"{row[f'{side}_{name}']} {name}" for side in ("account", "banners")])
    account, ads = (" and ".join(side) for side in zip(*pairs, strict=True))
    return f"{row['d']}, account {row['account_id']}: the account says {account}, its ads {ads}"

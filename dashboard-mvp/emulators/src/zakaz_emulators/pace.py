"""How the demo organisation's tickets sell over time, and where the buyers come from."""

from __future__ import annotations

from datetime import date
from math import exp

WEEKDAYS = (0.92, 0.95, 1.0, 1.05, 1.2, 1.1, 1.12)
"""Monday to Sunday: families plan the weekend on Thursday and Friday."""

HOURS = (6, 3, 1, 1, 1, 1, 3, 8, 18, 30, 40, 45, 50, 48, 44, 42, 44, 50, 62, 80, 95, 98, 66, 26)
"""Buyers by the hour of their own city's clock: a shoulder at noon, the peak after eight."""


def day_weight(since_sale_opened: int, left_to_show: int, day: date) -> float:
    """Give the pace of a day: a bump when sales open, a rush in the last week, the weekday."""
    bump = 4.0 * exp(-since_sale_opened / 2.5)
    rush = 6.0 * exp(-left_to_show / 3.0)
    return (1.0 + bump + rush) * WEEKDAYS[day.weekday()]


CHANNELS: tuple[tuple[str, str, int], ...] = (
    ("", "", 45),
    ("vk", "cpc", 28),
    ("yandex", "cpc", 8),
    ("telegram", "social", 7),
    ("email", "email", 4),
    ("vk", "social", 4),
    ("VK", "cpc", 2),
    ("afisha.example.test", "referral", 2),
)
"""Source, medium, share in per cent. Somebody wrote the name of VK in capitals."""

AD_CHANNELS = {("vk", "cpc"), ("VK", "cpc")}
AD_SHARE = sum(share for source, medium, share in CHANNELS if (source, medium) in AD_CHANNELS) / 100
"""Share of orders that come by an ad in VK."""

"""How the demo organisation's tickets sell over time, and where the buyers come from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import exp
from random import Random

WEEKDAYS = (0.92, 0.95, 1.0, 1.05, 1.2, 1.1, 1.12)
"""Monday to Sunday: families plan the weekend on Thursday and Friday."""

HOURS = (6, 3, 1, 1, 1, 1, 3, 8, 18, 30, 40, 45, 50, 48, 44, 42, 44, 50, 62, 80, 95, 98, 66, 26)
"""Buyers by the hour of their own city's clock: a shoulder at noon, the peak after eight."""


def day_weight(since_sale_opened: int, left_to_show: int, day: date) -> float:
    """Give the pace of a day: a bump when sales open, a rush in the last week, the weekday."""
    bump = 4.0 * exp(-since_sale_opened / 2.5)
    rush = 6.0 * exp(-left_to_show / 3.0)
    return (1.0 + bump + rush) * WEEKDAYS[day.weekday()]


CHANNELS: tuple[tuple[str, str, bool, int], ...] = (
    ("", "", False, 49),
    ("vk", "cpc", True, 20),
    ("yandex", "cpc", True, 11),
    ("telegram", "social", False, 8),
    ("email", "email", False, 5),
    ("vk", "social", False, 4),
    ("VK", "cpc", True, 1),
    ("afisha.example.test", "referral", False, 2),
)
"""Source, medium, whether content and term are tagged, share in per cent."""


class Tagger:
    """Gives orders their UTM tags; equal tags are one shared object."""

    def __init__(self, random: Random, orders: int) -> None:
        shares = [share for *_, share in CHANNELS]
        self._drawn = iter(random.choices(range(len(CHANNELS)), weights=shares, k=orders))
        self._known: dict[tuple[int, str, int, int], Mapping[str, str]] = {}

    def tags(self, slug: str, city: str, day: date) -> Mapping[str, str]:
        """Give the tags of an order of this production bought on this day."""
        channel = next(self._drawn)
        source, medium, detailed, _ = CHANNELS[channel]
        half = 5 if day.day <= 15 else 20
        key = (channel, slug, day.year * 100 + day.month, half)
        found = self._known.get(key)
        if found is None:
            found = {}
            if source:
                found = {
                    "utm_source": source,
                    "utm_medium": medium,
                    "utm_campaign": f"{slug}-{source.lower()}-{day:%Y%m}",
                }
            if detailed:
                found["utm_content"] = f"{city.lower()}_{half:02d}_{day:%m}"
                found["utm_term"] = "куда пойти с детьми" if medium == "cpc" else ""
            self._known[key] = found
        return found

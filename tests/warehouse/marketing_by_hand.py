"""Every marketing figure once more: in plain Python, from staged rows, sharing no SQL."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from zakaz.warehouse.port import Warehouse

Row = dict[str, Any]
TAGS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
KEYS = {
    "stg_qtickets_orders": ("account_id", "order_id"),
    "stg_qtickets_baskets": ("account_id", "basket_id"),
    "stg_qtickets_events": ("account_id", "event_id"),
    "stg_qtickets_shows": ("account_id", "show_id"),
    "stg_vk_ads_daily": ("account_id", "banner_id", "stat_date"),
    "dim_city_alias": ("alias",),
}


@dataclass
class Figures:
    """The sums of one group and the ratios of these sums."""

    orders: int = 0
    tickets_sold: int = 0
    revenue: Decimal = Decimal()
    impressions: int = 0
    clicks: int = 0
    goals: int = 0
    spend: Decimal = Decimal()

    def ratios(self) -> dict[str, float | None]:
        """Divide the sums, exactly; what has no denominator is None."""
        gain = self.revenue - self.spend
        return {
            "roas": over(self.revenue, self.spend),
            "romi": over(gain, self.spend),
            "drr": over(self.spend, self.revenue),
            "margin": over(gain, self.revenue),
            "ctr": over(self.clicks, self.impressions),
            "cpc": over(self.spend, self.clicks),
            "cpm": over(self.spend * 1000, self.impressions),
            "cpt": over(self.spend, self.tickets_sold),
            "cpo": over(self.spend, self.orders),
            "conversion": over(self.tickets_sold, self.clicks),
        }


def over(part: Decimal | int, whole: Decimal | int) -> float | None:
    """Divide without a rounding but the last."""
    return float(Fraction(part) / Fraction(whole)) if whole else None


@dataclass
class Ledger:
    """Sales and ads as single entries: where each belongs, and what it adds to a sum."""

    entries: list[tuple[Row, Figures]] = field(default_factory=list)

    def grouped(self, key: Callable[[Row], tuple[Any, ...]]) -> dict[tuple[Any, ...], Figures]:
        """Add entries up by a key."""
        sums: dict[tuple[Any, ...], Figures] = defaultdict(Figures)
        for place, figures in self.entries:
            total = sums[key(place)]
            for name, value in vars(figures).items():
                setattr(total, name, getattr(total, name) + value)
        return dict(sums)


def read(warehouse: Warehouse) -> Ledger:
    """Read staging row by row and keep the newest version of each key."""
    rows = {table: newest(warehouse, table) for table in KEYS}
    aliases = {letters(row["alias"]): row["city"] for row in rows["dim_city_alias"]}
    cities = {
        (row["account_id"], row["event_id"]): aliases.get(letters(row["city_name"]), "")
        or row["city_name"].lower()
        for row in rows["stg_qtickets_events"]
    }
    playing: dict[tuple[str, date], set[tuple[str, str]]] = defaultdict(set)
    for show in rows["stg_qtickets_shows"]:
        event = (show["account_id"], show["event_id"])
        if show["deleted_at"] is None and event in cities:
            playing[cities[event], show["event_date"]].add(event)
    ledger = Ledger()
    ledger.entries += sales(rows, cities)
    ledger.entries += ads(rows, aliases, playing)
    return ledger


def newest(warehouse: Warehouse, table: str) -> list[Row]:
    """Give the last row of the highest version of each key."""
    kept: dict[tuple[Any, ...], Row] = {}
    for row in warehouse.query(f"SELECT * FROM zakaz.{table}").dicts():
        key = tuple(row[name] for name in KEYS[table])
        if key not in kept or row["_ver"] >= kept[key]["_ver"]:
            kept[key] = row
    return list(kept.values())


def sales(
    rows: Mapping[str, list[Row]], cities: Mapping[tuple[str, str], str]
) -> Iterator[tuple[Row, Figures]]:
    """Give one entry per paid order: these orders hold tickets of one event each."""
    tickets = defaultdict(list)
    for ticket in rows["stg_qtickets_baskets"]:
        if ticket["deleted_at"] is None:
            tickets[ticket["account_id"], ticket["order_id"]].append(ticket)
    for order in rows["stg_qtickets_orders"]:
        if not order["payed"] or order["deleted_at"] is not None:
            continue
        figures = Figures(orders=1)
        for ticket in tickets[order["account_id"], order["order_id"]]:
            back = ticket["refunded_amount"] if ticket["refunded_at"] else Decimal()
            figures.revenue += ticket["price"] - back
            given = back + ticket["refunded_deduction_amount"]
            if not ticket["refunded_at"] or given < ticket["price"]:
                figures.tickets_sold += ticket["quantity"]
        city = cities.get((order["account_id"], order["event_id"]), "unknown")
        yield placed(order, order["payed_at"].date(), city, order["event_id"]), figures


def ads(
    rows: Mapping[str, list[Row]],
    aliases: Mapping[str, str],
    playing: Mapping[tuple[str, date], set[tuple[str, str]]],
) -> Iterator[tuple[Row, Figures]]:
    """Give one entry per ad and day that has a figure and did not vanish."""
    for row in rows["stg_vk_ads_daily"]:
        figures = [row[name] for name in ("impressions", "clicks", "goals", "spend")]
        if row["is_deleted"] or not any(figures):
            continue
        city, day = named(row["utm_content"], row["stat_date"], aliases)
        found = playing.get((city, day), set()) if day else set()
        event = next(iter(found))[1] if len(found) == 1 else "unknown"
        place = placed(row, row["stat_date"], city, event) | {"banner_id": row["banner_id"]}
        yield (
            place,
            Figures(
                impressions=row["impressions"],
                clicks=row["clicks"],
                goals=row["goals"],
                spend=row["spend"],
            ),
        )


def placed(row: Row, day: date, city: str, event_id: str) -> Row:
    """Say where an entry belongs; an absent tag is unknown."""
    tags = {tag: row[tag] or "unknown" for tag in TAGS}
    place = {"d": day, "city": city, "event_id": event_id, "account_id": row["account_id"]}
    return place | tags | {"currency": row["currency"]}


def named(content: str, spent_on: date, aliases: Mapping[str, str]) -> tuple[str, date | None]:
    """Read the city and the next such day out of a content: city_day_month, or unknown."""
    form = re.fullmatch(r"(.+)_(\d{1,2})_(\d{1,2})", content)
    city = aliases.get(letters(form[1])) if form else None
    if form is None or city is None:
        return "unknown", None
    return city, next_such_day(int(form[2]), int(form[3]), spent_on - timedelta(days=30))


@cache
def next_such_day(day: int, month: int, first: date) -> date | None:
    """Look a year through for a day of a month."""
    days = (first + timedelta(days=n) for n in range(366))
    return next((one for one in days if (one.day, one.month) == (day, month)), None)


def letters(text: str) -> str:
    """Keep the letters of a spelling, small, with е for ё."""
    return "".join(c for c in text.lower().replace("ё", "е") if c.isalpha())

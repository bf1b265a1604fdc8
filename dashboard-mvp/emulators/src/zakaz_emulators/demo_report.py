"""The demo's figures: read from the ``bi`` views, set beside the emulator's ledger, printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zakaz.warehouse.port import Warehouse

if TYPE_CHECKING:
    from rich.table import Table

SUMS = "sum(revenue), sum(gross), sum(refunds), sum(tickets_sold), sum(orders)"
ADS = "sum(spend), sum(clicks), sum(impressions)"
BY_DAY = """
SELECT d, event_id, currency, sum(orders), sum(tickets_sold), sum(gross), sum(refunds), sum(revenue)
FROM bi.v_sales_daily
GROUP BY d, event_id, currency
HAVING sum(orders) > 0 OR sum(gross) != 0 OR sum(refunds) != 0
ORDER BY d, event_id, currency
"""
BY_REFUND_DAY = """
SELECT d, event_id, currency, sum(refunds_by_refund_date)
FROM bi.v_sales_daily
GROUP BY d, event_id, currency
HAVING sum(refunds_by_refund_date) != 0
ORDER BY d, event_id, currency
"""
SEATS = """
SELECT show_id, seats_total, seats_sold, seats_reserved, seats_left FROM bi.v_inventory
ORDER BY show_id
"""

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """The sums of a period and their ratios; what has no denominator is no number."""

    revenue: Decimal
    gross: Decimal
    refunds: Decimal
    tickets: int
    orders: int
    spend: Decimal
    clicks: int
    impressions: int

    def ratios(self) -> dict[str, Decimal | None]:
        """Give what is told beside the sums: each a sum by a sum."""
        revenue, spend = self.revenue, self.spend
        return {
            "average_ticket": _over(revenue, self.tickets),
            "roas": _over(revenue, spend),
            "romi": _over(100 * (revenue - spend), spend),
            "drr": _over(100 * spend, revenue),
            "cpc": _over(spend, self.clicks),
            "cpm": _over(1000 * spend, self.impressions),
            "cpo": _over(spend, self.orders),
            "cpt": _over(spend, self.tickets),
        }


def _over(part: Decimal, whole: Decimal | int) -> Decimal | None:
    return part / whole if whole else None


def figures(warehouse: Warehouse, first: date | None, last: date | None) -> Figures:
    """Read the figures of inclusive Moscow days, of everything without days."""
    found: list[Any] = []
    for sums, view in ((SUMS, "bi.v_sales_daily"), (ADS, "bi.v_vk_ads_daily")):
        asked = f"SELECT {sums} FROM {view}"  # noqa: S608
        if first is None or last is None:
            found += warehouse.query(asked).rows[0]
        else:
            days = " WHERE d >= {first:Date} AND d <= {last:Date}"
            found += warehouse.query(asked + days, {"first": first, "last": last}).rows[0]
    return Figures(*found)


def periods(today: date) -> dict[str, tuple[date | None, date | None]]:
    """Give the columns of the table: everything, 30 days with today, yesterday."""
    return {
        "total": (None, None),
        "last_30_days": (today - timedelta(days=29), today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
    }


def differences(warehouse: Warehouse, ledger: Mapping[str, Any]) -> list[str]:
    """Compare days and the shows ahead with the ledger; gives what differs, in words."""
    measures = ("orders", "tickets", "gross", "refunds", "net")
    true = {
        _key(row, "sales_date"): tuple(Decimal(row[name]) for name in measures)
        for row in ledger["daily"]
    }
    loaded = {
        (str(row[0]), row[1], row[2]): tuple(Decimal(value) for value in row[3:])
        for row in warehouse.query(BY_DAY).rows
    }
    returned = {
        _key(row, "refund_date"): (Decimal(row["refunds"]),)
        for row in ledger["refunds_by_refund_date"]
        if Decimal(row["refunds"])
    }
    paid_back = {
        (str(row[0]), row[1], row[2]): (Decimal(row[3]),)
        for row in warehouse.query(BY_REFUND_DAY).rows
    }
    return [
        *differing(measures, true, loaded),
        *differing(("refunds by refund date",), returned, paid_back),
        *_unequal_halls(ledger["inventory"], warehouse.query(SEATS).rows),
    ]


def _unequal_halls(
    true: Sequence[Mapping[str, Any]], loaded: Sequence[tuple[Any, ...]]
) -> list[str]:
    """Compare the halls of the shows ahead; one that is over keeps its last count."""
    counted = {str(show): tuple(figures) for show, *figures in loaded}
    names = ("capacity", "sold", "reserved", "left")
    found = []
    for row in true:
        expected = tuple(row[name] for name in names)
        got = counted.get(row["show_id"])
        if row["is_open"] and got != expected:
            told = "is not counted" if got is None else f"counts {got}"
            found.append(f"show {row['show_id']} {told}, the ledger has {expected}")
    return found


def _key(row: Mapping[str, Any], day: str) -> Key:
    return str(row[day]), str(row["event_id"]), str(row["currency"])


def differing(
    names: tuple[str, ...],
    true: Mapping[Key, tuple[Decimal, ...]],
    loaded: Mapping[Key, tuple[Decimal, ...]],
    of: str = "event",
) -> list[str]:
    """Tell every figure that is not the ledger's."""
    nothing = (Decimal(0),) * len(names)
    found = []
    for key in sorted({*true, *loaded}):
        expected, got = true.get(key, nothing), loaded.get(key, nothing)
        found += [
            f"{key[0]}, {of} {key[1]}, {key[2]}: {name} {there}, the ledger has {here}"
            for name, here, there in zip(names, expected, got, strict=True)
            if here != there
        ]
    return found


def table(columns: Mapping[str, Figures], texts: Mapping[str, str]) -> Table:
    """Lay out the figures: one line each, one column a period, numbers to the right."""
    from rich import box
    from rich.table import Table

    found = Table(box=box.SIMPLE_HEAD, title=texts["heading"], title_justify="left", pad_edge=False)
    found.add_column(texts["figure"])
    for name in columns:
        found.add_column(texts[name], justify="right")
    shown = columns.values()
    for name in ("revenue", "gross", "refunds"):
        found.add_row(texts[name], *(money(getattr(one, name)) for one in shown))
    for name in ("tickets", "orders"):
        found.add_row(texts[name], *(count(getattr(one, name)) for one in shown))
    ratios = [one.ratios() for one in shown]
    found.add_row(texts["average_ticket"], *(money(one["average_ticket"]) for one in ratios))
    found.add_row(texts["spend"], *(money(one.spend) for one in shown))
    for name in ("roas", "romi", "drr", "cpc", "cpm", "cpo", "cpt"):
        found.add_row(texts[name], *(money(one[name]) for one in ratios))
    return found


def money(amount: Decimal | None) -> str:
    """Write a figure with two decimals and narrow groups, as Russian readers expect."""
    return "–" if amount is None else f"{amount:,.2f}".replace(",", " ").replace(".", ",")


def count(number: int) -> str:
    """Write a count in groups of three."""
    return f"{number:,}".replace(",", " ")

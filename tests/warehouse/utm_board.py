"""The UTM page as tests of the warehouse read it, and the same figures in plain Python."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from marketing_by_hand import Figures, Ledger, Row
from zakaz_web import filters, texts, utm
from zakaz_web.reading import Snapshot
from zakaz_web.utm_panels import TABLES

Sums = tuple[int, int, Decimal]


class Shown:
    """The page for one address."""

    def __init__(self, snapshot: Snapshot, query: str, now: datetime) -> None:
        chosen = filters.read(parse_qsl(query), filters.UTM)
        self._snapshot = snapshot
        self.view: utm.View = utm.resolve(snapshot, chosen, now, texts.load("ru"))

    def tiles(self) -> dict[str, Any]:
        """Give the value of each figure."""
        panel = utm.panel(self._snapshot, self.view, "utm_kpi")
        return dict(zip(panel.keys, panel.cells("value"), strict=True))

    def sold(self, name: str) -> dict[tuple[str, ...], Sums]:
        """Give orders, tickets and revenue of each row that sold, by its tags."""
        panel = utm.panel(self._snapshot, self.view, name)
        cells = zip(*(panel.cells(one) for one in ("orders", "tickets", "revenue")), strict=True)
        rows = {
            tuple(value for _, value in parse_qsl(key)): sums
            for key, sums in zip(panel.keys, cells, strict=True)
        }
        return {tags: sums for tags, sums in rows.items() if any(sums)}  # type: ignore[misc]


def reckoned(ledger: Ledger, name: str, days: tuple[date, date], currency: str) -> Any:
    """Add up the entries of a table's rows by hand."""
    return {
        tags: (one.orders, one.tickets_sold, one.revenue)
        for tags, one in _within(ledger, days, currency)
        .grouped(lambda place: tuple(place[f"utm_{field}"] for field in TABLES[name]))
        .items()
        if one.orders or one.tickets_sold or one.revenue
    }


def whole(ledger: Ledger, days: tuple[date, date], currency: str) -> dict[str, Any]:
    """Give the tiles that are sums, by hand: all of it, and what carries no tag at all."""
    mine = _within(ledger, days, currency)
    bare = Ledger([entry for entry in mine.entries if _is_untagged(entry[0])])
    all_of, untagged = (one.grouped(lambda _: ()).get((), Figures()) for one in (mine, bare))
    return {
        "revenue": all_of.revenue,
        "orders": all_of.orders,
        "tickets": all_of.tickets_sold,
        "untagged_revenue": untagged.revenue,
        "untagged_orders": untagged.orders,
    }


def _is_untagged(place: Row) -> bool:
    return all(value == "unknown" for name, value in place.items() if name.startswith("utm_"))


def _within(ledger: Ledger, days: tuple[date, date], currency: str) -> Ledger:
    first, last = days
    return Ledger(
        [
            (place, one)
            for place, one in ledger.entries
            if first <= place["d"] <= last and place["currency"] == currency and one.orders
        ]
    )

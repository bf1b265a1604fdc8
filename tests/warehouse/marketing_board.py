"""The Marketing page as tests of the warehouse read it: panels by row and column, no HTTP."""

from __future__ import annotations

import math
from datetime import datetime
from decimal import Decimal

from staged import msk
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz_web import filters, marketing, texts
from zakaz_web.marketing import View
from zakaz_web.panel import plain
from zakaz_web.reading import Reading, Snapshot

NOW = msk("2026-03-15 10:00")
TABLES = ("marketing_campaigns", "marketing_cities", "marketing_events", "marketing_utm")
SUMS = ("spend", "revenue", "impressions", "clicks", "orders", "tickets")

Rows = dict[str, dict[str, str]]


def reading(warehouse: EmbeddedWarehouse) -> Reading:
    """Give the open warehouse of a test as the dashboard reads one."""
    return Reading(_Open(warehouse))  # type: ignore[arg-type]


class _Open:
    """The warehouse of the test as the dashboard is supplied with it."""

    keep_seconds = math.inf

    def __init__(self, warehouse: EmbeddedWarehouse) -> None:
        self._warehouse = warehouse

    def generation(self) -> str:
        return "1"

    def open(self, generation: str) -> EmbeddedWarehouse:
        return self._warehouse


class Shown:
    """The page for one address: its view and its panels by row and column."""

    def __init__(self, snapshot: Snapshot, query: str, now: datetime = NOW) -> None:
        pairs = [tuple(pair.split("=")) for pair in query.split("&") if pair]
        chosen = filters.read(pairs, filters.MARKETING)  # type: ignore[arg-type]
        self._snapshot = snapshot
        self.view: View = marketing.resolve(snapshot, chosen, now, texts.load("ru"))

    def rows(self, name: str) -> Rows:
        """Give a panel by key of row and name of column, as its files write it."""
        panel = marketing.panel(self._snapshot, self.view, name)
        names = [column.name for column in panel.columns]
        return {
            key: dict(zip(names, map(plain, row), strict=True))
            for key, row in zip(panel.keys, panel.rows, strict=True)
        }

    def tiles(self) -> dict[str, str]:
        """Give the value of each figure."""
        return {key: row["value"] for key, row in self.rows("marketing_kpi").items()}

    def column(self, panel: str, name: str) -> dict[str, str]:
        """Give one column of a panel by key of row."""
        return {key: row[name] for key, row in self.rows(panel).items()}


def assert_whole(shown: Shown) -> None:
    """Every table holds the whole: its rows add up to the tiles."""
    tiles = shown.tiles()
    for table in TABLES:
        for name in SUMS:
            cells = [Decimal(cell) for cell in shown.column(table, name).values() if cell]
            assert sum(cells) == Decimal(tiles[name] or 0), (table, name)
        assert list(shown.rows(table))[-1] == "unknown"

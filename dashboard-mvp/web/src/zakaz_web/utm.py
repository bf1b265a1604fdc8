"""The UTM page as data: the Sales page's period and filters, the tags, and every panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from zakaz_web import period as periods
from zakaz_web import queries, sales, utm_panels
from zakaz_web.filters import TAGS, Filters
from zakaz_web.panel import Panel
from zakaz_web.period import Cut
from zakaz_web.reading import Snapshot
from zakaz_web.texts import Texts

EVERY_ROW = 2**32 - 1
FIELDS = tuple(TAGS.values())
PANELS = ("utm_kpi", "utm_revenue", *utm_panels.TABLES, "utm_faults")
PICKED = ("source", "medium")  # chosen from a list; the other tags are chosen in their tables


@dataclass(frozen=True, slots=True, kw_only=True)
class View(sales.View):
    """The UTM page: sales by tags are known by the day, so only whole days are compared."""

    choices: Mapping[str, tuple[str, ...]]

    def values(self) -> dict[str, Any]:
        """Give the typed parameters of every panel query."""
        chosen = {f"{name}s": [v for n, v in self.filters.tags if n == name] for name in FIELDS}
        return sales.View.values(self) | chosen | {"today": self.today, "split": self.split}

    @property
    def split(self) -> str:
        """Name the field that the chart tells apart: the first not narrowed to one value."""
        chosen = [name for name, _ in self.filters.tags]
        return next((name for name in FIELDS if chosen.count(name) != 1), FIELDS[0])

    @property
    def free(self) -> frozenset[str]:
        """Name the fields of UTM that the reader has not narrowed."""
        return frozenset(FIELDS) - {name for name, _ in self.filters.tags}


def resolve(snapshot: Snapshot, filters: Filters, now: datetime, texts: Texts) -> View:
    """Turn the choice of a reader into days, a currency and the lists to choose from."""
    found = sales.resolve(snapshot, filters, now, texts)
    cut = Cut(found.cut.day, 0)
    found = replace(
        found, cut=cut, comparable=periods.is_comparable(found.period, cut, found.first_day)
    )
    rows = snapshot.query(queries.load("utm_choices")).dicts()
    choices = {
        name: tuple(str(row["value_key"]) for row in rows if row["field_name"] == name)
        for name in PICKED
    }
    shared = {field.name: getattr(found, field.name) for field in fields(found)}
    return View(**shared, choices=choices)


def panel(snapshot: Snapshot, view: View, name: str) -> Panel:
    """Build one panel by its name; ``name`` is one of PANELS."""
    match name:
        case "utm_kpi":
            return utm_panels.kpi(_rows(snapshot, view, name), view.comparable, view.texts)
        case "utm_revenue":
            return utm_panels.revenue(
                _rows(snapshot, view, name),
                view.period,
                view.today,
                comparable=view.comparable,
                has_unknown=view.split in view.free,
                most=utm_panels.MOST_TAGS if view.filters.whole else utm_panels.TOP_TAGS,
                texts=view.texts,
            )
        case "utm_faults":
            return utm_panels.faults(_rows(snapshot, view, name), view.filters.all_rows, view.texts)
    by = utm_panels.TABLES[name]
    top = EVERY_ROW if view.filters.all_rows else utm_panels.TOP_ROWS
    found = _rows(snapshot, view, "utm_tables", sort=view.order, top=top)
    return utm_panels.table(
        name,
        [row for row in found if tuple(row["fields"]) == by],
        comparable=view.comparable,
        has_unknown=view.free.issuperset(by),
        texts=view.texts,
    )


def _rows(snapshot: Snapshot, view: View, name: str, **more: Any) -> list[dict[str, Any]]:
    return snapshot.query(queries.load(name), view.values() | more).dicts()

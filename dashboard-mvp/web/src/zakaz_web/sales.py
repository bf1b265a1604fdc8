"""The Sales page as data: the filters resolved, and every panel of one generation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from zakaz.moscow import as_moscow

from zakaz_web import period as periods
from zakaz_web import queries, sales_panels
from zakaz_web.figures import Figures
from zakaz_web.filters import Filters
from zakaz_web.freshness import read_freshness
from zakaz_web.panel import Panel
from zakaz_web.period import Cut, Period
from zakaz_web.reading import Snapshot
from zakaz_web.texts import Texts
from zakaz_web.view import EventChoice, PageView, by_name, city_name, event_name

PANELS = ("kpi", "revenue", "cities", "events")


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """The Sales page: its period and what that is compared with."""

    period: Period
    cut: Cut
    comparable: bool
    currencies: tuple[str, ...]
    first_day: date | None

    @property
    def file_stem(self) -> str:
        """Give what a downloaded file's name says beside its panel."""
        return f"{self.period.first}_{self.period.last}"

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was ever sold in this store."""
        return self.first_day is None

    @property
    def is_cut(self) -> bool:
        """Say whether the last day is only known up to some hour."""
        return self.cut.day <= self.period.last

    def values(self) -> dict[str, Any]:
        """Give the typed parameters of every panel query."""
        first, last, cut_day = periods.NOWHERE, periods.NOWHERE, periods.NOWHERE
        if self.comparable:
            first, last = self.period.previous
            cut_day = self.cut.day - (self.period.first - first)
        return {
            "from": self.period.first,
            "to": self.period.last,
            "shift": self.period.shift,
            "step": self.period.step,
            "previous_from": first,
            "previous_to": last,
            "previous_cut_day": cut_day,
            "cut_day": self.cut.day,
            "cut_hour": self.cut.hour,
            "currency": self.currency,
            "cities": list(self.filters.cities),
            "events": list(self.filters.events),
        }


def resolve(snapshot: Snapshot, filters: Filters, now: datetime, texts: Texts) -> View:
    """Turn the choice of a reader into days, a currency and the lists to choose from."""
    scope = snapshot.query(queries.load("scope")).dicts()
    freshness = read_freshness(snapshot, now)
    currencies = tuple(str(row["currency"]) for row in scope)
    currency = filters.currency or (currencies[0] if currencies else "RUB")
    first_day = min((row["first_day"] for row in scope), default=None)
    today = as_moscow(now).date()
    period = filters.period(today, first_day)
    as_of = min(now, freshness.loaded_at or now)
    cut = periods.cut_of(period, as_of)
    figures = Figures(texts.lang, currency)
    events, cities = _choices(snapshot, texts)
    return View(
        filters=replace(filters.settled(period), currency=filters.currency),
        period=period,
        cut=cut,
        comparable=periods.is_comparable(period, cut, first_day),
        currency=currency,
        currencies=currencies,
        cities=cities,
        events=events,
        freshness=freshness,
        first_day=first_day,
        now=now,
        generation=snapshot.generation,
        texts=texts,
        figures=figures,
    )


def panel(snapshot: Snapshot, view: View, name: str) -> Panel:
    """Build one panel by its name; ``name`` is one of PANELS."""
    values = view.values()
    match name:
        case "kpi":
            return sales_panels.kpi(_rows(snapshot, "kpi", values), view.comparable, view.texts)
        case "revenue":
            source = "revenue_by_hour" if view.period.step == "hour" else "revenue"
            return sales_panels.revenue(
                _rows(snapshot, source, values),
                view.period,
                view.now,
                view.comparable,
                view.texts,
            )
        case "cities":
            return sales_panels.cities(
                _rows(snapshot, "cities", values), view.filters.whole, view.texts
            )
        case "events":
            return sales_panels.events(
                _rows(snapshot, "events", values),
                {event.key: (event.first, event.last) for event in view.events},
                view.order,
                view.filters.all_rows,
                view.texts,
            )
    raise KeyError(name)


def event_total(snapshot: Snapshot, view: View) -> int:
    """Count the events that the table would have if it showed them all."""
    return len(_rows(snapshot, "events", view.values()))


def _rows(snapshot: Snapshot, name: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return snapshot.query(queries.load(name), values).dicts()


def _choices(
    snapshot: Snapshot, texts: Texts
) -> tuple[tuple[EventChoice, ...], tuple[tuple[str, str], ...]]:
    events: dict[str, EventChoice] = {}
    cities: dict[str, str] = {}
    for row in snapshot.query(queries.load("choices")).dicts():
        key = str(row["event_key"])
        city = city_name(row["city_key"], row["shown_city"], texts)
        name = event_name(key, row["shown_name"], texts)
        cities.setdefault(str(row["city_key"]), city)
        events.setdefault(key, EventChoice(key, name, city, row["first_show"], row["last_show"]))
    return tuple(events.values()), by_name(cities)

"""The Marketing page as data: the filters resolved, and every panel of one generation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from zakaz.moscow import as_moscow

from zakaz_web import marketing_panels as panels
from zakaz_web import marketing_tables as tables
from zakaz_web import period as periods
from zakaz_web import queries
from zakaz_web.figures import Figures
from zakaz_web.filters import Filters
from zakaz_web.freshness import Freshness, read_freshness
from zakaz_web.marketing_sums import Sides
from zakaz_web.panel import Panel
from zakaz_web.period import Cut, Period
from zakaz_web.reading import Snapshot
from zakaz_web.texts import Texts
from zakaz_web.view import UNKNOWN, EventChoice, PageView, by_name, city_name, event_name

PANELS = (
    "marketing_kpi",
    "marketing_days",
    "marketing_attribution",
    "marketing_campaigns",
    "marketing_cities",
    "marketing_events",
    "marketing_utm",
    "marketing_control",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """The Marketing page: its period, what that is compared with, and which sides are known."""

    period: Period
    cut: Cut  # the first day that is not compared: it still runs, or is not loaded
    currencies: tuple[str, ...]
    known: Sides  # which sides were ever loaded
    comparable: Sides  # which sides have a period before
    first_day: date | None
    has_ads: bool
    has_sales: bool

    @property
    def file_stem(self) -> str:
        """Give what a downloaded file's name says beside its panel."""
        return f"{self.period.first}_{self.period.last}"

    @property
    def is_empty(self) -> bool:
        """Say whether the store holds neither sales nor ads."""
        return self.first_day is None

    @property
    def is_cut(self) -> bool:
        """Say whether some day of the period is not compared."""
        return self.cut.day <= self.period.last

    @property
    def ads_until(self) -> date | None:
        """Give the last day whose spend can be known: that of the last load, or of newer rows."""
        ads = self.freshness.ads
        loaded = as_moscow(ads.loaded_at).date() if ads.loaded_at else None
        return max((day for day in (loaded, ads.newest_day) if day), default=None)

    @property
    def before(self) -> timedelta:
        """Give the way back to the period before."""
        return self.period.first - self.period.previous[0]

    def values(self) -> dict[str, Any]:
        """Give the typed parameters of every panel query."""
        is_compared = self.comparable.ads or self.comparable.sales
        nowhere = (periods.NOWHERE, periods.NOWHERE)
        first, last = self.period.previous if is_compared else nowhere
        return {
            "from": self.period.first,
            "to": self.period.last,
            "previous_from": first,
            "previous_to": last,
            "currency": self.currency,
            "cities": list(self.filters.cities),
            "events": list(self.filters.events),
            "campaigns": list(self.filters.campaigns),
        }


def resolve(snapshot: Snapshot, filters: Filters, now: datetime, texts: Texts) -> View:
    """Turn the choice of a reader into days, a currency and the lists to choose from."""
    scope = snapshot.query(queries.load("marketing_scope")).dicts()
    freshness = read_freshness(snapshot, now)
    currencies = tuple(str(row["currency"]) for row in scope)
    currency = filters.currency or (currencies[0] if currencies else "RUB")
    first_sale, first_ad = _first(scope, "first_sale"), _first(scope, "first_ad")
    first_day = min((day for day in (first_sale, first_ad) if day), default=None)
    period = filters.period(as_moscow(now).date(), first_day)
    cut = replace(periods.cut_of(period, _as_of(freshness, now, first_sale, first_ad)), hour=0)
    events, cities, campaigns = _choices(snapshot, texts)
    return View(
        filters=replace(filters.settled(period), currency=filters.currency),
        period=period,
        cut=cut,
        currency=currency,
        currencies=currencies,
        known=Sides(
            ads=first_ad is not None or freshness.ads.loaded_at is not None,
            sales=first_sale is not None or freshness.sales.loaded_at is not None,
        ),
        comparable=Sides(
            ads=periods.is_comparable(period, cut, first_ad),
            sales=periods.is_comparable(period, cut, first_sale),
        ),
        first_day=first_day,
        has_ads=first_ad is not None,
        has_sales=first_sale is not None,
        cities=cities,
        events=events,
        campaigns=campaigns,
        freshness=freshness,
        now=now,
        generation=snapshot.generation,
        texts=texts,
        figures=Figures(texts.lang, currency),
    )


def panel(snapshot: Snapshot, view: View, name: str) -> Panel:
    """Build one panel by its name; ``name`` is one of PANELS."""
    texts = view.texts
    match name:
        case "marketing_kpi":
            return panels.kpi(split(snapshot, view), view.known, view.comparable, texts)
        case "marketing_days":
            return panels.days(
                split(snapshot, view), view.period, view.before, _states(snapshot, view), texts
            )
        case "marketing_attribution":
            return panels.attribution(rows(snapshot, view, "marketing_attribution"), texts)
        case "marketing_control":
            return panels.control(rows(snapshot, view, "marketing_control"), texts)
    names = tables.Names(
        cities=dict(view.cities),
        events={event.key: (event.name, event.city) for event in view.events},
        campaigns=dict(view.campaigns),
    )
    build = {
        "marketing_campaigns": tables.campaigns,
        "marketing_cities": tables.cities,
        "marketing_events": tables.events,
        "marketing_utm": tables.utm,
    }[name]
    found = rows(snapshot, view, "marketing_tables")
    return build(found, names, view.known, view.order, view.filters.all_rows, texts)


def rows(snapshot: Snapshot, view: View, name: str) -> list[dict[str, Any]]:
    """Read the rows of a query for the choice of the reader."""
    return snapshot.query(queries.load(name), view.values()).dicts()


def split(snapshot: Snapshot, view: View) -> panels.Split:
    """Read the days: those of the period, those of them that are compared, those before."""
    found = rows(snapshot, view, "marketing_days")
    return panels.Split(
        whole=[row for row in found if row["day"] >= view.period.first],
        compared=[row for row in found if view.period.first <= row["day"] < view.cut.day],
        previous=[row for row in found if row["day"] < view.period.first],
        before=[
            row
            for row in found
            if row["day"] < view.period.first and row["day"] < view.cut.day - view.before
        ],
    )


def open_days(snapshot: Snapshot, view: View) -> set[date]:
    """Give the days of the period that the source of the ads still restates."""
    found = rows(snapshot, view, "marketing_control")
    return {row["day"] for row in found if not row["is_final"]}


def _states(snapshot: Snapshot, view: View) -> panels.States:
    return panels.States(
        known=view.known,
        comparable=view.comparable,
        today=view.today,
        ads_until=view.ads_until,
        open_days=frozenset(open_days(snapshot, view)),
    )


def _first(scope: Sequence[Mapping[str, Any]], name: str) -> date | None:
    return min((row[name] for row in scope if row[name]), default=None)


def _as_of(
    freshness: Freshness, now: datetime, first_sale: date | None, first_ad: date | None
) -> datetime:
    """Give the instant up to which every side that has rows is loaded."""
    sides = ((freshness.sales, first_sale), (freshness.ads, first_ad))
    loaded = [age.loaded_at for age, first in sides if first and age.loaded_at]
    return min([now, *loaded])


def _choices(
    snapshot: Snapshot, texts: Texts
) -> tuple[tuple[EventChoice, ...], tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    events: dict[str, EventChoice] = {}
    cities: dict[str, str] = {}
    campaigns: dict[str, str] = {}
    for row in snapshot.query(queries.load("marketing_choices")).dicts():
        city, key = str(row["city_key"]), str(row["event_key"])
        plan = str(row["campaign_key"])
        # A city without events is known by its key alone, in small letters.
        shown = city_name(city, row["shown_city"] or city[:1].upper() + city[1:], texts)
        cities.setdefault(city, texts("marketing.no_city") if city == UNKNOWN else shown)
        if plan not in campaigns or row["shown_campaign"]:
            campaigns[plan] = tables.campaign_name(plan, row["shown_campaign"], texts)
        if key == UNKNOWN:
            events.setdefault(key, EventChoice(key, texts("marketing.no_event"), "", None, None))
        elif key not in events or row["shown_event"]:
            name = event_name(key, row["shown_event"], texts)
            events[key] = EventChoice(key, name, shown, row["first_show"], row["last_show"])
    return tuple(events.values()), by_name(cities), tuple(campaigns.items())

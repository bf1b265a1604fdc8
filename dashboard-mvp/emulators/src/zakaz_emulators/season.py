"""A season of the demo organisation: its events and shows by date, and how fast each day sells.

It is the same for the same day, whatever the hour: sales and advertising are both drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from zakaz_emulators.pace import day_weight
from zakaz_emulators.playbill import PRODUCTIONS, Date, PricedZone, Production
from zakaz_emulators.qtickets.records import MOSCOW, Event, Show, Zone

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one show's sale: where a number of orders is placed."""

    show: Show
    production: Production
    day: date
    ahead: timedelta
    """How far the city's clock is ahead of Moscow's."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A show with its line of the bill."""

    show: Show
    line: Date
    production: Production

    @property
    def day(self) -> date:
        """The day of the show by the venue's calendar."""
        return self.show.starts_at.astimezone(ZoneInfo(self.production.city.timezone)).date()


@dataclass(frozen=True, slots=True)
class Season:
    """What is played and how it sells: ``expected`` orders by cell, all days of the sale."""

    events: list[Event]
    shows: list[Dated]
    cells: list[Cell]
    expected: list[float]


def season(anchor: date, orders: int) -> Season:
    """Give the season around a day, with so many orders expected before it."""
    events, dated = _bill(anchor)
    cells, weights = _cells(dated, anchor)
    past = sum(weight for cell, weight in zip(cells, weights, strict=True) if cell.day < anchor)
    found = Season(events, dated, cells, [weight * orders / past for weight in weights])
    _open_halls(found)
    return found


def noon(day: date) -> datetime:
    """Give the middle of a Moscow day."""
    return datetime.combine(day, time(12), MOSCOW)


def _bill(anchor: date) -> tuple[list[Event], list[Dated]]:
    events: list[Event] = []
    dated: list[Dated] = []
    show_id = 600_000
    for place, production in enumerate(PRODUCTIONS):
        event_id = 80_001 + place
        first = min(one.day for one in production.dates) - production.lead_days - 5
        made = noon(anchor + timedelta(days=first))
        shows = []
        for one in production.dates:
            show_id += 1
            show = _show(show_id, event_id, anchor, one, production)
            shows.append(show)
            dated.append(Dated(show, one, production))
        events.append(
            Event(
                id=event_id,
                name=production.name,
                city=production.city,
                place_name=production.place,
                created_at=made,
                updated_at=made,
                shows=shows,
                description=f"{production.name}.\r\nВсё, что здесь написано, выдумано.",
                slug=f"{production.slug}-{production.city.slug}",
                age=production.age,
                event_type_id=production.type_id,
                deleted_at=made + 2 * DAY if production.is_deleted else None,
            )
        )
    return events, dated


def _show(show_id: int, event_id: int, anchor: date, one: Date, production: Production) -> Show:
    local = datetime.combine(
        anchor + timedelta(days=one.day), time(*one.clock), ZoneInfo(production.city.timezone)
    )
    starts = local.astimezone(MOSCOW)
    opened = noon(local.date() - timedelta(days=production.lead_days))
    return Show(
        id=show_id,
        event_id=event_id,
        starts_at=starts,
        finishes_at=starts + timedelta(minutes=production.minutes),
        created_at=opened - 3 * DAY,
        updated_at=opened,
        sale_starts_at=opened if show_id % 2 else None,
        sale_finishes_at=starts,
        deleted_at=opened + 10 * DAY if one.is_deleted else None,
        is_active=one.is_active,
        tariffs=one.tariffs,
        has_price_range=show_id % 5 != 0,
    )


def _cells(dated: list[Dated], anchor: date) -> tuple[list[Cell], list[float]]:
    cells: list[Cell] = []
    weights: list[float] = []
    for one in dated:
        show, appeal, production = one.show, one.line.appeal, one.production
        local = show.starts_at.astimezone(ZoneInfo(production.city.timezone))
        ahead = (local.utcoffset() or timedelta()) - timedelta(hours=3)
        if not appeal:
            continue
        for since in range(production.lead_days + 1):
            day = local.date() - timedelta(days=production.lead_days - since)
            weight = appeal * day_weight(since, (local.date() - day).days, day)
            cells.append(Cell(show, production, day, ahead))
            weights.append(weight if day < anchor else weight * one.line.still_to_come)
    return cells, weights


def _open_halls(found: Season) -> None:
    """Give each show a hall of the size that its sales fill as far as the bill says."""
    asked: dict[int, float] = {}
    for cell, orders in zip(found.cells, found.expected, strict=True):
        asked[cell.show.id] = asked.get(cell.show.id, 0.0) + orders
    for one in found.shows:
        show, production = one.show, one.production
        wanted = asked.get(show.id, 500.0) * production.mean_tickets / one.line.fill
        if not one.line.has_hall:
            show.zones = ()
            continue
        show.zones = tuple(
            Zone(
                slug=zone.slug,
                name=zone.name,
                price_id=900_000 + show.id % 1000 * 10 + place,
                price=zone.price,
                places=zone.places,
                capacity=_rows(wanted * zone.share / sum(production.shares), zone),
                disabled=frozenset(zone.disabled),
                color_theme=str(5 + place),
            )
            for place, zone in enumerate(production.zones)
        )


def _rows(wanted: float, zone: PricedZone) -> int:
    if not zone.places:
        return ceil(wanted)
    needed = max(wanted + len(zone.disabled), max(zone.disabled, default=0) + 1)
    return ceil(needed / zone.places) * zone.places

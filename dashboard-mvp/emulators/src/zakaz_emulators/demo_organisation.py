"""The demo organisation: 12 invented productions in 8 cities and a season of believable sales.

Four shows of the season before let sales be compared by the days left to the show.

The whole timeline around ``today`` is generated from the seed, then cut at ``now``: the same day
seen an hour later holds the same orders, an hour older, plus the new ones. That is what makes a
second load incremental.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from random import Random
from zoneinfo import ZoneInfo

from zakaz_emulators.box_office import Sale
from zakaz_emulators.demo_baskets import abandoned
from zakaz_emulators.order_book import write_orders
from zakaz_emulators.pace import HOURS, day_weight
from zakaz_emulators.playbill import PRODUCTIONS, Date, PricedZone, Production
from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.records import (
    MOSCOW,
    Event,
    Show,
    Zone,
    whole,
)
from zakaz_emulators.reductions import discounts, promo_codes

DEFAULT_ORDERS = 20_000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One day of one show's sale: where a number of orders is placed."""

    show: Show
    production: Production
    day: date
    ahead: timedelta
    """How far the city's clock is ahead of Moscow's."""


def demo_organisation(
    *,
    seed: int = 1,
    now: datetime,
    today: date | None = None,
    orders: int = DEFAULT_ORDERS,
) -> Organisation:
    """Build the organisation as it stands at ``now``.

    So many buyers came before ``today`` began; who found a hall full left no order.
    """
    random = Random(seed)
    now = whole(now)
    anchor = today or now.date()
    events, dated = _bill(anchor)
    cells, weights = _cells(dated, anchor)
    past = [index for index, cell in enumerate(cells) if cell.day < anchor]
    ahead = [index for index, cell in enumerate(cells) if cell.day >= anchor]
    density = orders / sum(weights[index] for index in past)
    drawn = random.choices(past, weights=[weights[index] for index in past], k=orders)
    for index in ahead:
        expected = weights[index] * density
        drawn += [index] * (int(expected) + (random.random() < expected % 1))
    _open_halls(dated, cells, weights, density)
    hours = iter(random.choices(range(24), weights=HOURS, k=len(drawn)))
    sales = [_sale(cells[index], next(hours), random) for index in drawn]
    sales.sort(key=lambda sale: sale.created_at)
    written = write_orders(sales, random, now)
    organisation = Organisation(
        now=now,
        events=events,
        orders=written.orders,
        discounts=discounts(events, _noon(anchor)),
        promo_codes=promo_codes(_noon(anchor)),
        holds=written.holds,
    )
    organisation.holds += abandoned(organisation, Random(f"{seed} {now:%Y-%m-%d %H:%M}"))
    return organisation


def _bill(anchor: date) -> tuple[list[Event], list[tuple[Show, Date, Production]]]:
    events: list[Event] = []
    dated: list[tuple[Show, Date, Production]] = []
    show_id = 600_000
    for place, production in enumerate(PRODUCTIONS):
        event_id = 80_001 + place
        first = min(one.day for one in production.dates) - production.lead_days - 5
        made = _noon(anchor + timedelta(days=first))
        shows = []
        for one in production.dates:
            show_id += 1
            show = _show(show_id, event_id, anchor, one, production)
            shows.append(show)
            dated.append((show, one, production))
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
    opened = _noon(local.date() - timedelta(days=production.lead_days))
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


def _open_halls(
    dated: list[tuple[Show, Date, Production]],
    cells: list[_Cell],
    weights: list[float],
    density: float,
) -> None:
    """Give each show a hall of the size that its sales fill as far as the bill says."""
    asked: dict[int, float] = {}
    for cell, weight in zip(cells, weights, strict=True):
        asked[cell.show.id] = asked.get(cell.show.id, 0.0) + weight * density
    for show, one, production in dated:
        counts = production.tickets
        mean = sum(n * share for n, share in enumerate(counts, 1)) / sum(counts)
        wanted = asked.get(show.id, 500.0) * mean / one.fill
        if not one.has_hall:
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


def _cells(
    dated: list[tuple[Show, Date, Production]], anchor: date
) -> tuple[list[_Cell], list[float]]:
    cells: list[_Cell] = []
    weights: list[float] = []
    for show, one, production in dated:
        zone = ZoneInfo(production.city.timezone)
        local = show.starts_at.astimezone(zone)
        ahead = (local.utcoffset() or timedelta()) - timedelta(hours=3)
        if not one.appeal:
            continue
        for since in range(production.lead_days + 1):
            day = local.date() - timedelta(days=production.lead_days - since)
            weight = one.appeal * day_weight(since, (local.date() - day).days, day)
            cells.append(_Cell(show, production, day, ahead))
            weights.append(weight if day < anchor else weight * one.still_to_come)
    return cells, weights


def _sale(cell: _Cell, hour: int, random: Random) -> Sale:
    seconds = int(random.random() * 3600)
    clock = datetime.combine(cell.day, time(hour), MOSCOW) + timedelta(seconds=seconds)
    created = clock - cell.ahead
    if created >= cell.show.starts_at:
        created = cell.show.starts_at - timedelta(seconds=600 + int(random.random() * 9000))
    return Sale(created, cell.show, cell.production)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), MOSCOW)

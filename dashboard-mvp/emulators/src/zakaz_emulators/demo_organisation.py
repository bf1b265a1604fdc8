"""The demo organisation: 12 invented productions in 8 cities and a season of believable sales.

Four shows of the season before let sales be compared by the days left to the show.

The whole timeline around ``today`` is generated from the seed, then cut at ``now``: the same day
seen an hour later holds the same orders, an hour older, plus the new ones. That is what makes a
second load incremental.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from zakaz_emulators.box_office import Sale
from zakaz_emulators.demo_baskets import abandoned
from zakaz_emulators.demo_campaigns import campaigns
from zakaz_emulators.demo_tags import Tagger
from zakaz_emulators.order_book import write_orders
from zakaz_emulators.pace import HOURS
from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.records import MOSCOW, whole
from zakaz_emulators.reductions import discounts, promo_codes
from zakaz_emulators.season import Cell, noon, season

DEFAULT_ORDERS = 20_000


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
    played = season(anchor, orders)
    cells, expected = played.cells, played.expected
    past = [index for index, cell in enumerate(cells) if cell.day < anchor]
    ahead = [index for index, cell in enumerate(cells) if cell.day >= anchor]
    drawn = random.choices(past, weights=[expected[index] for index in past], k=orders)
    for index in ahead:
        drawn += [index] * (int(expected[index]) + (random.random() < expected[index] % 1))
    hours = iter(random.choices(range(24), weights=HOURS, k=len(drawn)))
    sales = [_sale(cells[index], next(hours), random) for index in drawn]
    sales.sort(key=lambda sale: sale.created_at)
    tagger = Tagger(played, campaigns(played, anchor), random, len(sales))
    written = write_orders(sales, random, now, tagger)
    organisation = Organisation(
        now=now,
        events=played.events,
        orders=written.orders,
        discounts=discounts(played.events, noon(anchor)),
        promo_codes=promo_codes(noon(anchor)),
        holds=written.holds,
    )
    organisation.holds += abandoned(organisation, Random(f"{seed} {now:%Y-%m-%d %H:%M}"))
    return organisation


def _sale(cell: Cell, hour: int, random: Random) -> Sale:
    seconds = int(random.random() * 3600)
    clock = datetime.combine(cell.day, time(hour), MOSCOW) + timedelta(seconds=seconds)
    created = clock - cell.ahead
    if created >= cell.show.starts_at:
        created = cell.show.starts_at - timedelta(seconds=600 + int(random.random() * 9000))
    return Sale(created, cell.show, cell.production)

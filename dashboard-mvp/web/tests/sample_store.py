"""A store with known sales: written straight into the facts, published, and counted in Python."""

from __future__ import annotations

import atexit
import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import sample_ads
import sample_codes
import sample_shows
from sample_ads import Ad
from sample_shows import Show
from zakaz.moscow import MOSCOW
from zakaz.schema.bootstrap import bootstrap
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl

NOW = datetime(2025, 6, 14, 14, 25, tzinfo=MOSCOW)  # a Saturday long past: its data is stale
DAYS = 200
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
TAGS = (
    ("vk", "cpc", "ice-vk-202506", "", ""),
    ("yandex", "cpc", "=1+1", "", ""),
    ("vk", "social", "", "", ""),
    ("", "", "", "", ""),
)


@dataclass(frozen=True, slots=True)
class Event:
    """An event as the dimension knows it; ``known`` False leaves it out of the dimension."""

    id: str
    name: str
    city: str
    city_name: str
    currency: str = "RUB"
    known: bool = True
    pace: float = 1.0
    zone: str = "Europe/Moscow"


EVENTS = (
    Event("101", "Ледяное шоу «Щелкунчик»", "москва", "Москва", pace=2.0),
    Event("102", "Цирк на воде", "казань", "Казань"),
    Event("103", "<script>alert(1)</script>", "томск", "<b>Томск</b>", zone="Asia/Tomsk"),
    Event(
        "104",
        '=HYPERLINK("http://example.test")',
        "казань",
        "Казань",
        pace=0.6,
        zone="Nowhere/Land",
    ),
    Event("105", "", "unknown", "", known=False, pace=0.3),
    Event("201", "Snow Queen", "алматы", "Алматы", currency="KZT", pace=0.4, zone="Asia/Almaty"),
)


@dataclass(frozen=True, slots=True)
class Sale:
    """What one event sold in one Moscow hour."""

    hour: datetime
    event: Event
    orders: int
    tickets: int
    gross: Decimal
    refunds: Decimal
    show: str

    @property
    def day(self) -> date:
        """Give the Moscow day."""
        return self.hour.date()

    @property
    def revenue(self) -> Decimal:
        """Give what is left after refunds."""
        return self.gross - self.refunds

    @property
    def tags(self) -> tuple[str, ...]:
        """Give the five UTM fields that all sales of the day came with."""
        return TAGS[self.day.toordinal() % len(TAGS)]


def invent(now: datetime, days: int = DAYS, seed: int = 1) -> list[Sale]:
    """Invent sales of the last days up to ``now``; the same seed gives the same sales."""
    random = Random(seed)
    found = []
    hour = datetime.combine(now.date() - timedelta(days=days - 1), datetime.min.time(), MOSCOW)
    while hour <= now:
        for event in EVENTS:
            if random.random() < 0.25 * event.pace or (hour.hour in (12, 14) and event.id == "101"):
                orders = random.randint(1, 3)
                tickets = orders + random.randint(0, 4)
                gross = Decimal(random.randint(0, 900_000)) / 100 * tickets
                share = Decimal(random.choice(("0", "0", "0", "0.3", "1")))
                refunds = (gross * share).quantize(Decimal("0.01"))
                show = sample_shows.show_of(event.id, hour.date(), now.date())
                found.append(Sale(hour, event, orders, tickets, gross, refunds, show))
        hour += timedelta(hours=1)
    return found


def fill(
    root: Path,
    sales: Sequence[Sale],
    loaded_at: datetime,
    shows: Sequence[Show] = sample_shows.SHOWS,
    ads: Sequence[Ad] = (),
) -> WarehouseUrl:
    """Put a bootstrapped store there, write sales, shows and ads, and publish them."""
    url = bootstrapped(root)
    with open_for_writing(url) as warehouse:
        write(warehouse, sales, loaded_at, shows)
        sample_ads.write(warehouse, ads, loaded_at)
    publish(url)
    return url


def bootstrapped(root: Path) -> WarehouseUrl:
    """Put a store with the schema and nothing else there."""
    shutil.copytree(_bootstrapped(), root, symlinks=True)
    return WarehouseUrl("embedded", path=root)


@cache
def _bootstrapped() -> Path:
    """Make a store with the schema, once in a process: the others are copies of it."""
    folder = TemporaryDirectory(prefix="zakaz-bootstrapped-")
    atexit.register(folder.cleanup)
    root = Path(folder.name) / "store"
    with open_for_writing(WarehouseUrl("embedded", path=root)) as warehouse:
        bootstrap(warehouse)
    return root


def write(
    warehouse: Warehouse,
    sales: Sequence[Sale],
    loaded_at: datetime,
    shows: Sequence[Show] = sample_shows.SHOWS,
    account: str = "main",
    events: Sequence[Event] = EVENTS,
) -> None:
    """Write facts and dimensions the way a rebuild leaves them."""
    _insert_hours(warehouse, sales, loaded_at, account)
    _insert_days(warehouse, sales, loaded_at, account)
    sample_codes.write(warehouse, sales, loaded_at, account)
    sample_shows.write(warehouse, loaded_at, shows, account)
    known = [event for event in events if event.known]
    days = {event.id: _days(event.id, loaded_at.date(), shows) for event in known}
    count = len(known)
    warehouse.insert(
        "zakaz.dim_events",
        {
            "account_id": [account] * count,
            "event_id": [event.id for event in known],
            "event_name": [event.name for event in known],
            "city": [event.city for event in known],
            "city_name": [event.city_name for event in known],
            "city_timezone": [event.zone for event in known],
            "place_name": [""] * count,
            "currency": [event.currency for event in known],
            "starts_on": [days[event.id][0] for event in known],
            "ends_on": [days[event.id][-1] for event in known],
            "shows": [len(days[event.id]) for event in known],
            "is_active": [True] * count,
            "deleted_at": [None] * count,
            "_ver": [1] * count,
            "_loaded_at": [loaded_at] * count,
        },
    )


def _days(event_id: str, today: date, shows: Sequence[Show]) -> list[date]:
    own = [show for show in shows if show.event_id == event_id]
    mine = own or [show for show in sample_shows.SHOWS if show.event_id == event_id]
    return sorted(show.starts_at(today).date() for show in mine if not show.is_deleted)


def total(sales: Iterable[Sale], name: str) -> Decimal:
    """Add one figure of some sales."""
    return sum((Decimal(getattr(sale, name)) for sale in sales), Decimal(0))


def _insert_hours(
    warehouse: Warehouse, sales: Sequence[Sale], loaded_at: datetime, account: str
) -> None:
    for month in _by_month(sales):
        warehouse.insert(
            "zakaz.fact_qtickets_sales_hourly",
            {"sales_hour": [sale.hour for sale in month], **_figures(month, loaded_at, account)},
        )


def _insert_days(
    warehouse: Warehouse, sales: Sequence[Sale], loaded_at: datetime, account: str
) -> None:
    days: dict[tuple[date, Event, str], list[Sale]] = defaultdict(list)
    for sale in sales:
        days[sale.day, sale.event, sale.show].append(sale)
    summed = [
        Sale(
            found[0].hour,
            event,
            int(total(found, "orders")),
            int(total(found, "tickets")),
            total(found, "gross"),
            total(found, "refunds"),
            show,
        )
        for (_, event, show), found in days.items()
    ]
    for month in _by_month(summed):
        figures = _figures(month, loaded_at, account)
        figures |= {name: [sale.tags[at] for sale in month] for at, name in enumerate(UTM)}
        figures["refunds_by_refund_date"] = [sale.refunds for sale in month]
        warehouse.insert(
            "zakaz.fact_qtickets_sales_daily",
            {"sales_date": [sale.day for sale in month], **figures},
        )


def _by_month(sales: Sequence[Sale]) -> list[list[Sale]]:
    months: dict[tuple[int, int], list[Sale]] = defaultdict(list)
    for sale in sales:
        months[sale.hour.year, sale.hour.month].append(sale)
    return list(months.values())


def _figures(sales: Sequence[Sale], loaded_at: datetime, account: str) -> dict[str, list[object]]:
    return {
        "account_id": [account] * len(sales),
        "event_id": [sale.event.id for sale in sales],
        "show_id": [sale.show for sale in sales],
        "currency": [sale.event.currency for sale in sales],
        "orders": [sale.orders for sale in sales],
        "tickets_sold": [sale.tickets for sale in sales],
        "gross": [sale.gross for sale in sales],
        "refunds": [sale.refunds for sale in sales],
        "revenue": [sale.revenue for sale in sales],
        "_ver": [1] * len(sales),
        "_loaded_at": [loaded_at] * len(sales),
    }

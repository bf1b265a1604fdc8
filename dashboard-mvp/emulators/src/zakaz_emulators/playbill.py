"""The demo organisation's bill: invented productions, halls, prices; dates in days from today."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from zakaz_emulators.qtickets.records import City, Tariff

MOSCOW_CITY = City(1, "Москва", "Europe/Moscow", "moscow", 55.75, 37.62)
KAZAN = City(91, "Казань", "Europe/Moscow", "kazan", 55.79, 49.12)
YEKATERINBURG = City(66, "Екатеринбург", "Asia/Yekaterinburg", "ekb", 56.84, 60.61)
NOVOSIBIRSK = City(54, "Новосибирск", "Asia/Novosibirsk", "nsk", 55.03, 82.92)
TOMSK = City(70, "Томск", "Asia/Krasnoyarsk", "tomsk", 56.48, 84.95)
KRASNOYARSK = City(24, "Красноярск", "Asia/Krasnoyarsk", "krsk", 56.01, 92.85)
VLADIVOSTOK = City(25, "Владивосток", "Asia/Vladivostok", "vl", 43.12, 131.89)
KALININGRAD = City(39, "Калининград", "Europe/Kaliningrad", "kld", 54.71, 20.51)


@dataclass(frozen=True, slots=True)
class PricedZone:
    """A zone of a hall with its price and its share of buyers; no places means admission."""

    slug: str
    name: str
    price: Decimal
    share: int
    places: int = 0
    disabled: tuple[int, ...] = ()
    """Seats that are not for sale: behind a pillar, under the sound desk."""


@dataclass(frozen=True, slots=True)
class Date:
    """One show: days from today, the venue's local clock, and how well it sells."""

    day: int
    clock: tuple[int, int]
    appeal: float = 1.0
    is_deleted: bool = False
    fill: float = 0.85
    """The share of the hall that is asked for until the show."""
    still_to_come: float = 1.0
    """Factor on the sales after today: a hall that is almost full sells on slowly."""
    is_active: bool = True
    tariffs: tuple[Tariff, ...] = ()
    has_hall: bool = True


@dataclass(frozen=True)
class Production:
    """One event of the bill."""

    name: str
    slug: str
    city: City
    place: str
    age: str
    type_id: int
    zones: tuple[PricedZone, ...]
    dates: tuple[Date, ...]
    minutes: int = 90
    lead_days: int = 70
    is_deleted: bool = False
    tickets: tuple[int, ...] = (24, 43, 18, 11, 4)
    """Weights of one to five tickets an order."""

    @cached_property
    def shares(self) -> tuple[int, ...]:
        """The zones' shares of buyers."""
        return tuple(zone.share for zone in self.zones)

    @cached_property
    def mean_tickets(self) -> float:
        """Tickets of an average order."""
        return sum(n * share for n, share in enumerate(self.tickets, 1)) / sum(self.tickets)

    @cached_property
    def mean_price(self) -> float:
        """Price of an average ticket, without tariffs and reductions."""
        paid = sum(float(zone.price) * zone.share for zone in self.zones)
        return paid / sum(self.shares)


def _hall(
    best: int, good: int, plain: int, pillar: tuple[int, ...] = (), desk: tuple[int, ...] = ()
) -> tuple[PricedZone, ...]:
    return (
        PricedZone("PARTERRE", "Партер", Decimal(best), 30, 24, pillar),
        PricedZone("AMFITEATR", "Амфитеатр", Decimal(good), 45, 30, desk),
        PricedZone("BALKON", "Балкон", Decimal(plain), 25, 36),
    )


def _museum(full: int, child: int) -> tuple[PricedZone, ...]:
    return (
        PricedZone("vhodnoj-bilet", "Входной билет", Decimal(full), 55),
        PricedZone("detskij-bilet", "Детский билет", Decimal(child), 45),
    )


CONCERT_GOERS = (34, 52, 8, 5, 1)
PILLAR, DESK = (0, 23, 24, 47), (43, 44, 45, 46)
WHO = (
    Tariff("full", "Полный"),
    Tariff("child", "Детский", Decimal("0.60")),
    Tariff("social", "Льготный", Decimal("0.50")),
)
PRODUCTIONS: tuple[Production, ...] = (
    Production(
        "Тайна волшебного фонаря", "tajna-volshebnogo-fonarya", MOSCOW_CITY,
        'ДК "Пример"', "6+", 3, _hall(2900, 2200, 1390, PILLAR, DESK),
        (
            Date(-356, (12, 0), 1.1, is_active=False), Date(-95, (12, 0), 1.5),
            Date(-28, (12, 0), 1.5), Date(9, (12, 0), 1.6),
        ),
    ),
    Production(
        "Космическая азбука", "kosmicheskaya-azbuka", MOSCOW_CITY,
        "Павильон «Образец»", "0+", 5, _museum(950, 650),
        (
            Date(-130, (10, 0), 1.2), Date(-62, (10, 0), 1.2),
            Date(5, (10, 0), 1.4), Date(26, (10, 0), 1.3),
        ),
        minutes=600, lead_days=60,
    ),
    Production(
        "Кот, который умел летать", "kot-kotoryj-umel-letat", KAZAN,
        'ДК "Учебный"', "0+", 3, _hall(1900, 1490, 990),
        (
            Date(-349, (11, 0), 0.8, is_active=False), Date(-110, (11, 0), 1.1),
            Date(-44, (11, 0)), Date(12, (11, 0), 1.2),
        ),
    ),
    Production(
        "Сказки старого маяка", "skazki-starogo-mayaka", KALININGRAD,
        "Театр «Условный»", "6+", 3, _hall(1700, 1290, 850),
        (Date(-70, (13, 0), 0.7), Date(16, (13, 0), 0.8)),
    ),
    Production(
        "Динозавры: след в истории", "dinozavry-sled-v-istorii", YEKATERINBURG,
        "Выставочный зал «Показ»", "0+", 5, _museum(790, 550),
        (
            Date(-140, (10, 0)), Date(-52, (10, 0), 1.1),
            Date(-7, (10, 0), 0.0, is_deleted=True), Date(20, (10, 0), 1.2),
        ),
        minutes=540,
    ),
    Production(
        "Оркестр при свечах: музыка кино", "orkestr-pri-svechah", NOVOSIBIRSK,
        "Филармония «Проба»", "12+", 1, _hall(3500, 2600, 1800, desk=DESK),
        (
            Date(-331, (19, 0), 0.7, is_active=False),
            Date(-36, (19, 0), 0.9), Date(33, (19, 0), 0.9),
        ),
        minutes=110, tickets=CONCERT_GOERS,
    ),
    Production(
        "Малыш и северное сияние", "malysh-i-severnoe-siyanie", TOMSK,
        'ДК "Выдуманный"', "0+", 3, _hall(1500, 1190, 790),
        (Date(-20, (11, 0), 0.7), Date(14, (11, 0), 0.8)),
    ),
    Production(
        "Мыльные пузыри: шоу гигантов", "mylnye-puzyri", VLADIVOSTOK,
        "Арена «Модель»", "0+", 3, _hall(2100, 1600, 1100),
        (Date(-12, (14, 0), 0.9), Date(24, (14, 0), 0.9)),
    ),
    Production(
        "Зимний сад: органный вечер", "zimnij-sad", KALININGRAD,
        "Собор «Пример»", "12+", 1, _hall(2400, 1800, 1200),
        (Date(18, (19, 0), 0.04, fill=0.07), Date(82, (19, 0), 0.0, has_hall=False)),
        minutes=80, tickets=CONCERT_GOERS,
    ),
    Production(
        "Рок над Волгой. Акустика", "rok-nad-volgoj", KAZAN,
        "Клуб «Тест»", "16+", 1, _hall(3200, 2500, 1900),
        (Date(-82, (20, 0), 1.1), Date(4, (20, 0), 1.9, fill=1.0, still_to_come=0.08)),
        minutes=120, tickets=CONCERT_GOERS,
    ),
    Production(
        "Ночь в музее света", "noch-v-muzee-sveta", KRASNOYARSK,
        "Музей «Образцовый»", "12+", 5, _museum(1100, 750),
        (Date(-58, (0, 30), 0.6), Date(2, (0, 30), 0.8, fill=1.6), Date(40, (0, 30), 0.7)),
        minutes=150, lead_days=50, tickets=CONCERT_GOERS,
    ),
    Production(
        "Лаборатория чудес", "laboratoriya-chudes", YEKATERINBURG,
        "Центр «Опыт»", "6+", 3, _hall(1600, 1250, 890),
        (
            Date(-338, (12, 0), 0.7, is_active=False), Date(-120, (12, 0), 0.9),
            Date(-5, (12, 0), 0.9), Date(30, (12, 0), tariffs=WHO),
        ),
    ),
    Production(
        "Проба афиши (удалено)", "proba-afishi", MOSCOW_CITY,
        'ДК "Пример"', "0+", 3, _hall(1000, 800, 500),
        (Date(-100, (12, 0), 0.0),), is_deleted=True,
    ),
)  # fmt: skip

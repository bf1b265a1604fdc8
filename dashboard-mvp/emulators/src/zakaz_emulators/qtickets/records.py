"""The truth behind the emulator: events, shows, orders and tickets as small records.

They hold what the ledger and the payloads need; everything else (links, buyers, barcodes) is
derived from the ids when a payload is written, which keeps 20 000 orders in a few megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from zakaz_emulators.clock import MOSCOW as MOSCOW

ZERO = Decimal(0)


def whole(at: datetime) -> datetime:
    """Give an instant as the service keeps it: whole seconds, Moscow's offset."""
    return at.astimezone(MOSCOW).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class City:
    """A city as the service knows it; the zone mapping is coarse."""

    id: int
    name: str
    timezone: str
    slug: str
    latitude: float = 55.75
    longitude: float = 37.62


@dataclass(frozen=True, slots=True)
class Tariff:
    """Another price of the same seats, for other visitors; ``share`` is of the zone's price."""

    code: str
    name: str
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Zone:
    """A price zone of a hall; ``places`` per row, 0 for general admission.

    Seats are numbered from 0; the one seat of an admission zone stands for its whole capacity.
    """

    slug: str
    name: str
    price_id: int
    price: Decimal
    places: int = 0
    capacity: int = 100
    color_theme: str = "5"
    disabled: frozenset[int] = frozenset()
    quota_emails: tuple[str, ...] = ()
    """Buyers for whom the zone's seats are set aside; personal data."""

    @property
    def seats(self) -> range:
        """All seats, the disabled ones included."""
        return range(self.capacity if self.places else 1)

    def seat_id(self, seat: int, tariff: str | None = None) -> str:
        """Give the id of the n-th seat, ``<zone>-<row>;<place>``; a tariff goes before it."""
        row, place = self.position(seat)
        return f"{self.zone_id(tariff)}-{row};{place}"

    def zone_id(self, tariff: str | None = None) -> str:
        """Give the id of the zone, a tariff's own one where there are tariffs."""
        return f"{tariff}_{self.slug}" if tariff else self.slug

    def seat_name(self, seat: int) -> str:
        """Give the human label of the n-th seat."""
        if not self.places:
            return self.name
        row, place = self.position(seat)
        return f"{self.name}: ряд {row}, место {place}"

    def position(self, seat: int) -> tuple[int, int]:
        """Give row and place of the n-th seat, from 1."""
        if not self.places:
            return 1, 1
        row, place = divmod(seat, self.places)
        return row + 1, place + 1


ADMISSION = Zone("vhodnoj-bilet", "Входной билет", 900000, Decimal(500))


@dataclass(slots=True)
class Show:
    """One performance; the service's word is date or session."""

    id: int
    event_id: int
    starts_at: datetime
    finishes_at: datetime
    created_at: datetime
    updated_at: datetime
    name: str = ""
    is_active: bool = True
    sale_starts_at: datetime | None = None
    sale_finishes_at: datetime | None = None
    deleted_at: datetime | None = None
    zones: tuple[Zone, ...] = (ADMISSION,)
    tariffs: tuple[Tariff, ...] = ()
    has_price_range: bool = True

    def is_open(self, now: datetime) -> bool:
        """Tell whether it is neither deleted nor begun; inactive only means closed for sale."""
        return self.deleted_at is None and self.starts_at > now


@dataclass(slots=True)
class Event:
    """Groups the shows of one production in one place."""

    id: int
    name: str
    city: City
    place_name: str
    created_at: datetime
    updated_at: datetime
    shows: list[Show] = field(default_factory=list)
    place_address: str = "ул. Образцовая, 1"
    description: str = ""
    slug: str = "event"
    age: str = "6+"
    event_type_id: int = 3
    currency_id: str = "RUB"
    is_active: bool = True
    deleted_at: datetime | None = None


@dataclass(slots=True)
class Ticket:
    """One line of an order; ``price`` is what the buyer pays for the line."""

    id: int
    show_id: int
    price: Decimal
    original_price: Decimal
    created_at: datetime
    updated_at: datetime
    discount_value: Decimal = ZERO
    service_fee: Decimal = ZERO
    quantity: int = 1
    zone: Zone = ADMISSION
    seat: int = 0
    tariff: str | None = None
    checked_at: datetime | None = None
    deleted_at: datetime | None = None
    refunded_at: datetime | None = None
    refunded_amount: Decimal | None = None
    refunded_deduction: Decimal | None = None


@dataclass(slots=True)
class Order:
    """One order of one event; paid exactly when ``payed_at`` is set."""

    id: int
    client_id: int
    event_id: int
    tickets: list[Ticket]
    created_at: datetime
    updated_at: datetime
    payed_at: datetime | None = None
    deleted_at: datetime | None = None
    currency_id: str = "RUB"
    utm: Mapping[str, str] = field(default_factory=dict)
    discount_id: int | None = None
    promo_code_id: int | None = None
    payment_type_id: str = "card"
    reserve_extended: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """A seat in somebody's basket, not ordered yet; it comes free at ``until``."""

    show_id: int
    zone: str
    seat: int
    until: datetime
    quantity: int = 1
    tariff: str | None = None


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount; its size shows only in the name, as in the service."""

    id: int
    name: str
    created_at: datetime
    event_ids: tuple[int, ...] = ()
    active_to: datetime | None = None
    is_active: bool = True
    deleted_at: datetime | None = None
    show_ids: tuple[int, ...] = ()
    active_from: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PromoCode:
    """A promo code of a discount; codes may be Cyrillic and may repeat."""

    id: int
    discount_id: int
    code: str
    created_at: datetime
    max_uses_count: int = 0
    is_active: bool = True
    deleted_at: datetime | None = None
    active_from: datetime | None = None
    active_to: datetime | None = None
    updated_at: datetime | None = None

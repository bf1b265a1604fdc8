"""The typed rows of the staging tables this room writes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from zakaz.rows import Row


class Order(Row, frozen=True, kw_only=True, gc=False):
    """One order as Qtickets last told it; the buyer is not stored at all.

    Only ``account_id`` and ``order_id`` identify the row. A deleted order stays, with
    ``deleted_at`` set. The five UTM columns are normalised, ``utm_raw`` is what was sent.
    """

    table: ClassVar[str] = "zakaz.stg_qtickets_orders"

    account_id: str
    order_id: str
    event_id: str
    payed: bool
    payed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    currency: str
    price: Decimal
    original_price: Decimal
    discount_id: str
    promo_code_id: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_content: str
    utm_term: str
    utm_raw: str


class Basket(Row, frozen=True, kw_only=True, gc=False):
    """One ticket line of an order; ``price`` is the total of the line after discount."""

    table: ClassVar[str] = "zakaz.stg_qtickets_baskets"

    account_id: str
    basket_id: str
    order_id: str
    event_id: str
    show_id: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    refunded_at: datetime | None
    quantity: int
    original_price: Decimal
    discount_value: Decimal
    price: Decimal
    service_fee: Decimal
    refunded_amount: Decimal
    refunded_deduction_amount: Decimal


class Event(Row, frozen=True, kw_only=True, gc=False):
    """One event: a group of shows in one place."""

    table: ClassVar[str] = "zakaz.stg_qtickets_events"

    account_id: str
    event_id: str
    event_name: str
    city_id: str
    city_name: str
    city_timezone: str
    place_name: str
    currency: str
    is_active: bool
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class Show(Row, frozen=True, kw_only=True, gc=False):
    """One performance; ``event_date`` is its first day on the clock of the venue's city."""

    table: ClassVar[str] = "zakaz.stg_qtickets_shows"

    account_id: str
    show_id: str
    event_id: str
    show_name: str
    starts_at: datetime
    finishes_at: datetime | None
    event_date: date
    sale_starts_at: datetime | None
    sale_finishes_at: datetime | None
    is_active: bool
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class Inventory(Row, frozen=True, kw_only=True, gc=False):
    """The seats of one show as counted at one instant; a snapshot never changes."""

    table: ClassVar[str] = "zakaz.stg_qtickets_inventory"

    account_id: str
    show_id: str
    event_id: str
    snapshot_at: datetime
    seats_total: int
    seats_sold: int
    seats_reserved: int
    seats_left: int


class Discount(Row, frozen=True, kw_only=True, gc=False):
    """One discount; the source names its size in the name only."""

    table: ClassVar[str] = "zakaz.stg_qtickets_discounts"

    account_id: str
    discount_id: str
    discount_name: str
    is_active: bool
    active_from: datetime | None
    active_to: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class PromoCode(Row, frozen=True, kw_only=True, gc=False):
    """One promo code; the same code may be made again under another id."""

    table: ClassVar[str] = "zakaz.stg_qtickets_promo_codes"

    account_id: str
    promo_code_id: str
    discount_id: str
    promo_code: str
    is_active: bool
    max_uses: int
    active_from: datetime | None
    active_to: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


ROW_TYPES: tuple[type[Row], ...] = (Order, Basket, Event, Show, Inventory, Discount, PromoCode)

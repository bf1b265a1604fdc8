"""Rows for staging: a test writes down what matters, the rest is filled in plainly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from zakaz.moscow import MOSCOW
from zakaz.warehouse.port import Warehouse

AT = "2026-02-01 09:00"
_KEYS = """
SELECT concat(database, '.', name), sorting_key FROM system.tables
WHERE database = 'zakaz' AND sorting_key != ''
"""


def msk(text: str) -> datetime:
    """Read a Moscow instant as people write it: 2026-02-10 12:30."""
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


class Staged:
    """Writes rows into the staging tables of one warehouse; every call is a load of its own.

    A later call has a higher version unless ``ver`` says otherwise, so it replaces an earlier row
    of the same key. Cases that stand side by side in one store have an account each.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.account_id = "main"
        self._ver = 0
        self._held: list[tuple[str, dict[str, Any]]] | None = None

    @contextmanager
    def account(self, account_id: str) -> Iterator[Staged]:
        """Write rows of another account inside."""
        before, self.account_id = self.account_id, account_id
        try:
            yield self
        finally:
            self.account_id = before

    @contextmanager
    def together(self) -> Iterator[Staged]:
        """Write what is staged inside as few loads: many rows each, one version of a key."""
        self._held = held = []
        try:
            yield self
        finally:
            self._held = None
        keys = dict(self.warehouse.query(_KEYS).rows)
        versions: Counter[tuple[Any, ...]] = Counter()
        loads: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for table, row in held:
            key = (table, *(row[name] for name in keys[table].split(", ")))
            loads[table, versions[key]].append(row)
            versions[key] += 1
        for (table, _), rows in loads.items():
            self.warehouse.insert(table, {name: [row[name] for row in rows] for name in rows[0]})

    def order(self, order_id: str = "1", **given: Any) -> None:
        """Write a paid order of 10 February 2026."""
        utm = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
        self._write("stg_qtickets_orders", given, {
            "order_id": order_id, "event_id": "e1", "payed": True,
            "payed_at": "2026-02-10 12:00", "created_at": AT, "updated_at": AT,
            "deleted_at": None, "currency": "RUB", "price": "0", "original_price": "0",
            "discount_id": "", "promo_code_id": "", **dict.fromkeys(utm, ""), "utm_raw": "[]",
        })  # fmt: skip

    def basket(self, basket_id: str = "1", **given: Any) -> None:
        """Write one ticket of 1000 roubles that belongs to order 1, show s1, event e1."""
        self._write("stg_qtickets_baskets", given, {
            "basket_id": basket_id, "order_id": "1", "event_id": "e1",
            "show_id": "s1", "created_at": AT, "updated_at": AT, "deleted_at": None,
            "refunded_at": None, "quantity": 1, "original_price": "1000", "discount_value": "0",
            "price": "1000", "service_fee": "0", "refunded_amount": "0",
            "refunded_deduction_amount": "0",
        })  # fmt: skip

    def event(self, event_id: str = "e1", **given: Any) -> None:
        """Write an event in Tomsk."""
        self._write("stg_qtickets_events", given, {
            "event_id": event_id, "event_name": "Ёлка", "city_id": "7",
            "city_name": "Томск", "city_timezone": "Asia/Tomsk", "place_name": "Дворец",
            "currency": "RUB", "is_active": True, "created_at": AT, "updated_at": AT,
            "deleted_at": None,
        })  # fmt: skip

    def show(self, show_id: str = "s1", **given: Any) -> None:
        """Write a show of event e1 on 1 March 2026."""
        self._write("stg_qtickets_shows", given, {
            "show_id": show_id, "event_id": "e1", "show_name": "",
            "starts_at": "2026-03-01 12:00", "finishes_at": None, "event_date": "2026-03-01",
            "sale_starts_at": None, "sale_finishes_at": None, "is_active": True,
            "created_at": AT, "updated_at": AT, "deleted_at": None,
        })  # fmt: skip

    def inventory(self, show_id: str = "s1", **given: Any) -> None:
        """Write a count of the 100 seats of show s1: 60 sold, 10 reserved, 30 left."""
        self._write("stg_qtickets_inventory", given, {
            "show_id": show_id, "event_id": "e1",
            "snapshot_at": "2026-02-10 12:00", "seats_total": 100, "seats_sold": 60,
            "seats_reserved": 10, "seats_left": 30,
        })  # fmt: skip

    def discount(self, discount_id: str = "d1", **given: Any) -> None:
        """Write a discount without limits."""
        self._write("stg_qtickets_discounts", given, {
            "discount_id": discount_id, "discount_name": "Скидка 20%",
            "is_active": True, "active_from": None, "active_to": None, "created_at": AT,
            "updated_at": AT, "deleted_at": None,
        })  # fmt: skip

    def promo_code(self, promo_code_id: str = "p1", **given: Any) -> None:
        """Write a promo code of discount d1."""
        self._write("stg_qtickets_promo_codes", given, {
            "promo_code_id": promo_code_id, "discount_id": "d1",
            "promo_code": "ПРИМЕР20", "is_active": True, "max_uses": 0, "active_from": None,
            "active_to": None, "created_at": AT, "updated_at": AT, "deleted_at": None,
        })  # fmt: skip

    def ads(self, stat_date: str, **given: Any) -> None:
        """Write one banner's day of ad statistics."""
        texts = (
            "ad_plan_id", "ad_plan_name", "ad_group_id", "ad_group_name", "banner_name",
            "objective", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term",
            "utm_raw",
        )  # fmt: skip
        self._write("stg_vk_ads_daily", given, {
            "banner_id": "b1", "stat_date": stat_date,
            **dict.fromkeys(texts, ""), "impressions": 1000, "clicks": 10, "spend": "500",
            "goals": 0, "currency": "RUB", "utm_is_dynamic": False, "is_final": False,
            "is_deleted": False,
        })  # fmt: skip

    def ads_account(self, stat_date: str, **given: Any) -> None:
        """Write what the account itself says of a day, read when that day was over."""
        over = f"{date.fromisoformat(stat_date) + timedelta(days=1)} 09:00"
        self._write("stg_vk_ads_account_daily", {"loaded_at": over} | given, {
            "stat_date": stat_date, "impressions": 1000, "clicks": 10,
            "spend": "500", "goals": 0, "currency": "RUB", "is_final": False,
        })  # fmt: skip

    def plan(self, sales_date: str, **given: Any) -> None:
        """Write the plan of event e1 for a day: 10 tickets, 10 000 roubles."""
        self._write("plan_sales", given, {
            "sales_date": sales_date, "event_id": "e1", "currency": "RUB",
            "plan_tickets": 10, "plan_revenue": "10000", "is_deleted": False,
        })  # fmt: skip

    def ticket(self, order_id: str = "1", basket_id: str | None = None, **given: Any) -> None:
        """Write a paid order with one ticket; ``given`` goes to the ticket."""
        order = {name: given.pop(name) for name in ("payed_at", "currency") if name in given}
        self.order(order_id, **order)
        self.basket(basket_id or order_id, order_id=order_id, **given)

    def _write(self, table: str, given: dict[str, Any], row: dict[str, Any]) -> None:
        row = {"account_id": self.account_id} | row
        unknown = set(given) - set(row) - {"ver", "loaded_at"}
        if unknown:
            raise TypeError(f"{table} has no columns {sorted(unknown)}")
        self._ver += 1
        ver = given.pop("ver", self._ver)
        loaded_at = given.pop("loaded_at", AT)
        values = row | given | {"_ver": ver, "_loaded_at": loaded_at}
        written = {name: _value(name, value) for name, value in values.items()}
        if self._held is not None:
            self._held.append((f"zakaz.{table}", written))
        else:
            columns = {name: [value] for name, value in written.items()}
            self.warehouse.insert(f"zakaz.{table}", columns)


def _value(name: str, value: Any) -> Any:
    """Read the short spellings of tests: money, days and instants as text."""
    if isinstance(value, str):
        if name.endswith("_at"):
            return msk(value)
        if name.endswith("_date"):
            return date.fromisoformat(value)
        if name in _MONEY:
            return Decimal(value)
    return value


_MONEY = {
    "price", "original_price", "discount_value", "service_fee", "refunded_amount",
    "refunded_deduction_amount", "spend", "plan_revenue",
}  # fmt: skip

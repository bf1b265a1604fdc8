"""Invented orders and events in the shape the API sends them, and a list that obeys or does not."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from qtickets_api.client import QticketsClient
from qtickets_api.transform import Stamp
from zakaz.moscow import MOSCOW, api_instant, parse_instant

FETCHED_AT = datetime(2026, 2, 5, 12, 0, tzinfo=MOSCOW)
_COMPARE = {
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def basket(number: int = 15_000_001, **changes: Any) -> dict[str, Any]:
    """Give a paid ticket of 800 roubles; a change to ``...`` takes the field away."""
    return _changed(
        {
            "id": number,
            "show_id": 600001,
            "seat_name": "Партер: ряд 3, место 14",
            "original_price": 1000,
            "discount_value": 200,
            "price": 800,
            "service_fee_amount": 0,
            "quantity": 1,
            "client_email": "buyer1@example.test",
            "client_phone": "+70000000001",
            "created_at": "2026-02-03T19:39:20+03:00",
            "updated_at": "2026-02-03T19:42:10+03:00",
            "deleted_at": None,
            "refunded_at": None,
            "refunded_amount": None,
            "refunded_deduction_amount": None,
        },
        changes,
    )


def order(number: int = 7_000_101, **changes: Any) -> dict[str, Any]:
    """Give a paid order of one ticket; a change to ``...`` takes the field away."""
    return _changed(
        {
            "id": number,
            "payed": True,
            "payed_at": "2026-02-03T19:42:10+03:00",
            "client": {"id": 1, "email": "buyer1@example.test", "details": {"name": "Анна"}},
            "event_id": 80001,
            "price": 800,
            "original_price": 1000,
            "currency_id": "RUB",
            "discount_id": None,
            "promo_code_id": None,
            "utm": [],
            "custom": "",
            "baskets": [basket()],
            "created_at": "2026-02-03T19:40:02+03:00",
            "updated_at": "2026-02-03T19:42:14+03:00",
            "deleted_at": None,
        },
        changes,
    )


def show(number: int = 600_001, **changes: Any) -> dict[str, Any]:
    """Give a show; a change to ``...`` takes the field away."""
    return _changed(
        {
            "id": number,
            "name": "",
            "is_active": 1,
            "sale_start_date": None,
            "sale_finish_date": "2026-03-01T18:00:00+03:00",
            "start_date": "2026-03-01T18:00:00+03:00",
            "finish_date": "2026-03-01T19:30:00+03:00",
            "created_at": "2026-01-10T12:00:00+03:00",
            "updated_at": "2026-01-20T12:00:00+03:00",
            "deleted_at": None,
        },
        changes,
    )


def event(number: int = 80_001, **changes: Any) -> dict[str, Any]:
    """Give an event with one show; a change to ``...`` takes the field away."""
    return _changed(
        {
            "id": number,
            "is_active": 1,
            "name": "Снежная сказка",
            "currency_id": "RUB",
            "place_name": 'ДК "Пример"',
            "city_id": 91,
            "shows": [show()],
            "city": {"id": 91, "name": "Казань", "timezone": "Europe/Moscow"},
            "created_at": "2026-01-10T12:00:00+03:00",
            "updated_at": "2026-01-20T12:00:00+03:00",
            "deleted_at": None,
        },
        changes,
    )


def _changed(value: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = value | changes
    return {name: field for name, field in merged.items() if field is not ...}


def encode(rows: Iterable[Any]) -> list[bytes]:
    """Give rows as the bytes of a page; bytes stay as they are."""
    return [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]


class Shelf:
    """A list of orders behind ``get_json``; ``ignored`` names what it does not understand."""

    def __init__(self, count: int, *, ignored: Iterable[str] = (), per_page: int = 50) -> None:
        began = datetime(2026, 1, 1, tzinfo=MOSCOW)
        self.rows = [
            order(
                number,
                updated_at=api_instant(began + timedelta(hours=number)),
                payed_at=api_instant(began + timedelta(hours=number)),
            )
            for number in range(1, count + 1)
        ]
        self.ignored = set(ignored)
        self.per_page = per_page
        self.asked: list[dict[str, Any]] = []
        self.between: Callable[[Shelf], object] = lambda shelf: None
        self.edit: Callable[[dict[str, Any]], object] = lambda page: None
        self.requests = 0

    def get_json(
        self, path: str, *, body: dict[str, Any], params: dict[str, Any] | None = None
    ) -> bytes:
        """Answer as the service does: what is not understood is ignored without a word."""
        self.requests += 1
        self.asked.append(body)
        if self.requests > 1:
            self.between(self)
        rows = [row for row in self.rows if all(self._obeys(row, c) for c in body.get("where", []))]
        if "perPage" not in self.ignored:
            self.per_page = body["perPage"]
        number = 1 if "page" in self.ignored else body["page"]
        first = (number - 1) * self.per_page
        page = {
            "data": rows[first : first + self.per_page],
            "paging": {"perPage": self.per_page, "currentPage": number, "total": len(rows)},
        }
        self.edit(page)
        return json.dumps(page).encode()

    def _obeys(self, row: dict[str, Any], condition: dict[str, Any]) -> bool:
        column, value = condition["column"], condition["value"]
        if column in self.ignored:
            return True
        have = row[column]
        if have is None:
            return False
        if column.endswith("_at"):
            have, value = parse_instant(have), parse_instant(value)
        return bool(_COMPARE[condition["operator"]](have, value))


@pytest.fixture(scope="session")
def make() -> Any:
    """Give the builders of invented rows under one name."""

    class Make:
        basket = staticmethod(basket)
        order = staticmethod(order)
        show = staticmethod(show)
        event = staticmethod(event)
        encode = staticmethod(encode)
        shelf = Shelf

    return Make


@pytest.fixture
def stamp() -> Stamp:
    """Give the stamp of a page fetched and loaded at a known instant."""
    return Stamp("main", FETCHED_AT, FETCHED_AT)


@pytest.fixture
def client_of() -> Callable[[Shelf], QticketsClient]:
    """Give a client that reads an invented list."""
    return lambda shelf: QticketsClient(shelf, lambda: FETCHED_AT)  # type: ignore[arg-type]

"""Invented pages of ``GET /orders`` as they come from HTTP, with the truth they hold.

Standard library only: the peers read the same files in an environment of their own. About 4 KB an
order, 2.5 tickets, kopecks, refunds, deleted orders; one delivery in twenty is a repetition.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

PER_PAGE = 200
FIRST_ID = 7_000_000
_BEGAN = datetime(2023, 1, 1, 9, tzinfo=timezone(timedelta(hours=3)))
_SPAN = timedelta(days=3 * 365)
_REPEATED = 0.05
_EVENTS = 220
_PRICES = [45_000, 80_050, 99_999, 120_000, 150_000, 199_990, 250_000, 1_050]  # kopecks
_SITE = "https://qtickets.ru"
_TAGS = ["vk", "yandex", "telegram", "email", "партнёр"]
# A value between these marks is written without quotes.
_BARE = ('"<', '>"')


def _bare(name: str) -> str:
    return f"<%({name})s>"


_TICKET = {
    "id": _bare("id"), "series": "880080001", "barcode": _bare("barcode"),
    "show_id": _bare("show"), "seat_id": "PARTERRE-%(row)s;%(place)s",
    "seat_name": "Партер: ряд %(row)s, место %(place)s",
    "original_price": _bare("face"), "ticket_original_price": _bare("face"),
    "discount_value": _bare("discount"), "price": _bare("price"), "ticket_amount": _bare("paid"),
    "service_fee_amount": 0, "multiprice_code": None, "quantity": 1,
    "client_email": "buyer%(client)s@example.test", "client_phone": "+7000%(client)07d",
    "client_name": "Анна", "client_surname": "Примерова", "client_middlename": None,
    "organization_name": None, "legal_name": None, "work_position": None, "inn": None,
    "kpp": None, "comment": None,
    "pdf_url": f"{_SITE}/ticket/pdf/zZ%(id)s/%(secret)032x",
    "passbook_url": f"{_SITE}/ticket/passbook/zZ%(id)s/%(secret)032x",
    "related_baskets": [], "services": [], "checked_at": _bare("checked"),
    "created_at": "%(created)s", "updated_at": "%(updated)s", "deleted_at": _bare("deleted"),
    "refunded_at": _bare("refunded_at"), "refunded_amount": _bare("refunded"),
    "refunded_deduction_amount": _bare("withheld"), "refunds": [],
}  # fmt: skip
_ORDER = {
    "id": _bare("id"), "uniqid": "aB%(id)s", "payed": _bare("payed"),
    "payed_at": _bare("payed_at"), "client_id": _bare("client"),
    "client": {
        "id": _bare("client"), "email": "buyer%(client)s@example.test",
        "details": {
            "id": _bare("client"), "name": "Анна", "middlename": None, "surname": "Примерова",
            "phone": "+7000%(client)07d", "vk_id": "", "facebook_id": "",
        },
    },
    "site_id": 501, "site": {"id": 501, "host": "билеты.example.test"}, "payment_id": 301,
    "payment_type_id": "card", "payment_card_number": "000000******0000",
    "payment_url": f"{_SITE}/pay/aB%(id)s",
    "cancel_url": f"{_SITE}/cancel-order/aB%(id)s/%(secret)032x",
    "basket_user_id": _bare("client"), "backend_user_id": None, "access_code_id": None,
    "discount_id": _bare("discount_id"), "promo_code_id": _bare("promo"), "reserved": False,
    "reserved_to": "%(reserved)s", "reserve_extended": False, "event_id": _bare("event"),
    "price": _bare("price"), "original_price": _bare("face"), "currency_id": "RUB",
    "utm": _bare("utm"), "custom": "", "fields": [], "baskets": ["<%(baskets)s>"], "refunds": [],
    "integrations": [], "created_at": "%(created)s", "updated_at": "%(updated)s",
    "deleted_at": _bare("deleted"),
}  # fmt: skip


def _template(shape: dict[str, Any]) -> str:
    """Give the text of a shape as the service writes it: compact, pure ASCII, slashes escaped."""
    text = json.dumps(shape, separators=(",", ":")).replace("/", "\\/")
    return text.replace(_BARE[0], "").replace(_BARE[1], "")


_TICKET_TEXT = _template(_TICKET)
_ORDER_TEXT = _template(_ORDER)
_UTM_TEXTS = ["[]"] * 5 + [
    json.dumps({"utm_source": tag, "utm_medium": "cpc", "utm_campaign": f"show_{number}"})
    for number, tag in enumerate(_TAGS)
]


@dataclass(slots=True)
class Truth:
    """What the pages hold once every order counts in its newest state only; money in kopecks."""

    delivered: int = 0
    orders: int = 0
    tickets: int = 0
    revenue: int = 0
    bytes: int = 0


@dataclass(slots=True)
class _Order:
    """One order; its tickets' prices are in kopecks."""

    number: int
    created: datetime
    payed: bool
    deleted: bool
    prices: list[int]
    discount: int
    secret: int
    utm: str
    refunded: int = -1  # which ticket
    updated: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.updated = self.created + timedelta(minutes=3)

    def revenue(self) -> int:
        """Give what stays with the organiser."""
        if self.deleted or not self.payed:
            return 0
        kept = [price - self.discount for price in self.prices]
        return sum(kept) - (kept[self.refunded] // 2 if self.refunded >= 0 else 0)

    def text(self) -> str:
        """Write the order as the service does."""
        payed_at = _quoted(self.created + timedelta(minutes=2)) if self.payed else "null"
        deleted = _quoted(self.updated) if self.deleted else "null"
        client = 9_000_000 + self.secret % 700_000
        shared = {"client": client, "secret": self.secret, "deleted": deleted}
        return _ORDER_TEXT % {
            **shared,
            "id": FIRST_ID + self.number,
            "payed": "true" if self.payed else "false",
            "payed_at": payed_at,
            "discount_id": 4401 if self.discount else "null",
            "promo": 55001 if self.discount else "null",
            "reserved": (self.created + timedelta(days=1)).isoformat(),
            "event": 80_000 + self.secret % _EVENTS,
            "price": _money(sum(self.prices) - self.discount * len(self.prices)),
            "face": _money(sum(self.prices)),
            "utm": self.utm,
            "baskets": ",".join(
                _TICKET_TEXT % (shared | self._ticket(place)) for place in range(len(self.prices))
            ),
            "created": self.created.isoformat(),
            "updated": self.updated.isoformat(),
        }

    def _ticket(self, place: int) -> dict[str, Any]:
        price = self.prices[place] - self.discount
        number = 15_000_000 + self.number * 5 + place
        refunded = place == self.refunded
        return {
            "id": number,
            "barcode": "null" if self.deleted else f'"87{number:010d}"',
            "show": 600_000 + self.secret % (_EVENTS * 3),
            "row": 1 + self.secret % 20,
            "place": 1 + (self.secret + place) % 30,
            "face": _money(self.prices[place]),
            "discount": _money(self.discount),
            "price": _money(price),
            "paid": _money(price) if self.payed else 0,
            "checked": "null",
            "created": (self.created - timedelta(seconds=40 - place)).isoformat(),
            "updated": self.updated.isoformat(),
            "refunded_at": _quoted(self.updated) if refunded else "null",
            "refunded": _money(price // 2) if refunded else "0" if self.deleted else "null",
            "withheld": "0" if self.deleted or refunded else "null",
        }


def write_pages(folder: Path, orders: int, *, repeated: float = _REPEATED, seed: int = 1) -> Truth:
    """Write the pages of so many orders as files in reading order; gives their truth."""
    folder.mkdir(parents=True)
    truth = Truth(orders=orders)
    page: list[str] = []
    number = 0
    for order, text in _deliveries(orders, repeated, random.Random(seed)):
        if order is not None:
            truth.tickets += len(order.prices)
            truth.revenue += order.revenue()
        truth.delivered += 1
        page.append(text)
        if len(page) == PER_PAGE:
            number += 1
            truth.bytes += _write(folder, number, page, orders)
            page = []
    if page:
        truth.bytes += _write(folder, number + 1, page, orders)
    return truth


def page_files(folder: Path) -> list[Path]:
    """Give the pages in reading order."""
    return sorted(folder.glob("*.json"))


def fetched_at() -> datetime:
    """Give the instant at which the first page counts as fetched."""
    return datetime(2026, 2, 5, 9, tzinfo=UTC)


def _deliveries(
    orders: int, repeated: float, chance: random.Random
) -> Iterator[tuple[_Order | None, str]]:
    """Give each delivery, with the order where it is the last of its order."""
    waiting: list[_Order] = []
    for number in range(orders):
        order = _order(number, orders, chance)
        if chance.random() < repeated:
            yield None, order.text()
            if chance.random() < 0.5 and order.payed:  # half of them changed meanwhile
                order.refunded = chance.randrange(len(order.prices))
                order.updated += timedelta(days=2)
            waiting.append(order)
        else:
            yield order, order.text()
        if len(waiting) == PER_PAGE:  # they come again a few pages later
            yield from ((again, again.text()) for again in waiting)
            waiting = []
    yield from ((again, again.text()) for again in waiting)


def _order(number: int, orders: int, chance: random.Random) -> _Order:
    lot = chance.random()
    created = _BEGAN + timedelta(seconds=int(_SPAN.total_seconds() * number / orders))
    return _Order(
        number,
        created,
        payed=lot < 0.85,
        deleted=lot > 0.9,
        prices=[chance.choice(_PRICES)] * chance.choice((1, 2, 2, 3, 3, 4)),
        discount=chance.choice((0, 0, 0, 333)),
        secret=chance.getrandbits(60),
        utm=chance.choice(_UTM_TEXTS),
        refunded=0 if lot < 0.02 else -1,
    )


def _write(folder: Path, number: int, rows: list[str], total: int) -> int:
    paging = f'{{"perPage":{PER_PAGE},"currentPage":{number},"total":{total}}}'
    body = f'{{"data":[{",".join(rows)}],"paging":{paging}}}'.encode("ascii")
    (folder / f"page-{number:06d}.json").write_bytes(body)
    return len(body)


def _quoted(at: datetime) -> str:
    return f'"{at.isoformat()}"'


def _money(kopecks: int) -> str:
    whole, rest = divmod(kopecks, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)

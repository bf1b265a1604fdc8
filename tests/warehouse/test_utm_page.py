"""The UTM page over rows of staging, through the real rebuild: figures worked out by hand.

The cases stand side by side in one store: each has an account, and days or currencies of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import marketing_by_hand
import pytest
from marketing_board import NOW, reading
from staged import Staged
from utm_board import Shown, reckoned, whole
from zakaz import facts
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.port import Warehouse
from zakaz_web.utm_panels import TABLES

VK = {"utm_source": "vk", "utm_medium": "cpc", "utm_campaign": "elka-vk-202602"}
MAIL = {"utm_source": "mail", "utm_medium": "email", "utm_campaign": "elka-mail-202602"}
SEEDS = {1: ("GEL", "AMD"), 2: ("USD", "KZT")}


@pytest.fixture(scope="module")
def store(shared: Staged) -> Warehouse:
    """Return the store with all cases, rebuilt once."""
    with shared.together():
        with shared.account("figures"):
            stage_five_orders(shared)
        with shared.account("one"):
            shared.order("1", payed_at="2026-02-20 12:00", **VK)
            shared.basket("1", order_id="1", price="700")
        for seed, (more, less) in SEEDS.items():
            with shared.account(f"drawn {seed}"):
                stage_drawn_orders(shared, Random(seed), (more, more, less))
    facts.rebuild_all(shared.warehouse, at=NOW)
    return shared.warehouse


@pytest.fixture(scope="module")
def board(store: Warehouse) -> Callable[[str], Shown]:
    """Return a maker of the page over all cases."""
    assert isinstance(store, EmbeddedWarehouse)
    opened = reading(store)

    def make(query: str) -> Shown:
        with opened.snapshot() as snapshot:
            return Shown(snapshot, f"rows=all&{query}", NOW)

    return make


def stage_five_orders(staged: Staged) -> None:
    """Write one order twice, one with a returned ticket, one free, one unpaid and one deleted."""
    staged.event()
    staged.show()
    staged.order("1", **VK)
    staged.order("1", **VK)  # a second load, not merged yet
    staged.basket("1", order_id="1", price="700.50")
    staged.basket("2", order_id="1", price="300")
    staged.order("2")
    staged.basket("3", order_id="2", price="500", refunded_at="2026-02-11 10:00",
                  refunded_amount="500")  # fmt: skip
    staged.basket("4", order_id="2", price="500")
    staged.order("3", **MAIL)
    staged.basket("5", order_id="3", price="0")
    staged.order("4", payed=False, payed_at=None, **VK)
    staged.basket("6", order_id="4", price="9000")
    staged.order("5", deleted_at="2026-02-12 10:00", **VK)
    staged.basket("7", order_id="5", price="9000")


def stage_drawn_orders(staged: Staged, random: Random, currencies: tuple[str, ...]) -> None:
    """Draw sixty orders of five days over a month's end."""
    for number in map(str, range(60)):
        tags: dict[str, Any] = {
            "utm_source": random.choice(("", "vk", "yandex")),
            "utm_medium": random.choice(("", "cpc", "social")),
            "utm_campaign": random.choice(("", "elka-vk-202602")),
            "utm_content": random.choice(("", "томск_01_03")),
            "utm_term": random.choice(("", "дети")),
        }
        if random.random() < 0.3:
            tags = {}
        day = random.choice(("01-30", "01-31", "02-01", "02-02", "02-03"))
        order = tags | {"payed_at": f"2026-{day} {random.choice(('00:10', '23:50'))}"}
        order["currency"] = random.choice(currencies)
        for _ in range(random.choice((1, 1, 2))):
            staged.order(number, **order)
        for ticket in range(random.randint(0, 3)):
            price = random.choice(("0", "1000", "2350.40"))
            back = {"refunded_at": "2026-02-06 10:00", "refunded_amount": price}
            refund = back if random.random() < 0.2 else {}
            staged.basket(f"{number}-{ticket}", order_id=number, price=price, **refund)


def test_every_figure_is_worked_out_by_hand(board: Callable[[str], Shown]) -> None:
    """Three orders, one loaded twice, a returned ticket, an unpaid order and a deleted one."""
    shown = board("from=2026-02-10&to=2026-02-10&currency=RUB")
    tiles = shown.tiles()
    assert tiles["revenue"] == Decimal("1500.50")  # 1000.50 + 500 + 0
    assert (tiles["orders"], tiles["tickets"]) == (3, 4)
    assert tiles["average_ticket"] == Decimal("375.13")  # 1500.50 / 4 = 375.125
    assert (tiles["untagged_orders"], tiles["untagged_revenue"]) == (1, Decimal("500.00"))
    assert tiles["untagged_share"] == Decimal("0.3333")
    assert shown.sold("utm_sources") == {
        ("vk",): (1, 2, Decimal("1000.50")),
        ("unknown",): (1, 1, Decimal("500.00")),
        ("mail",): (1, 1, Decimal("0.00")),
    }


def test_one_order_and_none(board: Callable[[str], Shown]) -> None:
    """A day of one order is its figures; the day before it has none, and no ratio."""
    for table, by in TABLES.items():
        rows = board("from=2026-02-20&to=2026-02-20&currency=RUB").sold(table)
        wanted = tuple(VK.get(f"utm_{field}", "unknown") for field in by)
        assert rows == {wanted: (1, 1, Decimal("700.00"))}
    nothing = board("from=2026-02-19&to=2026-02-19&currency=RUB").tiles()
    assert (nothing["orders"], nothing["revenue"]) == (0, Decimal("0.00"))
    assert (nothing["untagged_share"], nothing["average_ticket"]) == (None, None)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_equals_the_calculation_by_hand(
    store: Warehouse, board: Callable[[str], Shown], seed: int
) -> None:
    """Drawn orders of five days over a month's end, in two currencies: each row of each table."""
    ledger = marketing_by_hand.read(store)
    days = date(2026, 1, 1), NOW.date()
    for money in SEEDS[seed]:
        page = board(f"period=all&currency={money}")
        tiles = page.tiles()
        wanted = whole(ledger, days, money)
        assert wanted["orders"]
        assert {name: tiles[name] for name in wanted} == wanted
        for table in TABLES:
            assert page.sold(table) == reckoned(ledger, table, days, money), (money, table)

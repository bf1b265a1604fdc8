"""Every KPI of the marketing views equals a calculation in plain Python from staged rows.

Three drawn weeks lie in one store, each with organisers, ad accounts and currencies of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import marketing_by_hand
import pytest
from marketing_by_hand import TAGS, Figures, Ledger
from staged import Staged, msk
from zakaz import facts
from zakaz.schema import checks
from zakaz.warehouse.port import Warehouse

NOW = msk("2026-03-15 10:00")
FIRST_DAY = date(2026, 1, 29)  # five days across a month end
DAYS = 5
SEEDS = {1: ("RUB", "KZT"), 2: ("USD", "BYN"), 3: ("GEL", "AMD")}
CITIES = {"e1": "Томск", "e2": "Омск", "e3": "Омск", "e4": "Гусь-Хрустальный"}
CONTENTS = ("томск_01_03", "омск_02_03", "омск_03_03", "crea01_скидка", "скидка_01_02", "")
KEYS = {
    "bi.v_vk_ads_daily": ("account_id", "d", "banner_id", "city", "event_id", *TAGS, "currency"),
    "bi.v_marketing_roi_daily": ("d", "city", "currency"),
    "bi.v_romi_daily": ("d", *TAGS, "currency"),
}


@pytest.fixture(scope="module")
def weeks(shared: Staged) -> Warehouse:
    """Return the store with all weeks, rebuilt; no check may fail."""
    with shared.together():
        for event, city in CITIES.items():
            shared.event(event, city_name=city)
        for show, event, day in (("1", "e1", 1), ("2", "e2", 2), ("3", "e2", 3), ("4", "e3", 3)):
            shared.show(show, event_id=event, event_date=f"2026-03-{day:02}")
        for seed in SEEDS:
            stage_a_week(shared, seed)
    facts.rebuild_all(shared.warehouse, at=NOW)
    assert checks.run(shared.warehouse) == []
    return shared.warehouse


@pytest.fixture(scope="module")
def ledger(weeks: Warehouse) -> Ledger:
    """Return the entries that the figures are added up from."""
    return marketing_by_hand.read(weeks)


def stage_a_week(staged: Staged, seed: int) -> None:
    """Draw sales and ads of five days, restated, refunded, deleted and vanished."""
    random = Random(seed)
    more, less = SEEDS[seed]
    for number in range(40):
        stage_order(staged, random, f"{seed}-{number}", (more, more, less))
    for banner, account in ((f"b{n}", random.choice(("a1", "a2"))) for n in range(10)):
        account = f"{account}-{seed}"
        tags = {"utm_source": "vk_ads", "utm_content": random.choice(CONTENTS)}
        currency = random.choice((more, more, less))
        for day in days():
            ad = {"account_id": account, "banner_id": banner, "currency": currency} | tags
            if random.random() < 0.5:
                staged.ads(day, **ad, **drawn(random))  # restated by what follows
            staged.ads(day, **ad, **drawn(random), is_deleted=random.random() < 0.1)


def stage_order(staged: Staged, random: Random, number: str, currencies: tuple[str, ...]) -> None:
    """Write an order of up to three tickets, some refunded or deleted."""
    event = random.choice([*CITIES, "nowhere"])
    minute = random.choice(("00:10", "23:50"))
    order = {
        "event_id": event, "payed_at": f"{random.choice(days())} {minute}",
        "currency": random.choice(currencies), "payed": random.random() < 0.95,
        "deleted_at": random.choice((None,) * 9 + ("2026-02-05 10:00",)),
        "utm_source": random.choice(("", "vk_ads", "email")),
        "utm_content": random.choice(CONTENTS),
    }  # fmt: skip
    staged.order(number, **order)
    for ticket in range(random.randint(0, 3)):
        price = random.choice((0, 1000, 2350.4))
        refund: dict[str, Any] = {}
        if random.random() < 0.3:
            refund = {"refunded_at": "2026-02-06 10:00", "refunded_amount": f"{price / 2:.2f}"}
            refund["refunded_deduction_amount"] = f"{price / random.choice((2, 4)):.2f}"
        staged.basket(
            f"{number}-{ticket}", order_id=number, event_id=event, price=str(price), **refund
        )
    if random.random() < 0.3:
        staged.order(number, **order)  # loaded twice


def days() -> list[str]:
    """Give the days of the week that is staged."""
    return [str(FIRST_DAY + timedelta(days=n)) for n in range(DAYS)]


def drawn(random: Random) -> dict[str, Any]:
    """Draw the figures of one ad's day, zeros among them."""
    return {
        "spend": random.choice(("0", f"{random.randint(1, 99_999) / 100:.2f}")),
        "clicks": random.choice((0, random.randint(1, 50))),
        "impressions": random.choice((0, random.randint(50, 5000))),
        "goals": random.randint(0, 3),
    }


def by_view(rows: list[dict[str, Any]], key: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
    """Give key, sums and ratios of each row of a view."""
    known = [*vars(Figures()), *Figures().ratios()]
    for row in rows:
        yield tuple(row[name] for name in key), {n: row[n] for n in known if n in row}


@pytest.mark.engine
@pytest.mark.parametrize("view", KEYS)
def test_every_kpi_equals_the_calculation_by_hand(
    weeks: Warehouse, ledger: Ledger, view: str
) -> None:
    """Sums to the kopeck and ratios to the last digits, in three views, group by group."""
    key = KEYS[view]
    told = dict(by_view(weeks.query(f"SELECT * FROM {view}").dicts(), key))
    wanted = {
        group: vars(figures) | figures.ratios()
        for group, figures in ledger.grouped(
            lambda place: tuple(place.get(name) for name in key)
        ).items()
        if view != "bi.v_vk_ads_daily" or group[2] is not None
    }
    assert told.keys() == wanted.keys()
    assert {group[-1] for group in told} == {money for pair in SEEDS.values() for money in pair}
    for group, figures in told.items():
        for name, value in figures.items():
            expected = wanted[group][name]
            near = pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected
            assert value == near, (group, name)


@pytest.mark.engine
def test_sums_by_event_and_of_a_whole_period_equal_those_by_hand(
    weeks: Warehouse, ledger: Ledger
) -> None:
    """Spend and revenue of every event, and of everything, as the pages add them up."""
    rows = weeks.query(
        "SELECT event_id, currency, sum(orders) AS orders, sum(revenue) AS revenue,"
        " sum(spend) AS spend FROM bi.v_marketing_daily GROUP BY event_id, currency"
    ).rows
    by_hand = ledger.grouped(lambda place: (place["event_id"], place["currency"]))
    assert {(event, money): figures for event, money, *figures in rows} == {
        group: [one.orders, one.revenue, one.spend] for group, one in by_hand.items()
    }
    assert {"e1", "unknown"} <= {event for event, *_ in rows}

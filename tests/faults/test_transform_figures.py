"""T01, T03–T07: what becomes of good orders on their way to the figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from qtickets_api.__main__ import SOURCE
from trial import Trial
from zakaz_emulators.demo_organisation import demo_organisation
from zakaz_emulators.qtickets import Organisation
from zakaz_emulators.qtickets.sample import SAMPLE_NOW

DAY = timedelta(days=1)
# Their rows tell of the runs themselves, so each further run adds to them.
OF_THE_RUNS = {"v_job_runs", "v_ops_freshness"}


def views(trial: Trial) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every view of the dashboard that tells of sales and events."""
    names = [
        str(name)
        for (name,) in trial.rows(
            "SELECT name FROM system.tables WHERE database = 'bi' ORDER BY name"
        )
    ]
    found = {}
    for name in names:
        if name not in OF_THE_RUNS:
            columns = trial.rows(
                "SELECT name FROM system.columns WHERE database = 'bi' AND table = {view:String}"
                " AND name NOT IN ('_loaded_at', 'snapshot_at') ORDER BY position",
                view=name,
            )
            listed = ", ".join(f"`{column}`" for (column,) in columns)
            found[name] = trial.rows(f"SELECT {listed} FROM bi.{name} ORDER BY ALL")
    return found


def test_t01_a_refund_comes_off_the_day_of_the_sale(fresh: Trial) -> None:
    """Refunded whole, in part, with a deduction and free of charge, net is the ledger's."""
    at = fresh.now - 9 * DAY
    made = [
        fresh.organisation.insert_order(
            event_id=80001, prices=("1000", price), created_at=at + n * DAY
        )
        for n, price in enumerate(("500.50", "333.33", "0", "19.99"))
    ]
    fresh.ends(0, moves=True)
    fresh.equals()
    for order, amount, deduction in zip(
        made, (None, "0.33", None, "5"), (0, 0, 0, "14.99"), strict=True
    ):
        ticket = order.tickets[1].id
        fresh.organisation.refund(
            order.id, tickets=[ticket], amount=amount, deduction=deduction, at=fresh.now
        )
    fresh.ends(0, moves=True)

    fresh.equals()
    whole, part, free, held = (fresh.day(order.payed_at.date()) for order in made)
    assert whole[3] == Decimal("500.50")
    assert part[3] == Decimal("0.33")
    assert free[3] == 0
    assert held[3] == Decimal(5)


def test_t03_the_last_hours_of_a_utc_month_belong_to_the_next_one(fresh: Trial) -> None:
    """An order of 22:30 UTC on 28 February is of 1 March in Moscow, in every view with a day."""
    before = fresh.organisation.orders
    for order in before:
        fresh.organisation.remove_order(order.id)
    at = datetime(2026, 2, 28, 22, 30, tzinfo=UTC)
    fresh.organisation.insert_order(event_id=80002, prices=(700,), created_at=at, payed_at=at)
    fresh.organisation.refund(fresh.organisation.orders[0].id, amount=100, at=at)
    fresh.ends(0, moves=True)
    fresh.equals()

    dated = fresh.rows(
        "SELECT table, name FROM system.columns WHERE database = 'bi'"
        " AND name IN ('d', 'sales_date', 'sales_hour', 'refund_date')"
    )
    assert {"v_sales_daily", "v_sales_hourly"} <= {table for table, _ in dated}
    for table, column in dated:
        found = fresh.rows(f"SELECT DISTINCT toDate({column}), toYYYYMM({column}) FROM bi.{table}")
        assert found in ([], [(date(2026, 3, 1), 202603)]), (table, column)


def test_t04_a_sale_of_an_unknown_event_is_not_lost(fresh: Trial) -> None:
    """Orders of an event that the source does not list count under ``unknown``."""
    event = fresh.organisation.events.pop(80002)
    fresh.ends(0, moves=True)

    fresh.equals()
    (unknown, total) = fresh.rows(
        "SELECT sumIf(revenue, city = 'unknown'), sum(revenue) FROM bi.v_sales_daily"
    )[0]
    assert 0 < unknown < total == fresh.emulator.ledger.totals().net
    fresh.organisation.events[event.id] = event
    fresh.organisation.version += 1
    fresh.ends(0, full_refresh=True)
    fresh.equals()
    assert fresh.rows("SELECT countIf(city = 'unknown') FROM bi.v_sales_daily") == [(0,)]


class TestDemoOrganisation:
    """The believable organiser: refunds, cancellations, promo codes, several cities."""

    @pytest.fixture
    def organisation(self) -> Organisation:
        """Give a small cut of the demo organisation."""
        return demo_organisation(now=SAMPLE_NOW, orders=300)

    def test_t05_every_row_loaded_three_times_counts_once(self, fresh: Trial) -> None:
        """With every row three times in its table, unmerged, every view says what it said."""
        fresh.ends(0, only=())
        fresh.warehouse.execute("SYSTEM STOP MERGES")
        before = views(fresh)
        assert {"v_sales_daily", "v_sales_hourly", "v_events"} <= set(before)
        of_ads = {name for name in before if name.startswith("v_vk_ads")}  # no ad is loaded here
        assert all(before[name] for name in before.keys() - of_ads), "no rows prove nothing"
        again = {"full_refresh": True, "only": ()}
        SOURCE.load(fresh.warehouse, fresh.request(run_id="twice", **again))
        fresh.load(**again)  # and the facts, behind both

        for table in ("orders", "baskets", "events", "shows"):
            ((rows, kept),) = fresh.rows(
                f"SELECT (SELECT count() FROM zakaz.stg_qtickets_{table}),"
                f" (SELECT count() FROM zakaz.stg_qtickets_{table} FINAL)"
            )
            assert rows == 3 * kept, table
        assert views(fresh) == before
        fresh.equals()


def test_t06_an_order_that_moves_to_another_month_is_one_order(fresh: Trial) -> None:
    """A payment corrected from January to February is seen once, and January is empty again."""
    for order in fresh.organisation.orders:
        fresh.organisation.remove_order(order.id)
    january = datetime(2026, 1, 31, 12, tzinfo=UTC)
    made = fresh.organisation.insert_order(
        event_id=80001, prices=(900, 50), created_at=january, payed_at=january
    )
    fresh.ends(0, moves=True)
    fresh.equals()
    made.payed_at = january + 3 * DAY
    fresh.organisation.touch(made.id, fresh.now)
    fresh.ends(0, moves=True)

    fresh.equals()
    assert fresh.rows("SELECT sum(orders), min(d) FROM bi.v_sales_daily") == [(1, date(2026, 2, 3))]
    assert fresh.rows("SELECT count() FROM zakaz.stg_qtickets_orders FINAL") == [(1,)]


def test_t07_two_currencies_are_never_added(fresh: Trial) -> None:
    """Roubles and dollars of one day, event and show stand in rows of their own, in every view."""
    at = fresh.now - 3 * DAY
    for currency, price in (("RUB", 1000), ("USD", 15)):
        fresh.organisation.insert_order(
            event_id=80001, prices=(price,), created_at=at, currency_id=currency
        )
    fresh.ends(0, moves=True)

    fresh.equals()
    money = fresh.rows(
        "SELECT table, min(name) FROM system.columns WHERE database = 'bi'"
        " AND name IN ('gross', 'revenue') GROUP BY table"
    )
    assert {("v_sales_daily", "gross"), ("v_sales_hourly", "gross")} <= set(money)
    for view, amount in money:
        found = fresh.rows(f"SELECT currency, sum({amount}) FROM bi.{view} GROUP BY currency")
        assert ("USD", Decimal(15)) in found or found == [], view

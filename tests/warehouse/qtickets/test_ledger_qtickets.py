"""After any load the dashboard's figures equal the emulator's ledger to the kopeck."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from zakaz_emulators.demo_organisation import demo_organisation
from zakaz_emulators.qtickets import Organisation
from zakaz_emulators.qtickets import faults as broken
from zakaz_emulators.qtickets.sample import SAMPLE_NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestDemoOrganisation:
    """The believable organiser: free tickets, refunds, cancellations, several cities."""

    @pytest.fixture
    def organisation(self) -> Organisation:
        """Give a small cut of the demo organisation."""
        return demo_organisation(now=SAMPLE_NOW, orders=300)

    @pytest.mark.engine
    def test_f1_f2_f3_the_first_load_equals_the_ledger(self, ground: Any) -> None:
        """Figures by day and event are the ledger's, refunds stand on their own day too.

        Cities and names come from the events, and the first and last day from live shows.
        """
        report = ground.load()

        assert ground.sales() == ground.truth()
        assert report.mode == "full-keyset"
        assert not report.incremental
        assert report.received == report.accepted
        found = ground.rows(
            "SELECT d, event_id, currency, sum(refunds_by_refund_date) AS refunded"
            " FROM bi.v_sales_daily GROUP BY d, event_id, currency HAVING refunded != 0"
            " ORDER BY d, toUInt64(event_id)"
        )
        assert found == [
            (row.refund_date, row.event_id, row.currency, row.refunds)
            for row in ground.emulator.ledger.refunds_by_refund_date()
        ]
        assert ground.rows("SELECT count() FROM bi.v_sales_daily WHERE city = 'unknown'") == [(0,)]
        assert ground.rows(
            "SELECT count() FROM bi.v_events WHERE starts_on IS NULL OR ends_on < starts_on"
        ) == [(0,)]

    def test_t05_loading_again_changes_nothing(self, ground: Any) -> None:
        """A second load and a full refresh leave every business column as it was."""
        ground.load()
        before = ground.digest()

        assert ground.load().incremental
        assert ground.digest() == before
        assert not ground.load(full_refresh=True).incremental
        assert ground.digest() == before


def test_e1_e3_e18_f4_one_load_brings_all_pages_unpaid_orders_and_every_ticket(ground: Any) -> None:
    """125 orders in pages of fifty are 125 rows after three requests.

    An order that was never paid is in staging and in no figure. Of a live, a returned and a
    deleted ticket one is sold, two are gross, one is refunded.
    """
    organisation, at = ground.organisation, ground.now - 40 * DAY
    organisation.insert_order(event_id=80001, paid=False)
    order = organisation.insert_order(event_id=80001, prices=(100, 100, 100), created_at=at)
    organisation.refund(order.id, tickets=[order.tickets[1].id])
    organisation.delete_ticket(order.tickets[2].id)
    ground.load()

    counts = "SELECT countIf(NOT payed), count() FROM zakaz.stg_qtickets_orders FINAL"
    assert ground.rows(counts) == [(1, 125)]
    assert len(ground.modes()) == 3
    assert ground.sales() == ground.truth()
    assert ground.day(at.date()) == (1, 1, Decimal(200), Decimal(100), Decimal(100))


def test_e10_what_happened_since_is_loaded(ground: Any) -> None:
    """New, paid, cancelled, restored and repriced orders all reach the figures."""
    organisation = ground.organisation
    reserved = organisation.insert_order(event_id=80001, paid=False)
    ground.load()
    ids = [order.id for order in organisation.orders]
    at = ground.now + HOUR
    organisation.insert_order(event_id=80002, created_at=at, prices=(500, 0, "19.99"))
    organisation.pay(reserved.id, at)
    organisation.cancel(ids[3], at)
    organisation.delete_ticket(organisation.order(ids[5]).tickets[0].id, at)
    organisation.change_price(organisation.order(ids[7]).tickets[0].id, "333.33", at)
    ground.now = at
    report = ground.load(only=("events", "orders"))

    assert (report.mode, report.incremental) == ("updated_at", True)
    assert report.requests == 2
    assert ground.sales() == ground.truth()
    organisation.restore(ids[3], ground.now)
    ground.load()
    assert ground.sales() == ground.truth()


def test_e10_f6_a_refund_changes_the_day_of_the_sale(loaded: Any) -> None:
    """A refund today of an order ten days old changes that day's figures, and only its refunds."""
    sold = loaded.now.date() - 10 * DAY
    order = next(o for o in loaded.organisation.orders if o.payed_at.date() == sold)
    orders, tickets, gross, refunds, net = loaded.day(sold)
    loaded.organisation.refund(order.id, amount="300.50", tickets=[order.tickets[0].id])
    loaded.load()

    back = Decimal("300.50")
    assert loaded.day(sold) == (orders, tickets, gross, refunds + back, net - back)
    assert loaded.sales() == loaded.truth()


def test_e10_an_unseen_refund_is_found_by_the_daily_second_look(ground: Any) -> None:
    """A refund that does not move its order is found on the next day at the latest."""
    ground.environ["QTICKETS_TRAILING_DAYS"] = "3"
    ground.load()
    recent, old = ground.organisation.orders[-4], ground.organisation.orders[2]
    for order in (recent, old):
        ground.organisation.refund(order.id, touch=False)
    assert ground.load().mode == "updated_at"
    assert ground.sales() != ground.truth()
    ground.now += DAY

    assert ground.load().mode == "updated_at"
    assert ground.sales() == ground.truth()


def test_f5_cancelling_the_only_order_of_a_month_empties_it(ground: Any) -> None:
    """The month falls to zero, and stays there when the store is opened again."""
    lonely = ground.now - 70 * DAY
    order = ground.organisation.insert_order(event_id=80001, prices=(700,), created_at=lonely)
    ground.load()
    assert ground.day(lonely.date()) == (1, 1, Decimal(700), Decimal(0), Decimal(700))
    ground.organisation.cancel(order.id)
    report = ground.load()

    assert lonely.year * 100 + lonely.month in report.months
    for _ in range(2):
        month = "SELECT count() FROM bi.v_sales_daily WHERE toYYYYMM(d) = {month:UInt32}"
        assert ground.rows(month, month=lonely.year * 100 + lonely.month) == [(0,)]
        assert ground.sales() == ground.truth()
        ground.close()


def test_f7_two_windows_over_one_day_make_one_total(ground: Any) -> None:
    """Loading overlapping days recounts whole days from staging, never from the window."""
    day = ground.now.date() - 5 * DAY
    first = ground.load(date_from=day - DAY, date_to=day)
    ground.load(date_from=day, date_to=day + DAY)

    assert first.mode == "payed_at"
    wanted = {row[0] for row in ground.truth()} & {day - DAY, day, day + DAY}
    assert ground.sales() == [row for row in ground.truth() if row[0] in wanted]


def test_f8_chosen_days_do_not_count_as_the_first_load(ground: Any) -> None:
    """After a load of chosen days, and after a failed one, everything is still read."""
    ground.load(date_from=ground.now.date())
    assert ground.cursors() != []
    assert not [name for name, _ in ground.cursors() if "/orders/" in name]
    ground.emulator.faults.always(broken.status(503), path="/orders")
    assert ground.sync().exit_code == 75
    ground.emulator.faults.clear()

    assert ground.load().mode == "full-keyset"
    assert ground.sales() == ground.truth()


def test_f9_a_corrected_order_stays_one_order(ground: Any) -> None:
    """A change of price, then another, leaves one row with the last one."""
    order = ground.organisation.orders[-1]
    for price in ("10.10", "20.20"):
        ground.organisation.change_price(order.tickets[0].id, price, ground.now)
        ground.load()

    (row,) = ground.rows(
        "SELECT count(), max(price) FROM zakaz.stg_qtickets_baskets FINAL"
        " WHERE basket_id = {id:String}",
        id=str(order.tickets[0].id),
    )
    assert row == (1, Decimal("20.20"))
    assert ground.sales() == ground.truth()


def test_two_accounts_share_a_store_without_meeting(loaded: Any) -> None:
    """The same ids under another account are other rows with a cursor of their own."""
    loaded.environ["QTICKETS_ACCOUNT_ID"] = "second"
    assert loaded.load().mode == "full-keyset"

    per_account = loaded.rows(
        "SELECT account_id, sum(revenue) FROM bi.v_sales_daily GROUP BY account_id ORDER BY 1"
    )
    net = loaded.emulator.ledger.totals().net
    assert per_account == [("main", net), ("second", net)]

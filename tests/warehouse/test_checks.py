"""The checks of ``zakaz verify`` name what was planted, and nothing in a sound store."""

from __future__ import annotations

import pytest
from staged import Staged, msk
from zakaz import facts
from zakaz.schema import checks

pytestmark = pytest.mark.engine

NOW = msk("2026-03-15 10:00")
LATER = msk("2026-03-15 10:30")


def test_the_checks_see_a_fact_that_lost_a_row_and_spend_that_got_lost(staged: Staged) -> None:
    """A lost day, a doubled row and a forgotten twin are each named, of sales and of ads.

    So is a fact whose staging is empty.
    """
    warehouse = staged.warehouse
    staged.ticket("1")
    staged.ads("2026-02-10")
    facts.rebuild_all(warehouse, at=NOW)
    assert checks.run(warehouse) == []
    doubled = ("fact_qtickets_sales_daily", "fact_ads_daily")
    for fact in doubled:
        for place in (fact, f"{fact}_next"):
            warehouse.execute(f"INSERT INTO zakaz.{place} SELECT * FROM zakaz.{fact} LIMIT 1")
    warehouse.execute("ALTER TABLE zakaz.fact_qtickets_sales_hourly DROP PARTITION 202602")
    found = {failure.name: failure.rows for failure in checks.run(warehouse)}
    assert found == {
        "fact_hourly_equals_daily": 1,
        "facts_hold_each_key_once": 2,
        "twins_are_empty": 2,
    }
    for fact in doubled:
        warehouse.execute(f"ALTER TABLE zakaz.{fact} DROP PARTITION 202602")
    failures = {failure.name: str(failure) for failure in checks.run(warehouse)}
    assert "month 202602" in failures["fact_daily_equals_staging"]
    assert "month 202602" in failures["fact_ads_daily_equals_staging"]
    for fact in doubled:
        warehouse.execute(f"INSERT INTO zakaz.{fact} SELECT * FROM zakaz.{fact}_next")
    for staging in ("stg_vk_ads_daily", "stg_qtickets_orders", "stg_qtickets_baskets"):
        warehouse.execute(f"TRUNCATE TABLE zakaz.{staging}")
    assert {
        "ads_views_keep_the_spend": 4,
        "fact_ads_daily_equals_staging": 1,
        "fact_daily_equals_staging": 1,
        "fact_hourly_equals_daily": 1,
    }.items() <= {failure.name: failure.rows for failure in checks.run(warehouse)}.items()


def test_the_checks_see_bad_staging(staged: Staged) -> None:
    """A paid order without a date, a lone ticket, and a key in two partitions are each named."""
    staged.order("1", payed_at=None)
    staged.basket("5", order_id="nowhere")
    staged.order("2", created_at="2026-01-31 09:00")
    staged.order("2", created_at="2026-02-01 09:00")
    names = {failure.name for failure in checks.run(staged.warehouse)}
    assert {
        "baskets_have_an_order",
        "paid_orders_have_a_payment_date",
        "staging_keys_stay_in_one_month",
    } <= names


def test_the_checks_see_lost_codes_and_unsound_counts(staged: Staged) -> None:
    """A sale by code that got lost and a hall with more seats counted than it has are named."""
    staged.order("1", promo_code_id="p1")
    staged.basket("1")
    staged.inventory("s1")
    facts.rebuild_all(staged.warehouse, at=NOW)
    assert checks.run(staged.warehouse) == []

    fact = "zakaz.fact_qtickets_promo_codes_daily"
    staged.warehouse.execute(f"ALTER TABLE {fact} DROP PARTITION 202602")
    staged.inventory("s2", seats_sold=90)
    facts.rebuild_dirty(staged.warehouse, at=LATER)
    staged.inventory("s1", snapshot_at="2026-02-11 12:00")
    failures = {failure.name: failure.rows for failure in checks.run(staged.warehouse)}
    assert failures == {"fact_promo_codes_equals_staging": 1, "inventory_counts_are_sound": 2}

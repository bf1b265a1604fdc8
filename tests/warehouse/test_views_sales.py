"""The sales views: golden data through the real rebuild, with nothing merged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from staged import Staged, msk
from zakaz import facts
from zakaz.schema import sources
from zakaz.warehouse.embedded import EmbeddedWarehouse

pytestmark = pytest.mark.engine

NOW = msk("2026-03-15 10:00")
VIEWS = [file.name for file in sources.views()]


def test_a17_every_view_answers_empty_and_filled(staged: Staged) -> None:
    """SELECT works right after bootstrap and again with data in every table."""
    for view in VIEWS:
        staged.warehouse.query(f"SELECT * FROM {view} LIMIT 0")
    staged.event()
    staged.show()
    staged.order(promo_code_id="p1")
    staged.basket()
    staged.inventory()
    staged.ads("2026-02-10", utm_content="томск_01_03")
    staged.ads_account("2026-02-10")
    facts.rebuild_all(staged.warehouse, at=NOW)
    found = {view: len(staged.warehouse.query(f"SELECT * FROM {view}").rows) for view in VIEWS}
    both_sides = {"bi.v_marketing_daily": 2, "bi.v_romi_daily": 2, "bi.v_ops_freshness": 2}
    assert found == dict.fromkeys(VIEWS, 1) | both_sides | {"bi.v_job_runs": 0}


@pytest.mark.parametrize("view", VIEWS)
def test_a20_a_view_gives_the_types_it_declares(emptied: EmbeddedWarehouse, view: str) -> None:
    """Names and types of every column are those written in the view's file."""
    (statement,) = next(file for file in sources.views() if file.name == view).parts
    assert statement.view is not None
    declared = [(column.name, column.type) for column in statement.view.columns]
    found = emptied.query(f"SELECT * FROM {view} LIMIT 0")
    live = emptied.query(f"DESCRIBE TABLE {view}").rows
    assert declared == [(name, kind) for name, kind, *_ in live]
    assert [name for name, _ in declared] == list(found.columns)


@pytest.mark.parametrize("view", ["bi.v_sales_daily", "bi.v_sales_hourly", "bi.v_events"])
def test_sales_views_are_empty_on_an_empty_store(emptied: EmbeddedWarehouse, view: str) -> None:
    """No event, no row."""
    assert emptied.query(f"SELECT * FROM {view}").rows == []


def test_one_sale_fills_every_column_of_the_daily_view(staged: Staged) -> None:
    """Golden row: names, city, show day and money of one ticket."""
    staged.event()
    staged.show(event_date="2026-03-01")
    staged.ticket(price="999.90")
    facts.rebuild_all(staged.warehouse, at=NOW)
    (row,) = staged.warehouse.query("SELECT * FROM bi.v_sales_daily").dicts()
    money = Decimal("999.90")
    assert {
        "d": date(2026, 2, 10), "account_id": "main", "event_date": date(2026, 3, 1),
        "city": "томск", "city_name": "Томск", "event_id": "e1", "event_name": "Ёлка",
        "show_id": "s1", "orders": 1, "tickets_sold": 1, "gross": money, "refunds": Decimal(0),
        "revenue": money, "refunds_by_refund_date": Decimal(0), "currency": "RUB",
        "_loaded_at": NOW,
    } == row  # fmt: skip


def test_one_sale_fills_every_column_of_the_hourly_view(staged: Staged) -> None:
    """Golden row: the hour of payment in Moscow."""
    staged.event()
    staged.ticket(payed_at="2026-02-10 23:59", price="10.01")
    facts.rebuild_all(staged.warehouse, at=NOW)
    (row,) = staged.warehouse.query("SELECT * FROM bi.v_sales_hourly").dicts()
    money = Decimal("10.01")
    assert {
        "sales_hour": msk("2026-02-10 23:00"), "account_id": "main", "city": "томск",
        "city_name": "Томск", "event_id": "e1", "event_name": "Ёлка", "show_id": "s1",
        "orders": 1, "tickets_sold": 1, "gross": money, "refunds": Decimal(0), "revenue": money,
        "currency": "RUB",
    } == row  # fmt: skip


def test_several_events_on_one_day_are_one_row_each(staged: Staged) -> None:
    """Three events with two shows each: six rows, and the sums of the parts are the whole."""
    for event in ("1", "2", "3"):
        staged.event(event, city_name="Томск")
        for show in ("a", "b"):
            staged.show(event + show, event_id=event)
            staged.ticket(
                event + str(ord(show)), event_id=event, show_id=event + show, price="100.10"
            )
    facts.rebuild_all(staged.warehouse, at=NOW)
    rows = staged.warehouse.query(
        "SELECT count(), sum(orders), sum(tickets_sold), sum(revenue) FROM bi.v_sales_daily"
    ).rows
    assert [(6, 6, 6, Decimal("600.60"))] == rows


def test_t04_a_sale_of_an_unknown_event_is_not_lost(staged: Staged) -> None:
    """F2, H8: it stands under the city unknown with an empty name, and totals are equal."""
    staged.event("e1")
    staged.ticket("1", event_id="e1", price="300")
    staged.ticket("2", event_id="nowhere", show_id="no-show", price="700")
    facts.rebuild_all(staged.warehouse, at=NOW)
    for view in ("bi.v_sales_daily", "bi.v_sales_hourly"):
        rows = staged.warehouse.query(
            f"SELECT city, city_name, event_name, sum(revenue) FROM {view}"
            " GROUP BY ALL ORDER BY city"
        ).rows
        assert [
            ("unknown", "", "", Decimal(700)),
            ("томск", "Томск", "Ёлка", Decimal(300)),
        ] == rows, view


def test_a_sale_of_an_unknown_show_has_no_event_date(staged: Staged) -> None:
    """H2: nothing known is NULL, never 1970."""
    staged.ticket(show_id="no-show")
    facts.rebuild_all(staged.warehouse, at=NOW)
    assert staged.warehouse.query("SELECT event_date FROM bi.v_sales_daily").scalar() is None


def test_readers_may_switch_to_null_joins(staged: Staged) -> None:
    """A client that sends join_use_nulls=1, as DataLens may, gets the same answer."""
    staged.ticket(event_id="nowhere")
    facts.rebuild_all(staged.warehouse, at=NOW)
    for view in ("bi.v_sales_daily", "bi.v_sales_hourly", "bi.v_events"):
        plain = staged.warehouse.query(f"SELECT * FROM {view}").rows
        asked = staged.warehouse.query(f"SELECT * FROM {view} SETTINGS join_use_nulls = 1").rows
        assert plain == asked, view


def test_h7_unmerged_duplicates_never_double_a_view(staged: Staged) -> None:
    """The same rows of facts and dimensions written three times read as one."""
    staged.event()
    staged.show()
    staged.ticket()
    facts.rebuild_all(staged.warehouse, at=NOW)
    tables = [
        "fact_qtickets_sales_daily", "fact_qtickets_sales_hourly", "dim_events", "dim_shows",
    ]  # fmt: skip
    for table in tables * 2:
        staged.warehouse.execute(f"INSERT INTO zakaz.{table} SELECT * FROM zakaz.{table} LIMIT 1")
        assert staged.warehouse.query(f"SELECT count() FROM zakaz.{table}").scalar() > 1
    for view in ("bi.v_sales_daily", "bi.v_sales_hourly"):
        rows = staged.warehouse.query(f"SELECT orders, revenue FROM {view}").rows
        assert [(1, Decimal(1000))] == rows
    assert staged.warehouse.query("SELECT count() FROM bi.v_events").scalar() == 1


def test_t07_two_currencies_on_one_day_are_two_rows(staged: Staged) -> None:
    """F13, H12: no view adds roubles to dollars."""
    staged.ticket("1", currency="RUB", price="1000")
    staged.ticket("2", currency="USD", price="10")
    facts.rebuild_all(staged.warehouse, at=NOW)
    for view in ("bi.v_sales_daily", "bi.v_sales_hourly"):
        rows = staged.warehouse.query(
            f"SELECT currency, revenue FROM {view} ORDER BY currency"
        ).rows
        assert [("RUB", Decimal(1000)), ("USD", Decimal(10))] == rows


def test_a_filter_by_day_reads_only_its_month(staged: Staged) -> None:
    """H18: the day filter of a page reaches the partitions under the view."""
    for number, month in enumerate(("2026-01", "2026-02", "2026-03")):
        staged.ticket(str(number), payed_at=f"{month}-10 12:00")
    facts.rebuild_all(staged.warehouse, at=NOW)
    plan = staged.warehouse.query(
        "EXPLAIN indexes = 1 SELECT sum(revenue) FROM bi.v_sales_daily"
        " WHERE d BETWEEN '2026-02-01' AND '2026-02-28'"
    ).rows
    assert "Parts: 1/3" in " ".join(line.strip(" │") for (line,) in plan)

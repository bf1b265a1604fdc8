"""Which months are rebuilt: the dirty ones, whole, in runs, and again after a cut."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from staged import Staged, msk
from zakaz import dirty_months, facts
from zakaz.errors import WarehouseError
from zakaz.schema import checks
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.port import Table

NOW = msk("2026-03-15 10:00")
LATER = msk("2026-03-15 11:00")


def by_month(warehouse: EmbeddedWarehouse) -> dict[int, tuple[int, Decimal]]:
    """Return orders and revenue of each month that has rows in the view."""
    rows = warehouse.query(
        "SELECT toYYYYMM(d) AS month, sum(orders), sum(revenue) FROM bi.v_sales_daily"
        " GROUP BY month ORDER BY month"
    ).rows
    return {month: (orders, revenue) for month, orders, revenue in rows}


def ad_months(warehouse: EmbeddedWarehouse) -> list[int]:
    """Return the months the fact of ads has rows of."""
    rows = warehouse.query(
        "SELECT DISTINCT toYYYYMM(stat_date) AS month FROM zakaz.fact_ads_daily ORDER BY month"
    ).rows
    return [month for (month,) in rows]


def rebuild(warehouse: EmbeddedWarehouse, *months: int) -> list[int]:
    """Mark months dirty and rebuild them."""
    dirty_months.record(warehouse, months, NOW)
    return facts.rebuild_dirty(warehouse, at=LATER)


@pytest.mark.engine
def test_only_dirty_months_are_rebuilt_and_then_clean(staged: Staged) -> None:
    """A month that nobody marked keeps its facts of sales and ads; a rebuilt one is clean."""
    warehouse = staged.warehouse
    for number, month in enumerate(("2026-01", "2026-02")):
        staged.ticket(str(number), payed_at=f"{month}-20 12:00")
        staged.ads(f"{month}-20")
    assert rebuild(warehouse, 202602) == [202602]
    assert by_month(warehouse) == {202602: (1, Decimal(1000))}
    assert ad_months(warehouse) == [202602]
    assert dirty_months.pending(warehouse) == []
    assert facts.rebuild_dirty(warehouse, at=LATER) == []
    assert rebuild(warehouse, 202601) == [202601]
    assert checks.run(warehouse) == []
    both = {202601: (1, Decimal(1000)), 202602: (1, Decimal(1000))}
    assert (by_month(warehouse), ad_months(warehouse)) == (both, [202601, 202602])
    staged.ads("2026-01-20", is_deleted=True)
    assert rebuild(warehouse, 202601) == [202601]
    assert (by_month(warehouse), ad_months(warehouse)) == (both, [202602])
    warehouse.close()
    with EmbeddedWarehouse(warehouse.folder) as reopened:
        assert (by_month(reopened), ad_months(reopened)) == (both, [202602])


class CutBefore:
    """A warehouse that dies before the first statement holding a text."""

    def __init__(self, warehouse: EmbeddedWarehouse, text: str) -> None:
        self._warehouse = warehouse
        self._text = text
        self.backend = warehouse.backend
        self.insert = warehouse.insert

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Die or pass on."""
        if self._text in sql:
            raise WarehouseError("cut by the test")
        self._warehouse.execute(sql, params)

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Pass on."""
        return self._warehouse.query(sql, params)


CUT = [
    "INSERT INTO zakaz.fact_qtickets_sales_daily_next",
    "ALTER TABLE zakaz.fact_qtickets_sales_daily DROP",
    "INSERT INTO zakaz.fact_qtickets_sales_hourly_next",
]
CUT_LAST = ["ALTER TABLE zakaz.fact_qtickets_sales_hourly DROP"]


@pytest.mark.parametrize(
    "texts", [CUT, pytest.param(CUT_LAST, marks=pytest.mark.engine)], ids=["before", "last"]
)
def test_a_rebuild_cut_anywhere_is_repeated_whole(staged: Staged, texts: list[str]) -> None:
    """The month stays dirty until all facts were swapped, so the next rebuild mends it."""
    warehouse = staged.warehouse
    staged.ticket("1")
    rebuild(warehouse, 202602)
    for orders, text in enumerate(texts, start=2):
        staged.ticket(str(orders))
        dirty_months.record(warehouse, [202602], NOW)
        with pytest.raises(WarehouseError, match="cut by the test"):
            facts.rebuild_dirty(CutBefore(warehouse, text), at=LATER)  # type: ignore[arg-type]
        assert dirty_months.pending(warehouse) == [202602], text
        assert facts.rebuild_dirty(warehouse, at=LATER) == [202602], text
        assert checks.run(warehouse) == [], text
        assert by_month(warehouse) == {202602: (orders, Decimal(1000) * orders)}, text


TWO = [202412, 202501]
FEW = [202411, *TWO, 202512, 202601, 202607]
YEARS = [202411, 202412, *range(202501, 202513), 202601, 202607]


@pytest.mark.parametrize(
    "runs",
    [[(1, TWO), (2, FEW)], pytest.param([(60_000, YEARS)], marks=pytest.mark.engine)],
    ids=["cut", "whole"],
)
def test_years_of_months_are_rebuilt_in_runs(
    staged: Staged, monkeypatch: pytest.MonkeyPatch, runs: list[tuple[int, list[int]]]
) -> None:
    """Runs with gaps, across two turns of the year, cut or not, end in one row a month."""
    for orders_at_once, months in runs:
        monkeypatch.setattr(facts, "ORDERS_AT_ONCE", orders_at_once)
        with staged.together():
            for month in months:  # at another price each time, so that every row is a new one
                day = f"{month // 100}-{month % 100:02}-10 12:00"
                staged.ticket(str(month), payed_at=day, price=str(orders_at_once))
        assert facts.rebuild_all(staged.warehouse, at=NOW) == months
        expected = dict.fromkeys(months, (1, Decimal(orders_at_once)))
        assert by_month(staged.warehouse) == expected, orders_at_once
        assert checks.run(staged.warehouse) == []


@pytest.mark.engine
def test_a28_a_month_long_past_can_be_rebuilt(staged: Staged) -> None:
    """Staging has no TTL: facts of any month come back from it."""
    staged.ticket(payed_at="2021-05-10 12:00", created_at="2021-05-01 09:00")
    assert facts.rebuild_all(staged.warehouse, at=NOW) == [202105]
    assert {202105: (1, Decimal(1000))} == by_month(staged.warehouse)
    with_ttl = "SELECT count() FROM system.tables WHERE database = 'zakaz' AND engine_full LIKE "
    assert staged.warehouse.query(with_ttl + "'%TTL%'").scalar() == 0


@pytest.mark.engine
def test_partitions_far_apart_are_found(staged: Staged) -> None:
    """An order made long before its payment, a late ticket, and a refund of the year after."""
    staged.order("1", created_at="2024-03-01 09:00", payed_at="2026-02-10 12:00")
    staged.basket("1", order_id="1", created_at="2024-03-01 09:00")
    staged.basket("2", order_id="1", created_at="2026-04-01 09:00", price="500")
    staged.order("2", created_at="2025-06-01 09:00", payed_at="2025-06-01 09:05")
    staged.basket(
        "3",
        order_id="2",
        created_at="2025-06-01 09:00",
        refunded_at="2026-02-20 10:00",
        refunded_amount="300",
    )
    for month in (202506, 202602):
        dirty_months.record(staged.warehouse, [month], NOW)
        assert facts.rebuild_dirty(staged.warehouse, at=LATER) == [month]
    assert checks.run(staged.warehouse) == []
    assert by_month(staged.warehouse) == {
        202506: (1, Decimal(700)),
        202602: (1, Decimal(1500)),
    }
    paid_out = staged.warehouse.query(
        "SELECT toString(d), refunds_by_refund_date FROM bi.v_sales_daily"
        " WHERE refunds_by_refund_date != 0"
    ).rows
    assert paid_out == [("2026-02-20", Decimal(300))]


@pytest.mark.engine
def test_h5_without_a_dictionary_cities_keep_their_names_and_spend_is_unknown(
    staged: Staged,
) -> None:
    """An empty dictionary costs no city and no rouble: spend is under unknown, none under ''."""
    staged.warehouse.execute("TRUNCATE TABLE zakaz.dim_city_alias")
    staged.event(city_name="Томск")
    staged.show()
    staged.ads("2026-02-10", utm_content="томск_01_03")
    facts.rebuild_all(staged.warehouse, at=NOW)
    assert checks.run(staged.warehouse) == []
    assert staged.warehouse.query("SELECT city FROM bi.v_events").rows == [("томск",)]
    spend = "SELECT city, event_id, spend FROM zakaz.fact_ads_daily"
    assert staged.warehouse.query(spend).rows == [("unknown", "", 500)]


@pytest.mark.engine
def test_dimensions_that_became_empty_are_emptied(staged: Staged) -> None:
    """A whole rebuild leaves nothing of before, though there is nothing to compute any more."""
    staged.event()
    staged.show()
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    filled = "SELECT count() FROM zakaz.{}".format
    for table in ("dim_events", "dim_shows"):
        assert staged.warehouse.query(filled(table)).scalar() == 1
    for table in ("stg_qtickets_events", "stg_qtickets_shows"):
        staged.warehouse.execute(f"TRUNCATE TABLE zakaz.{table}")
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    for table in ("dim_events", "dim_shows"):
        assert staged.warehouse.query(filled(table)).scalar() == 0

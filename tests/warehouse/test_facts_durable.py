"""A rebuilt fact is the same fact after the store is opened again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from staged import Staged, msk
from zakaz import dirty_months, facts
from zakaz.warehouse.embedded import EmbeddedWarehouse

pytestmark = pytest.mark.engine

TOTALS = "SELECT sum(orders), sum(revenue) FROM bi.v_sales_daily"
EVENTS = "SELECT count(), any(event_name) FROM zakaz.dim_events"


def test_a_month_rebuilt_many_times_is_counted_once_after_reopening(
    staged: Staged,
) -> None:
    """On 24.8 a replaced partition alone comes back from disk; ours stay replaced."""
    staged.event("e1", event_name="Ёлка")
    for source in ("vk", "site", "mail"):
        staged.ticket("1", payed_at="2026-02-10 12:00")
        staged.order("1", utm_source=source)  # its row has another key each time
        dirty_months.record(staged.warehouse, [202602], msk("2026-03-15 10:00"))
        facts.rebuild_dirty(staged.warehouse, at=msk("2026-03-15 11:00"))
    wanted = staged.warehouse.query(TOTALS).rows
    assert wanted == [(1, Decimal(1000))]
    assert staged.warehouse.query(EVENTS).rows == [(1, "Ёлка")]
    staged.warehouse.close()
    for _ in range(2):
        with EmbeddedWarehouse(staged.warehouse.folder) as reopened:
            assert reopened.query(TOTALS).rows == wanted
            assert reopened.query(EVENTS).rows == [(1, "Ёлка")]

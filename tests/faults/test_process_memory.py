"""X05: a long list streams through; nothing of it piles up."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from qtickets_api.staging import ROWS_PER_INSERT
from trial import Trial
from zakaz_emulators.qtickets import Organisation, small_organisation
from zakaz_emulators.qtickets.records import MOSCOW
from zakaz_emulators.wire import Response

ORDERS = 6 * ROWS_PER_INSERT
# The program says how much memory it has needed so far, each time a batch is stored.
MEASURED = """
import resource, sys
from zakaz import manifest
record = manifest.record
def recorded(*given, **more):
    record(*given, **more)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print("peak", peak // (1024**2 if sys.platform == "darwin" else 1024), file=sys.stderr)
manifest.record = recorded
from qtickets_api.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
AT = b'"created_at":"%s","updated_at":"%s"'
ORDER = (
    b'{"id":%d,"event_id":80001,"payed":true,"payed_at":"%s",' + AT + b',"price":1000,'
    b'"original_price":1000,"currency_id":"RUB","utm":[],"baskets":[{"id":%d0,"show_id":800010,'
    b'"quantity":1,"price":1000,"original_price":1000,' + AT + b"}]}"
)


@pytest.fixture
def organisation() -> Organisation:
    """Give two events; the orders are written by the endless list below."""
    return small_organisation(0, now=datetime.now(MOSCOW))


def endless(began: datetime) -> Any:
    """Give a fault that answers with a list of six batches of orders, written as it is read."""

    def answer(request: Any, _honest: Any) -> Response:
        asked = json.loads(request.body)
        behind = [where["value"] for where in asked.get("where", ()) if where["column"] == "id"]
        first, many = max(behind, default=0) + 1, asked["perPage"]
        rows = []
        for number in range(first, min(first + many, ORDERS + 1)):
            at = (began + timedelta(seconds=30 * number)).isoformat().encode()
            rows.append(ORDER % (number, at, at, at, number, at, at))
        paging = b'{"perPage":%d,"currentPage":1,"total":%d}' % (many, ORDERS - first + 1)
        return Response(200, b'{"data":[%s],"paging":%s}' % (b",".join(rows), paging))

    return answer


def test_x05_memory_does_not_grow_with_the_list(fresh: Trial) -> None:
    """From the first batch of orders to the last of six the peak hardly moves.

    A million in 256 MiB beside the engine's own need is measured by the bench.
    """
    fresh.environ["QTICKETS_PAGE_SIZE"] = "1000"
    began = datetime.now(MOSCOW).replace(microsecond=0) - timedelta(days=60)
    fresh.faults.always(endless(began), path="/orders")
    done = fresh.command(program=MEASURED)

    assert done.returncode == 0, done.stderr
    peaks = [int(line.split()[1]) for line in done.stderr.splitlines() if line.startswith("peak")]
    batches = peaks[1 : 1 + ORDERS // ROWS_PER_INSERT]  # the first batch is that of the events
    assert len(batches) == ORDERS // ROWS_PER_INSERT
    assert batches[-1] - batches[0] < 20, peaks  # keeping the rows takes 35
    assert fresh.rows("SELECT sum(orders), sum(revenue) FROM bi.v_sales_daily") == [
        (ORDERS, ORDERS * 1000)
    ]

"""What the source no longer has: taken away without a mark, it would count as sold for ever.

Qtickets marks what it deletes. Should a ticket or an order disappear all the same, it gets the mark
here: a copy of its newest row with ``deleted_at`` and the fetch instant in its version, so that
the thing comes back to life when the source sends it again.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime

from zakaz import dirty_months
from zakaz.errors import PermanentSourceError
from zakaz.source import SyncReport
from zakaz.warehouse.port import Warehouse

from qtickets_api.client import Page, QticketsClient
from qtickets_api.stored import months_of_orders

_NOT_THERE = 404
_IDS_PER_LOOKUP = 1_000
_IDS_PER_RANGE = 50_000
# More orders than this do not disappear: rather the list was not what it seemed.
_MOST_VANISHED = 100

_LIVE_TICKETS = """
SELECT basket_id FROM zakaz.stg_qtickets_baskets FINAL
WHERE account_id = {account_id:String} AND deleted_at IS NULL
    AND order_id IN {order_ids:Array(String)}
SETTINGS do_not_merge_across_partitions_select_final = 1
"""
_LIVE_ORDERS = """
SELECT toUInt64OrZero(order_id) AS number FROM zakaz.stg_qtickets_orders FINAL
WHERE account_id = {account_id:String} AND deleted_at IS NULL
    AND number BETWEEN {first:UInt64} AND {last:UInt64}
ORDER BY number
SETTINGS do_not_merge_across_partitions_select_final = 1
"""
_BURY = """
INSERT INTO zakaz.{table}
SELECT * REPLACE (
    {{at:DateTime('Europe/Moscow')}} AS deleted_at,
    bitOr(bitAnd(_ver, toUInt64(18446744069414584320)), {{fetched:UInt64}}) AS _ver,
    {{at:DateTime('Europe/Moscow')}} AS _loaded_at
)
FROM (
    SELECT * FROM zakaz.{table} FINAL
    WHERE account_id = {{account_id:String}} AND {key} IN {{ids:Array(String)}}
        AND deleted_at IS NULL
)
SETTINGS do_not_merge_across_partitions_select_final = 1
"""


def bury_tickets(
    warehouse: Warehouse,
    account_id: str,
    order_ids: Sequence[str],
    basket_ids: Collection[str],
    at: datetime,
) -> int:
    """Mark the tickets of these orders that the orders no longer hold; gives how many."""
    held = set(basket_ids)
    buried = 0
    for start in range(0, len(order_ids), _IDS_PER_LOOKUP):
        asked = {"account_id": account_id, "order_ids": order_ids[start : start + _IDS_PER_LOOKUP]}
        known = {str(basket) for (basket,) in warehouse.query(_LIVE_TICKETS, asked).rows}
        gone = sorted(known - held)
        if gone:
            _bury(warehouse, "stg_qtickets_baskets", "basket_id", account_id, gone, at)
            buried += len(gone)
    return buried


class Census:
    """The ids met on a walk over the whole list; what is stored and was not met has vanished."""

    def __init__(self) -> None:
        self._met = array("Q")

    def watch(self, pages: Iterable[Page]) -> Iterator[Page]:
        """Let pages pass and note their ids, those of rows that cannot be read included."""
        for page in pages:
            self._met.extend(page.ids)
            yield page

    def missing(self, warehouse: Warehouse, account_id: str) -> list[int]:
        """Give the stored orders, not deleted, that the walk should have met and did not."""
        met, found = sorted(self._met), []
        for start in range(0, len(met), _IDS_PER_RANGE):
            part = met[start : start + _IDS_PER_RANGE]
            # Between two ranges no id is left out; behind the last one new orders may have come.
            first = met[start - 1] + 1 if start else 1
            asked = {"account_id": account_id, "first": first, "last": part[-1]}
            for (number,) in warehouse.query(_LIVE_ORDERS, asked).rows:
                place = bisect_left(part, number)
                if place == len(part) or part[place] != number:
                    found.append(int(number))
        return found


def bury_orders(
    warehouse: Warehouse,
    client: QticketsClient,
    account_id: str,
    missing: Sequence[int],
    *,
    at: datetime,
    report: SyncReport,
    note: Callable[[str], None],
) -> None:
    """Mark the orders that the source does not know by their address either.

    One that it still knows was missed by the list and stays.
    """
    if len(missing) > _MOST_VANISHED:
        note(
            f"{len(missing)} stored orders were not in the list; so many are not taken away, so "
            "none was marked as deleted. Read again with: zakaz sync qtickets --full-refresh"
        )
        return
    gone = [str(order) for order in missing if not _is_known(client, order)]
    if not gone:
        return
    months = months_of_orders(warehouse, account_id, gone)
    if months:
        dirty_months.record(warehouse, months, at)
        report.months |= months
    _bury(warehouse, "stg_qtickets_baskets", "order_id", account_id, gone, at)
    _bury(warehouse, "stg_qtickets_orders", "order_id", account_id, gone, at)
    note(f"{len(gone)} orders that Qtickets no longer knows were marked as deleted")


def _is_known(client: QticketsClient, order: int) -> bool:
    try:
        client.item(f"/orders/{order}")
    except PermanentSourceError as error:
        if error.status != _NOT_THERE:
            raise
        return False
    return True


def _bury(
    warehouse: Warehouse, table: str, key: str, account_id: str, ids: Sequence[str], at: datetime
) -> None:
    warehouse.execute(
        _BURY.format(table=table, key=key),
        {"account_id": account_id, "ids": ids, "at": at, "fetched": int(at.timestamp())},
    )

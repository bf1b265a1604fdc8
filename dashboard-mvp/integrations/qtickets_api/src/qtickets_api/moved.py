"""Orders and tickets whose ``created_at`` moved to another month: each counts once all the same.

The month of creation is the partition, and FINAL stays inside a partition, so that the row left in
the old month would count beside the new one. It gets a deletion mark, one version above its own
and below that of the row that replaced it: should the source move the thing back, its row wins.
The small lists need no mark: whoever reads them merges their months.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from zakaz.warehouse.port import Warehouse

# The tables of orders and of tickets, each with the column of its ids.
ORDERS = ("stg_qtickets_orders", "order_id")
TICKETS = ("stg_qtickets_baskets", "basket_id")

# So many ids are looked up one by one, more of them by one walk over all ids of their range.
_FEW = 1_000
_HIGHEST = """
SELECT max(toUInt64OrZero({key})) FROM zakaz.{table} WHERE account_id = {{account_id:String}}
"""
_IN_TWO_MONTHS = """
SELECT {key} FROM zakaz.{table} WHERE account_id = {{account_id:String}} AND {chosen}
GROUP BY {key} HAVING uniqExact(toYYYYMM(created_at)) > 1
"""
_BY_ID = "{key} IN {{ids:Array(String)}}"
_BY_RANGE = "toUInt64OrZero({key}) BETWEEN {{first:UInt64}} AND {{last:UInt64}}"
# Of two versions alike the live one counts: the mark must never win over what it made room for.
_LEFT_BEHIND = """
SELECT * FROM zakaz.{table} FINAL
WHERE account_id = {{account_id:String}} AND {key} IN {{ids:Array(String)}} AND deleted_at IS NULL
    AND ({key}, toYYYYMM(created_at)) NOT IN (
        SELECT {key}, argMax(toYYYYMM(created_at), (_ver, deleted_at IS NULL)) FROM zakaz.{table}
        WHERE account_id = {{account_id:String}} AND {key} IN {{ids:Array(String)}} GROUP BY {key}
    )
"""
_COUNT = "SELECT count() FROM (" + _LEFT_BEHIND + ")"  # noqa: S608  # the names are those above
_MARK = (
    """
INSERT INTO zakaz.{table}
SELECT * REPLACE (
    {{at:DateTime('Europe/Moscow')}} AS deleted_at,
    _ver + 1 AS _ver,
    {{at:DateTime('Europe/Moscow')}} AS _loaded_at
)
FROM ("""
    + _LEFT_BEHIND
    + """)
SETTINGS do_not_merge_across_partitions_select_final = 1, max_partitions_per_insert_block = 0
"""
)


class Moved:
    """Marks what one table of an account has twice, batch by batch of a run.

    Ask ``stored`` before a batch is inserted and ``mark`` after it.
    """

    def __init__(self, warehouse: Warehouse, account_id: str, table: tuple[str, str]) -> None:
        self._warehouse = warehouse
        self._account_id = account_id
        self._names = {"table": table[0], "key": table[1]}
        self._highest: int | None = None

    def stored(self, ids: Sequence[str]) -> Sequence[str]:
        """Return those of the ids that may be stored already.

        Ids rise, so what a first load brings is above all that was there when it began.
        """
        if len(ids) <= _FEW:
            return ids
        if self._highest is None:
            self._highest = int(self._ask(_HIGHEST) or 0)
        if not self._highest:
            return ()
        return [one for one in ids if int(one) <= self._highest]

    def mark(self, ids: Sequence[str], at: datetime) -> int:
        """Mark the rows that these things left behind in another month; return how many."""
        return sum(self._mark(some, at) for some in self._in_two_months(ids))

    def _in_two_months(self, ids: Sequence[str]) -> Iterator[list[str]]:
        if not ids:
            return
        given: dict[str, object] = {"account_id": self._account_id, "ids": list(ids)}
        chosen = _BY_ID
        if len(ids) > _FEW:
            numbers = list(map(int, ids))
            given = {"account_id": self._account_id, "first": min(numbers), "last": max(numbers)}
            chosen = _BY_RANGE
        sql = _IN_TWO_MONTHS.replace("{chosen}", chosen).format(**self._names)
        found = [str(one) for (one,) in self._warehouse.query(sql, given).rows]
        for start in range(0, len(found), _FEW):
            yield found[start : start + _FEW]

    def _mark(self, ids: Collection[str], at: datetime) -> int:
        left = int(self._ask(_COUNT, ids=ids) or 0)
        if left:
            given = {"account_id": self._account_id, "ids": ids, "at": at}
            self._warehouse.execute(_MARK.format(**self._names), given)
        return left

    def _ask(self, sql: str, **more: object) -> Any:
        given = {"account_id": self._account_id, **more}
        return self._warehouse.query(sql.format(**self._names), given).scalar()

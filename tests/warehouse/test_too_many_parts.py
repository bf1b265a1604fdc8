"""A table with too many parts refuses rows for a while: the load ends as one to be repeated."""

from __future__ import annotations

import pytest
from staged import Staged
from zakaz.errors import WarehouseError

pytestmark = pytest.mark.engine
TABLE = "zakaz.stg_qtickets_orders"


def test_w11_too_many_parts_is_75_and_the_next_load_lands(staged: Staged) -> None:
    """The engine's refusal is told as its own, changes no row, and passes with the merges."""
    warehouse = staged.warehouse
    warehouse.execute(f"ALTER TABLE {TABLE} MODIFY SETTING parts_to_throw_insert = 2")
    try:
        staged.order("1")
        staged.order("2")
        with pytest.raises(WarehouseError, match=r"[Tt]oo many parts") as caught:
            staged.order("3")
        assert (caught.value.code, caught.value.exit_code) == (252, 75)
        assert warehouse.query(f"SELECT count() FROM {TABLE}").scalar() == 2
    finally:
        warehouse.execute(f"ALTER TABLE {TABLE} RESET SETTING parts_to_throw_insert")
    staged.order("3")
    assert warehouse.query(f"SELECT count() FROM {TABLE}").scalar() == 3

"""A part of a staging table that is lost: verify names it until the rows are back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from zakaz import freshness, landed
from zakaz.schema import sources
from zakaz.verify import LANDED, verify
from zakaz_emulators.qtickets.records import Discount, PromoCode

HOUR = timedelta(hours=1)
TABLES = ("orders", "baskets", "events", "shows", "discounts", "promo_codes", "inventory")


@pytest.fixture
def ground(ground: Any) -> Any:
    """Add a discount and a code to the organiser; parts that stay as they were inserted."""
    made = ground.now - timedelta(days=60)
    ground.organisation.put_discount(Discount(4401, "Скидка", made))
    ground.organisation.put_promo_code(PromoCode(55001, 4401, "VK10", made))
    ground.warehouse.execute("SYSTEM STOP MERGES")
    return ground


def lose(ground: Any, table: str, *, newest: bool = False) -> int:
    """Lose a part of a table, the greatest or the last one inserted; return its rows."""
    order = "min_block_number" if newest else "rows"
    ((name, rows),) = ground.rows(
        "SELECT name, rows FROM system.parts WHERE active AND database = 'zakaz'"
        f" AND table = {{table:String}} ORDER BY {order} DESC LIMIT 1",
        table=table,
    )
    ground.warehouse.execute(f"ALTER TABLE zakaz.{table} DROP PART '{name}'")
    return int(rows)


def lost(ground: Any) -> list[landed.Loss]:
    """Return what verify finds lost."""
    told = [finding.told for finding in verify(ground.warehouse) if finding.name == LANDED]
    found = list(landed.losses(ground.warehouse))
    for one, loss in zip(told, found, strict=True):
        assert one.startswith(f"{loss}. Load them again with: zakaz sync ")
    return found


def test_found_e4_a_lost_part_is_named_until_a_full_refresh(ground: Any) -> None:
    """Of each table in turn: named with its batch, still named after a usual load, then mended."""
    ground.load()
    assert verify(ground.warehouse) == []
    for table in TABLES[:-1]:
        rows = lose(ground, f"stg_qtickets_{table}")
        (loss,) = [one for one in lost(ground) if one.table == f"stg_qtickets_{table}"]
        assert (loss.table, loss.job, loss.run_id, loss.rows) == (
            f"stg_qtickets_{table}", "qtickets", "run", rows,
        )  # fmt: skip
    ground.now += HOUR
    ground.load()
    assert {"stg_qtickets_orders", "stg_qtickets_baskets"} <= {one.table for one in lost(ground)}
    ground.now += HOUR
    ground.load(full_refresh=True)
    assert verify(ground.warehouse) == []
    assert ground.sales() == ground.truth()


def test_found_e4_a_lost_change_of_known_orders_is_named(ground: Any) -> None:
    """The part of one load with a refund is lost: all ids are there, one is older than it was."""
    ground.load()
    ground.now += HOUR
    order = ground.organisation.orders[-1]
    ground.organisation.refund(order.id, at=ground.now)
    ground.load()
    lose(ground, "stg_qtickets_baskets", newest=True)

    names = [loss.example for loss in lost(ground)]
    assert names
    ground.now += HOUR
    ground.load(full_refresh=True)
    assert verify(ground.warehouse) == []


def test_found_e4_the_newest_snapshot_of_seats_counts(ground: Any) -> None:
    """A lost snapshot is named while it is the newest of its shows; the next count replaces it."""
    ground.load()
    rows = lose(ground, "stg_qtickets_inventory")
    assert [(loss.table, loss.rows) for loss in lost(ground)] == [("stg_qtickets_inventory", rows)]
    ground.now += HOUR
    ground.load()
    assert lost(ground) == []


def test_found_e4_what_vanished_or_moved_is_not_lost(ground: Any) -> None:
    """Marks of deletion and of moves to another month are ours: no row is called lost for them."""
    ground.load()
    orders = ground.organisation.orders
    orders[40].created_at -= timedelta(days=365)
    ground.organisation.touch(orders[40].id, ground.now + HOUR)
    ground.organisation.remove_order(orders[9].id)
    ground.now += HOUR
    ground.load(full_refresh=True)
    assert verify(ground.warehouse) == []


def test_found_e4_an_upgraded_store_is_held_from_then_on(ground: Any) -> None:
    """What a store held when the record came must stay, though no batch is known."""
    ground.load()
    ground.warehouse.execute("TRUNCATE TABLE zakaz.meta_landed_rows")
    (file,) = [one for one in sources.migrations() if one.name.startswith("0041_")]
    (statement,) = file.parts
    ground.warehouse.execute(statement.text.replace("version = 41", "version = 0"))
    assert verify(ground.warehouse) == []
    counts = dict(ground.rows("SELECT stg_table, count() FROM zakaz.meta_landed_rows GROUP BY 1"))
    assert set(counts) == {f"stg_qtickets_{table}" for table in TABLES}
    assert {
        table
        for (table,) in ground.rows(
            "SELECT name FROM system.tables WHERE database = 'zakaz' AND name LIKE 'stg_qtickets_%'"
        )
    } == set(counts)
    lose(ground, "stg_qtickets_orders")
    (loss,) = lost(ground)
    assert "of what was loaded before this version" in str(loss)


def test_found_e4_the_light_of_freshness_tells_of_lost_rows(ground: Any) -> None:
    """The next usual load writes down what is lost, and the full refresh that it is back."""
    ground.load()
    rows = lose(ground, "stg_qtickets_orders")
    seen = []
    for asked in ({}, {"full_refresh": True}):
        ground.now += HOUR
        ground.load(**asked)
        landed.note_losses(ground.warehouse, ground.clock())
        (light,) = [one for one in freshness.read(ground.warehouse) if one["source"] == "qtickets"]
        seen.append((light["lost_rows"] > 0, freshness.advice(light, []).count("zakaz verify")))
    assert rows
    assert seen == [(True, 1), (False, 0)]

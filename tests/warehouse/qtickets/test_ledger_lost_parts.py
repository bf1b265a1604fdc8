"""A part of a staging table that is lost: verify names it until the rows are back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from zakaz import freshness, landed
from zakaz.schema import sources
from zakaz.verify import LANDED, verify
from zakaz_emulators.qtickets import Organisation, small_organisation
from zakaz_emulators.qtickets.records import Discount, PromoCode

HOUR = timedelta(hours=1)
TABLES = ("orders", "baskets", "events", "shows", "discounts", "promo_codes", "inventory")


def coded() -> Organisation:
    """Return an organiser with a discount and a code."""
    organisation = small_organisation()
    made = organisation.now - timedelta(days=60)
    organisation.put_discount(Discount(4401, "Скидка", made))
    organisation.put_promo_code(PromoCode(55001, 4401, "VK10", made))
    return organisation


@pytest.fixture(scope="module")
def organiser() -> Callable[[], Organisation]:
    """Return the maker of the organiser of these tests."""
    return coded


@pytest.fixture
def loaded(loaded: Any) -> Any:
    """Return a loaded store whose parts stay as they were inserted."""
    loaded.warehouse.execute("SYSTEM STOP MERGES")
    return loaded


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
    """Return what is lost."""
    return list(landed.losses(ground.warehouse))


def test_found_e4_a_lost_part_is_named_until_a_full_refresh(loaded: Any) -> None:
    """Of each table: named with its batch, still named after a usual load, then mended."""
    assert verify(loaded.warehouse) == []
    names = [f"stg_qtickets_{table}" for table in TABLES[:-1]]
    rows = {name: lose(loaded, name) for name in names}
    found = [(loss.table, loss.job, loss.run_id, loss.rows) for loss in lost(loaded)]
    assert sorted(found) == sorted((name, "qtickets", "run", rows[name]) for name in names)
    told = [finding.told for finding in verify(loaded.warehouse) if finding.name == LANDED]
    for one, loss in zip(told, lost(loaded), strict=True):
        assert one.startswith(f"{loss}. Load them again with: zakaz sync ")
    loaded.now += HOUR
    loaded.load()
    assert {"stg_qtickets_orders", "stg_qtickets_baskets"} <= {one.table for one in lost(loaded)}
    loaded.now += HOUR
    loaded.load(full_refresh=True)
    assert verify(loaded.warehouse) == []
    assert loaded.sales() == loaded.truth()


def test_found_e4_a_lost_change_of_known_orders_is_named(loaded: Any) -> None:
    """The part of one load with a refund is lost: all ids are there, one is older than it was."""
    loaded.now += HOUR
    order = loaded.organisation.orders[-1]
    loaded.organisation.refund(order.id, at=loaded.now)
    loaded.load()
    lose(loaded, "stg_qtickets_baskets", newest=True)

    names = [loss.example for loss in lost(loaded)]
    assert names
    loaded.now += HOUR
    loaded.load(full_refresh=True)
    assert verify(loaded.warehouse) == []


def test_found_e4_the_newest_snapshot_of_seats_counts(loaded: Any) -> None:
    """A lost snapshot is named while it is the newest of its shows; the next count replaces it."""
    rows = lose(loaded, "stg_qtickets_inventory")
    assert [(loss.table, loss.rows) for loss in lost(loaded)] == [("stg_qtickets_inventory", rows)]
    loaded.now += HOUR
    loaded.load()
    assert lost(loaded) == []


def test_found_e4_what_vanished_or_moved_is_not_lost(loaded: Any) -> None:
    """Marks of deletion and of moves to another month are ours: no row is called lost for them."""
    orders = loaded.organisation.orders
    orders[40].created_at -= timedelta(days=365)
    loaded.organisation.touch(orders[40].id, loaded.now + HOUR)
    loaded.organisation.remove_order(orders[9].id)
    loaded.now += HOUR
    loaded.load(full_refresh=True)
    assert verify(loaded.warehouse) == []


def test_found_e4_an_upgraded_store_is_held_from_then_on(loaded: Any) -> None:
    """What a store held when the record came must stay, though no batch is known."""
    loaded.warehouse.execute("TRUNCATE TABLE zakaz.meta_landed_rows")
    (file,) = [one for one in sources.migrations() if one.name.startswith("0041_")]
    (statement,) = file.parts
    loaded.warehouse.execute(statement.text.replace("version = 41", "version = 0"))
    assert verify(loaded.warehouse) == []
    counts = dict(loaded.rows("SELECT stg_table, count() FROM zakaz.meta_landed_rows GROUP BY 1"))
    assert set(counts) == {f"stg_qtickets_{table}" for table in TABLES}
    assert {
        table
        for (table,) in loaded.rows(
            "SELECT name FROM system.tables WHERE database = 'zakaz' AND name LIKE 'stg_qtickets_%'"
        )
    } == set(counts)
    lose(loaded, "stg_qtickets_orders")
    (loss,) = lost(loaded)
    assert "of what was loaded before this version" in str(loss)


def test_found_e4_the_light_of_freshness_tells_of_lost_rows(loaded: Any) -> None:
    """The next usual load writes down what is lost, and the full refresh that it is back."""
    rows = lose(loaded, "stg_qtickets_orders")
    seen = []
    for asked in ({}, {"full_refresh": True}):
        loaded.now += HOUR
        loaded.load(**asked)
        landed.note_losses(loaded.warehouse, loaded.clock())
        (light,) = [one for one in freshness.read(loaded.warehouse) if one["source"] == "qtickets"]
        seen.append((light["lost_rows"] > 0, freshness.advice(light, []).count("zakaz verify")))
    assert rows
    assert seen == [(True, 1), (False, 0)]

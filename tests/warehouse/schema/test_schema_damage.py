"""A migration that a row resists changes nothing, and damage is not told as a pause."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from kept import Kept
from staged import Staged
from zakaz import verify
from zakaz.errors import EXIT_DATA, DamagedStore, DataError
from zakaz.schema import drift, migrate, sources
from zakaz.schema.bootstrap import bootstrap
from zakaz.warehouse.embedded import EmbeddedWarehouse

pytestmark = pytest.mark.engine

ORDERS = "zakaz.stg_qtickets_orders"
BASKETS = "zakaz.stg_qtickets_baskets"
NEWEST = len(sources.migrations())


def with_migrations(tmp_path: Path, *texts: str) -> Path:
    """Return a copy of our SQL with further migrations."""
    root = tmp_path / "sql"
    shutil.copytree(sources.sql_root(), root)
    for number, text in enumerate(texts, NEWEST + 1):
        (root / "migrations" / f"{number:04}_alter.sql").write_text(text + "\n", "utf-8")
    return root


@pytest.fixture
def loaded(emptied: EmbeddedWarehouse) -> EmbeddedWarehouse:
    """Return a warehouse with orders of two months."""
    emptied.execute("SYSTEM START MERGES")  # the rows of a changed table are changed by a merge
    staged = Staged(emptied)
    staged.order("1", promo_code_id="7")
    staged.order("2", promo_code_id="abc", created_at="2026-03-01 09:00")
    return emptied


def test_found_e15_a_migration_that_a_value_resists_changes_nothing(
    loaded: EmbeddedWarehouse, tmp_path: Path
) -> None:
    """Neither its own table nor that of the good migration before it; the old program goes on."""
    root = with_migrations(
        tmp_path,
        f"ALTER TABLE {BASKETS} ADD COLUMN IF NOT EXISTS `seat` String COMMENT 'c'",
        f"ALTER TABLE {ORDERS} MODIFY COLUMN `promo_code_id` UInt64 COMMENT 'c'",
    )
    before = loaded.query(f"SELECT * FROM {ORDERS} ORDER BY order_id").rows
    with pytest.raises(DataError) as caught:
        bootstrap(loaded, root=root)
    assert caught.value.exit_code == EXIT_DATA
    told = str(caught.value)
    assert told.startswith(f"Migration {NEWEST + 2:04}_alter cannot make every value of {ORDERS}.")
    assert "promo_code_id a UInt64 (code 6)" in told
    assert f"keeps schema version {NEWEST}" in told
    assert "abc" not in told
    assert loaded.query(f"SELECT * FROM {ORDERS} ORDER BY order_id").rows == before
    assert migrate.state(loaded).version == NEWEST
    assert drift.differences(loaded) == []


def test_found_e15_a_missing_value_that_may_not_be_missing_changes_nothing(
    loaded: EmbeddedWarehouse, tmp_path: Path
) -> None:
    """A column that loses its Nullable is tried as well."""
    change = (
        f"ALTER TABLE {ORDERS} MODIFY COLUMN `deleted_at` DateTime('Europe/Moscow') COMMENT 'c'"
    )
    with pytest.raises(DataError, match="deleted_at a DateTime"):
        bootstrap(loaded, root=with_migrations(tmp_path, change))
    assert drift.differences(loaded) == []


def test_found_e15_a_migration_that_fits_is_applied_to_every_row(
    kept: Kept, loaded: EmbeddedWarehouse, tmp_path: Path
) -> None:
    """The values are what they were, in the new type."""
    root = with_migrations(
        tmp_path, f"ALTER TABLE {ORDERS} MODIFY COLUMN `price` Decimal(18, 4) COMMENT 'c'"
    )
    assert bootstrap(loaded, root=root).migrations == (f"{NEWEST + 1:04}_alter",)
    assert loaded.query(f"SELECT count(), toTypeName(any(price)) FROM {ORDERS}").rows == [
        (2, "Decimal(18, 4)")
    ]
    kept.renew(kept.template)


def test_w12_found_e15_a_broken_checksum_is_damage_and_no_pause(
    kept: Kept, loaded: EmbeddedWarehouse
) -> None:
    """Exit 65 with a sentence of its own, whoever meets it: verify as well as a query."""
    (folder,) = loaded.query(
        "SELECT any(path) FROM system.parts WHERE active"
        f" AND concat(database, '.', table) = '{ORDERS}'"
    ).rows[0]
    path = Path(str(folder)) / "data.bin"
    kept.close()
    data = bytearray(path.read_bytes())
    data[0] ^= 0xFF  # of the checksum that precedes the first column, the account
    path.write_bytes(bytes(data))
    for ask in (verify.verify, lambda store: store.query(f"SELECT * FROM {ORDERS}")):
        with pytest.raises(DamagedStore, match=r"the store is damaged, .*code 40") as caught:
            ask(kept.warehouse)
        assert caught.value.exit_code == EXIT_DATA
        assert "from a copy" in str(caught.value)
    kept.renew(kept.template)

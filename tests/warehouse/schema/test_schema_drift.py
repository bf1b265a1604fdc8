"""Drift: every way in which a live schema can differ is seen, named, and stops a sync."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from zakaz.errors import EXIT_CONFIG, SchemaDrift
from zakaz.schema import drift, sources
from zakaz.schema.bootstrap import bootstrap
from zakaz.snapshot import snapshot
from zakaz.warehouse.embedded import EmbeddedWarehouse

pytestmark = pytest.mark.engine

ORDERS = "zakaz.stg_qtickets_orders"
BASKETS = "zakaz.stg_qtickets_baskets"
DIRTY = "zakaz.meta_dirty_months"
Change = Callable[[EmbeddedWarehouse], None]


def run(sql: str) -> Change:
    """Change the schema by one statement."""
    return lambda warehouse: warehouse.execute(sql)


def made_anew(number: int, old: str, new: str) -> Change:
    """Move the table of a migration away and make it with one text replaced."""

    def change(warehouse: EmbeddedWarehouse) -> None:
        (statement,) = sources.migrations()[number - 1].parts
        assert old in statement.text
        warehouse.execute(f"RENAME TABLE {statement.target} TO zakaz.away_{number}")
        warehouse.execute(statement.text.replace(old, new))

    return change


def view_anew(old: str, new: str, name: str = "bi.v_events") -> Change:
    """Replace a view with one text replaced."""

    def change(warehouse: EmbeddedWarehouse) -> None:
        (statement,) = next(file for file in sources.views() if file.name == name).parts
        assert old in statement.text
        warehouse.execute(statement.text.replace(old, new))

    return change


MANIFEST = "zakaz.meta_manifest"
WATERMARKS = "zakaz.meta_watermarks"
# Each shape on an object, a column or a clause of its own, so that one store shows them all.
SHAPES: dict[str, tuple[Change, tuple[str, str, str]]] = {
    "missing-column": (
        run(f"ALTER TABLE {ORDERS} DROP COLUMN utm_raw"),
        (f"{ORDERS}.utm_raw", "String", "nothing"),
    ),
    "extra-column": (
        run(f"ALTER TABLE {ORDERS} ADD COLUMN buyer String"),
        (f"{ORDERS}.buyer", "nothing", "String"),
    ),
    "retyped-column": (
        run(f"ALTER TABLE {ORDERS} MODIFY COLUMN price Decimal(18, 4)"),
        (f"{ORDERS}.price", "Decimal(18, 2)", "Decimal(18, 4)"),
    ),
    "nullability": (
        run(f"ALTER TABLE {ORDERS} MODIFY COLUMN discount_id Nullable(String)"),
        (f"{ORDERS}.discount_id", "String", "Nullable(String)"),
    ),
    "default": (
        run(f"ALTER TABLE {ORDERS} MODIFY COLUMN currency LowCardinality(String) DEFAULT 'RUB'"),
        (f"{ORDERS}.currency default", "no default", "DEFAULT 'RUB'"),
    ),
    "engine": (
        made_anew(22, "MergeTree", "ReplacingMergeTree"),
        (f"{MANIFEST} engine", "MergeTree()", "ReplacingMergeTree()"),
    ),
    "version-column": (
        made_anew(21, "ReplacingMergeTree(_ver)", "ReplacingMergeTree(_loaded_at)"),
        (f"{DIRTY} engine", "ReplacingMergeTree(_ver)", "ReplacingMergeTree(_loaded_at)"),
    ),
    "sorting-key": (
        made_anew(19, "ORDER BY (job, stream)", "ORDER BY (stream, job)"),
        (f"{WATERMARKS} sorting key", "job, stream", "stream, job"),
    ),
    "partition-key": (
        made_anew(8, "toYYYYMM(stat_date)", "toYear(stat_date)"),
        (
            "zakaz.stg_vk_ads_daily partition key",
            "toYYYYMM(stat_date)",
            "toYear(stat_date)",
        ),
    ),
    "found-e16-ttl": (
        run(f"ALTER TABLE {ORDERS} MODIFY TTL created_at + INTERVAL 1 YEAR"),
        (f"{ORDERS} TTL", "nothing", "created_at + toIntervalYear(1)"),
    ),
    "found-e16-ttl-of-some-rows": (
        run(f"ALTER TABLE {BASKETS} MODIFY TTL created_at + toIntervalDay(9) WHERE quantity = 1"),
        (f"{BASKETS} TTL", "nothing", "created_at + toIntervalDay(9) WHERE quantity = 1"),
    ),
    "found-e16-ttl-of-a-column": (
        run(f"ALTER TABLE {BASKETS} MODIFY COLUMN show_id String TTL created_at + INTERVAL 1 DAY"),
        (f"{BASKETS}.show_id TTL", "nothing", "created_at + toIntervalDay(1)"),
    ),
    "found-e16-equal-blocks-are-dropped": (
        run(f"ALTER TABLE {ORDERS} MODIFY SETTING non_replicated_deduplication_window = 100"),
        (f"{ORDERS} setting non_replicated_deduplication_window", "0", "100"),
    ),
    "missing-table": (
        run("RENAME TABLE zakaz.plan_sales TO zakaz.away"),
        ("zakaz.plan_sales", "a table", "nothing"),
    ),
    "table-in-another-database": (
        run("RENAME TABLE zakaz.meta_quarantine TO bi.meta_quarantine"),
        ("zakaz.meta_quarantine", "a table", "nothing"),
    ),
    "missing-view": (
        run("RENAME TABLE bi.v_shows TO bi.away_shows"),
        ("bi.v_shows", "a view", "nothing"),
    ),
    "view-with-another-type": (
        view_anew("`shows` UInt32", "`shows` UInt64"),
        ("bi.v_events.shows", "UInt32", "UInt64"),
    ),
    "table-in-the-place-of-a-view": (
        lambda warehouse: [
            warehouse.execute("RENAME TABLE bi.v_job_runs TO bi.away_runs"),
            warehouse.execute("CREATE TABLE bi.v_job_runs (a UInt8) ENGINE = MergeTree ORDER BY a"),
        ][0],
        ("bi.v_job_runs", "a view", "a table of engine MergeTree"),
    ),
}


@pytest.fixture(scope="module")
def drifted(
    bootstrapped_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[drift.Difference], SchemaDrift]:
    """Return what the check finds and raises in a store that has drifted in every way."""
    folder = tmp_path_factory.mktemp("drifted") / "live"
    snapshot(bootstrapped_folder, folder)
    with EmbeddedWarehouse(folder) as warehouse:
        for change, _ in SHAPES.values():
            change(warehouse)
        found = drift.differences(warehouse)
        with pytest.raises(SchemaDrift) as caught:
            drift.check(warehouse)
    return found, caught.value


@pytest.mark.parametrize("told", [told for _, told in SHAPES.values()], ids=SHAPES)
def test_w01_drift_names_object_expected_and_found(
    drifted: tuple[list[drift.Difference], SchemaDrift], told: tuple[str, str, str]
) -> None:
    """Each shape is one difference, and the error of a sync names all three words of it."""
    found, error = drifted
    assert [(one.object, one.expected, one.found) for one in found].count(told) == 1
    assert f"{told[0]}: expected {told[1]}, found {told[2]}" in str(error)


def test_every_difference_is_told_at_once_and_no_other(
    drifted: tuple[list[drift.Difference], SchemaDrift],
) -> None:
    """Who mends one fault is not sent back for the next, nor to a place where none is."""
    found, error = drifted
    assert len(found) == len(SHAPES)
    assert error.exit_code == EXIT_CONFIG
    assert "zakaz bootstrap" in str(error)


def test_the_declared_schema_is_no_drift(bootstrapped: EmbeddedWarehouse) -> None:
    """Nor is an analyst's own table in the same database: it is not ours."""
    assert drift.differences(bootstrapped) == []
    bootstrapped.execute("CREATE TABLE zakaz.mine (a UInt8) ENGINE = MergeTree ORDER BY a")
    assert drift.differences(bootstrapped) == []
    assert bootstrap(bootstrapped).is_no_op


def test_w02_a_stale_view_is_named_by_the_place_where_it_parts(
    bootstrapped: EmbeddedWarehouse,
) -> None:
    """A view without FINAL, as it may have been long ago, is found by its text."""
    view_anew("FROM zakaz.dim_events\nFINAL", "FROM zakaz.dim_events")(bootstrapped)
    (difference,) = drift.differences(bootstrapped)
    assert difference.object == "bi.v_events text"
    assert "FINAL" in difference.expected
    assert "FINAL" not in difference.found


def test_w03_a_broken_view_is_told_by_its_table(bootstrapped: EmbeddedWarehouse) -> None:
    """A column dropped under a view is named, though the view itself still stands."""
    bootstrapped.execute("ALTER TABLE zakaz.dim_events DROP COLUMN place_name")
    names = [difference.object for difference in drift.differences(bootstrapped)]
    assert names == ["zakaz.dim_events.place_name"]


def test_an_edited_migration_is_an_error(bootstrapped: EmbeddedWarehouse, few_views: Path) -> None:
    """A migration that was applied cannot change any more, not even in a comment."""
    path = few_views / "migrations" / "0008_create_stg_vk_ads_daily.sql"
    path.write_text(path.read_text("utf-8").replace("-- Grain: ", "-- Grain:  "), "utf-8")
    for call in (drift.check, lambda wh, at: bootstrap(wh, root=at)):
        with pytest.raises(SchemaDrift, match="0008_create_stg_vk_ads_daily: expected md5"):
            call(bootstrapped, few_views)


def test_a_pending_migration_stops_a_sync_until_bootstrap(
    bootstrapped: EmbeddedWarehouse, few_views: Path
) -> None:
    """K14, A15: previous to new: the column arrives by bootstrap, and every row stays."""
    bootstrapped.execute("SYSTEM START MERGES")  # the migrations library merges its journal
    bootstrapped.execute(f"INSERT INTO {ORDERS} (order_id, created_at) SELECT '1', now()")
    added = f"ALTER TABLE {ORDERS} ADD COLUMN IF NOT EXISTS `seller_id` String COMMENT 'Seller'"
    newest = len(sources.migrations())
    name = f"{newest + 1:04}_add_seller"
    (few_views / "migrations" / f"{name}.sql").write_text(added + "\n", "utf-8")
    (difference,) = drift.differences(bootstrapped, few_views)
    assert (difference.object, difference.expected, difference.found) == (
        "zakaz.schema_migrations",
        f"version {newest + 1}",
        str(newest),
    )
    report = bootstrap(bootstrapped, root=few_views)
    assert report.migrations == (name,)
    assert drift.differences(bootstrapped, few_views) == []
    assert bootstrapped.query(f"SELECT order_id, seller_id FROM {ORDERS}").rows == [("1", "")]
    with pytest.raises(SchemaDrift, match="newer version of zakaz"):
        drift.check(bootstrapped)  # the older program meets the newer store


def test_a_store_without_a_journal_is_no_declared_store(warehouse: EmbeddedWarehouse) -> None:
    """Nothing applied means nothing to compare with."""
    (difference,) = drift.differences(warehouse)
    assert (difference.object, difference.found) == ("zakaz.schema_migrations", "nothing")

"""Bootstrap: from nothing, again, over data, after the bundle, and stopping where it must."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from staged import Staged, msk
from zakaz import facts, stream_journal
from zakaz.errors import SchemaDrift, WarehouseError
from zakaz.schema import bundle, declared, drift, live, migrate, sources
from zakaz.schema.bootstrap import bootstrap, check_views, is_unused
from zakaz.schema.lexer import statements
from zakaz.snapshot import snapshot
from zakaz.source import StreamRun
from zakaz.warehouse.embedded import EmbeddedWarehouse

TABLES = declared.tables(sources.migrations())
VIEWS = tuple(file.name for file in sources.views())
NOW = msk("2026-03-15 10:00")
# Databases, tables, inserts, an alter, and what two views read.
FEW = (1, 2, 3, 4, 9, 10, 18, 21, 22, 23, 31, 32, 33)


def contents(warehouse: EmbeddedWarehouse) -> dict[str, tuple[int, int]]:
    """Give row count and checksum of every table."""
    return {
        name: tuple(
            warehouse.query(f"SELECT count(), sum(cityHash64(*)) FROM {name} FINAL").rows[0]
            if table.is_replacing
            else warehouse.query(f"SELECT count(), sum(cityHash64(*)) FROM {name}").rows[0]
        )
        for name, table in TABLES.items()
    }


@pytest.fixture
def few(few_views: Path) -> Path:
    """Return a copy of our SQL with few migrations too, of every kind, the newest among them."""
    for path in (few_views / "migrations").glob("*.sql"):
        if int(path.name[:4]) not in FEW:
            path.unlink()
    for name in ("bi.v_promo_codes_daily", "bi.v_sales_daily"):
        (few_views / "views" / f"{name}.sql").unlink()
    return few_views


def fill(warehouse: EmbeddedWarehouse) -> None:
    """Put rows into staging, dimensions, facts and journals."""
    staged = Staged(warehouse)
    staged.event()
    staged.show()
    staged.ticket("1")
    staged.ticket("2", payed_at="2026-01-20 12:00")
    staged.ads("2026-02-10")
    facts.rebuild_all(warehouse, at=NOW)


@pytest.fixture(scope="module")
def filled_folder(bootstrapped_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed folder with rows in it, made once."""
    folder = tmp_path_factory.mktemp("filled") / "live"
    snapshot(bootstrapped_folder, folder)
    with EmbeddedWarehouse(folder) as warehouse:
        fill(warehouse)
    return folder


@pytest.fixture
def filled(filled_folder: Path, store_root: Path) -> Iterator[EmbeddedWarehouse]:
    """A test's own filled warehouse."""
    store_root.mkdir()
    snapshot(filled_folder, store_root / "live")
    with EmbeddedWarehouse(store_root / "live") as warehouse:
        yield warehouse


@pytest.mark.engine
@pytest.mark.criterion("CH-3")
def test_a4_a6_k14_bootstrap_makes_everything_from_nothing_and_then_nothing(
    warehouse: EmbeddedWarehouse,
) -> None:
    """Databases, tables, alters and views come in an order that works, and all views answer.

    The second and the third bootstrap find nothing to do and change no row.
    """
    assert is_unused(warehouse)
    report = bootstrap(warehouse)
    assert set(report.created) == set(TABLES) | set(VIEWS)
    assert report.migrations == tuple(file.name for file in sources.migrations())
    assert set(report.checked_views) == set(VIEWS)
    assert is_unused(warehouse)  # nothing was loaded
    assert not report.access
    before = contents(warehouse)
    for _ in range(2):
        report = bootstrap(warehouse)
        assert report.is_no_op
        assert set(report.checked_views) == set(VIEWS)
    assert contents(warehouse) == before


@pytest.mark.engine
@pytest.mark.criterion("CH-4")
def test_a7_k14_twice_on_a_filled_store_keeps_every_row(
    filled: EmbeddedWarehouse, store_root: Path
) -> None:
    """No row changes, also when the store was closed in between."""
    before = contents(filled)
    assert sum(rows for rows, _ in before.values()) > 100
    assert bootstrap(filled).is_no_op
    filled.close()
    with EmbeddedWarehouse(store_root / "live") as reopened:
        assert bootstrap(reopened).is_no_op
        assert contents(reopened) == before


@pytest.mark.engine
@pytest.mark.criterion("CH-4")
def test_after_the_bundle_by_hand_bootstrap_is_a_no_op(warehouse: EmbeddedWarehouse) -> None:
    """The operator's script writes the journal too, and may be applied again over rows."""
    script = (sources.sql_root() / bundle.SCHEMA).read_text(encoding="utf-8")
    before = None
    for _ in range(2):
        for statement in statements(script):
            warehouse.execute(statement)
        count = warehouse.query(f"SELECT count() FROM {migrate.JOURNAL}").scalar()
        assert count == len(sources.migrations())
        assert bootstrap(warehouse).is_no_op
        if before is None:
            fill(warehouse)
            before = contents(warehouse)
    assert contents(warehouse) == before
    assert drift.differences(warehouse) == []


def test_a1_a_table_of_an_older_shape_is_refused_untouched(warehouse: EmbeddedWarehouse) -> None:
    """IF NOT EXISTS would keep the old shape; bootstrap names it and changes nothing."""
    warehouse.execute("CREATE DATABASE zakaz")
    warehouse.execute(
        "CREATE TABLE zakaz.dim_events (event_id String, event_date Date)"
        " ENGINE = MergeTree ORDER BY event_id"
    )
    warehouse.execute("INSERT INTO zakaz.dim_events SELECT 'marker', toDate('2026-01-01')")
    with pytest.raises(SchemaDrift) as caught:
        bootstrap(warehouse)
    told = str(caught.value)
    assert "zakaz.dim_events.starts_on: expected Nullable(Date), found nothing" in told
    assert "zakaz.dim_events.event_date: expected nothing, found Date" in told
    assert warehouse.query("SELECT event_id FROM zakaz.dim_events").rows == [("marker",)]
    assert list(live.objects(warehouse)) == ["zakaz.dim_events"]


def test_a7_a_table_that_was_lost_is_not_made_anew_in_silence(filled: EmbeddedWarehouse) -> None:
    """The journal says it exists: its loss is told, not papered over with an empty table."""
    filled.execute("RENAME TABLE zakaz.stg_qtickets_orders TO zakaz.away")
    with pytest.raises(SchemaDrift, match="stg_qtickets_orders: expected a table, found nothing"):
        bootstrap(filled)


@pytest.mark.engine
def test_w02_a_changed_view_is_replaced_and_named(filled: EmbeddedWarehouse) -> None:
    """Only the view that differs, and no table."""
    before = contents(filled)
    filled.execute("CREATE OR REPLACE VIEW bi.v_events AS SELECT 1 AS old")
    filled.execute("RENAME TABLE bi.v_job_runs TO bi.away")
    report = bootstrap(filled)
    assert set(report.changed_views) == {"bi.v_events", "bi.v_job_runs"}
    assert report.created == ("bi.v_job_runs",)
    assert report.migrations == ()
    assert contents(filled) == before
    assert bootstrap(filled).is_no_op


def test_b11_bootstrap_stops_at_the_first_error_and_goes_on_from_there(
    warehouse: EmbeddedWarehouse, few: Path
) -> None:
    """What came before the bad migration is journalled; once it is mended, the rest follows."""
    path = few / "migrations" / "0010_create_dim_events.sql"
    good = path.read_text("utf-8")
    path.write_text(good.replace("ReplacingMergeTree(_ver)", "ReplacingMergeTree(_gone)"), "utf-8")
    with pytest.raises(WarehouseError):
        bootstrap(warehouse, root=few)
    state = migrate.state(warehouse, few)
    assert state.version == 9
    assert "zakaz.meta_manifest" not in live.objects(warehouse)
    assert not [name for name in live.objects(warehouse) if name.startswith("bi.")]
    path.write_text(good, "utf-8")
    report = bootstrap(warehouse, root=few)
    assert report.migrations[0] == "0010_create_dim_events"
    assert {"zakaz.meta_manifest", "bi.v_events"} <= set(report.created)
    assert bootstrap(warehouse, root=few).is_no_op


@pytest.mark.engine
def test_a15_k14_a_filled_store_of_version_23_gets_the_facts_that_came_later(
    warehouse: EmbeddedWarehouse, few_views: Path
) -> None:
    """Sales by promo code are computed for the whole history at the first rebuild after it."""
    later = [path for path in (few_views / "migrations").glob("*.sql") if int(path.name[:4]) > 23]
    later.append(few_views / "views" / "bi.v_promo_codes_daily.sql")
    texts = {path: path.read_text("utf-8") for path in later}
    for path in texts:
        path.unlink()
    bootstrap(warehouse, root=few_views)
    staged = Staged(warehouse)
    staged.order("1", payed_at="2025-11-10 12:00", promo_code_id="p1")
    staged.basket("1")

    for path, text in texts.items():
        path.write_text(text, "utf-8")
    applied = bootstrap(warehouse, root=few_views).migrations
    assert "0029_create_fact_qtickets_promo_codes_daily" in applied
    assert facts.rebuild_dirty(warehouse, at=NOW) == [202511]
    assert warehouse.query("SELECT sum(orders) FROM bi.v_promo_codes_daily").scalar() == 1
    assert bootstrap(warehouse, root=few_views).is_no_op


@pytest.mark.engine
def test_p10_a_filled_store_of_version_32_gets_the_column_of_new_fields(
    warehouse: EmbeddedWarehouse, few: Path
) -> None:
    """The journal of streams keeps its rows, with no names in them, and takes names from then."""
    path = few / "migrations" / "0033_alter_meta_stream_runs.sql"
    text = path.read_text("utf-8")
    path.unlink()
    bootstrap(warehouse, root=few)
    warehouse.execute(
        "INSERT INTO zakaz.meta_stream_runs (job, stream, run_id, started_at, finished_at, status)"
        " SELECT 'qtickets', 'orders', 'r1', now(), now(), 'ok'"
    )

    path.write_text(text, "utf-8")
    assert bootstrap(warehouse, root=few).migrations == ("0033_alter_meta_stream_runs",)
    later = StreamRun("orders", NOW, NOW, "ok", received=1, new_fields=("wallet",))
    stream_journal.write(warehouse, "qtickets", "r2", [later], NOW)
    rows = warehouse.query(
        "SELECT run_id, new_fields FROM zakaz.meta_stream_runs ORDER BY run_id"
    ).rows
    assert rows == [("r1", []), ("r2", ["wallet"])]
    assert bootstrap(warehouse, root=few).is_no_op


@pytest.mark.engine
def test_w03_a_view_over_a_dropped_column_is_found(filled: EmbeddedWarehouse) -> None:
    """Such a view still exists and fails only when it is read."""
    filled.execute("SYSTEM START MERGES")  # a column leaves by a merge
    filled.execute("ALTER TABLE zakaz.dim_events DROP COLUMN place_name")
    with pytest.raises(WarehouseError):
        check_views(filled)


def test_the_journal_keeps_what_was_applied(bootstrapped: EmbeddedWarehouse) -> None:
    """Number, checksum and text of each migration."""
    rows = bootstrapped.query(
        f"SELECT version, md5, script FROM {migrate.JOURNAL} FINAL ORDER BY version"
    ).rows
    assert rows == [(file.version, file.md5, file.text) for file in sources.migrations()]


def test_live_comments_are_those_of_the_files(bootstrapped: EmbeddedWarehouse) -> None:
    """A23: tables, views and all their columns are described in the engine itself."""
    silent = bootstrapped.query(
        "SELECT concat(database, '.', table, '.', name) FROM system.columns"
        " WHERE database IN ('zakaz', 'bi') AND comment = ''"
        " UNION ALL SELECT concat(database, '.', name) FROM system.tables"
        " WHERE database IN ('zakaz', 'bi') AND comment = ''"
    ).rows
    assert silent == []


@pytest.mark.engine
def test_d8_no_view_answers_1970_on_an_empty_store(bootstrapped: EmbeddedWarehouse) -> None:
    """Nothing loaded is NULL or no row."""
    for view in VIEWS:
        for row in bootstrapped.query(f"SELECT * FROM {view}").rows:
            assert not [value for value in row if "1970" in str(value)]

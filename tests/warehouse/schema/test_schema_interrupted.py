"""A first bootstrap that was stopped at any moment is finished by the next command."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from staged import Staged
from zakaz.errors import SchemaDrift, WarehouseError
from zakaz.schema import drift, migrate, sources
from zakaz.schema.bootstrap import bootstrap, prepare
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.port import Table

# Databases, tables, inserts, an alter: every kind of migration, and views of these tables.
MIGRATIONS = (1, 2, 3, 4, 9, 10, 18, 21, 23, 31, 32, 33)
VIEWS = ("bi.v_events", "bi.v_job_runs")
NOTHING_TO_INSERT = 1  # migration 32 adds no row to an empty store


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Return a folder with some of our SQL: a bootstrap treats one file like another."""
    root = tmp_path / "sql"
    for kind in ("migrations", "views"):
        (root / kind).mkdir(parents=True)
    chosen = [file for file in sources.migrations() if file.version in MIGRATIONS]
    for file in (*chosen, *(file for file in sources.views() if file.name in VIEWS)):
        shutil.copy(file.path, root / file.path.parent.name)
    return root


class Stopped:
    """The embedded engine for a process that is stopped behind its next few writes."""

    backend = "embedded"

    def __init__(self, warehouse: EmbeddedWarehouse, writes: int) -> None:
        self.warehouse = warehouse
        self.left = writes
        self.version = warehouse.version

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Run a statement; Ctrl-C comes behind the last one that is allowed."""
        self.warehouse.execute(sql, params)
        if not sql.startswith("OPTIMIZE"):  # the migrations library's way to look at its journal
            self._count()

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> int:
        """Insert, counted like a statement."""
        rows = self.warehouse.insert(table, columns)
        self._count()
        return rows

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Ask the engine."""
        return self.warehouse.query(sql, params)

    def _count(self) -> None:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


def made(warehouse: EmbeddedWarehouse, root: Path) -> list[tuple[Any, ...]]:
    """Return what a bootstrap has made so far: databases, tables with columns, views, rows."""
    rows = warehouse.query(
        "SELECT name, 0 FROM system.databases UNION ALL"
        " SELECT concat(database, '.', name), length(create_table_query) * 2 + (total_rows > 0)"
        " FROM system.tables WHERE database IN ('zakaz', 'bi') ORDER BY ALL"
    ).rows
    journal = migrate.state(warehouse, root).version if migrate.has_journal(warehouse) else 0
    return [*rows, ("version", journal)]


def test_found_e11_a_first_bootstrap_stopped_behind_any_write_goes_on(
    warehouse: EmbeddedWarehouse, few: Path
) -> None:
    """Each run gets one write further than the one before; none refuses what it finds."""
    stops, writes, before = 0, 1, made(warehouse, few)
    while True:
        try:
            prepare(Stopped(warehouse, writes), few)  # type: ignore[arg-type]
        except KeyboardInterrupt:
            after = made(warehouse, few)
            stops += after != before
            # The next run repeats what no row of the journal could tell it.
            repeats = after[-1] == before[-1] != ("version", MIGRATIONS[-1])
            writes = writes + 1 if after == before else 1 + repeats
            before = after
        else:
            break
    # A migration's statement, its row in the journal, and the views.
    assert stops >= 2 * len(MIGRATIONS) - NOTHING_TO_INSERT + len(VIEWS)
    assert drift.differences(warehouse, few) == []
    assert bootstrap(warehouse, root=few).is_no_op


def test_found_e11_a_store_with_rows_is_not_touched_by_a_load(
    bootstrapped: EmbeddedWarehouse, few: Path
) -> None:
    """Only what nobody has loaded into is finished unasked; the rest waits for zakaz bootstrap."""
    Staged(bootstrapped).order()
    bootstrapped.execute(f"TRUNCATE TABLE {migrate.JOURNAL}")
    with pytest.raises(SchemaDrift, match="expected version 33, found nothing"):
        prepare(bootstrapped, few)
    assert migrate.state(bootstrapped, few).version == 0


@pytest.mark.engine
@pytest.mark.parametrize("name", ["a {b,c}", "x*y?", "{1..3}", "a::b.zip"])
def test_field_p25_any_folder_may_hold_temporary_files(
    warehouse: EmbeddedWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What stands in TMPDIR is a name, whatever the engine makes of its letters."""
    (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / name))
    warehouse.execute("CREATE DATABASE zakaz")
    warehouse.execute("CREATE TABLE zakaz.t (a UInt8) ENGINE = MergeTree ORDER BY a")
    assert warehouse.insert("zakaz.t", {"a": [1, 2]}) == 2
    assert warehouse.query("SELECT sum(a) FROM zakaz.t").scalar() == 3


def test_field_p25_a_store_in_a_folder_with_braces_loads_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where neither TMPDIR nor the store has a plain name, /tmp takes the block."""
    (tmp_path / "{a,b}").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "{a,b}"))
    with EmbeddedWarehouse(tmp_path / "{c,d}" / "live") as warehouse:
        warehouse.execute("CREATE DATABASE zakaz")
        warehouse.execute("CREATE TABLE zakaz.t (a UInt8) ENGINE = MergeTree ORDER BY a")
        warehouse.insert("zakaz.t", {"a": [1, 2]})
        assert warehouse.query("SELECT sum(a) FROM zakaz.t").scalar() == 3


@pytest.mark.engine
def test_field_p25_a_store_that_lost_its_journal_is_healed_by_a_second_bootstrap(
    bootstrapped: EmbeddedWarehouse,
) -> None:
    """Every table is as the newest migration leaves it, and the journal is written anew."""
    bootstrapped.execute("SYSTEM START MERGES")  # the migrations library merges its journal
    rows = bootstrapped.query("SELECT count() FROM zakaz.dim_city_alias FINAL").scalar()
    bootstrapped.execute(f"TRUNCATE TABLE {migrate.JOURNAL}")
    bootstrap(bootstrapped)
    assert migrate.state(bootstrapped).pending == ()
    assert drift.differences(bootstrapped) == []
    assert bootstrapped.query("SELECT count() FROM zakaz.dim_city_alias FINAL").scalar() == rows


def test_field_p25_a_journal_that_keeps_nothing_is_told(warehouse: EmbeddedWarehouse) -> None:
    """A bootstrap ends well only where the version can be read back."""

    class Losing(Stopped):
        def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> int:
            return len(columns)

    with pytest.raises(WarehouseError, match="does not keep that migration 0001"):
        bootstrap(Losing(warehouse, 0))  # type: ignore[arg-type]

"""Applying migrations: clickhouse-migrations over the warehouse port, with our journal.

The journal's own table is a migration like every other, so it is made before the runner starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zakaz.errors import SchemaDrift, WarehouseError
from zakaz.schema import conversions, sources
from zakaz.schema.live import LiveObject
from zakaz.schema.sources import SqlFile
from zakaz.warehouse.port import Reader, Warehouse

if TYPE_CHECKING:
    from clickhouse_migrations.migrator import Migrator

JOURNAL = "zakaz.schema_migrations"
_READ_JOURNAL = "SELECT version, md5 FROM zakaz.schema_migrations FINAL ORDER BY version"


@dataclass(frozen=True, slots=True)
class JournalState:
    """How the journal of a store and the migrations of this program fit together."""

    applied: tuple[SqlFile, ...]
    pending: tuple[SqlFile, ...]

    @property
    def version(self) -> int:
        """Give the number of the newest applied migration, 0 for none."""
        return max((file.version for file in self.applied), default=0)


def has_journal(warehouse: Reader) -> bool:
    """Say whether the store has a journal of migrations at all."""
    return bool(
        warehouse.query(
            "SELECT count() FROM system.tables"
            " WHERE database = 'zakaz' AND name = 'schema_migrations'"
        ).scalar()
    )


def state(warehouse: Reader, root: Path | None = None) -> JournalState:
    """Compare journal and files; raises SchemaDrift for an edited or an unknown migration."""
    files = sources.migrations(root)
    journal: dict[int, str] = {}
    if has_journal(warehouse):
        rows = warehouse.query(_READ_JOURNAL).rows
        journal = {int(version): str(md5) for version, md5 in rows}
    unknown = sorted(set(journal) - {file.version for file in files})
    if unknown:
        raise SchemaDrift(
            f"{JOURNAL}: expected migrations up to {files[-1].version}, found {unknown[-1]}:"
            " the store was made by a newer version of zakaz. Install that version."
        )
    for file in files:
        if journal.get(file.version, file.md5) != file.md5:
            raise SchemaDrift(
                f"{JOURNAL}, migration {file.name}: expected md5 {file.md5}, found"
                f" {journal[file.version]}: an applied migration was edited. Put its text back and"
                " make the change in a new migration."
            )
    return JournalState(
        applied=tuple(file for file in files if file.version in journal),
        pending=tuple(file for file in files if file.version not in journal),
    )


def require_current(warehouse: Reader) -> None:
    """Raise SchemaDrift where the store is of an older version than this program reads."""
    found = state(warehouse)
    if found.pending:
        raise SchemaDrift(
            f"The store has schema version {found.version}, this program reads version"
            f" {found.pending[-1].version}. Bring the store up to date with: zakaz bootstrap"
        )


def apply(
    warehouse: Warehouse, root: Path | None, there: dict[str, LiveObject]
) -> tuple[SqlFile, ...]:
    """Apply the pending migrations in order; gives those applied and stops at the first error.

    ``there`` is what the store holds.
    """
    before = state(warehouse, root)
    if not before.pending:
        return ()
    conversions.check(warehouse, before.pending, there, before.version)
    if not before.applied:
        _make_journal(warehouse, before.pending)
    from clickhouse_migrations.migration import Migration

    files = sources.migrations(root)
    _migrator(warehouse).apply_migration(
        [Migration(version=file.version, md5=file.md5, script=file.text) for file in files],
        multi_statement=True,
        sources={file.version: file.path.name for file in files},
    )
    if lost := state(warehouse, root).pending:
        raise WarehouseError(
            f"{JOURNAL} does not keep that migration {lost[0].name} was applied. Look at the disk"
            " of the store, then run again: zakaz bootstrap"
        )
    return before.pending


def _make_journal(warehouse: Warehouse, pending: Sequence[SqlFile]) -> None:
    """Run the first migrations up to the journal's own; the runner will repeat and record them."""
    for file in pending:
        for statement in file.parts:
            warehouse.execute(statement.text)
            if statement.target == JOURNAL:
                return


def _migrator(warehouse: Warehouse) -> Migrator:
    import logging

    from clickhouse_migrations.connection import Connection
    from clickhouse_migrations.migrator import Migrator

    class PortConnection(Connection):  # type: ignore[misc]  # the library is untyped
        """The library's connection over our port."""

        def command(self, statement: str, log_statement: str | None = None) -> None:
            warehouse.execute(statement.rstrip().removesuffix(";"))

        def query(self, statement: str) -> list[dict[str, Any]]:
            return warehouse.query(statement).dicts()

        def insert(self, table: str, rows: list[dict[str, Any]]) -> None:
            warehouse.insert(JOURNAL, {name: [row[name] for row in rows] for name in rows[0]})

        def __enter__(self) -> PortConnection:
            return self

        def __exit__(self, *details: object) -> None:
            pass  # the caller owns the warehouse

    if not logging.getLogger().handlers:
        # The library logs through the root logger, which would set up one of its own.
        logging.getLogger().addHandler(logging.NullHandler())
    return Migrator(PortConnection(), migration_log_format="compact", migrations_table=JOURNAL)

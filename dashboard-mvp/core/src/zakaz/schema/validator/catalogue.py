"""The SQL under validation, read once: files in apply order and what they declare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zakaz.schema import declared, sources
from zakaz.schema.ddl import Statement, TableDefinition, ViewDefinition
from zakaz.schema.sources import SqlFile


@dataclass(frozen=True)
class Catalogue:
    """Every SQL file of one folder and the objects they declare."""

    root: Path
    migrations: tuple[SqlFile, ...]
    views: tuple[SqlFile, ...]
    facts: tuple[SqlFile, ...]
    access: tuple[SqlFile, ...]
    checks: tuple[SqlFile, ...]
    tables: dict[str, TableDefinition]
    view_definitions: dict[str, ViewDefinition]

    @property
    def applied(self) -> tuple[SqlFile, ...]:
        """Give what a bootstrap executes, in its order."""
        return self.migrations + self.views + self.access

    @property
    def files(self) -> tuple[SqlFile, ...]:
        """Give every file."""
        return self.applied + self.facts + self.checks

    @property
    def databases(self) -> set[str]:
        """Give the databases that migrations create."""
        return {
            statement.target
            for _, statement in self.statements(self.migrations)
            if statement.action == "CREATE DATABASE"
        }

    def statements(self, files: tuple[SqlFile, ...]) -> Iterator[tuple[SqlFile, Statement]]:
        """Give every statement of some files with its file."""
        for file in files:
            for statement in file.parts:
                yield file, statement

    def columns(self, name: str) -> tuple[str, ...] | None:
        """Give the columns of a table or view, None if there is no such object."""
        found = self.tables.get(name) or self.view_definitions.get(name)
        return tuple(column.name for column in found.columns) if found else None


def read(root: Path) -> Catalogue:
    """Read a folder of SQL; files must be lexically sound (see ``lexical``)."""
    migrations = tuple(sources.migrations(root))
    views = tuple(sources.views(root))
    return Catalogue(
        root=root,
        migrations=migrations,
        views=views,
        facts=tuple(sources.facts(root)),
        access=tuple(sources.access(root)),
        checks=tuple(sources.checks(root)),
        tables=declared.tables(migrations),
        view_definitions={
            statement.view.name: statement.view
            for file in views
            for statement in file.parts
            if statement.view is not None
        },
    )

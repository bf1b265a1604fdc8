"""Rules on what creates and changes objects, over all files in apply order."""

from __future__ import annotations

from collections.abc import Iterator

from zakaz.schema.ddl import Statement
from zakaz.schema.lexer import statements
from zakaz.schema.sources import SqlFile
from zakaz.schema.validator.catalogue import Catalogue
from zakaz.schema.validator.finding import Finding, at

_ACTIONS = {
    "migrations": {"CREATE DATABASE", "CREATE TABLE", "ALTER TABLE", "INSERT", "EXCHANGE TABLES"},
    "views": {"CREATE VIEW"},
    "facts": {"INSERT"},
    "checks": {"SELECT", "WITH", ""},
}


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Check actions, guards, duplicates and order."""
    yield from duplicates(catalogue.applied)
    yield from _order(catalogue)
    for file, statement in catalogue.statements(catalogue.files):
        yield from _action(file, statement)
        yield from _guard(file, statement)
    for file in catalogue.migrations + catalogue.views + catalogue.facts + catalogue.checks:
        if (count := len(file.parts)) != 1:
            yield at(file, "one-statement", f"holds {count} statements instead of one")
    for file in catalogue.views:
        if file.parts and file.parts[0].target != file.name:
            yield at(file, "file-name", f"creates {file.parts[0].target}, not {file.name}")


def duplicates(files: tuple[SqlFile, ...]) -> Iterator[Finding]:
    """Find objects created twice, in one file or across files, however they are spelt."""
    seen: dict[tuple[str, str], str] = {}
    for file in files:
        for statement in file.parts:
            if not statement.action.startswith("CREATE"):
                continue
            # A table and a view share their names, so both count as one kind.
            kind = "TABLE" if statement.action.endswith(("TABLE", "VIEW")) else statement.action
            key = (kind, statement.target.casefold())
            if key in seen:
                message = f"{statement.target} is already created in {seen[key]}"
                yield at(file, "duplicate-create", message, statement.text)
            seen.setdefault(key, file.path.name)


def _order(catalogue: Catalogue) -> Iterator[Finding]:
    created: set[str] = set()
    for file, statement in catalogue.statements(catalogue.applied):
        database = statement.target.partition(".")[0] if "." in statement.target else ""
        if statement.action.startswith("CREATE"):
            if database and database not in created:
                message = f"{statement.target} comes before its database {database}"
                yield at(file, "order", message, statement.text)
            created.add(statement.target)
        elif statement.action in ("ALTER TABLE", "INSERT", "EXCHANGE TABLES"):
            for name in filter(None, (statement.target, _other(statement))):
                if name not in created:
                    rule = "alter-before-create" if statement.action == "ALTER TABLE" else "order"
                    message = f"{statement.action} of {name} comes before its CREATE"
                    yield at(file, rule, message, statement.text)


def _other(statement: Statement) -> str:
    return statement.body if statement.action == "EXCHANGE TABLES" else ""


def _action(file: SqlFile, statement: Statement) -> Iterator[Finding]:
    allowed = _ACTIONS.get(file.path.parent.name)
    if statement.action.startswith(("DROP", "TRUNCATE", "DETACH", "DELETE")):
        yield at(file, "destructive", f"{statement.action} loses data", statement.text)
    elif allowed is not None and statement.action not in allowed:
        message = f"{statement.action} does not belong into {file.path.parent.name}/"
        yield at(file, "action", message, statement.text)
    if len(statements(statement.text)) != 1:
        yield at(file, "one-statement", "cannot be split into statements", statement.text)


def _guard(file: SqlFile, statement: Statement) -> Iterator[Finding]:
    if statement.action.startswith("CREATE") and not statement.guarded:
        wanted = "OR REPLACE" if statement.action.endswith("VIEW") else "IF NOT EXISTS"
        yield at(file, "guard", f"{statement.action} without {wanted}", statement.text)
    if statement.action == "CREATE TABLE" and " REPLACE " in statement.text[:30].upper():
        yield at(file, "destructive", "CREATE OR REPLACE TABLE deletes all rows", statement.text)
    if statement.action == "ALTER TABLE" and statement.guarded:
        yield at(file, "guard", "ALTER TABLE IF EXISTS is not ClickHouse's syntax", statement.text)

"""Rules on tables: comments, keys, partitions, types, versions and twins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from zakaz.schema import declared
from zakaz.schema.ddl import Column, TableDefinition, ViewDefinition
from zakaz.schema.lexer import code, unquoted
from zakaz.schema.sources import SqlFile
from zakaz.schema.validator.catalogue import Catalogue
from zakaz.schema.validator.finding import Finding, at

_INSTANT = "DateTime('Europe/Moscow')"
_TECHNICAL = (("_ver", "UInt64"), ("_loaded_at", _INSTANT))
_OWN_JOURNAL = "zakaz.schema_migrations"
# What a source may correct later never identifies a row (A24).
_MUTABLE = re.compile(r"(\w+_)?(name|city|status|price|amount)|(created|updated|deleted|payed)_at")
_TTL = re.compile(r"\bTTL\s+`?(\w+)`?", re.IGNORECASE)


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Check every table and every view's declaration."""
    for file, statement in catalogue.statements(catalogue.migrations):
        if statement.table is not None:
            for rule, message in _table(statement.table):
                yield at(file, rule, f"{statement.target}: {message}", statement.text)
            yield from _twin(file, statement.table, catalogue)
        elif statement.action == "ALTER TABLE":
            for action in declared.actions(statement.body):
                yield from _alter(file, action, catalogue.tables.get(statement.target))
    for file, statement in catalogue.statements(catalogue.views):
        if statement.view is not None:
            for message in _comments(statement.view):
                yield at(file, "comment", f"{statement.target}: {message}", statement.text)


def _table(table: TableDefinition) -> Iterator[tuple[str, str]]:
    yield from (("comment", message) for message in _comments(table))
    names = {column.name for column in table.columns}
    for column in table.columns:
        yield from (("type", message) for message in _type(column))
    key = _names(table.order_by)
    for name in key:
        part = table.column(name)
        if part is None:
            yield "key", f"ORDER BY names {name}, which is no column"
        elif part.type.startswith("Nullable"):
            yield "key", f"ORDER BY names {name}, which may be NULL"
        elif table.is_replacing and _MUTABLE.fullmatch(name):
            yield "key", f"ORDER BY names {name}, which can be corrected later: identity only"
    if not key:
        yield "key", "has no ORDER BY"
    if table.partition_by and not (set(_names(table.partition_by)) & names):
        yield "partition", f"PARTITION BY {table.partition_by} names no column"
    if table.ttl:
        yield from (("ttl", message) for message in _ttl(f"TTL {table.ttl}", table))
    if table.name != _OWN_JOURNAL:
        if tuple((c.name, c.type) for c in table.columns[-2:]) != _TECHNICAL:
            yield "technical-columns", "must end with _ver UInt64, _loaded_at " + _INSTANT
        if table.is_replacing and table.engine_arguments != "_ver":
            yield "version", f"{table.engine} must replace by _ver"


def _comments(made: TableDefinition | ViewDefinition) -> Iterator[str]:
    if not made.comment:
        yield "has no COMMENT"
    if not made.columns:
        yield "declares no columns"
    yield from (f"column {c.name} has no COMMENT" for c in made.columns if not c.comment)


def _type(column: Column) -> Iterator[str]:
    name, kind = column.name, column.type
    inner = kind.removeprefix("Nullable(").removesuffix(")") if "Nullable" in kind else kind
    if "Float" in kind:
        yield f"{name} is {kind}: money is Decimal(18, 2), and ratios belong into views"
    if "Decimal" in kind and "Decimal(18, 2)" not in kind:
        yield f"{name} is {kind}: money is Decimal(18, 2)"
    if "DateTime" in kind and _INSTANT not in kind:
        yield f"{name} is {kind}: an instant is {_INSTANT}"
    if name.endswith("_at") and "DateTime" not in inner:
        yield f"{name} is {kind}: a name ending in _at is an instant"
    if name.endswith(("_date", "_on")) and "_by_" not in name and inner != "Date":
        yield f"{name} is {kind}: a name ending in _date or _on is a Date"
    if name.endswith("_id") and kind != "String":
        yield f"{name} is {kind}: an id is String, leading zeros survive"


def _alter(file: SqlFile, action: str, table: TableDefinition | None) -> Iterator[Finding]:
    if table is None:
        return
    if re.match(r"(ADD|MODIFY)\s+COLUMN\b", action, re.IGNORECASE) and " COMMENT " not in action:
        yield at(file, "comment", f"{table.name}: the column has no COMMENT", action)
    for message in _ttl(action, table):
        yield at(file, "ttl", f"{table.name}: {message}", action)


def _ttl(text: str, table: TableDefinition) -> Iterator[str]:
    for name in _TTL.findall(text):
        column = table.column(name)
        if column is None:
            yield f"TTL names {name}, which is no column"
        elif "Date" not in column.type:
            yield f"TTL stands on {name}, which is {column.type} and no date"


def _twin(file: SqlFile, table: TableDefinition, catalogue: Catalogue) -> Iterator[Finding]:
    base = catalogue.tables.get(table.name.removesuffix("_next"))
    twin = catalogue.tables.get(table.name)
    if table.name.endswith("_next") and base and twin:
        same = replace(twin, name=base.name, comment=base.comment)
        if same != base:
            message = f"{table.name} is not the twin of {base.name}: columns, engine or keys differ"
            yield at(file, "twin", message)


def _names(expression: str) -> list[str]:
    """Give the names in an expression that are no function calls."""
    found = code(expression)
    return [
        unquoted(token)
        for place, token in enumerate(found)
        if token.kind in ("word", "name")
        and not (place + 1 < len(found) and found[place + 1].is_symbol("("))
    ]

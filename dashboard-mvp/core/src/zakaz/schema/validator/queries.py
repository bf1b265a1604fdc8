"""Rules on queries: views, facts, checks and inserts, through sqlglot's tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from zakaz.schema.ddl import Statement, ViewDefinition
from zakaz.schema.sources import SqlFile
from zakaz.schema.validator.catalogue import Catalogue
from zakaz.schema.validator.finding import Finding, at

_SERVER_CLOCK = {"today", "yesterday", "currentdate", "currenttimestamp"}


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Check every query."""
    for file, statement in catalogue.statements(catalogue.files):
        sql = _query(file, statement)
        if statement.action == "INSERT":
            yield from _insert(file, statement, catalogue)
        if sql:
            for rule, message in _select(file, statement, sql, catalogue):
                yield at(file, rule, message, statement.text)


def _query(file: SqlFile, statement: Statement) -> str:
    if statement.view is not None:
        return statement.view.select
    if statement.action == "INSERT":
        return statement.body
    return statement.text if file.path.parent.name == "checks" else ""


def _select(
    file: SqlFile, statement: Statement, sql: str, catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    import sqlglot
    from sqlglot import exp

    try:
        tree = _tree(sql)
    except sqlglot.errors.ParseError as error:
        yield "syntax", str(error).splitlines()[0]
        return
    unknown, read = False, set()
    for table in tree.find_all(exp.Table):
        name = f"{table.db}.{table.name}"
        if isinstance(table.this, exp.Func | exp.Anonymous):
            continue
        read.add(name)
        if catalogue.columns(name) is None:
            unknown = True
            yield "unknown-object", f"reads {name}, which nothing creates"
        elif file.path.parent.name != "checks":  # a check may look at unmerged rows on purpose
            definition = catalogue.tables.get(name)
            if definition and definition.is_replacing and not isinstance(table.parent, exp.Final):
                yield "final", f"reads {name} without FINAL"
    if not unknown:
        yield from _columns(sql, sorted(read), catalogue)
    yield from _habits(sql)
    names = tree.named_selects
    if statement.columns is not None and tuple(names) != statement.columns:
        yield "insert-columns", _apart("INSERT", statement.columns, tuple(names))
    if isinstance(statement.view, ViewDefinition):
        declared = tuple(column.name for column in statement.view.columns)
        if tuple(names) != declared:
            yield "view-columns", _apart("the view", declared, tuple(names))


@lru_cache(maxsize=512)  # who judges changed sources again reads what is unchanged once
def _tree(sql: str) -> Any:
    """Parse a query; the tree is shared, so nobody changes it."""
    import sqlglot

    return sqlglot.parse_one(sql, read="clickhouse")


def _apart(what: str, wanted: tuple[str, ...], given: tuple[str, ...]) -> str:
    pairs = enumerate(zip(wanted, given, strict=False))
    place = next((i for i, (a, b) in pairs if a != b), min(len(wanted), len(given)))
    names = [names[place] if place < len(names) else "nothing" for names in (wanted, given)]
    return f"column {place + 1}: {what} names {names[0]}, its SELECT gives {names[1]}"


def _columns(sql: str, names: Iterable[str], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Let sqlglot resolve every column against the tables that the query reads."""
    if told := _unresolved(sql, tuple((name, catalogue.columns(name) or ()) for name in names)):
        yield "unknown-column", told


@lru_cache(maxsize=512)
def _unresolved(sql: str, tables: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """Say which column of a query none of these tables has; '' when all are found."""
    from sqlglot import exp
    from sqlglot.errors import OptimizeError, SchemaError
    from sqlglot.optimizer.qualify import qualify

    schema: dict[str, Any] = {}
    for name, columns in tables:
        database, _, table = name.partition(".")
        schema.setdefault(database, {})[table] = dict.fromkeys(columns, "TEXT")
    tree = _tree(sql).copy()
    for select in tree.find_all(exp.Query):
        select.set("settings", None)
    try:
        qualify(tree, schema=schema, dialect="clickhouse", validate_qualify_columns=True)
    except (OptimizeError, SchemaError) as error:
        return str(error).splitlines()[0]
    return ""


@lru_cache(maxsize=512)
def _habits(sql: str) -> tuple[tuple[str, str], ...]:
    return tuple(_bad_habits(_tree(sql)))


def _bad_habits(tree: Any) -> Iterator[tuple[str, str]]:
    from sqlglot import exp

    for star in tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            yield "star", "SELECT * freezes or hides a column list: name the columns"
    for join in tree.find_all(exp.Join):
        if join.side == "FULL":
            yield "full-join", "FULL JOIN invents 1970 and '': UNION ALL, then GROUP BY"
    for call in tree.find_all(exp.Func):
        name = (call.name if isinstance(call, exp.Anonymous) else call.sql_name()).lower()
        if name.replace("_", "") in _SERVER_CLOCK:
            yield "server-clock", f"{name} follows the server's zone: toDate(now('Europe/Moscow'))"
    for select in tree.find_all(exp.Select):
        sources = {
            column.name
            for clause in ("where", "group", "having")
            if (part := select.args.get(clause))
            for column in part.find_all(exp.Column)
        }
        for projection in select.selects:
            aggregates = isinstance(projection, exp.Alias) and projection.find(exp.AggFunc)
            inside = {c.name for c in projection.find_all(exp.Column)} if aggregates else set()
            if aggregates and projection.alias in sources & inside:
                yield "alias-shadow", f"the alias {projection.alias} hides the column it is made of"


def _insert(file: SqlFile, statement: Statement, catalogue: Catalogue) -> Iterator[Finding]:
    table = catalogue.tables.get(statement.target)
    if table is None:
        return  # the order rule has said so
    if statement.columns is None:
        message = f"INSERT into {statement.target} names no columns"
        yield at(file, "insert-columns", message, statement.text)
        return
    for name in statement.columns:
        if table.column(name) is None:
            message = f"INSERT names {statement.target}.{name}, which does not exist"
            yield at(file, "insert-columns", message, statement.text)
    for column in table.columns:
        if column.must_be_written and column.name not in statement.columns:
            message = f"INSERT leaves out {statement.target}.{column.name}, which has no default"
            yield at(file, "insert-columns", message, statement.text)
    if file.path.parent.name == "facts" and not statement.target.endswith("_next"):
        yield at(file, "twin", f"a rebuild must fill a twin, not {statement.target}")

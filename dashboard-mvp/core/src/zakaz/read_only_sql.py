"""Which SQL a person may ask through ``zakaz query``: reading statements over database ``bi``.

The engine opens read-only as well; this check is what gives a clear sentence, and what keeps
staging, system tables and the file system out of reach.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import NoReturn

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from zakaz.errors import DataError

DATABASE = "bi"
_SHOW = re.compile(
    r"SHOW\s+(TABLES\s+FROM\s+`?bi`?|CREATE\s+(TABLE|VIEW)\s+`?bi`?\.`?\w+`?)(\s+LIKE\s+'[^']*')?",
    re.IGNORECASE,
)
# Functions that read something other than their arguments.
_REACHING = re.compile(
    r"(global)?(not)?in|file|dict\w*|joinget\w*|getserverport|getmacro|hostname|fqdn|currentuser"
    r"|catboostevaluate|showcertificate|filesystem\w*|sleep\w*|query_?result\w*",
    re.IGNORECASE,
)


def require_readable(sql: str) -> str:
    """Give the statement without its final semicolon, or raise DataError saying what to change."""
    text = sql.strip().rstrip(";").strip()
    if not text:
        _refuse("the statement is empty")
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        statements = [found for found in sqlglot.parse(text, read="clickhouse") if found]
    except (SqlglotError, RecursionError):
        _refuse("the statement cannot be read, so it cannot be checked; write it more simply")
    if len(statements) != 1:
        _refuse("give one statement at a time")
    statement = statements[0]
    if isinstance(statement, exp.Command) and _SHOW.fullmatch(text):
        return text
    if not isinstance(statement, (exp.Query, exp.Describe)):
        _refuse("only SELECT, WITH, DESCRIBE bi.… and SHOW TABLES FROM bi are answered")
    if any(query.args.get("format") for query in statement.find_all(exp.Query)):
        _refuse("leave FORMAT out and use --csv or --json")
    for table in statement.find_all(exp.Table):
        _check_table(table)
    for function in statement.find_all(exp.Anonymous):
        if _REACHING.fullmatch(function.name):
            _refuse(f"the function {function.name} is not available here")
    for found in statement.find_all(exp.In):
        if isinstance(found.args.get("field"), exp.Column):
            _refuse("after IN write a list or a subquery, not a table")
    return text


def _check_table(table: exp.Table) -> None:
    if not isinstance(table.this, exp.Identifier):
        _refuse(f"the table function {table.this.name or table.this.sql()} is not available here")
    if table.db == DATABASE and not table.catalog:
        return
    if table.db:
        _refuse(f"{table.db}.{table.name} is outside database bi; list its views with"
                " SHOW TABLES FROM bi")  # fmt: skip
    if table.name not in _visible_names(table):
        _refuse(f"write the view with its database: bi.{table.name}")


def _visible_names(table: exp.Table) -> Iterator[str]:
    """Give the WITH names a table may refer to; a WITH entry sees only the ones before it."""
    inside: exp.Expr = table
    node = table.parent
    while node is not None:
        clause = node if isinstance(node, exp.With) else node.args.get("with_")
        if isinstance(clause, exp.With):
            for entry in clause.expressions:
                if entry is inside:
                    break
                yield str(entry.alias)
            if node is clause:  # its own statement has nothing more to offer
                inside, node = node, node.parent
        if node is not None:
            inside, node = node, node.parent


def _refuse(reason: str) -> NoReturn:
    raise DataError(f"This query is refused: {reason}.")

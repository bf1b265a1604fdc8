"""Typed ``{name:Type}`` parameters, written into the statement as literals of that type.

Of the four ways to hand parameters over, no single one works everywhere: chDB 3.2.0 takes none,
clickhouse-driver needs a newer protocol than a test server speaks, and their escaping rules
differ. So both adapters share this one renderer. It is closed against injection by construction:
a value is first checked against the declared type, then written as digits or as one quoted text
in which every backslash, quote and control letter is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zakaz.errors import DataError, WarehouseError
from zakaz.warehouse.types import ColumnType, column_type
from zakaz.warehouse.values import checker

UNKNOWN_QUERY_PARAMETER = 456
# Texts, quoted names, comments and heredocs are matched first, so that nothing inside them
# is ever taken for a parameter.
TOKEN = re.compile(
    r"""
    '(?:[^'\\]|\\.)*'
    | "(?:[^"\\]|\\.)*"
    | `(?:[^`\\]|\\.)*`
    | --[^\n]*
    | \#[\ !][^\n]*
    | /\*.*?\*/
    | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$
    | \{\s*(?P<name>[A-Za-z_]\w*)\s*:\s*(?P<type>[A-Za-z](?:[^{}'"`]|'(?:[^'\\]|\\.)*')*)\}
    """,
    re.VERBOSE | re.DOTALL,
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
_ESCAPED = re.compile(r"[\\'\n\r\t\0]")


def quoted(text: str) -> str:
    """Write a text as a literal of ClickHouse's SQL."""
    return "'" + _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text) + "'"


def identifier(name: str) -> str:
    """Write a plain ASCII name as a quoted identifier; anything else is a DataError."""
    if not _IDENTIFIER.match(name):
        raise DataError(f"{name[:60]!r} is not a plain name of a table, column or database")
    return f"`{name}`"


def table_name(table: str) -> str:
    """Write ``database.table`` (or ``table``) as quoted identifiers."""
    parts = table.split(".")
    if len(parts) > 2:
        raise DataError(f"{table[:60]!r} is not a plain name of a table")
    return ".".join(identifier(part) for part in parts)


def rendered(sql: str, params: Mapping[str, Any] | None = None) -> str:
    """Give the statement with every ``{name:Type}`` replaced by a literal of that type.

    A text becomes a plain quoted literal, ``Identifier`` a quoted name, anything else
    ``CAST(… AS Type)``. A value that does not fit is a DataError naming the parameter; a missing
    one is a WarehouseError with the engine's own code for it. Extra values are ignored.
    """
    values = params or {}

    def replace(match: re.Match[str]) -> str:
        name = match["name"]
        return match[0] if name is None else _literal(name, match["type"].strip(), values)

    return TOKEN.sub(replace, sql)


def _literal(name: str, declared: str, values: Mapping[str, Any]) -> str:
    if name not in values:
        raise WarehouseError(
            f"the statement's parameter {name} got no value", code=UNKNOWN_QUERY_PARAMETER
        )
    value = values[name]
    if declared == "Identifier":
        return identifier(value if isinstance(value, str) else "")
    try:
        kind = column_type(declared)
        text = _text(kind, checker(kind)(value))
    except ValueError as error:
        raise DataError(f"parameter {name} ({declared}): {error}") from None
    return text if declared == "String" else f"CAST({text} AS {declared})"


def _text(kind: ColumnType, value: Any) -> str:
    """Write a checked value; numbers travel as text, which the engine reads exactly."""
    if value is None:
        return "NULL"
    if kind.name == "Array":
        return "[" + ", ".join(_text(kind.inner[0], item) for item in value) + "]"
    if kind.name == "DateTime":
        return str(value)
    if kind.name == "DateTime64":
        return quoted(f"{Decimal(value).scaleb(-kind.size):f}")
    if kind.name == "Bool":
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    return quoted(f"{value:f}" if isinstance(value, Decimal) else str(value))

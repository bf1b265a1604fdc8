"""What a statement is, told from its words outside texts, quoted names and comments."""

from __future__ import annotations

import re

from zakaz.errors import WarehouseError
from zakaz.warehouse.parameters import TOKEN

_COLUMNS = re.compile(r"\([^()]*\)")
_INLINE = re.compile(
    r"\s*insert\s+into\b(?:(?!\bselect\b|\bwith\b).)*?\b(?:values|format)\b",
    re.IGNORECASE | re.DOTALL,
)


def skeleton(sql: str) -> str:
    """Give the statement without its texts, quoted names, comments and parameters."""
    return TOKEN.sub(" ", sql)


def refuse_inline_rows(sql: str) -> None:
    """Refuse rows written into an INSERT.

    Over the native protocol the server waits for rows that clickhouse-driver never sends, and
    chDB 3.2.0 may read them from standard input: so neither adapter takes them.
    """
    if _INLINE.match(_COLUMNS.sub(" ", skeleton(sql))):
        raise WarehouseError(
            "rows inside a statement (INSERT … VALUES) are not taken: "
            "use insert(table, columns) or INSERT … SELECT"
        )


_READ = re.compile(r"[\s(]*(?:select|with|show|describe|desc|explain|exists)\b", re.IGNORECASE)


def is_read(sql: str) -> bool:
    """Say whether a statement only reads, so that sending it twice does no harm."""
    return bool(_READ.match(skeleton(sql)))


def may_change(sql: str, table: str) -> bool:
    """Return whether a statement may change a table's columns: it names the table or a database."""
    return table.rpartition(".")[2] in sql or "DATABASE" in sql.upper()

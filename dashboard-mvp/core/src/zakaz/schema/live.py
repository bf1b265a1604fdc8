"""The live schema: what the engine says its databases hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from zakaz.schema.ddl import Column, parse
from zakaz.schema.sources import SqlFile
from zakaz.warehouse.port import Warehouse

_TABLES = """
SELECT concat(database, '.', name) AS object, engine, engine_full, partition_key, sorting_key,
       as_select, if(engine = 'View', '', create_table_query)
FROM system.tables
WHERE database IN ('zakaz', 'bi')
"""
_COLUMNS = """
SELECT concat(database, '.', table) AS object, name, type, default_kind, default_expression,
       comment
FROM system.columns
WHERE database IN ('zakaz', 'bi')
ORDER BY object, position
"""
_GIVEN_SETTINGS = "index_granularity = 8192"  # the engine writes it down for every table
# A block that is equal to an earlier one is not stored; rows go away at a merge.
LOSING_SETTINGS = (
    "non_replicated_deduplication_window",
    "replicated_deduplication_window",
    "replicated_deduplication_window_seconds",
    "clean_deleted_rows",
    "allow_experimental_replacing_merge_with_cleanup",
    "enable_replacing_merge_with_cleanup_for_min_age_to_force_merge",
    "ttl_only_drop_parts",
)


@dataclass(frozen=True, slots=True)
class LiveObject:
    """One table or view as the engine describes it."""

    name: str
    engine: str
    engine_arguments: str
    partition_by: str
    order_by: str
    select: str
    columns: tuple[Column, ...]
    ttl: str = ""
    settings: tuple[tuple[str, str], ...] = ()


def objects(warehouse: Warehouse) -> dict[str, LiveObject]:
    """Give every table and view of our two databases by full name."""
    columns: dict[str, list[Column]] = {}
    for name, *column in warehouse.query(_COLUMNS).rows:
        columns.setdefault(name, []).append(Column(*column))
    found = {}
    for name, engine, full, partition_by, order_by, select, created in warehouse.query(
        _TABLES
    ).rows:
        there = LiveObject(
            name=name,
            engine=engine,
            engine_arguments=_arguments(engine, full),
            partition_by=partition_by,
            order_by=order_by,
            select=select,
            columns=tuple(columns.get(name, ())),
        )
        # Hardly a table has one of them, and to read its statement takes a while.
        plain = full.partition(" SETTINGS ")[2] in ("", _GIVEN_SETTINGS) and " TTL " not in created
        found[name] = there if plain else _with_lifetime(there, created)
    return found


def _with_lifetime(there: LiveObject, created: str) -> LiveObject:
    """Add what a table says about rows that leave by themselves."""
    table = parse(created).table
    if table is None:
        return there
    lifetimes = {column.name: column.ttl for column in table.columns}
    columns = tuple(replace(column, ttl=lifetimes[column.name]) for column in there.columns)
    return replace(there, columns=columns, ttl=table.ttl, settings=table.settings)


def secured_views(warehouse: Warehouse) -> set[str]:
    """Give the views that run with the rights of a definer, as they do on a server."""
    answer = warehouse.query(
        "SELECT concat(database, '.', name) FROM system.tables"
        " WHERE database = 'bi' AND create_table_query LIKE '% SQL SECURITY DEFINER %'"
    )
    return {str(name) for (name,) in answer.rows}


def formatted_selects(warehouse: Warehouse, files: Sequence[SqlFile]) -> dict[str, str]:
    """Return each view's SELECT in the spelling in which the engine keeps it, asked at once."""
    selects = {
        statement.target: statement.view.select
        for file in files
        for statement in file.parts
        if statement.view is not None
    }
    known = _spellings(warehouse.version())
    new = sorted({select for select in selects.values() if select not in known})
    if new:
        answer = warehouse.query(
            "SELECT arrayJoin({selects:Array(String)}) AS text, formatQuerySingleLine(text)",
            {"selects": new},
        )
        known |= {str(text): str(spelt) for text, spelt in answer.rows}
    return {name: known[select] for name, select in selects.items()}


@lru_cache  # a process that syncs again and again has the same views each time
def _spellings(version: str) -> dict[str, str]:
    """Return the spellings that the engine of this version has given so far, by declared text."""
    return {}


def _arguments(engine: str, engine_full: str) -> str:
    """Cut ``_ver`` out of ``ReplacingMergeTree(_ver) PARTITION BY … ORDER BY …``."""
    rest = engine_full.removeprefix(engine)
    if not rest.startswith("("):
        return ""
    depth = 0
    for place, character in enumerate(rest):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return rest[1:place]
    return rest

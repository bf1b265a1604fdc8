"""The live schema: what the engine says its databases hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zakaz.schema.ddl import Column
from zakaz.schema.sources import SqlFile
from zakaz.warehouse.port import Warehouse

_TABLES = """
SELECT concat(database, '.', name) AS object, engine, engine_full, partition_key, sorting_key,
       as_select
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


def objects(warehouse: Warehouse) -> dict[str, LiveObject]:
    """Give every table and view of our two databases by full name."""
    columns: dict[str, list[Column]] = {}
    for name, *column in warehouse.query(_COLUMNS).rows:
        columns.setdefault(name, []).append(Column(*column))
    return {
        name: LiveObject(
            name=name,
            engine=engine,
            engine_arguments=_arguments(engine, engine_full),
            partition_by=partition_by,
            order_by=order_by,
            select=select,
            columns=tuple(columns.get(name, ())),
        )
        for name, engine, engine_full, partition_by, order_by, select in warehouse.query(
            _TABLES
        ).rows
    }


def secured_views(warehouse: Warehouse) -> set[str]:
    """Give the views that run with the rights of a definer, as they do on a server."""
    answer = warehouse.query(
        "SELECT concat(database, '.', name) FROM system.tables"
        " WHERE database = 'bi' AND create_table_query LIKE '% SQL SECURITY DEFINER %'"
    )
    return {str(name) for (name,) in answer.rows}


def formatted_selects(warehouse: Warehouse, files: Sequence[SqlFile]) -> dict[str, str]:
    """Give each view's SELECT in the spelling in which the engine keeps it."""
    found = {}
    for file in files:
        for statement in file.parts:
            if statement.view is not None:
                found[statement.target] = str(
                    warehouse.query(
                        "SELECT formatQuerySingleLine({sql:String})",
                        {"sql": statement.view.select},
                    ).scalar()
                )
    return found


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

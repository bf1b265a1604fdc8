"""The declared schema: what the migrations up to some version make of the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from zakaz.schema.ddl import Statement, TableDefinition, parse_column
from zakaz.schema.lexer import Token, code, depths, unquoted
from zakaz.schema.sources import SqlFile

_ACTION = re.compile(
    r"(?P<verb>ADD|MODIFY|DROP|RENAME)\s+COLUMN\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_PLACE = re.compile(r"\s+(?:FIRST|AFTER\s+`?\w+`?)\s*\Z", re.IGNORECASE)


def tables(files: Iterable[SqlFile]) -> dict[str, TableDefinition]:
    """Give every table by full name after these migrations, in the order of creation."""
    found: dict[str, TableDefinition] = {}
    for file in files:
        for statement in file.parts:
            _apply(statement, found)
    return found


def _apply(statement: Statement, found: dict[str, TableDefinition]) -> None:
    if statement.table is not None:
        found.setdefault(statement.target, statement.table)
    elif statement.action == "ALTER TABLE" and statement.target in found:
        for action in actions(statement.body):
            found[statement.target] = _altered(found[statement.target], action)
    elif statement.action == "EXCHANGE TABLES" and statement.body in found:
        one, other = statement.target, statement.body
        found[one], found[other] = (
            replace(found[other], name=one),
            replace(found[one], name=other),
        )
    elif statement.action == "DROP TABLE":
        found.pop(statement.target, None)


def actions(body: str) -> list[str]:
    """Split the actions of one ALTER TABLE."""
    found = code(body)
    levels = depths(found)
    edges = [i for i, token in enumerate(found) if token.is_symbol(",") and levels[i] == 0]
    starts = [0, *[found[i].end for i in edges]]
    ends = [*[found[i].start for i in edges], len(body)]
    return [_unwrapped(body[a:b].strip()) for a, b in zip(starts, ends, strict=True)]


def _unwrapped(action: str) -> str:
    """The engine's formatter puts each action into parentheses."""
    return action[1:-1].strip() if action.startswith("(") and action.endswith(")") else action


def _altered(table: TableDefinition, action: str) -> TableDefinition:
    match = _ACTION.match(action)
    if match is None:
        return table  # comments, TTL and settings do not change what drift compares
    verb, rest = match["verb"].upper(), _PLACE.sub("", match["rest"])
    names = [_name(token) for token in code(rest) if token.kind in ("word", "name")]
    columns = list(table.columns)
    if verb == "ADD" and table.column(names[0]) is None:
        columns.append(parse_column(rest))
    elif verb == "MODIFY":
        columns = [parse_column(rest) if old.name == names[0] else old for old in columns]
    elif verb == "DROP":
        columns = [old for old in columns if old.name != names[0]]
    elif verb == "RENAME":
        columns = [replace(o, name=names[2]) if o.name == names[0] else o for o in columns]
    return replace(table, columns=tuple(columns))


def _name(token: Token) -> str:
    return unquoted(token)

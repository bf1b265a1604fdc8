"""The declared schema: what the migrations up to some version make of the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from zakaz.schema.ddl import Column, Statement, TableDefinition, parse_column, parse_settings
from zakaz.schema.lexer import Token, code, depths, unquoted
from zakaz.schema.sources import SqlFile

_ACTION = re.compile(
    r"(?P<verb>ADD|MODIFY|DROP|RENAME)\s+COLUMN\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LIFETIME = re.compile(
    r"(?P<verb>MODIFY|REMOVE|RESET)\s+(?P<what>TTL|SETTING)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NO_TTL = re.compile(r"\A`?\w+`?\s+REMOVE\s+TTL\Z", re.IGNORECASE)
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


def retyped(body: str) -> list[tuple[str, str]]:
    """Return name and type of every column to which the actions of an ALTER TABLE give a type."""
    found = []
    for action in actions(body):
        match = _ACTION.match(action)
        if match is not None and match["verb"].upper() == "MODIFY":
            text = _PLACE.sub("", match["rest"])
            column = parse_column(text)
            if column.type and not _NO_TTL.search(text):
                found.append((column.name, column.type))
    return found


def _unwrapped(action: str) -> str:
    """The engine's formatter puts each action into parentheses."""
    return action[1:-1].strip() if action.startswith("(") and action.endswith(")") else action


def _altered(table: TableDefinition, action: str) -> TableDefinition:
    match = _ACTION.match(action)
    if match is None:
        return _with_lifetime(table, action)
    verb, rest = match["verb"].upper(), _PLACE.sub("", match["rest"])
    names = [_name(token) for token in code(rest) if token.kind in ("word", "name")]
    columns = list(table.columns)
    if verb == "ADD" and table.column(names[0]) is None:
        columns.append(parse_column(rest))
    elif verb == "MODIFY":
        columns = [_modified(old, rest) if old.name == names[0] else old for old in columns]
    elif verb == "DROP":
        columns = [old for old in columns if old.name != names[0]]
    elif verb == "RENAME":
        columns = [replace(o, name=names[2]) if o.name == names[0] else o for o in columns]
    return replace(table, columns=tuple(columns))


def _modified(column: Column, text: str) -> Column:
    """Apply a MODIFY COLUMN, which may say nothing but that the values stay for good."""
    if _NO_TTL.search(text):
        return replace(column, ttl="")
    new = parse_column(text)
    return replace(new, type=new.type or column.type, ttl=new.ttl or column.ttl)


def _with_lifetime(table: TableDefinition, action: str) -> TableDefinition:
    """Apply what an action says about rows that leave by themselves; a comment changes nothing."""
    match = _LIFETIME.match(action)
    if match is None:
        return table
    verb, what, rest = match["verb"].upper(), match["what"].upper(), match["rest"].strip()
    if what == "TTL":
        return replace(table, ttl=rest if verb == "MODIFY" else "")
    settings = dict(table.settings)
    if verb == "MODIFY":
        settings |= parse_settings(rest)
    else:
        settings = {k: v for k, v in settings.items() if k not in re.split(r"\s*,\s*", rest)}
    return replace(table, settings=tuple(settings.items()))


def _name(token: Token) -> str:
    return unquoted(token)

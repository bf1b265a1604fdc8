"""Rules on accounts and rights, which sqlglot cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zakaz.schema.ddl import Statement
from zakaz.schema.sources import SqlFile
from zakaz.schema.validator.catalogue import Catalogue
from zakaz.schema.validator.finding import Finding, at

_ON = re.compile(r"GRANT\s.+?\sON\s+`?(\w+|\*)`?\.`?(\w+|\*)`?\s+TO\s+(.+)", re.I | re.S)
_ROLE = re.compile(r"GRANT\s+((?:`?\w+`?(?:,\s*)?)+)\s+TO\s+(.+)", re.I | re.S)
_TO = re.compile(r"\sTO\s+([\w`, ]+)\Z", re.I)
_DEFINER = re.compile(r"\bDEFINER\s*=\s*`?(\w+)`?", re.I)
_BY = re.compile(r"\bBY\s+'([^']*)'", re.I)
_ACCOUNTS = ("CREATE ROLE", "CREATE USER")
_NO_SECRET = "0" * 64


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Check that every grant has its object and its grantee, and every view its definer."""
    made: set[str] = set()
    secured: set[str] = set()
    for file, statement in catalogue.statements(catalogue.access):
        if statement.action in _ACCOUNTS:
            made.add(statement.target)
        for rule, message in _statement(statement, made, catalogue):
            yield at(file, rule, message, statement.text)
        if statement.action == "ALTER TABLE" and _DEFINER.search(statement.body):
            secured.add(statement.target)
    yield from _unsecured(catalogue, secured)


def _statement(
    statement: Statement, made: set[str], catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    text = statement.text
    accounts: list[str] = []
    if statement.action == "GRANT":
        if match := _ON.match(text):
            database, name = match[1], match[2]
            if database not in catalogue.databases:
                yield "grant", f"grants on {database}.{name}, but nothing creates {database}"
            elif name != "*" and catalogue.columns(f"{database}.{name}") is None:
                yield "grant", f"grants on {database}.{name}, which nothing creates"
            accounts = _list(match[3])
        elif match := _ROLE.match(text):
            accounts = _list(match[1]) + _list(match[2])
    elif statement.action.startswith("CREATE") and (match := _TO.search(text)):
        accounts = _list(match[1])
    accounts += _DEFINER.findall(statement.body)
    for account in accounts:
        if account not in made:
            yield "account", f"names {account}, which no earlier statement creates"
    for secret in _BY.findall(text):
        if secret != _NO_SECRET:
            yield "secret", "holds a password: passwords come from the environment only"


def _list(names: str) -> list[str]:
    return [name.strip().strip("`") for name in names.split(",") if name.strip()]


def _unsecured(catalogue: Catalogue, secured: set[str]) -> Iterator[Finding]:
    if not catalogue.access:
        return
    files: dict[str, SqlFile] = {file.name: file for file in catalogue.views}
    for name in sorted(set(catalogue.view_definitions) - secured):
        message = f"no file of access/ gives {name} its definer: readers would need the tables"
        yield at(files.get(name, catalogue.views[0]), "definer", message)

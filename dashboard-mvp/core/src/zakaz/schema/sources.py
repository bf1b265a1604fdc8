"""The SQL of this product: where it lies and in which order it is applied."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import zakaz
from zakaz.schema.ddl import Statement, parse
from zakaz.schema.lexer import statements

_HEADER = re.compile(r"\A(?:--[^\n]*\n)*")


@dataclass(frozen=True)
class SqlFile:
    """One SQL file of the product."""

    path: Path

    @cached_property
    def text(self) -> str:
        """Give the whole text, header included."""
        return self.path.read_text(encoding="utf-8")

    @property
    def header(self) -> str:
        """Give the comment the file opens with."""
        found = _HEADER.match(self.text)
        return found.group() if found else ""

    @cached_property
    def parts(self) -> tuple[Statement, ...]:
        """Give the statements of the file, read for what they declare."""
        return _parts(self.text)

    @property
    def name(self) -> str:
        """Give the file's name without its ending."""
        return self.path.stem

    @property
    def version(self) -> int:
        """Give the number of a migration."""
        return int(self.path.name.split("_", 1)[0])

    @property
    def md5(self) -> str:
        """Give the checksum the journal keeps: of the bytes, as the migrations library counts."""
        return hashlib.md5(self.path.read_bytes(), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=256)  # a process that syncs again and again reads the same files each time
def _parts(text: str) -> tuple[Statement, ...]:
    return tuple(parse(statement) for statement in statements(text))


def sql_root() -> Path:
    """Give the folder of the SQL: in the installed package, or infra/clickhouse of a checkout."""
    package = Path(zakaz.__file__).resolve().parent
    shipped = package / "clickhouse"
    if (shipped / "migrations").is_dir():
        return shipped
    for folder in package.parents:
        if (folder / "infra" / "clickhouse" / "migrations").is_dir():
            return folder / "infra" / "clickhouse"
    raise FileNotFoundError("the SQL of zakaz is neither in the package nor beside the checkout")


def _files(kind: str, root: Path | None) -> list[SqlFile]:
    folder = (root or sql_root()) / kind
    return [SqlFile(path) for path in sorted(folder.glob("*.sql"))]


def migrations(root: Path | None = None) -> list[SqlFile]:
    """Give the migrations in the order of their numbers."""
    return sorted(_files("migrations", root), key=lambda file: file.version)


def views(root: Path | None = None) -> list[SqlFile]:
    """Give the views, each behind the views it reads."""
    waiting = _files("views", root)
    names = {file.name for file in waiting}
    ordered: list[SqlFile] = []
    placed: set[str] = set()
    while waiting:
        ready = [file for file in waiting if not (_mentions(file, names) - placed)]
        if not ready:
            raise ValueError(f"views read each other in a circle: {[f.name for f in waiting]}")
        ordered += ready
        placed |= {file.name for file in ready}
        waiting = [file for file in waiting if file.name not in placed]
    return ordered


def facts(root: Path | None = None) -> list[SqlFile]:
    """Give the queries that compute facts and dimensions into their twins."""
    return _files("facts", root)


def fact(name: str, root: Path | None = None) -> SqlFile:
    """Give the query that computes one fact or dimension."""
    return SqlFile((root or sql_root()) / "facts" / f"{name}.sql")


def access(root: Path | None = None) -> list[SqlFile]:
    """Give the files of accounts and rights in the order of their numbers."""
    return _files("access", root)


def checks(root: Path | None = None) -> list[SqlFile]:
    """Give the queries that must return no rows."""
    return _files("checks", root)


def _mentions(file: SqlFile, names: set[str]) -> set[str]:
    found = set(re.findall(r"\b(\w+\.\w+)\b", file.text[len(file.header) :])) & names
    return found - {file.name}

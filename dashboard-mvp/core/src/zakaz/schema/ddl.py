"""What our DDL declares: tables, views and inserts read from their own text.

sqlglot keeps a view with a column list as an opaque command, so the outer shape is read here and
sqlglot reads the queries inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from zakaz.schema.lexer import Token, code, depths, unquoted

_COLUMN_PARTS = {"DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL", "COMMENT", "CODEC", "TTL"}
_SECOND_WORDS = {"VIEW", "PROFILE", "POLICY", "TABLE"}  # MATERIALIZED VIEW, SETTINGS PROFILE …
_NO_COLUMNS = {"INDEX", "CONSTRAINT", "PROJECTION"}
_TABLE_PARTS = {"ENGINE", "PARTITION", "PRIMARY", "ORDER", "SAMPLE", "TTL", "SETTINGS", "COMMENT"}


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column; types and expressions as the engine spells them."""

    name: str
    type: str
    default_kind: str = ""
    default: str = ""
    comment: str = ""
    ttl: str = ""

    @property
    def must_be_written(self) -> bool:
        """Say whether an INSERT has to supply it."""
        return not self.default_kind


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """One declared table."""

    name: str
    columns: tuple[Column, ...]
    engine: str
    engine_arguments: str
    partition_by: str
    order_by: str
    ttl: str
    comment: str
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def is_replacing(self) -> bool:
        """Say whether reading it right takes FINAL."""
        return self.engine.endswith("ReplacingMergeTree")

    def column(self, name: str) -> Column | None:
        """Give the column of a name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class ViewDefinition:
    """One declared view: the columns it promises and the SELECT behind them."""

    name: str
    columns: tuple[Column, ...]
    select: str
    comment: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement by what it does to which object."""

    action: str  # CREATE DATABASE, CREATE TABLE, CREATE VIEW, ALTER TABLE, INSERT, GRANT …
    target: str  # normalised full name, empty where there is none
    text: str
    guarded: bool = False  # IF NOT EXISTS or OR REPLACE
    columns: tuple[str, ...] | None = None  # of an INSERT
    body: str = ""  # the SELECT of an INSERT, the actions of an ALTER
    table: TableDefinition | None = None
    view: ViewDefinition | None = None


@dataclass(slots=True)
class _Reader:
    text: str
    found: list[Token] = field(init=False)
    depth: list[int] = field(init=False)
    at: int = 0

    def __post_init__(self) -> None:
        self.found = code(self.text)
        self.depth = depths(self.found)

    def word(self) -> str:
        return self.found[self.at].upper if self.at < len(self.found) else ""

    def take(self, *words: str) -> bool:
        ahead = self.found[self.at : self.at + len(words)]
        if [token.upper for token in ahead] != list(words):
            return False
        self.at += len(words)
        return True

    def name(self) -> str:
        parts = [unquoted(self.found[self.at])]
        self.at += 1
        while self.at + 1 < len(self.found) and self.found[self.at].is_symbol("."):
            parts.append(unquoted(self.found[self.at + 1]))
            self.at += 2
        return ".".join(parts)

    def group(self) -> tuple[int, int] | None:
        """Step over a parenthesised group and give the token range inside it."""
        if self.at >= len(self.found) or not self.found[self.at].is_symbol("("):
            return None
        start, level = self.at + 1, self.depth[self.at]
        self.at = next(i for i in range(start, len(self.found)) if self.depth[i] == level) + 1
        return start, self.at - 1

    def slice(self, start: int, end: int) -> str:
        """Give the text of a token range, white space outside strings made single."""
        if start >= end:
            return ""
        pieces = [self.found[start].text]
        for before, token in pairwise(self.found[start:end]):
            pieces.append((" " if token.start > before.end else "") + token.text)
        return "".join(pieces).replace("( ", "(").replace(" )", ")")

    def verbatim(self, start: int, end: int) -> str:
        return self.text[self.found[start].start : self.found[end - 1].end] if start < end else ""


def parse(text: str) -> Statement:
    """Read one statement; what is not ours to know keeps only its leading words."""
    reader = _Reader(text)
    if reader.take("CREATE"):
        return _create(reader)
    if reader.take("ALTER", "TABLE"):
        guarded = reader.take("IF", "EXISTS")
        target = reader.name()
        body = reader.verbatim(reader.at, len(reader.found))
        return Statement("ALTER TABLE", target, text, guarded=guarded, body=body)
    if reader.take("INSERT", "INTO"):
        return _insert(reader)
    if reader.take("EXCHANGE", "TABLES"):
        first = reader.name()
        reader.take("AND")
        return Statement("EXCHANGE TABLES", first, text, body=reader.name())
    if reader.word() in ("DROP", "TRUNCATE", "RENAME", "DETACH", "DELETE"):
        verb = reader.word()
        reader.at += 1
        kind = reader.word()
        reader.at += 1
        guarded = reader.take("IF", "EXISTS")
        return Statement(f"{verb} {kind}", reader.name(), text, guarded=guarded)
    return Statement(reader.word(), "", text)


def _create(reader: _Reader) -> Statement:
    replace = reader.take("OR", "REPLACE")
    words: list[str] = []
    while not words or reader.word() in _SECOND_WORDS:
        words.append(reader.word())
        reader.at += 1
    action = "CREATE " + " ".join(words)
    guarded = reader.take("IF", "NOT", "EXISTS") or reader.take("OR", "REPLACE") or replace
    target = reader.name()
    return Statement(
        action,
        target,
        reader.text,
        guarded=guarded,
        table=_table(reader, target) if words == ["TABLE"] else None,
        view=_view(reader, target) if words == ["VIEW"] else None,
    )


def _table(reader: _Reader, name: str) -> TableDefinition:
    inside = reader.group()
    columns = _columns(reader, *inside) if inside else ()
    parts = _clauses(reader, reader.at, len(reader.found), _TABLE_PARTS)
    engine, _, arguments = parts.get("ENGINE", "").removeprefix("=").strip().partition("(")
    return TableDefinition(
        name=name,
        columns=columns,
        engine=engine.strip(),
        engine_arguments=arguments.removesuffix(")").strip(),
        partition_by=parts.get("PARTITION", "").removeprefix("BY").strip(),
        order_by=_bare(parts.get("ORDER", "").removeprefix("BY").strip()),
        ttl=parts.get("TTL", ""),
        comment=_text_of(parts.get("COMMENT", "")),
        settings=parse_settings(parts.get("SETTINGS", "")),
    )


def parse_settings(text: str) -> tuple[tuple[str, str], ...]:
    """Read settings as they stand behind SETTINGS: ``name = value``, with commas between."""
    found = code(text)
    marks = [i for i, token in enumerate(found) if token.is_symbol("=")]
    return tuple((found[i - 1].text, unquoted(found[i + 1])) for i in marks)


def _view(reader: _Reader, name: str) -> ViewDefinition:
    inside = reader.group()
    columns = _columns(reader, *inside) if inside else ()
    while reader.at < len(reader.found) and not reader.take("AS"):
        reader.at += 1
    start = reader.at
    grouped = reader.group()
    if grouped is None:
        return ViewDefinition(name, columns, reader.verbatim(start, len(reader.found)), "")
    comment = _clauses(reader, reader.at, len(reader.found), {"COMMENT"}).get("COMMENT", "")
    return ViewDefinition(name, columns, reader.verbatim(*grouped), _text_of(comment))


def _insert(reader: _Reader) -> Statement:
    reader.take("TABLE")
    target = reader.name()
    inside = reader.group()
    columns = None
    if inside:
        names = [t for t in reader.found[slice(*inside)] if not t.is_symbol(",")]
        columns = tuple(unquoted(token) for token in names)
    while reader.at < len(reader.found) and reader.word() not in ("SELECT", "WITH", "VALUES"):
        reader.at += 1
    body = reader.verbatim(reader.at, len(reader.found))
    return Statement("INSERT", target, reader.text, columns=columns, body=body)


def _columns(reader: _Reader, start: int, end: int) -> tuple[Column, ...]:
    level = reader.depth[start] if start < end else 0
    edges = [start - 1]
    edges += [
        i for i in range(start, end) if reader.found[i].is_symbol(",") and reader.depth[i] == level
    ]
    edges.append(end)
    found = []
    for before, after in pairwise(edges):
        if before + 1 < after and reader.found[before + 1].upper not in _NO_COLUMNS:
            found.append(_column(reader, before + 1, after))
    return tuple(found)


def parse_column(text: str) -> Column:
    """Read one column as it stands in CREATE TABLE or ADD COLUMN."""
    reader = _Reader(text)
    return _column(reader, 0, len(reader.found))


def _column(reader: _Reader, start: int, end: int) -> Column:
    parts = _clauses(reader, start + 1, end, _COLUMN_PARTS)
    kind = next((word for word in ("DEFAULT", "MATERIALIZED", "ALIAS") if word in parts), "")
    return Column(
        name=unquoted(reader.found[start]),
        type=parts[""],
        default_kind=kind,
        default=parts.get(kind, "") if kind else "",
        comment=_text_of(parts.get("COMMENT", "")),
        ttl=parts.get("TTL", ""),
    )


def _clauses(reader: _Reader, start: int, end: int, words: set[str]) -> dict[str, str]:
    """Give the text behind each keyword at the outer level; under '' what precedes the first."""
    level = reader.depth[start] if start < end else 0
    marks = [
        i for i in range(start, end) if reader.depth[i] == level and reader.found[i].upper in words
    ]
    parts = {"": reader.slice(start, marks[0] if marks else end)}
    for mark, after in pairwise([*marks, end]):
        parts[reader.found[mark].upper] = reader.slice(mark + 1, after)
    return parts


def _text_of(literal: str) -> str:
    return unquoted(Token("string", literal, 0)) if literal.startswith("'") else literal


def _bare(key: str) -> str:
    return key[1:-1] if key.startswith("(") and key.endswith(")") else key

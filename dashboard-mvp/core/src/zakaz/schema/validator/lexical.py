"""Rules on the text: what a file must not hold before anything can read it.

The migrations library splits files by its own simple rules, and operators paste bundles into
clickhouse-client: only plain ``--`` comments, quotes that close and UTF-8 survive both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from zakaz.schema.lexer import tokens
from zakaz.schema.sources import SqlFile
from zakaz.schema.validator.finding import Finding, at

_KINDS = ("migrations", "views", "facts", "access", "checks")
_NAME = re.compile(r"\d{4}_[a-z]+_[a-z0-9_]+\.sql")
_DOUBLE_ENCODED = re.compile("[\u0420\u0421][\u00a0-\u00bf\u0402-\u040f\u0452-\u045f\u2018-\u2122]")


def check(root: Path) -> Iterator[Finding]:
    """Check every SQL file below the folder."""
    for kind in _KINDS:
        numbers: dict[str, str] = {}
        for path in sorted((root / kind).glob("*.sql")):
            yield from _text(f"{kind}/{path.name}", path.read_bytes())
            if kind in ("migrations", "access"):
                yield from _name(path, numbers)
    versions = [path.name[:4] for path in sorted((root / "migrations").glob("[0-9]*.sql"))]
    if versions != [f"{number:04}" for number in range(1, len(versions) + 1)]:
        yield Finding("migrations", 1, "numbering", "numbers must run from 0001 without a gap")


def _name(path: Path, numbers: dict[str, str]) -> Iterator[Finding]:
    place = f"{path.parent.name}/{path.name}"
    if not _NAME.fullmatch(path.name):
        yield Finding(place, 1, "file-name", "must be called NNNN_<verb>_<object>.sql")
    if path.name[:4] in numbers:
        message = f"has the number of {numbers[path.name[:4]]}"
        yield Finding(place, 1, "numbering", message)
    numbers[path.name[:4]] = path.name


@lru_cache(maxsize=512)  # who judges changed sources again reads what is unchanged once
def _text(place: str, data: bytes) -> tuple[Finding, ...]:
    return tuple(_faults(place, data))


def _faults(place: str, data: bytes) -> Iterator[Finding]:
    if data.startswith(b"\xef\xbb\xbf"):
        yield Finding(place, 1, "encoding", "starts with a byte order mark")
    if b"\r" in data:
        yield Finding(place, 1, "encoding", "has carriage returns; lines end with a line feed")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield Finding(place, line, "encoding", "is not valid UTF-8")
        return
    if found := _DOUBLE_ENCODED.search(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Finding(place, line, "encoding", "holds Cyrillic that was encoded twice")
    yield from _tokens(place, text)


def _tokens(place: str, text: str) -> Iterator[Finding]:
    for token in tokens(text):
        said = {
            "block": "block comments are not split safely; use --",
            "heredoc": "heredocs are not split safely; use a quoted string",
        }.get(token.kind, "")
        if token.kind == "symbol" and token.text == "#":
            said = "# comments are not split safely; use --"
        elif token.kind == "symbol" and token.text in ("'", '"', "`"):
            said = "this quote is never closed"
        if said:
            line = text.count("\n", 0, token.start) + 1
            yield Finding(place, line, "comment-style" if "comment" in said else "lexical", said)


def headers(files: tuple[SqlFile, ...]) -> Iterator[Finding]:
    """Check that each file opens with its grain, source and key."""
    for file in files:
        missing = [word for word in ("Grain", "Source", "Key") if f"-- {word}: " not in file.header]
        if missing:
            yield at(file, "header", f"the header does not state {', '.join(missing)}")

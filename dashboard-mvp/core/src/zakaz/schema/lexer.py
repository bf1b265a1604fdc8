"""SQL as tokens: enough of ClickHouse's lexical rules to split and read our own files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>--[^\n]*)
    | (?P<block>/\*.*?\*/)
    | (?P<string>'(?:\\.|''|[^'\\])*')
    | (?P<name>`(?:\\.|``|[^`\\])*`|"(?:\\.|""|[^"\\])*")
    | (?P<heredoc>\$\w*\$)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<symbol>!=|<=|>=|<>|->|::|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_UNSEEN = frozenset({"space", "comment", "block"})
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "f": "\f"}


class Token(NamedTuple):
    """One token with its place in the text."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Give the offset behind the token."""
        return self.start + len(self.text)

    @property
    def upper(self) -> str:
        """Give a keyword's canonical spelling; empty for everything that is no bare word."""
        return self.text.upper() if self.kind == "word" else ""

    def is_symbol(self, text: str) -> bool:
        """Say whether this is the given punctuation."""
        return self.kind == "symbol" and self.text == text


def tokens(text: str) -> Iterator[Token]:
    """Give every token of a text, white space and comments included."""
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup or "symbol", match.group(), match.start())


def code(text: str) -> list[Token]:
    """Give the tokens that the engine would see."""
    return [
        Token(match.lastgroup or "symbol", match.group(), match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup not in _UNSEEN
    ]


def statements(text: str) -> list[str]:
    """Split a script at its semicolons, without the comments between statements."""
    found: list[str] = []
    start: int | None = None
    end = 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup in _UNSEEN:
            continue
        if match.lastgroup == "symbol" and match.group() == ";":
            if start is not None:
                found.append(text[start:end])
            start = None
        else:
            start = match.start() if start is None else start
            end = match.end()
    return found if start is None else [*found, text[start:end]]


def unquoted(token: Token) -> str:
    """Give the meaning of a name or string token."""
    if token.kind not in ("name", "string"):
        return token.text
    quote, inner = token.text[0], token.text[1:-1].replace(token.text[0] * 2, token.text[0])
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), inner) if quote else ""


def quoted(text: str) -> str:
    """Give a text as a string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def depths(found: list[Token]) -> list[int]:
    """Give the depth of parentheses and brackets at each token; an opening one counts inside."""
    depth = 0
    result = []
    for token in found:
        if token.kind == "symbol" and token.text in ")]":
            depth -= 1
        result.append(depth)
        if token.kind == "symbol" and token.text in "([":
            depth += 1
    return result

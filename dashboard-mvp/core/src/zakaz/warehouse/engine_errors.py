"""What an engine said, turned into one line that names its code and quotes no data."""

from __future__ import annotations

import re

from zakaz.errors import DamagedStore, WarehouseError

_CODE = re.compile(r"\bCode:\s*(\d+)\b")
_PREFIX = re.compile(r"^(?:Code:\s*\d+\.\s*|DB::Exception:\s*|DB::[A-Za-z]*Exception:\s*)+")
_TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'")
# From these words on, engines repeat the statement or their own version.
_TAIL = re.compile(
    r"(?::\s*|\.\s*|\s+)(?:"
    r"[Ii]n scope\b|While (?:processing|executing)\b|while (?:executing|converting)\b"
    r"|\(in query:|\(version \d|Expected one of\b|Note: there are\b"
    r"|Maybe you meant\b"
    r")"
)
_SYNTAX = re.compile(r"(Syntax error: failed at position \d+)(.*)")
_NAME = re.compile(r"\(([A-Z][A-Z0-9_]+)\)\s*(?:\(version .*\))?\s*$")
_HINT = re.compile(r"Maybe you meant: (\[[^\]]{1,100}\])")
_LONGEST = 300
# CHECKSUM_DOESNT_MATCH, NO_FILE_IN_DATA_PART, UNEXPECTED_FILE_IN_DATA_PART,
# BAD_SIZE_OF_FILE_IN_DATA_PART, TOO_MANY_UNEXPECTED_DATA_PARTS, CORRUPTED_DATA, CANNOT_DECOMPRESS,
# UNKNOWN_CODEC, POTENTIALLY_BROKEN_DATA_PART
_DAMAGE = frozenset({40, 226, 227, 228, 231, 246, 271, 432, 740})
_TRUNCATED = frozenset({32, 33})  # of a part, not of a block that we send


def first_line(message: str, sql: str = "") -> str:
    """Give the message's gist: one line, no statement, none of the statement's texts."""
    lines = [line for line in message.strip().splitlines() if line.strip()]
    line = _PREFIX.sub("", lines[0]) if lines else "no message"
    line = line.partition(". Stack trace:")[0]
    name, hint = _NAME.search(line), _HINT.search(line)
    line = line[: name.start()] if name else line
    syntax = _SYNTAX.search(line)
    if syntax:
        # What follows is the statement itself, from the fault on: it may hold a secret.
        place = re.search(r"\(line \d+, col \d+\)", syntax[2])
        line = syntax[1] + (f" {place[0]}" if place else "")
    tail = _TAIL.search(line)
    line = line[: tail.start()] if tail else line
    for text in sorted({*_TEXT.findall(sql)} - {""}, key=len, reverse=True):
        line = line.replace(f"'{text}'", "'…'")
    line = line.strip().rstrip(".:,")
    line = line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
    line += f"; maybe you meant {hint[1]}" if hint else ""
    return f"{line} ({name[1]})" if name else line


def code_of(message: str) -> int | None:
    """Give the engine's error code where the message names one."""
    found = _CODE.search(message)
    return int(found[1]) if found else None


def engine_error(message: str, sql: str = "", code: int | None = None) -> WarehouseError:
    """Build the WarehouseError for what an engine said about a statement."""
    code = code_of(message) if code is None else code
    label = f"code {code}: " if code is not None else ""
    if code in _DAMAGE or (code in _TRUNCATED and "from part " in message):
        return DamagedStore(
            f"the store is damaged, the warehouse answered {label}{first_line(message, sql)}. "
            "A file of a table no longer holds what was written into it, and running again does "
            "not help. Check the disk and bring the store back from a copy; without one, move its "
            "folder away and load everything again with: zakaz sync",
            code=code,
        )
    return WarehouseError(f"the warehouse answered {label}{first_line(message, sql)}", code=code)

"""Blocks of columns, read and written as ClickHouse's Native format lays them out.

Values are carried, never interpreted: a date travels as the number that it is on the wire, a
text as its bytes. Only the layout is understood, through clickhouse-driver's own column classes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from clickhouse_driver.block import BlockInfo
from clickhouse_driver.columns.service import read_column, write_column
from clickhouse_driver.connection import ServerInfo
from clickhouse_driver.context import Context
from clickhouse_driver.reader import read_binary_str
from clickhouse_driver.varint import read_varint, write_varint
from clickhouse_driver.writer import write_binary_str

REVISION = 54441
_LABEL = r"'(?:[^'\\]|\\.)*'"
_LAYOUTS = (
    (re.compile(rf"Enum(8|16)\({_LABEL}\s*=\s*-?\d+(?:\s*,\s*{_LABEL}\s*=\s*-?\d+)*\)"), r"Int\1"),
    (re.compile(rf"DateTime64\(\d+(?:\s*,\s*{_LABEL})?\)"), "Int64"),
    (re.compile(rf"DateTime\({_LABEL}\)"), "UInt32"),
    (re.compile(r"\bDateTime\b"), "UInt32"),
    (re.compile(r"\bDate32\b"), "Int32"),
    (re.compile(r"\bDate\b"), "UInt16"),
    (re.compile(r"\bBool\b"), "UInt8"),
    (re.compile(r"\bInterval[A-Z][a-z]+\b"), "Int64"),
)
_DECIMAL = re.compile(r"Decimal\((\d+)\s*,\s*\d+\)")


def _context() -> Context:
    context = Context()
    context.settings = {}
    context.client_settings = {"use_numpy": False, "strings_as_bytes": True}
    context.server_info = ServerInfo("native", 0, 0, 0, REVISION, "UTC", "native", REVISION)
    return context


CONTEXT = _context()


@dataclass
class Block:
    """Some rows of named, typed columns; without rows it only tells the columns."""

    columns: list[tuple[str, str]] = field(default_factory=list)
    data: list[Any] = field(default_factory=list)
    rows: int = 0


def layout(kind: str) -> str:
    """Give the type whose bytes look the same but whose values need no interpretation."""
    for pattern, plain in _LAYOUTS:
        kind = pattern.sub(plain, kind)
    return _DECIMAL.sub(_integer, kind)


def _integer(decimal: re.Match[str]) -> str:
    digits = int(decimal[1])
    return f"Int{next(bits for most, bits in _BITS if digits <= most)}"


_BITS = ((9, 32), (18, 64), (38, 128), (76, 256))


def read_block(source: Any, *, with_info: bool) -> Block:
    """Read one block; on the wire each has its block info in front, in a file none has."""
    if with_info:
        BlockInfo().read(source)
    width, rows = read_varint(source), read_varint(source)
    block = Block(rows=rows)
    for _ in range(width):
        name, kind = read_binary_str(source), read_binary_str(source)
        block.columns.append((name, kind))
        if rows:
            block.data.append(read_column(CONTEXT, layout(kind), rows, source))
    return block


def write_block(target: Any, block: Block, *, with_info: bool) -> None:
    """Write one block. One of 0 rows carries no column data at all, not even a prefix."""
    if with_info:
        BlockInfo().write(target)
    write_varint(len(block.columns), target)
    write_varint(block.rows, target)
    for index, (name, kind) in enumerate(block.columns):
        write_binary_str(name, target)
        write_binary_str(kind, target)
        if block.rows:
            write_column(CONTEXT, name, layout(kind), list(block.data[index]), target)

"""ClickHouse type names read into a small tree, so that values can be checked and converted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_DECIMAL_BITS = {"Decimal32": 9, "Decimal64": 18, "Decimal128": 38, "Decimal256": 76}
_WRAPPERS = ("Nullable", "LowCardinality", "SimpleAggregateFunction")
_LABEL = re.compile(r"'((?:[^'\\]|\\.)*)'\s*=\s*-?\d+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class ColumnType:
    """One type: ``name`` without its wrappers, which are told by ``nullable``.

    ``zone`` is '' where the type names none. ``labels`` are an Enum's texts; ``size`` is the
    precision of a Decimal or DateTime64 or the length of a FixedString.
    """

    text: str
    name: str
    nullable: bool = False
    inner: tuple[ColumnType, ...] = ()
    size: int = 0
    scale: int = 0
    zone: str = ""
    labels: frozenset[str] = frozenset()


@cache
def column_type(text: str) -> ColumnType:
    """Read a type as the engine spells it; raises ValueError for what is no type."""
    name, arguments = _split(text.strip())
    parts = _arguments(arguments)
    if name in _WRAPPERS:
        inside = column_type(parts[-1])
        nullable = inside.nullable or name == "Nullable"
        return ColumnType(
            text, inside.name, nullable, inside.inner, inside.size, inside.scale, inside.zone,
            inside.labels,
        )  # fmt: skip
    if name in ("Array", "Map", "Tuple"):
        return ColumnType(text, name, inner=tuple(column_type(_unnamed(part)) for part in parts))
    if name in _DECIMAL_BITS:
        return ColumnType(text, "Decimal", size=_DECIMAL_BITS[name], scale=int(parts[0]))
    if name == "Decimal":
        scale = int(parts[1]) if len(parts) > 1 else 0
        return ColumnType(text, name, size=int(parts[0]) if parts else 10, scale=scale)
    if name == "DateTime":
        return ColumnType(text, name, zone=_unquoted(parts[0]) if parts else "")
    if name == "DateTime64":
        zone = _unquoted(parts[1]) if len(parts) > 1 else ""
        return ColumnType(text, name, size=int(parts[0]) if parts else 3, zone=zone)
    if name.startswith("Enum"):
        labels = frozenset(_plain(label) for label in _LABEL.findall(arguments))
        return ColumnType(text, "Enum", labels=labels)
    if name == "FixedString":
        return ColumnType(text, name, size=int(parts[0]))
    return ColumnType(text, name)


def _split(text: str) -> tuple[str, str]:
    name, bracket, rest = text.partition("(")
    name = name.strip()
    if not _NAME.match(name) or (bracket and not rest.endswith(")")):
        raise ValueError(f"not a type: {text}")
    return name, rest[:-1] if bracket else ""


def _arguments(text: str) -> list[str]:
    """Split at the commas that stand outside brackets and quotes."""
    parts: list[str] = []
    depth, start, quoted, skip = 0, 0, False, False
    for index, letter in enumerate(text):
        if skip:
            skip = False
        elif quoted:
            skip = letter == "\\"
            quoted = letter != "'"
        elif letter == "'":
            quoted = True
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "," and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
        if depth < 0:
            raise ValueError("unbalanced brackets in a type")
    if depth or quoted:
        raise ValueError("unbalanced brackets in a type")
    last = text[start:].strip()
    return [*parts, last] if last else parts


def _unnamed(part: str) -> str:
    """Drop the field name of a named tuple element: ``a UInt8`` becomes ``UInt8``."""
    head, space, rest = part.partition(" ")
    return rest if space and "(" not in head and "'" not in head else part


def _unquoted(part: str) -> str:
    return part.strip().strip("'")


def _plain(label: str) -> str:
    return re.sub(r"\\(.)", r"\1", label)

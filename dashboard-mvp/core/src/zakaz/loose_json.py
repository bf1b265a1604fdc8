"""Pages with values that strict JSON does not have: NaN, half a character.

Only such a page is read here. Its rows are written again one by one, so that a value of that kind
spoils its own row and no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

# What a decoder of msgspec raises for a text that it cannot read, whatever is wrong with it.
UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)

_Pairs = Iterable[tuple[str, Any]]
_Page = TypeVar("_Page")


class _Repeating:
    """An object in which a key comes twice: it is written again as it came (P19)."""

    def __init__(self, pairs: _Pairs) -> None:
        self.pairs = pairs


def page_of(answer: bytes, rows: str, kind: type[_Page]) -> _Page:
    """Return a page of a kind whose list ``rows`` holds texts.

    Raises msgspec.ValidationError when it is no page.
    """
    page = _loaded(answer)
    if isinstance(page, dict) and isinstance(page.get(rows), list):
        page[rows] = [Raw(_row(row).encode("ascii")) for row in page[rows]]
    try:
        return msgspec.convert(page, kind)
    except UnicodeError:
        raise msgspec.ValidationError("half a character where none can be") from None


def fields_of(row: bytes) -> dict[str, Raw] | None:
    """Return the fields of an object as texts, None when it is no object.

    Of a key that comes twice the last one counts, as for every decoder.
    """
    try:
        found = _loaded(row)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, _Repeating):
        found = dict(found.pairs)
    if not isinstance(found, dict):
        return None
    return {name: Raw(_row(value).encode("ascii")) for name, value in found.items()}


def items_of(text: bytes) -> list[Raw] | None:
    """Return the items of a list as texts, None when it is no list."""
    try:
        found = _loaded(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list):
        return None
    return [Raw(_row(item).encode("ascii")) for item in found]


def _loaded(text: bytes) -> Any:
    # NaN stays as text, where a number belongs it is refused like any other text.
    return json.loads(
        bytes(text), parse_float=Decimal, parse_constant=str, object_pairs_hook=_object
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Repeating:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeating(pairs)


def _row(row: Any) -> str:
    try:
        return _written(row)
    except RecursionError:
        return json.dumps(row, default=str)  # its decoder will refuse it


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return _members(value.items())
    if isinstance(value, _Repeating):
        return _members(value.pairs)
    if isinstance(value, list):
        return f"[{','.join(map(_written, value))}]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


def _members(pairs: _Pairs) -> str:
    return f"{{{','.join(f'{json.dumps(name)}:{_written(member)}' for name, member in pairs)}}}"

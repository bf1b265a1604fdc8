"""Pages with values that strict JSON does not have: NaN, half a character.

Only such a page is read here. Its rows are written again one by one, so that a value of that kind
spoils its own row and no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from msgspec import Raw

_Pairs = Iterable[tuple[str, Any]]


class _Repeating:
    """An object in which a key comes twice: it is written again as it came (P19)."""

    def __init__(self, pairs: _Pairs) -> None:
        self.pairs = pairs


def page_of(answer: bytes) -> Any:
    """Give a page with its rows as texts; what is no page is given as it is."""
    # NaN stays as text, where a number belongs it is refused like any other text.
    page = json.loads(answer, parse_float=Decimal, parse_constant=str, object_pairs_hook=_object)
    if isinstance(page, dict) and isinstance(page.get("data"), list):
        page["data"] = [Raw(_row(row).encode("ascii")) for row in page["data"]]
    return page


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

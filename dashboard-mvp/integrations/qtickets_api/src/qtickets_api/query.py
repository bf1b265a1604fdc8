"""What is asked of a list, and the proof that the answer obeys it.

Qtickets ignores what it does not understand and answers 200 with the oldest rows, so a filter
counts only after every row of the page was held against it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from zakaz.errors import PermanentSourceError
from zakaz.moscow import api_instant, parse_instant

from qtickets_api import wire
from qtickets_api.values import LARGEST_ID

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


class FilterIgnoredError(PermanentSourceError):
    """The source answered something else than what was asked; ``column`` says which condition."""

    def __init__(self, message: str, *, endpoint: str, column: str) -> None:
        super().__init__(message, endpoint=endpoint)
        self.column = column


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a column; instants are sent on the Moscow clock with ``+03:00`` (E9)."""

    column: str
    compare: str
    value: int | datetime

    def body(self) -> dict[str, Any]:
        """Give the condition as the API reads it."""
        value = api_instant(self.value) if isinstance(self.value, datetime) else self.value
        return {"column": self.column, "operator": self.compare, "value": value}

    def holds(self, keys: wire.Keys) -> bool:
        """Say whether a row obeys; a value that cannot be read is left to the transform."""
        sent = getattr(keys, self.column)
        if sent is None:
            return self.column in ("id", "updated_at")  # missing there is a malformed row
        if not isinstance(self.value, datetime):
            number = _number(sent)
            return number is None or _COMPARE[self.compare](number, self.value)
        try:
            found = parse_instant(str(sent))
        except (ValueError, OverflowError):
            return True
        return _COMPARE[self.compare](found, self.value)


@dataclass(frozen=True, slots=True)
class Query:
    """One page of a list, in ascending order of id unless ``is_ordered`` says that none is asked.

    ``select`` names the fields wanted; an answer that leaves one of them out did not obey.
    """

    conditions: tuple[Condition, ...] = ()
    page: int = 1
    per_page: int = 100
    select: tuple[str, ...] = ()
    is_ordered: bool = True

    def after(self, last: int) -> Query:
        """Give the rest of the list behind an id; this replaces a lower bound of ids."""
        others = tuple(condition for condition in self.conditions if condition.column != "id")
        return replace(self, conditions=(*others, Condition("id", ">", last)), page=1)

    def at(self, page: int) -> Query:
        """Give another page of the same list."""
        return replace(self, page=page)

    def body(self) -> dict[str, Any]:
        """Give the JSON body of the GET, the only place where filters are read."""
        body: dict[str, Any] = {}
        if self.conditions:
            body["where"] = [condition.body() for condition in self.conditions]
        if self.select:
            body["select"] = list(self.select)
        if self.is_ordered:
            body["orderBy"] = {"id": "asc"}
        return body | {"page": self.page, "perPage": self.per_page}

    def params(self) -> dict[str, int] | None:
        """Give the query string: a later page is asked for there too, where it was seen to work."""
        return {"page": self.page} if self.page > 1 else None

    def verify(
        self, rows: Sequence[bytes], found: Sequence[wire.Keys | None], endpoint: str
    ) -> tuple[int, ...]:
        """Give the ids of a page in order; raises FilterIgnoredError unless it is as asked.

        ``found`` are the keys of its rows, None where a row has none that can be read.
        """
        ids: list[int] = []
        self._verify_select(rows, endpoint)
        for keys in found:
            if keys is None:
                continue
            for condition in self.conditions:
                if not condition.holds(keys):
                    raise FilterIgnoredError(
                        f"GET {endpoint} did not obey the filter {condition.column} "
                        f"{condition.compare}",
                        endpoint=endpoint,
                        column=condition.column,
                    )
            number = _number(keys.id)
            if number is None:
                continue
            if self.is_ordered and ids and number < ids[-1]:
                raise FilterIgnoredError(
                    f"GET {endpoint} did not obey the order by id",
                    endpoint=endpoint,
                    column="orderBy",
                )
            ids.append(number)
        return tuple(ids)

    def _verify_select(self, rows: Sequence[bytes], endpoint: str) -> None:
        """A field that was asked for and does not come would read as absent for ever."""
        asked = {name.partition(".")[0] for name in self.select}
        for raw in rows if asked else ():
            try:
                sent = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                continue
            if asked - sent.keys():
                raise FilterIgnoredError(
                    f"GET {endpoint} did not obey select: {', '.join(sorted(asked - sent.keys()))} "
                    "is missing",
                    endpoint=endpoint,
                    column="select",
                )


def _number(value: Any) -> int | None:
    """Give an id that can be one; what cannot proves no order, its row is refused later (P02)."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value) if len(value.strip()) < 20 else 0
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value < LARGEST_ID else None

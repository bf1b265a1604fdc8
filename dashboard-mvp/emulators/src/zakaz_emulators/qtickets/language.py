"""The query language of lists and halls: a JSON body sent with GET, or PHP's bracketed query.

What the service does not understand it ignores without complaint: a scalar ``where`` or ``orderBy``
and any unknown flat parameter. An unknown column or operator is answered like any request the
service cannot handle (503); that last point is our inference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from zakaz_emulators.wire import Request

_BRACKETS = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Condition:
    """One ``where`` condition; all of them must hold."""

    column: str
    operator: str = "="
    value: Any = None


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list request asks for, after everything ignored was dropped."""

    where: tuple[Condition, ...] = ()
    order_by: tuple[tuple[str, str], ...] = ()
    page: int = 1
    per_page: int | None = None
    select: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatsQuery:
    """What a request for a hall asks for; without ``select`` no counts are given."""

    where: tuple[Condition, ...] = ()
    select: tuple[str, ...] = ()
    is_flat: bool = False


def read_query(request: Request) -> ListQuery:
    """Read the query of a list."""
    asked = _asked(request)
    return ListQuery(
        where=_where(request, asked),
        order_by=_order(asked.get("orderBy")),
        page=request.bent.get("page") or _natural(asked.get("page")) or 1,
        per_page=_natural(asked.get("perPage")),
        select=tuple(str(name) for name in _members(asked.get("select"))),
    )


def read_seats_query(request: Request) -> SeatsQuery:
    """Read the query of a hall; ``context`` asks for personal quotas, of which there are none."""
    asked = _asked(request)
    return SeatsQuery(
        where=_where(request, asked),
        select=tuple(str(name) for name in _members(asked.get("select"))),
        is_flat=str(asked.get("flat")).lower() in ("1", "true"),
    )


def _asked(request: Request) -> dict[str, Any]:
    """Read body and bracketed query; the body wins where both speak."""
    asked = {**_bracketed(request.query), **_json_body(request)}
    if request.bent.get("filters") == "ignored":
        return {key: asked[key] for key in ("page", "perPage") if key in asked}
    return asked


def _where(request: Request, asked: Mapping[str, Any]) -> tuple[Condition, ...]:
    return tuple(
        condition
        for condition in _conditions(asked.get("where"))
        if condition.column not in request.bent.get("ignored", ())
    )


def _json_body(request: Request) -> Mapping[str, Any]:
    if "json" not in request.headers.get("content-type", "") or not request.body:
        return {}
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _bracketed(query: str) -> dict[str, Any]:
    """Read ``a[0][b]=c`` as PHP does, into nested dictionaries."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        head, bracket, _ = name.partition("[")
        steps = [head, *_BRACKETS.findall(name[len(head) :])] if bracket else [head]
        place: dict[str, Any] = found
        for step in steps[:-1]:
            inner = place.get(step)
            if not isinstance(inner, dict):
                inner = place[step] = {}
            place = inner
        last = steps[-1] or str(len(place))
        place[last] = value
    return found


def _members(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return list(value.values()) if isinstance(value, dict) else []


def _conditions(where: Any) -> list[Condition]:
    conditions = []
    for member in _members(where):
        if isinstance(member, dict) and member.get("column"):
            value = member.get("value")
            if isinstance(value, dict):
                value = list(value.values())
            operator = str(member.get("operator") or "=").strip().lower()
            conditions.append(Condition(str(member["column"]), operator, value))
    return conditions


def _order(order_by: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(order_by, dict):
        return ()
    return tuple((str(name), str(way).lower()) for name, way in order_by.items())


def _natural(value: Any) -> int | None:
    try:
        natural = int(value)
    except (TypeError, ValueError):
        return None
    return natural if natural > 0 else None

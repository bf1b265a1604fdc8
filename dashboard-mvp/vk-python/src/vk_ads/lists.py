"""Lists by page: campaigns, groups and ads, archived ones included, each exactly once.

The API pages by offset only. Every page but the first therefore begins with the last row of the
one before: a list that moved under the reading is noticed and read again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic

import msgspec
from msgspec import Raw, Struct
from zakaz.errors import DataError, TransientSourceError
from zakaz.loose_json import UNREADABLE, page_of

from vk_ads.objects import Item, Listed, id_of
from vk_ads.wire import AdGroup, AdPlan, Banner, Count, Id

PER_PAGE = 50  # what the API documents as its most; some accounts get more
STATUSES = "active,blocked,deleted"  # spend of archived ads is still spend
_TIMES = 3

Ask = Callable[[str, dict[str, Any]], bytes]


class _Page(Struct, frozen=True):
    """The envelope of a list: no key but ``items`` may be required or forbidden."""

    items: list[Raw]
    count: Count | None = None


class _LoosePage(Struct, frozen=True):
    """The same where a count that is none is not needed: an empty page ends a list too."""

    items: list[Raw]
    count: Any = None


class _Known(Struct, frozen=True):
    """What an item is known by."""

    id: Id


_Row = tuple[Id | None, bytes]

_decode_page = msgspec.json.Decoder(_Page).decode
_decode_known = msgspec.json.Decoder(_Known).decode


class List(Struct, Generic[Item], frozen=True):
    """One list of the API: where it is, what is asked of it, and what its rows become."""

    path: str
    fields: tuple[str, ...]
    kind: type[Item]


PLANS = List("/api/v2/ad_plans.json", ("id", "name", "status", "objective"), AdPlan)
GROUPS = List(
    "/api/v2/ad_groups.json",
    ("id", "ad_plan_id", "name", "status", "objective", "enable_utm", "utm"),
    AdGroup,
)
BANNERS = List("/api/v2/banners.json", ("id", "ad_group_id", "name", "status", "urls"), Banner)


def read(ask: Ask, what: List[Item]) -> Listed[Item]:
    """Read a whole list in the order of its ids; an odd object or field is put aside.

    Raises TransientSourceError when it moves three times, DataError for a page that is none.
    """
    for turn in range(1, _TIMES + 1):
        # An id that comes twice each time is no move but a fault of the list.
        rows, twins = _rows(ask, what, twins_are_moves=turn < _TIMES)
        if rows is not None:
            listed: Listed[Item] = Listed()
            for row in rows:
                listed.add(row, what.kind)
            for identity in twins:
                listed.refuse_twin(what.kind, identity)
            return listed
    raise TransientSourceError(
        f"GET {what.path}: the list changed each of the {_TIMES} times it was read. Run again "
        "later.",
        endpoint=what.path,
    )


def _rows(
    ask: Ask, what: List[Item], *, twins_are_moves: bool
) -> tuple[list[bytes] | None, list[Id]]:
    """Return the rows of a list and the ids that came twice; None when it moved meanwhile.

    Raises DataError for a page that comes again: it would come for ever.
    """
    rows: list[bytes] = []
    seen: set[str] = set()
    twins: list[Id] = []
    last: _Row | None = None
    before: list[_Row] = []
    received = 0
    while True:
        page, count = _page(ask, what, max(received - 1, 0))
        told = page
        if last is not None:
            if len(page) > 1 and _same(page, before):
                raise DataError(
                    f"GET {what.path}: the same page came again, so the offset was ignored; "
                    "nothing was loaded. The API has changed or VK_ADS_BASE_URL is wrong."
                )
            if not page or not _same(page[:1], [last]):
                return None, []
            page = page[1:]
        for identity, row in page:
            received += 1
            last = identity, row
            if identity is not None and str(identity) in seen:
                if twins_are_moves:
                    return None, []
                twins.append(identity)
                continue
            seen.add(str(identity))
            rows.append(row)
        before = told
        if not page or (count is not None and received >= count):
            return rows, twins


def _same(some: list[_Row], others: list[_Row]) -> bool:
    """Compare rows by their ids, and by their texts where they have none."""
    return [one[0] or one[1] for one in some] == [one[0] or one[1] for one in others]


def _page(ask: Ask, what: List[Item], offset: int) -> tuple[list[_Row], int | None]:
    answer = ask(
        what.path,
        {
            "fields": ",".join(what.fields),
            "sorting": "id",
            "_status__in": STATUSES,
            "limit": PER_PAGE,
            "offset": offset,
        },
    )
    try:
        rows, count = _decoded(answer)
    except msgspec.ValidationError as error:
        raise DataError(
            f"GET {what.path}: the answer is not a page of a list ({error}); nothing was loaded. "
            "The API has changed or VK_ADS_BASE_URL is wrong."
        ) from None
    return [(_identity(row), bytes(row)) for row in rows], count if count and count > 0 else None


def _decoded(answer: bytes) -> tuple[list[Raw], int | None]:
    """Decode a page; a value that strict JSON does not have spoils its own row only."""
    try:
        page = _decode_page(answer)
        return page.items, page.count
    except UNREADABLE:
        loose = page_of(answer, "items", _LoosePage)
        return loose.items, loose.count if type(loose.count) is int else None


def _identity(row: Raw) -> Id | None:
    try:
        return _decode_known(row).id
    except UNREADABLE:
        return id_of(row)

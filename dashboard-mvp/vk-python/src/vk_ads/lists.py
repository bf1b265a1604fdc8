"""Lists by page: campaigns, groups and ads, archived ones included, each exactly once.

The API pages by offset only. Every page but the first therefore begins with the last row of the
one before: a list that moved under the reading is noticed and read again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from msgspec import Raw, Struct, ValidationError
from msgspec.json import Decoder, decode
from zakaz.errors import DataError, TransientSourceError

from vk_ads.wire import AdGroup, AdPlan, Banner, Count, Id

PER_PAGE = 50  # what the API documents as its most; some accounts get more
STATUSES = "active,blocked,deleted"  # spend of archived ads is still spend
_TIMES = 3

Item = TypeVar("Item", AdPlan, AdGroup, Banner)
Ask = Callable[[str, dict[str, Any]], bytes]


class _Page(Struct, frozen=True):
    """The envelope of a list: no key but ``items`` may be required or forbidden."""

    items: list[Raw]
    count: Count | None = None


class _Read(Struct, frozen=True):
    """A page whose rows are known by their ids."""

    rows: list[tuple[Id, Raw]]
    count: int | None


class _Known(Struct, frozen=True):
    """What an item is known by."""

    id: Id


_decode_page = Decoder(_Page).decode
_decode_known = Decoder(_Known).decode


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


def read(ask: Ask, what: List[Item]) -> list[Item]:
    """Read a whole list in the order of its ids.

    Raises TransientSourceError when it moves three times, DataError for a row that is none.
    """
    for _ in range(_TIMES):
        rows = _rows(ask, what)
        if rows is not None:
            return [_decoded(row, what) for row in rows]
    raise TransientSourceError(
        f"GET {what.path}: the list changed each of the {_TIMES} times it was read. Run again "
        "later.",
        endpoint=what.path,
    )


def _rows(ask: Ask, what: List[Item]) -> list[Raw] | None:
    """Give the rows of a list, None when it moved while it was read.

    Raises DataError for a page that comes again: it would come for ever.
    """
    rows: dict[int | str, Raw] = {}
    last: int | str | None = None
    before: list[Id] = []
    while True:
        page = _page(ask, what, max(len(rows) - 1, 0))
        known = page.rows
        told = [identity for identity, _ in known]
        if last is not None:
            if len(told) > 1 and told == before:
                raise DataError(
                    f"GET {what.path}: the same page came again, so the offset was ignored; "
                    "nothing was loaded. The API has changed or VK_ADS_BASE_URL is wrong."
                )
            if not known or known[0][0] != last:
                return None
            known = known[1:]
        for identity, row in known:
            if identity in rows:
                return None
            rows[identity] = row
            last = identity
        before = told
        if not known or (page.count is not None and len(rows) >= page.count):
            return list(rows.values())


def _page(ask: Ask, what: List[Item], offset: int) -> _Read:
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
        page = _decode_page(answer)
        return _Read([(_decode_known(row).id, row) for row in page.items], page.count)
    except ValidationError as error:
        raise DataError(
            f"GET {what.path}: the answer is not a page of a list ({error}); nothing was loaded. "
            "The API has changed or VK_ADS_BASE_URL is wrong."
        ) from None


def _decoded(row: Raw, what: List[Item]) -> Item:
    try:
        return decode(row, type=what.kind)
    except ValidationError as error:
        raise DataError(
            f"GET {what.path}: {_decode_known(row).id} cannot be read ({error}); nothing was "
            "loaded. The API has changed."
        ) from None

"""What came of a page: rows to store, rows refused, and how they are counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Generic, NamedTuple, Protocol, Self, TypeVar

from zakaz.rows import Row, columns, table_of

from qtickets_api.rows import Basket, Discount, Event, Order, PromoCode, Show

DUPLICATE_KEY = "duplicate_key"
# The engine refuses a block of more than 100 partitions, and each is a month of creation (W04).
MOST_MONTHS = 50


class Stamp:
    """Whose page it is, when it was fetched (this orders equal versions), when it is loaded.

    ``looks_twice`` asks for the second look at its rows, whatever their number.
    """

    __slots__ = ("account_id", "fetched", "loaded", "loaded_at", "looks_twice")

    def __init__(
        self,
        account_id: str,
        fetched_at: datetime,
        loaded_at: datetime,
        *,
        looks_twice: bool = True,
    ) -> None:
        self.account_id = account_id
        self.loaded_at = loaded_at
        self.looks_twice = looks_twice
        self.fetched = int(fetched_at.timestamp())
        self.loaded = int(loaded_at.timestamp())

    def version(self, updated_at: datetime) -> int:
        """Give ``_ver``: own ``updated_at`` in the high 32 bits, the fetch instant in the low."""
        return int(updated_at.timestamp()) << 32 | self.fetched


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of a page that could not be taken; holds no value of the row but its id."""

    entity: str
    row_key: str
    reason: str
    context: str


@dataclass(frozen=True, slots=True)
class OrderRows:
    """One order with its tickets."""

    row: Order
    lines: list[Basket]

    @property
    def key(self) -> str:
        """The id of the order."""
        return self.row.order_id


@dataclass(frozen=True, slots=True)
class EventRows:
    """One event with its shows."""

    row: Event
    lines: list[Show]

    @property
    def key(self) -> str:
        """The id of the event."""
        return self.row.event_id


@dataclass(frozen=True, slots=True)
class DictionaryRow:
    """One entry of a small dictionary; it has no lines."""

    row: Discount | PromoCode
    lines: tuple[Basket | Show, ...] = ()

    @property
    def key(self) -> str:
        """The id of the entry."""
        return self.row.discount_id if isinstance(self.row, Discount) else self.row.promo_code_id


Item = TypeVar("Item", OrderRows, EventRows, DictionaryRow)
Known = TypeVar("Known", bound=OrderRows | EventRows | DictionaryRow, covariant=True)


class States(NamedTuple):
    """Of each item its id, when it last changed, and when it or a line of it did, in seconds.

    A scan or a refund may change a ticket and not move its order.
    """

    ids: Sequence[int]
    updated: Sequence[int]
    changed: Sequence[int]


class Items(Protocol[Known]):
    """The accepted rows of one or more pages, however they are held."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Known]: ...

    def __getitem__(self, place: int, /) -> Known: ...

    def lines(self) -> int:
        """Give how many lines the items have together."""

    def states(self) -> States:
        """Give what repeats and the watermark are told by."""

    def chosen(self, places: Sequence[int]) -> Self:
        """Give the items at some places."""

    def add(self, more: Any) -> None:
        """Take the items of another page of the same stream."""

    def order_ids(self) -> Sequence[str]:
        """Give the ids of orders; other streams have none."""

    def line_ids(self) -> Sequence[str]:
        """Give the ids of the orders' tickets."""

    def months_of_sales(self) -> set[int]:
        """Give the months, as yyyymm, whose sales the items tell of."""

    def tables(self) -> Iterator[tuple[str, dict[str, Sequence[Any]]]]:
        """Give columns for each table, lines before what they belong to.

        No table's columns span more months of creation than one insert may (W04).
        """


def _changed(item: OrderRows | EventRows | DictionaryRow) -> int:
    return max([item.row.ver, *[line.ver for line in item.lines]]) >> 32


class RowItems(list[Item]):
    """Items held as rows: right for the lists that are not long."""

    def lines(self) -> int:
        """Give how many lines the items have together."""
        return sum(len(one.lines) for one in self)

    def states(self) -> States:
        """Give id, change, and change of item or line."""
        ids = [int(one.key) for one in self]
        return States(ids, [one.row.ver >> 32 for one in self], [_changed(one) for one in self])

    def chosen(self, places: Sequence[int]) -> RowItems[Item]:
        """Give the items at some places."""
        return RowItems(self[place] for place in places)

    def add(self, more: RowItems[Item]) -> None:
        """Take the items of another page."""
        self.extend(more)

    def order_ids(self) -> Sequence[str]:
        """Give none."""
        return ()

    def line_ids(self) -> Sequence[str]:
        """Give none."""
        return ()

    def months_of_sales(self) -> set[int]:
        """Give none: only orders are sales."""
        return set()

    def tables(self) -> Iterator[tuple[str, dict[str, Sequence[Any]]]]:
        """Return the columns of lines and of rows, cut where they span too many months."""
        lines: list[Any] = list(chain.from_iterable(one.lines for one in self))
        for rows in (lines, [one.row for one in self]):
            by_month: defaultdict[int, list[Row]] = defaultdict(list)
            for row in rows:
                by_month[row.created_at.year * 100 + row.created_at.month].append(row)
            months = sorted(by_month)
            for start in range(0, len(months), MOST_MONTHS):
                part = [row for one in months[start : start + MOST_MONTHS] for row in by_month[one]]
                yield table_of(type(part[0])), {**columns(part)}


@dataclass(slots=True)
class Taken(Generic[Item]):
    """A page after the border: ``received = items + rejected + duplicate`` always holds.

    A show that is put aside alone, while its event stays, counts as one more that was received.
    """

    received: int
    items: Items[Item] = field(default_factory=RowItems)
    rejected: list[Rejected] = field(default_factory=list)
    duplicate: int = 0
    new_fields: Counter[str] = field(default_factory=Counter)  # in how many of those looked at
    unread: Counter[str] = field(default_factory=Counter)  # fields left empty, in how many rows
    met: Counter[str] = field(default_factory=Counter)  # parts of rows that came, by entity

    def says_twice(self) -> bool:
        """Say whether a row was refused because a key of it came twice (P19)."""
        return any(row.reason == DUPLICATE_KEY for row in self.rejected)

"""Orders and their tickets held as columns: what a load of a million of them keeps in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from operator import le
from typing import Any, ClassVar, Self, overload

from zakaz import packed
from zakaz.moscow import months_of
from zakaz.packed import Columns, Identities, Instants, OptionalInstants
from zakaz.rows import column_names, table_of

from qtickets_api.rows import Basket, Order
from qtickets_api.taken import MOST_MONTHS, OrderRows, States

_KINDS: dict[str, type[packed.Packed]] = {
    "payed": packed.Flags,
    "quantity": packed.Counts,
    "_ver": packed.Versions,
    **dict.fromkeys(("created_at", "updated_at", "_loaded_at"), Instants),
    **dict.fromkeys(("payed_at", "deleted_at", "refunded_at"), OptionalInstants),
    **dict.fromkeys(
        ("order_id", "event_id", "basket_id", "show_id", "discount_id", "promo_code_id"),
        Identities,
    ),
    **dict.fromkeys(
        ("price", "original_price", "discount_value", "service_fee", "refunded_amount",
         "refunded_deduction_amount"),
        packed.Kopecks,
    ),
}  # fmt: skip


def _empty(row_type: type[Order] | type[Basket]) -> Columns:
    return {name: _KINDS.get(name, packed.Texts)() for name in column_names(row_type)}


class OrderBlock(Sequence[OrderRows]):
    """Orders as one set of columns and their tickets, order by order, as another.

    ``sizes`` says how many tickets each order has. As a sequence it gives rows, for few.
    """

    lines_type: ClassVar[type[Basket]] = Basket

    def __init__(
        self,
        orders: Columns | None = None,
        baskets: Columns | None = None,
        sizes: Sequence[int] = (),
    ) -> None:
        self.orders = _empty(Order) if orders is None else orders
        self.baskets = _empty(Basket) if baskets is None else baskets
        self.sizes = list(sizes)

    def __len__(self) -> int:
        return len(self.sizes)

    @overload
    def __getitem__(self, place: int) -> OrderRows: ...

    @overload
    def __getitem__(self, place: slice) -> list[OrderRows]: ...

    def __getitem__(self, place: Any) -> Any:
        """Give an order and its tickets as rows."""
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        first = sum(self.sizes[:place])
        lines = range(first, first + self.sizes[place])
        return OrderRows(
            _row(Order, self.orders, place), [_row(Basket, self.baskets, line) for line in lines]
        )

    def lines(self) -> int:
        """Give how many tickets there are."""
        return sum(self.sizes)

    def states(self) -> States:
        """Give of each order its id, its last change, and the last one of it or a ticket."""
        ids, updated = self.orders["order_id"].numbers, self.orders["updated_at"].numbers
        lines = self.baskets["updated_at"].numbers
        owners = chain.from_iterable(map(_again, updated, self.sizes))
        if all(map(le, lines, owners)):
            return States(ids, updated, updated)
        ends = accumulate(self.sizes)
        changed = [
            max(own, *lines[end - size : end]) if size else own
            for own, size, end in zip(updated, self.sizes, ends, strict=True)
        ]
        return States(ids, updated, changed)

    def chosen(self, places: Sequence[int]) -> Self:
        """Give the orders at some places with their tickets."""
        ends = list(accumulate(self.sizes))
        lines = [
            line for place in places for line in range(ends[place] - self.sizes[place], ends[place])
        ]
        return type(self)(
            _chosen(self.orders, places),
            _chosen(self.baskets, lines),
            [self.sizes[place] for place in places],
        )

    def add(self, more: Self) -> None:
        """Take the orders of another page."""
        for mine, others in ((self.orders, more.orders), (self.baskets, more.baskets)):
            for name, column in mine.items():
                column.extend(others[name])
        self.sizes += more.sizes

    def order_ids(self) -> Sequence[str]:
        """Give the ids of the orders."""
        return self.orders["order_id"]

    def line_ids(self) -> Sequence[str]:
        """Give the ids of the tickets."""
        return self.baskets["basket_id"]

    def months_of_sales(self) -> set[int]:
        """Give the months of payments and of refunds."""
        columns = (self.orders["payed_at"], self.baskets["refunded_at"])
        return {month for column in columns for month in months_of(column.present())}

    def tables(self) -> Iterator[tuple[str, dict[str, Sequence[Any]]]]:
        """Give the columns of tickets and of orders, cut where they span too many months."""
        for row_type, columns in ((Basket, self.baskets), (Order, self.orders)):
            created = columns["created_at"].numbers
            months = sorted(months_of(created))
            for start in range(0, len(months), MOST_MONTHS):
                part = columns
                if len(months) > MOST_MONTHS:
                    some = set(months[start : start + MOST_MONTHS])
                    places = [p for p, at in enumerate(created) if months_of([at]) <= some]
                    part = _chosen(columns, places)
                yield table_of(row_type), {**part}


def _again(value: int, times: int) -> Sequence[int]:
    return (value,) * times


def _chosen(columns: Columns, places: Sequence[int]) -> Columns:
    return {name: column.chosen(places) for name, column in columns.items()}


def _row(row_type: Any, columns: Columns, place: int) -> Any:
    values = (columns[name][place] for name in column_names(row_type))
    return row_type(**dict(zip(row_type.__struct_fields__, values, strict=True)))

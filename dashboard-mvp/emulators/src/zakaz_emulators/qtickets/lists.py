"""The lists of the service: which records, how many a page, how a column is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from zakaz_emulators.qtickets import buyers
from zakaz_emulators.qtickets.event_payloads import (
    discount_payload,
    event_payload,
    promo_code_payload,
)
from zakaz_emulators.qtickets.filtering import (
    Column,
    NotUnderstoodError,
    dotted,
    ordered,
    predicate,
    selected,
)
from zakaz_emulators.qtickets.language import Condition, ListQuery
from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.payloads import order_payload
from zakaz_emulators.qtickets.records import Order
from zakaz_emulators.qtickets.wire import encode

STORED = ("id", "event_id", "client_id", "discount_id", "promo_code_id", "currency_id")
INSTANTS = ("payed_at", "created_at", "updated_at", "deleted_at")
ORDER_COLUMNS: dict[str, Column] = {
    **{name: attrgetter(name) for name in (*STORED, *INSTANTS)},
    "payed": lambda order: order.payed_at is not None,
    "payment_type_id": attrgetter("payment_type_id"),
}
EVENT_COLUMNS: dict[str, Column] = {
    **{name: attrgetter(name) for name in ("id", "name", "currency_id", *INSTANTS[1:])},
    "is_active": lambda event: int(event.is_active),
    "city_id": attrgetter("city.id"),
}
DICTIONARY_COLUMNS: dict[str, Column] = {
    **{name: attrgetter(name) for name in ("id", "created_at", "deleted_at")},
    "updated_at": lambda record: record.updated_at or record.created_at,
    "is_active": lambda record: int(record.is_active),
}


@dataclass(frozen=True, slots=True)
class Resource:
    """One list: its default page size, its records and how one of them is written."""

    name: str
    per_page: int
    records: Callable[[Organisation], Sequence[Any]]
    payload: Callable[[Organisation, Any], dict[str, Any]]
    columns: dict[str, Column]
    sorted_by_id: bool = True

    def column(self, organisation: Organisation, name: str) -> Column:
        """Give a column by name: a stored one at once, any other through the payload."""
        known = self.columns.get(name)
        if known is not None:
            return known
        return lambda record: dotted(self.payload(organisation, record), name)


def write_order(organisation: Organisation, order: Order, *, detail: bool = False) -> Any:
    """Write an order, spoiled if a test asked for that."""
    payload = order_payload(order, detail=detail)
    spoiler = organisation.spoilers.get(order.id)
    if spoiler is not None:
        spoiler(payload)
    return payload


ORDERS = Resource("orders", 50, lambda o: o.orders, write_order, ORDER_COLUMNS)
EVENTS = Resource(
    "events",
    10,
    lambda o: [o.events[number] for number in sorted(o.events)],
    lambda _, event: event_payload(event),
    EVENT_COLUMNS,
)
CLIENTS = Resource(
    "clients",
    100,
    lambda o: o.client_ids(),
    lambda _, number: buyers.client(number),
    {"id": lambda number: number},
)
DISCOUNTS = Resource(
    "discounts",
    100,
    lambda o: sorted(o.discounts, key=attrgetter("id")),
    lambda o, discount: discount_payload(discount, o.events),
    {**DICTIONARY_COLUMNS, "active_to": attrgetter("active_to")},
)
PROMO_CODES = Resource(
    "promo-codes",
    500,
    lambda o: o.promo_codes,
    lambda _, promo: promo_code_payload(promo),
    {**DICTIONARY_COLUMNS, "discount_id": attrgetter("discount_id"), "code": attrgetter("code")},
    sorted_by_id=False,
)
RESOURCES = {one.name: one for one in (ORDERS, EVENTS, CLIENTS, DISCOUNTS, PROMO_CODES)}


class Matches:
    """Remembers the last answers, so that the pages of one list are filtered once."""

    def __init__(self, organisation: Organisation, remembered: int = 8) -> None:
        self._organisation = organisation
        self._remembered = remembered
        self._known: dict[str, list[Any]] = {}

    def of(self, resource: Resource, query: ListQuery) -> list[Any]:
        """Give the records a query asks for; any change of the organisation counts."""
        version = self._organisation.version
        key = f"{version} {resource.name} {query.where!r} {query.order_by!r}"
        found = self._known.get(key)
        if found is None:
            found = matching(self._organisation, resource, query)
            while len(self._known) >= self._remembered:
                del self._known[next(iter(self._known))]
            self._known[key] = found
        return found


def matching(organisation: Organisation, resource: Resource, query: ListQuery) -> list[Any]:
    """Give the records a query asks for, in the order it asks for, before paging."""
    conditions = list(query.where)
    records: Sequence[Any]
    keyset = _keyset(conditions) if resource is ORDERS else None
    if keyset is not None:
        conditions.remove(keyset)
        records = organisation.orders_above(int(keyset.value))
    else:
        records = resource.records(organisation)
    for condition in conditions:
        test = predicate(condition, resource.column(organisation, condition.column))
        records = [record for record in records if test(record)]
    if not query.order_by:
        return list(records)
    columns = [(resource.column(organisation, name), way) for name, way in query.order_by]
    if any(way not in ("asc", "desc") for _, way in columns):
        raise NotUnderstoodError("orderBy knows asc and desc")
    if query.order_by == (("id", "asc"),) and resource.sorted_by_id:
        return list(records)
    return ordered(records, columns, resource.columns["id"])


def _keyset(conditions: Sequence[Condition]) -> Condition | None:
    """Find ``id > n``: the one condition that is answered without looking at every order."""
    for condition in conditions:
        above = condition.column == "id" and condition.operator == ">"
        if above and str(condition.value).isdigit():
            return condition
    return None


class Rows:
    """Writes records as JSON; of an organisation that never changes it keeps each order's text."""

    def __init__(self, organisation: Organisation, *, frozen: bool) -> None:
        self._organisation = organisation
        self._frozen = frozen
        self._known: dict[int, bytes] = {}

    def written(self, resource: Resource, record: Any, select: Sequence[str] = ()) -> bytes:
        """Give one row of a list, whole or only the selected fields."""
        if select:
            return encode(selected(resource.payload(self._organisation, record), select))
        if not self._frozen or resource is not ORDERS:
            return encode(resource.payload(self._organisation, record))
        found = self._known.get(record.id)
        if found is None:
            found = self._known[record.id] = encode(write_order(self._organisation, record))
        return found


def page(
    records: Sequence[Any], resource: Resource, query: ListQuery, rows: Rows, most: int
) -> bytes:
    """Give one page in the service's envelope; a page past the end is empty, not an error."""
    per_page = min(query.per_page or resource.per_page, most)
    first = (query.page - 1) * per_page
    found = records[first : first + per_page]
    paging = {"perPage": per_page, "currentPage": query.page, "total": len(records)}
    data = b",".join([rows.written(resource, record, query.select) for record in found])
    return b'{"data":[' + data + b'],"paging":' + encode(paging) + b"}"

"""The routes of the service as one pure function from request to response."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Event

from zakaz_emulators.qtickets import buyers
from zakaz_emulators.qtickets.event_payloads import discount_payload, event_payload
from zakaz_emulators.qtickets.filtering import NotUnderstoodError
from zakaz_emulators.qtickets.language import read_query, read_seats_query
from zakaz_emulators.qtickets.ledger import Ledger
from zakaz_emulators.qtickets.lists import ORDERS, RESOURCES, Matches, Rows, page, write_order
from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.seats import Halls, hall
from zakaz_emulators.qtickets.wire import answer, failure, page_not_found, unknown_error
from zakaz_emulators.wire import Request, Response

REST = "/api/rest/v1"
PARTNERS = "/api/partners/v1"
LEDGER = "/__ledger"
LARGEST_PAGE = 500
_ITEM = re.compile(r"/(orders|events|clients|discounts)/([^/]+)")
_SEATS = re.compile(r"/shows/([^/]+)/seats")
_WRITES = re.compile(
    r"/orders|/orders/\d+/(baskets|restore)|/baskets/\d+|/clients|/events(/\d+)?"
    r"|/promo-codes(/\d+)?|/shows/\d+/barcodes?(/[^/]+)?"
)


class QticketsApi:
    """Answers requests from an organisation; it never changes it, whatever is sent."""

    def __init__(
        self,
        organisation: Organisation,
        *,
        token: str,
        largest_page: int = LARGEST_PAGE,
        frozen: bool = False,
    ) -> None:
        self.organisation = organisation
        self.ledger = Ledger(organisation)
        self._matches = Matches(organisation)
        self._rows = Rows(organisation, frozen=frozen)
        self._frozen = frozen
        self._halls: Halls | None = None
        self._token = token
        self._largest_page = largest_page

    def __call__(self, request: Request) -> Response:
        """Answer one request; the bearer token is checked before anything else."""
        if request.path.startswith(PARTNERS + "/"):
            return answer(
                {"status": "error", "code": "WRONG_AUTHORIZATION", "message": "Wrong authorization"}
            )
        if request.path == LEDGER:
            return self._guarded(request, lambda: answer(self.ledger.as_json()))
        if request.path.startswith(REST + "/"):
            return self._guarded(request, lambda: self._route(request, request.path[len(REST) :]))
        return page_not_found()

    def warm(self, stop: Event) -> None:
        """Write every order before it is asked for; of use when the organisation is frozen."""
        for order in self.organisation.orders:
            if stop.is_set():
                return
            self._rows.written(ORDERS, order)

    def _guarded(self, request: Request, inner: Callable[[], Response]) -> Response:
        if request.token != self._token:
            return failure(403, "WRONG_AUTHORIZATION", "Wrong authorization")
        with self.organisation.lock:
            return inner()

    def _route(self, request: Request, path: str) -> Response:
        if request.method not in ("GET", "HEAD"):
            return unknown_error() if _WRITES.fullmatch(path) else page_not_found()
        resource = RESOURCES.get(path[1:])
        if resource is not None:
            try:
                query = read_query(request)
                records = self._matches.of(resource, query)
                body = page(records, resource, query, self._rows, self._largest_page)
                return Response(200, body)
            except NotUnderstoodError:
                return unknown_error()
        seats = _SEATS.fullmatch(path)
        if seats is not None:
            return self._seats(request, _number(seats[1]))
        item = _ITEM.fullmatch(path)
        return page_not_found() if item is None else self._item(item[1], _number(item[2]))

    def _seats(self, request: Request, show_id: int) -> Response:
        found = self.organisation.show(show_id)
        if found is None:
            return _not_found("Show", show_id)
        if self._halls is None or not self._frozen:
            self._halls = Halls(self.organisation)
        try:
            return answer({"data": hall(self._halls, *found, read_seats_query(request))})
        except NotUnderstoodError:
            return unknown_error()

    def _item(self, kind: str, number: int) -> Response:
        found = None
        if kind == "orders" and (order := self.organisation.order(number)):
            found = write_order(self.organisation, order, detail=True)
        elif kind == "events" and (event := self.organisation.events.get(number)):
            found = event_payload(event)
        elif kind == "clients" and number in self.organisation.client_ids():
            found = buyers.client(number)
        elif kind == "discounts":
            known = {discount.id: discount for discount in self.organisation.discounts}
            if number in known:
                found = discount_payload(known[number], self.organisation.events)
        if found is not None:
            return answer({"data": found})
        return _not_found(kind[:-1].capitalize(), number)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0  # the service reads a word as id 0


def _not_found(resource: str, number: int) -> Response:
    info = {"id": number, "resource": resource}
    return failure(404, "RESOURCE_NOT_FOUND", f'Resource "{resource}" not found', info)

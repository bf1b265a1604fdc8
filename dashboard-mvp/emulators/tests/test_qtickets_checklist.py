"""The emulator's contract: each line of the sheet's checklist (§13.1), seen over real HTTP."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from zakaz_emulators.qtickets import Organisation, QticketsEmulator
from zakaz_emulators.qtickets.records import Discount, PromoCode

SINCE = "2026-03-15T00:00:00+03:00"
RECENT = {"where": [{"column": "payed_at", "operator": ">=", "value": SINCE}]}


def rows(response: requests.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200
    found: list[dict[str, Any]] = response.json()["data"]
    return found


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic right-token", "Bearer"])
@pytest.mark.parametrize("path", ["/orders", "/events/80001", "/no-such-route"])
def test_a_missing_or_wrong_token_is_403_json_before_anything_else(
    emulator: QticketsEmulator, header: str | None, path: str
) -> None:
    """The bearer is looked at before the route."""
    headers = {"Authorization": header} if header else {}
    response = requests.get(emulator.base_url + path, headers=headers, timeout=300)
    assert response.status_code == 403
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["error"] == "Wrong authorization"


def test_the_partner_api_answers_200_with_an_error(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """A REST token opens nothing there, and the status does not say so."""
    response = session.get(emulator.url + "/api/partners/v1/events/lists", timeout=300)
    assert response.status_code == 200
    assert response.json()["code"] == "WRONG_AUTHORIZATION"


def test_filters_in_the_body_of_a_get_are_honoured(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """The canonical form."""
    found = rows(session.get(emulator.base_url + "/orders", json=RECENT, timeout=300))
    assert 0 < len(found) < 123
    assert all(row["payed_at"] >= SINCE for row in found)


def test_filters_in_a_bracketed_query_are_honoured(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """The form PHP reads, for clients that cannot send a body."""
    query = {
        "where[0][column]": "payed_at",
        "where[0][operator]": ">=",
        "where[0][value]": SINCE,
        "page": "1",
    }
    by_query = session.get(emulator.base_url + "/orders", params=query, timeout=300)
    by_body = session.get(emulator.base_url + "/orders", json=RECENT, timeout=300)
    assert by_query.content == by_body.content


def test_the_body_wins_over_the_query(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """Where both ask for a page, the body's page is given."""
    response = session.get(
        emulator.base_url + "/orders", params={"page": "3"}, json={"page": 2}, timeout=300
    )
    assert response.json()["paging"]["currentPage"] == 2


@pytest.mark.parametrize(
    "query",
    [
        {"where": '[{"column":"payed","value":1}]'},
        {"orderBy": '{"id":"desc"}'},
        {"payed": "1", "since": SINCE, "status": "paid", "per_page": "5", "organization": "1"},
        {"limit": "5", "date_from": "2026-03-15", "date_to": "2026-03-20"},
    ],
)
def test_e2_scalar_filters_and_flat_parameters_are_silently_ignored(
    emulator: QticketsEmulator, session: requests.Session, query: dict[str, str]
) -> None:
    """The answer is 200 with the unfiltered, oldest first page."""
    ignored = session.get(emulator.base_url + "/orders", params=query, timeout=300)
    plain = session.get(emulator.base_url + "/orders", timeout=300)
    assert ignored.content == plain.content


def test_e3_a_list_is_paged_by_the_paging_envelope(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """123 orders are three pages of 50, 50 and 23, oldest first."""
    pages = [
        session.get(emulator.base_url + "/orders", json={"page": page}, timeout=300).json()
        for page in (1, 2, 3)
    ]
    assert [len(page["data"]) for page in pages] == [50, 50, 23]
    assert pages[1]["paging"] == {"perPage": 50, "currentPage": 2, "total": 123}
    ids = [row["id"] for page in pages for row in page["data"]]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize(
    ("path", "size"),
    [("orders", 50), ("events", 10), ("clients", 100), ("discounts", 100), ("promo-codes", 500)],
)
def test_default_page_sizes_differ_by_resource(
    emulator: QticketsEmulator, session: requests.Session, path: str, size: int
) -> None:
    """Nobody may rely on one size."""
    response = session.get(f"{emulator.base_url}/{path}", timeout=300)
    assert response.json()["paging"]["perPage"] == size


def test_e4_a_page_size_is_honoured_only_up_to_the_maximum(
    organisation: Organisation,
) -> None:
    """The returned ``perPage`` is the truth, not the one asked for."""
    with QticketsEmulator(organisation, largest_page=20) as small, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {small.token}"
        sizes = [
            session.get(small.base_url + "/orders", json={"perPage": asked}, timeout=300).json()
            for asked in (7, 1000)
        ]
    assert [page["paging"]["perPage"] for page in sizes] == [7, 20]
    assert [len(page["data"]) for page in sizes] == [7, 20]


def test_promo_codes_come_unsorted(
    emulator: QticketsEmulator, session: requests.Session, organisation: Organisation
) -> None:
    """Every other list comes by ascending id."""
    made = organisation.now
    organisation.discounts = [Discount(4401, "Скидка 20%", made, (80001,))]
    organisation.promo_codes = [
        PromoCode(number, 4401, "ПРИМЕР20", made) for number in (55003, 55001, 55002)
    ]
    found = rows(session.get(emulator.base_url + "/promo-codes", timeout=300))
    assert [row["id"] for row in found] == [55003, 55001, 55002]
    discount = rows(session.get(emulator.base_url + "/discounts", timeout=300))[0]
    assert discount["events"][0]["id"] == 80001
    assert not {"value", "percent", "amount"} & set(discount)


def test_a_page_past_the_end_is_empty_and_no_error(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """``currentPage`` echoes the request."""
    response = session.get(emulator.base_url + "/orders", json={"page": 9}, timeout=300)
    assert rows(response) == []
    assert response.json()["paging"] == {"perPage": 50, "currentPage": 9, "total": 123}


def test_e1_unpaid_and_deleted_orders_are_listed_unless_filtered(
    emulator: QticketsEmulator, session: requests.Session, organisation: Organisation
) -> None:
    """Only a filter leaves them out."""
    reserved = organisation.insert_order(event_id=80001, paid=False)
    organisation.cancel(7_000_001)
    everything = session.get(emulator.base_url + "/orders", json={"perPage": 500}, timeout=300)
    assert {reserved.id, 7_000_001} <= {row["id"] for row in rows(everything)}
    where = [{"column": "payed", "value": 1}, {"column": "deleted_at", "operator": "null"}]
    live = session.get(
        emulator.base_url + "/orders", json={"where": where, "perPage": 500}, timeout=300
    )
    assert not {reserved.id, 7_000_001} & {row["id"] for row in rows(live)}
    assert len(rows(live)) == 122


def test_empty_values_are_php_arrays_and_strings(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """An order without tags has a list where others have an object."""
    plain, tagged = rows(session.get(emulator.base_url + "/orders", timeout=300))[:2]
    assert plain["utm"] == []
    assert tagged["utm"]["utm_source"] == "vk"
    assert (plain["custom"], plain["fields"], plain["refunds"], plain["integrations"]) == (
        "",
        [],
        [],
        [],
    )
    detail = session.get(f"{emulator.base_url}/orders/{plain['id']}", timeout=300).json()["data"]
    assert detail["integrations"] == {"roistat": {"roistat_visit": None}}
    assert {**detail, "integrations": []} == plain


def test_bodies_are_compact_ascii_json_with_escaped_slashes(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """The default PHP encoder; the content type names no charset."""
    response = session.get(emulator.base_url + "/orders", timeout=300)
    assert response.headers["Content-Type"] == "application/json"
    assert response.content.isascii()
    assert rb'"payment_url":"https:\/\/qtickets.ru\/pay\/' in response.content
    assert rb"\u0430" in response.content
    assert b'", "' not in response.content


def test_headers_are_those_of_the_service(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """No rate limit, no request id; the cache header on 200 only."""
    fine = session.get(emulator.base_url + "/orders", timeout=300)
    wrong = session.get(emulator.base_url + "/orders/1", timeout=300)
    assert fine.headers["Transfer-Encoding"] == "chunked"
    assert fine.headers["Server"] == "nginx/1.14.1"
    assert fine.headers["X-Cache-Status"] == "MISS"
    assert "X-Cache-Status" not in wrong.headers
    assert not [name for name in fine.headers if "ratelimit" in name.lower()]


@pytest.mark.parametrize(
    "path", ["/barcodes", "/events/80001/seats", "/price-shades", "/orders/1/refunds"]
)
def test_an_unknown_route_is_an_html_404(
    emulator: QticketsEmulator, session: requests.Session, path: str
) -> None:
    """A wrong path shows itself by its content type."""
    response = session.get(emulator.base_url + path, timeout=300)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert "Страница не найдена 404 – Qtickets" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "resource", "number"),
    [("orders/5", "Order", 5), ("events/word", "Event", 0), ("discounts/colors", "Discount", 0)],
)
def test_a_bad_id_on_a_known_route_is_a_json_404(
    emulator: QticketsEmulator, session: requests.Session, path: str, resource: str, number: int
) -> None:
    """A word is read as id 0."""
    response = session.get(f"{emulator.base_url}/{path}", timeout=300)
    assert response.status_code == 404
    assert response.json() == {
        "error": f'Resource "{resource}" not found',
        "status": 404,
        "code": "RESOURCE_NOT_FOUND",
        "info": {"id": number, "resource": resource},
    }


def test_e5_a_post_to_orders_is_503_and_seen_as_a_write(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """``/orders/filter`` does not exist; every write is in the log for a test to fail on."""
    refused = session.post(emulator.base_url + "/orders", json=RECENT, timeout=300)
    invented = session.post(emulator.base_url + "/orders/filter", json=RECENT, timeout=300)
    assert (refused.status_code, refused.json()["code"]) == (503, "UNKNOWN_ERROR")
    assert refused.json()["info"] == []
    assert invented.status_code == 404
    assert [asked.path for asked in emulator.writes] == [
        "/api/rest/v1/orders",
        "/api/rest/v1/orders/filter",
    ]


def test_e6_the_log_shows_method_body_and_status_of_every_request(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """A test can hold a client to the one request shape; the token is not kept."""
    session.get(emulator.base_url + "/orders?page=2", json=RECENT, timeout=300)
    asked = emulator.requests[-1]
    assert (asked.number, asked.method, asked.path) == (1, "GET", "/api/rest/v1/orders")
    assert (asked.query, asked.json, asked.status) == ("page=2", RECENT, 200)
    assert emulator.writes == []
    assert "right-token" not in repr(emulator.requests)


def test_every_instant_has_the_moscow_offset_even_in_tomsk(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """A show's local clock must be computed from the city's zone."""
    tomsk = rows(session.get(emulator.base_url + "/events", timeout=300))[1]
    assert tomsk["city"]["timezone"] == "Asia/Krasnoyarsk"
    raw = session.get(emulator.base_url + "/orders", timeout=300).text
    assert len(re.findall(r"T\d\d:\d\d:\d\d\+03:00", raw)) == len(re.findall(r"T\d\d:", raw))

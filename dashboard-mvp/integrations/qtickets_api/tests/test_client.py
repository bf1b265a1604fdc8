"""The client: GET with a body, one request where one is enough, every page proved."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

import pytest
import requests_mock as rm
from qtickets_api.client import QticketsClient, connect
from qtickets_api.query import Condition, FilterIgnoredError, Query
from qtickets_api.settings import QticketsSettings
from qtickets_api.transform import Stamp, events
from zakaz.errors import DataError, PermanentSourceError, SourceError, TransientSourceError
from zakaz.http import HttpSource
from zakaz.moscow import MOSCOW

BASE = "http://127.0.0.1:9/api/rest/v1"
ORDERS = f"{BASE}/orders"
TOKEN = "canary-token-of-the-client"
NOW = datetime(2026, 2, 5, 12, tzinfo=MOSCOW)
SINCE = Condition("updated_at", ">=", datetime(2026, 2, 1, tzinfo=MOSCOW))
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def client() -> Any:
    """Give a client that waits for nothing."""
    http = HttpSource(BASE, ("Authorization", f"Bearer {TOKEN}"), sleep=lambda seconds: None)
    client = QticketsClient(http, lambda: NOW)
    yield client
    client.close()


def page(*rows: Any, total: int | None = None, per_page: int = 50) -> dict[str, Any]:
    """Give a page as the API sends it."""
    count = len(rows) if total is None else total
    return {
        "data": list(rows),
        "paging": {"perPage": per_page, "currentPage": 1, "total": count},
    }


def test_e5_e6_the_request_is_a_get_with_a_json_body(
    client: QticketsClient, make: Any, requests_mock: rm.Mocker
) -> None:
    """Filter, order and page go out in the body of a GET, the token in its header."""
    requests_mock.get(ORDERS, json=page(make.order()), headers=JSON)

    got = client.page("/orders", Query((SINCE,), per_page=200))

    (sent,) = requests_mock.request_history
    assert sent.method == "GET"
    assert sent.query == ""
    assert sent.json() == {
        "where": [{"column": "updated_at", "operator": ">=", "value": "2026-02-01T00:00:00+03:00"}],
        "orderBy": {"id": "asc"},
        "page": 1,
        "perPage": 200,
    }
    assert sent.headers["Authorization"] == f"Bearer {TOKEN}"
    assert (got.ids, got.per_page, got.total, got.fetched_at) == ((7000101,), 50, 1, NOW)


def test_a_later_page_is_asked_for_in_the_query_too(
    client: QticketsClient, make: Any, requests_mock: rm.Mocker
) -> None:
    """A page number stands in the body and, where it was seen to work, in the query."""
    requests_mock.get(ORDERS, json=page(make.order()), headers=JSON)

    client.page("/orders", Query().at(2))

    assert requests_mock.last_request is not None
    assert requests_mock.last_request.query == "page=2"
    assert requests_mock.last_request.json()["page"] == 2


@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_e7_s05_a_refusal_is_one_request(
    client: QticketsClient, requests_mock: rm.Mocker, status: int
) -> None:
    """A refused token or path is not tried again, and never with a POST."""
    requests_mock.register_uri(rm.ANY, rm.ANY, status_code=status, json={"error": "no"})

    with pytest.raises(PermanentSourceError) as caught:
        client.page("/orders", Query())

    assert caught.value.exit_code == 78
    assert client.requests == len(requests_mock.request_history) == 1
    assert "/orders" in str(caught.value)
    assert str(status) in str(caught.value)


def test_e11_a_busy_source_is_asked_again(
    client: QticketsClient, make: Any, requests_mock: rm.Mocker
) -> None:
    """429 and 5xx are waited out within five attempts."""
    answers = [{"status_code": status} for status in (429, 503, 502, 504)]
    good = {"json": page(make.order()), "headers": JSON}
    requests_mock.get(ORDERS, [*answers, good])

    assert client.page("/orders", Query()).ids == (7000101,)
    assert client.requests == 5


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "<html>maintenance</html>", "headers": {"Content-Type": "text/html"}},
        {"text": '{"data": [', "headers": JSON},
        {"text": "", "headers": JSON},
        {"status_code": 503, "json": {"error": "Unknown error"}},
    ],
)
def test_s12_s13_s14_a_broken_page_is_retried_then_75(
    client: QticketsClient, requests_mock: rm.Mocker, answer: dict[str, Any]
) -> None:
    """HTML, a cut body, an empty one and a stable 503 end as exit 75, never as no orders."""
    requests_mock.get(ORDERS, **answer)

    with pytest.raises(TransientSourceError) as caught:
        client.page("/orders", Query())

    assert caught.value.exit_code == 75
    assert client.requests == 5


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": None, "paging": {"perPage": 50, "currentPage": 1, "total": 0}},
        {"data": {}, "paging": {"perPage": 50, "currentPage": 1, "total": 0}},
        {"data": []},
        {"data": [], "paging": {"perPage": 0, "currentPage": 1, "total": 0}},
        {"data": [], "paging": {"perPage": 50, "currentPage": 1, "total": -1}},
        {"data": [], "meta": {"last_page": 1}},
        {"message": "hello"},
        [],
        "text",
    ],
)
def test_e13_another_shape_is_an_error(
    client: QticketsClient, requests_mock: rm.Mocker, body: Any
) -> None:
    """An answer without list or paging is an error by name, not the end of the list."""
    requests_mock.get(ORDERS, json=body, headers=JSON)

    with pytest.raises(DataError, match="orders"):
        client.page("/orders", Query())


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"error": "Wrong authorization", "status": 403, "code": "WRONG"}, PermanentSourceError),
        ({"error": {"code": "UNKNOWN_ERROR"}}, TransientSourceError),
        ({"error": "Unknown error", "status": 503, "code": "UNKNOWN_ERROR"}, TransientSourceError),
    ],
)
def test_s15_an_error_inside_a_200_is_an_error(
    client: QticketsClient, requests_mock: rm.Mocker, said: Any, kind: type[Exception]
) -> None:
    """An error object that comes with status 200 is told by its code."""
    requests_mock.get(ORDERS, json=said, headers=JSON)

    with pytest.raises(kind, match="status 200"):
        client.page("/orders", Query())


@pytest.mark.parametrize("status", [403, 503, "x", None])
def test_found_e10_an_error_inside_a_200_is_told_by_its_code_alone(
    client: QticketsClient, requests_mock: rm.Mocker, status: Any
) -> None:
    """Its text may name a buyer, and so may a code that nobody knows."""
    name = "Anna Petrova"
    bodies = [
        {"error": name, "status": status, "code": name, "info": {"x": name}},
        {"error": {"code": name, "message": name}, "status": status},
        {"error": "\ud83d", "status": status, "code": name},
    ]
    for body in bodies:
        requests_mock.get(rm.ANY, text=json.dumps(body), headers=JSON)
        for ask in (lambda: client.page("/orders", Query()), lambda: client.item("/events/1"),
                    lambda: client.seats("5")):  # fmt: skip
            with pytest.raises(SourceError, match="no code that we know") as caught:
                ask()
            assert name not in str(caught.value)


def test_field_p04_half_a_character_in_one_thing_spoils_that_thing(
    client: QticketsClient, requests_mock: rm.Mocker
) -> None:
    """It comes as the row that it is, and its own reader puts it aside."""
    requests_mock.get(rm.ANY, text='{"data":{"id":7,"name":"\\ud83d"}}', headers=JSON)
    row, _ = client.item("/events/7")
    assert events([row], Stamp("1", NOW, NOW)).rejected[0].row_key == "7"


def test_p18_a_byte_order_mark_is_tolerated(
    client: QticketsClient, requests_mock: rm.Mocker
) -> None:
    """A page that begins with a byte order mark is read."""
    marked = b"\xef\xbb\xbf" + json.dumps(page()).encode()
    requests_mock.get(ORDERS, content=marked, headers=JSON)

    assert list(client.page("/orders", Query()).rows) == []


def test_e2_an_ignored_filter_is_noticed(
    client: QticketsClient, make: Any, requests_mock: rm.Mocker
) -> None:
    """A page of old orders behind a filter for new ones is refused, not filtered here."""
    old = make.order(updated_at="2021-02-01T00:00:00+03:00")
    requests_mock.get(ORDERS, json=page(make.order(1), old), headers=JSON)

    with pytest.raises(FilterIgnoredError, match="updated_at") as caught:
        client.page("/orders", Query((SINCE,)))

    assert caught.value.column == "updated_at"


def test_pacing_is_off_for_this_machine(make: Any, requests_mock: rm.Mocker) -> None:
    """A server on loopback is asked without a ceiling, so tests and demo never wait."""
    requests_mock.get(ORDERS, json=page(), headers=JSON)
    environ = {
        "QTICKETS_TOKEN": TOKEN,
        "QTICKETS_BASE_URL": BASE,
        "QTICKETS_REQUESTS_PER_SECOND": "0.001",
    }
    client = connect(QticketsSettings.load(environ), lambda: NOW)

    for _ in range(3):
        client.page("/orders", Query())

    client.close()
    assert client.requests == 3


def test_e19_neither_token_nor_buyer_is_logged(
    client: QticketsClient, requests_mock: rm.Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    """Errors and log lines hold neither the token nor an e-mail address of an answer."""
    caplog.set_level(logging.DEBUG)
    requests_mock.get(
        ORDERS, status_code=500, json={"error": f"x@example.org {TOKEN}"}, headers=JSON
    )

    with pytest.raises(TransientSourceError) as caught:
        client.page("/orders", Query())

    told = str(caught.value) + caplog.text
    assert TOKEN not in told
    assert "x@example.org" not in told

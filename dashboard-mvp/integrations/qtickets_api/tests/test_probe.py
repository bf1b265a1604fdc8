"""The probe: what `zakaz doctor` asks of the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests_mock as rm
from qtickets_api.probe import probe
from zakaz.errors import PermanentSourceError
from zakaz.moscow import MOSCOW, now
from zakaz.progress import silent
from zakaz.source import SyncRequest

BASE = "https://qtickets.example/api"
REQUEST = SyncRequest(
    environ={"QTICKETS_TOKEN": "token-of-this-test", "QTICKETS_BASE_URL": BASE},
    clock=now,
    progress=silent(),
)


def page(number: int, total: int, *rows: dict[str, Any]) -> dict[str, Any]:
    """Give the answer of a list with one row a page."""
    paging = {"perPage": 1, "currentPage": number, "total": total}
    return {
        "json": {"data": list(rows), "paging": paging},
        "headers": {"Content-Type": "application/json"},
    }


def test_e8_the_probe_tells_status_count_and_newest_change(requests_mock: rm.Mocker) -> None:
    """Two requests for a long list, one for an empty one, never a POST."""
    first = {"id": 1, "updated_at": "2026-01-01T10:00:00+03:00"}
    last = {"id": 9, "updated_at": "2026-02-03T19:42:10+03:00"}
    requests_mock.get(f"{BASE}/orders", [page(1, 9, first), page(9, 9, last)])
    requests_mock.get(f"{BASE}/events", **page(1, 0))

    assert probe(REQUEST).lines == [
        "GET /orders: 200, 9 rows, the newest of 2026-02-03 19:42",
        "GET /events: 200, 0 rows",
    ]
    assert {sent.method for sent in requests_mock.request_history} == {"GET"}
    assert requests_mock.request_history[1].json()["page"] == 9


@pytest.mark.parametrize(
    ("date", "ahead"),
    [("Sun, 01 Feb 2026 08:50:00 GMT", timedelta(minutes=10)), ("yesterday", None), (None, None)],
)
def test_the_probe_tells_how_far_this_clock_is_ahead(
    requests_mock: rm.Mocker, date: str | None, ahead: timedelta | None
) -> None:
    """The API's Date header is held against this machine's clock; without one nothing is told."""
    for path in ("orders", "events"):
        answer = page(1, 0)
        answer["headers"] |= {} if date is None else {"Date": date}
        requests_mock.get(f"{BASE}/{path}", **answer)
    noon = datetime(2026, 2, 1, 12, 0, tzinfo=MOSCOW)

    assert probe(replace(REQUEST, clock=lambda: noon)).ahead == ahead


def test_e8_a_refused_token_is_told_with_endpoint_and_status(requests_mock: rm.Mocker) -> None:
    """One request, and the reason is the token."""
    requests_mock.get(f"{BASE}/orders", status_code=403)

    with pytest.raises(PermanentSourceError, match=r"GET /orders.*403"):
        probe(REQUEST)

    assert requests_mock.call_count == 1

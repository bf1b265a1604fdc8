"""HTTP: what is retried, what is not, what is never told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
import requests_mock as rm
from zakaz.errors import (
    PermanentSourceError,
    SettingsError,
    TransientSourceError,
)
from zakaz.http import ATTEMPTS, HttpSource

BASE = "https://shop.example/api"
TOKEN = ("Authorization", "Bearer canary-of-http")
GOOD: dict[str, Any] = {"json": {"data": []}, "headers": {"Content-Type": "application/json"}}


@pytest.fixture
def source(time: Any) -> HttpSource:
    """Give a client of the invented shop on the fake clock, without jitter."""
    return HttpSource(BASE, TOKEN, clock=time.clock, sleep=time.sleep, jitter=lambda wait: wait)


def test_a_body_goes_out_with_a_get(source: HttpSource, requests_mock: rm.Mocker) -> None:
    """Qtickets wants its filter in the body of a GET."""
    requests_mock.get(f"{BASE}/orders", **GOOD)

    assert source.get_json("orders", body={"page": 1}, params={"a": "б"}) == b'{"data": []}'

    sent = requests_mock.last_request
    assert sent is not None
    assert (sent.method, sent.text) == ("GET", '{"page":1}')
    assert sent.headers["Authorization"] == "Bearer canary-of-http"
    assert sent.headers["Content-Type"] == "application/json"
    assert source.requests == 1


def test_e5_the_method_cannot_be_changed() -> None:
    """There is no way to send anything but a GET."""
    public = [name for name in vars(HttpSource) if not name.startswith("_")]

    assert sorted(public) == ["close", "get_json"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422])
def test_e7_a_refused_request_is_sent_exactly_once(
    source: HttpSource, requests_mock: rm.Mocker, status: int, time: Any
) -> None:
    """S05: 403 and its like make one request, no fallback, and name endpoint and status."""
    requests_mock.get(f"{BASE}/orders", status_code=status, text="no")

    with pytest.raises(
        PermanentSourceError, match=rf"GET /orders on shop.example answered {status}"
    ) as caught:
        source.get_json("/orders")

    assert requests_mock.call_count == 1
    assert (caught.value.endpoint, caught.value.status) == ("/orders", status)
    assert caught.value.exit_code == 78
    assert time.slept == []


def test_e7_a_403_speaks_of_the_token(source: HttpSource, requests_mock: rm.Mocker) -> None:
    """The cause of a 403 is told as what it is."""
    requests_mock.get(f"{BASE}/orders", status_code=403)

    with pytest.raises(PermanentSourceError, match=r"auth.*Check the token"):
        source.get_json("/orders")


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_s04_a_passing_fault_is_retried(
    source: HttpSource, requests_mock: rm.Mocker, status: int, time: Any
) -> None:
    """One 5xx, 408 or 429 costs a wait and nothing else."""
    requests_mock.get(f"{BASE}/orders", [{"status_code": status}, GOOD])

    assert source.get_json("/orders") == b'{"data": []}'
    assert len(time.slept) == 1
    assert source.requests == 2


def test_s01_retry_after_is_kept(source: HttpSource, requests_mock: rm.Mocker, time: Any) -> None:
    """A 429 that says 3 seconds is asked again after 3 seconds, once."""
    requests_mock.get(f"{BASE}/o", [{"status_code": 429, "headers": {"Retry-After": "3"}}, GOOD])

    source.get_json("/o")

    assert time.slept == [3.0]


def test_s01_retry_after_may_be_a_date(
    source: HttpSource, requests_mock: rm.Mocker, time: Any
) -> None:
    """The wait is counted on the server's own clock."""
    now = datetime(2026, 2, 1, tzinfo=UTC)
    headers = {
        "Date": format_datetime(now, usegmt=True),
        "Retry-After": format_datetime(now + timedelta(seconds=7), usegmt=True),
    }
    requests_mock.get(f"{BASE}/o", [{"status_code": 503, "headers": headers}, GOOD])

    source.get_json("/o")

    assert time.slept == [7.0]


def test_e11_a_429_without_retry_after_waits_longer_each_time(
    source: HttpSource, requests_mock: rm.Mocker, time: Any
) -> None:
    """S02: three refusals, growing waits, then the answer."""
    requests_mock.get(f"{BASE}/o", [*({"status_code": 429} for _ in range(3)), GOOD])

    assert source.get_json("/o") == b'{"data": []}'
    assert time.slept == sorted(set(time.slept))
    assert len(time.slept) == 3


def test_r7_jitter_spreads_the_waits(requests_mock: rm.Mocker, time: Any) -> None:
    """Without injection every wait lies between half and all of its ceiling."""
    requests_mock.get(f"{BASE}/o", [{"status_code": 500}, {"status_code": 500}, GOOD])
    source = HttpSource(BASE, clock=time.clock, sleep=time.sleep)

    source.get_json("/o")

    assert 0.25 <= time.slept[0] <= 0.5
    assert 0.5 <= time.slept[1] <= 1.0


def test_s03_429_for_ever_ends_within_five_attempts(
    source: HttpSource, requests_mock: rm.Mocker
) -> None:
    """The run gives up with exit 75 and the word rate_limited."""
    requests_mock.get(f"{BASE}/o", status_code=429)

    with pytest.raises(TransientSourceError, match=r"429 \(rate_limited\).*5 attempts") as caught:
        source.get_json("/o")

    assert source.requests == ATTEMPTS
    assert (caught.value.exit_code, caught.value.status) == (75, 429)


def test_s03_the_deadline_of_the_run_is_kept(requests_mock: rm.Mocker, time: Any) -> None:
    """A wait that would pass the deadline is not begun."""
    requests_mock.get(f"{BASE}/o", status_code=429, headers={"Retry-After": "40"})
    source = HttpSource(BASE, clock=time.clock, sleep=time.sleep, deadline=100)

    with pytest.raises(TransientSourceError, match=r"rate_limited.*deadline"):
        source.get_json("/o")

    assert time.slept == [40.0, 40.0]
    assert time.now <= 1100


def test_a_passed_deadline_sends_no_request(requests_mock: rm.Mocker, time: Any) -> None:
    """After its time the run stops before the next page."""
    requests_mock.get(f"{BASE}/o", **GOOD)
    source = HttpSource(BASE, clock=time.clock, sleep=time.sleep, deadline=10)
    time.sleep(10)

    with pytest.raises(TransientSourceError, match="deadline"):
        source.get_json("/o")

    assert source.requests == 0


def test_s06_a_401_is_refreshed_once(requests_mock: rm.Mocker, time: Any) -> None:
    """An expired token is renewed and the same page asked again."""
    requests_mock.get(f"{BASE}/o", [{"status_code": 401}, GOOD])
    source = HttpSource(
        BASE, TOKEN, clock=time.clock, sleep=time.sleep,
        refresh=lambda *_: ("Authorization", "Bearer renewed-canary"),
    )  # fmt: skip

    assert source.get_json("/o") == b'{"data": []}'
    assert requests_mock.last_request is not None
    assert requests_mock.last_request.headers["Authorization"] == "Bearer renewed-canary"


def test_s07_a_401_after_the_refresh_ends_the_run(requests_mock: rm.Mocker, time: Any) -> None:
    """Two requests, one refresh, no loop."""
    requests_mock.get(f"{BASE}/o", status_code=401)
    renewed: list[int] = []

    def refresh(endpoint: str, answer: bytes) -> tuple[str, str]:
        renewed.append(1)
        return TOKEN

    source = HttpSource(BASE, TOKEN, clock=time.clock, sleep=time.sleep, refresh=refresh)
    with pytest.raises(PermanentSourceError, match="401"):
        source.get_json("/o")

    assert (source.requests, len(renewed)) == (2, 1)


@pytest.mark.parametrize(
    "fault",
    [
        requests.exceptions.ConnectionError("https://shop.example/api/o?token=canary refused"),
        requests.exceptions.ConnectTimeout("canary"),
        requests.exceptions.ReadTimeout("canary"),
        requests.exceptions.ChunkedEncodingError("canary"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_s08_a_broken_connection_is_retried_and_told_without_the_query(
    source: HttpSource, requests_mock: rm.Mocker, fault: Exception
) -> None:
    """Refusal, timeouts and cut bodies end in exit 75, the host named, the query not."""
    requests_mock.get(f"{BASE}/o", exc=fault)

    with pytest.raises(TransientSourceError, match=r"shop\.example") as caught:
        source.get_json("/o", params={"token": "canary"})

    assert source.requests == ATTEMPTS
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_d3_a_programming_error_is_not_retried(
    source: HttpSource, requests_mock: rm.Mocker
) -> None:
    """A TypeError inside the call makes one attempt and keeps its class."""
    requests_mock.get(f"{BASE}/o", exc=TypeError("a bug"))

    with pytest.raises(TypeError, match="a bug"):
        source.get_json("/o")

    assert source.requests == 1


def test_c02_no_second_header_can_be_sent() -> None:
    """A token that slipped through with a line end is refused by the last gate as well."""
    with pytest.raises(SettingsError, match="cannot be sent"):
        HttpSource(BASE, ("Authorization", "Bearer x\r\nX-Admin: 1"))


def test_every_request_names_us(requests_mock: rm.Mocker, source: HttpSource) -> None:
    """The operator of an API can see who asks."""
    requests_mock.get(re.compile(".*"), **GOOD)

    source.get_json("/o")

    assert requests_mock.last_request is not None
    assert requests_mock.last_request.headers["User-Agent"] == "zakaz-dashboard"

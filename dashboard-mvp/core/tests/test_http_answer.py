"""HTTP answers: served, wait, or fix something first."""

from __future__ import annotations

import base64
import logging
from typing import Any

import pytest
import requests_mock as rm
from zakaz.errors import (
    DataError,
    PermanentSourceError,
    SourceError,
    TransientSourceError,
)
from zakaz.http import ATTEMPTS, HttpSource, Timeouts

BASE = "https://shop.example/api"
TOKEN = ("Authorization", "Bearer canary-of-http")
GOOD: dict[str, Any] = {"json": {"data": []}, "headers": {"Content-Type": "application/json"}}


@pytest.fixture
def source(time: Any) -> HttpSource:
    """Give a client of the invented shop on the fake clock, without jitter."""
    return HttpSource(BASE, TOKEN, clock=time.clock, sleep=time.sleep, jitter=lambda wait: wait)


def test_s13_an_html_page_is_retried_and_never_no_orders(
    source: HttpSource, requests_mock: rm.Mocker
) -> None:
    """200 with a maintenance page ends in exit 75."""
    page = "<html>" + "x" * 5000
    requests_mock.get(f"{BASE}/o", text=page, headers={"Content-Type": "text/html; charset=UTF-8"})

    with pytest.raises(TransientSourceError, match="text/html"):
        source.get_json("/o")

    assert source.requests == ATTEMPTS


SECRET = "canary-of-http"
CANARIES = (
    "Anna Petrova",
    SECRET,
    SECRET.upper(),
    SECRET[::-1],
    base64.b64encode(SECRET.encode()).decode(),
    "".join(f"%{ord(letter):02x}" for letter in SECRET),
    " ".join(SECRET),
)


@pytest.mark.parametrize(
    "status", [200, 204, 302, 400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 500, 503]
)
def test_found_e10_nothing_of_an_error_answer_is_told(
    source: HttpSource, requests_mock: rm.Mocker, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """Neither its body nor a header nor its reason: they may name a buyer or repeat our token.

    No spelling of a secret has to be guessed, because nothing is quoted.
    """
    told = " ".join(CANARIES)
    headers = {
        "Content-Type": f"text/{told}",
        "Location": f"https://{CANARIES[1]}.example/{CANARIES[4]}",
        "WWW-Authenticate": f'Bearer error_description="{told}"',
    }
    requests_mock.get(
        f"{BASE}/o", status_code=status, text=f"<b>{told}</b>", headers=headers, reason=told
    )

    with caplog.at_level(logging.DEBUG), pytest.raises(SourceError, match=str(status)) as caught:
        source.get_json("/o")

    said = str(caught.value) + caplog.text
    assert [canary for canary in CANARIES if canary in said] == []


def test_field_p01_a_redirect_to_no_address_is_a_typed_error(
    source: HttpSource, requests_mock: rm.Mocker
) -> None:
    """Exit 78: one odd link more that stopped the program."""
    requests_mock.get(f"{BASE}/o", status_code=302, headers={"Location": "https://[x]/o"})

    with pytest.raises(PermanentSourceError, match="redirects to what is no address"):
        source.get_json("/o")


def test_s12_cut_json_is_retried_and_named_bad_json(
    source: HttpSource, requests_mock: rm.Mocker
) -> None:
    """A body that ends in the middle of an object is asked for again, then exit 75."""
    requests_mock.get(f"{BASE}/o", [{"content": b'{"data": [{"id"'}, GOOD])
    assert source.get_json("/o") == b'{"data": []}'

    requests_mock.get(f"{BASE}/o", content=b'{"data": [{"id"')
    with pytest.raises(TransientSourceError, match="bad_json"):
        source.get_json("/o")


@pytest.mark.parametrize(
    "body", [b"", b"   ", b'{"a": NaN', b"\xd0", '{"a":"\u0416"}'.encode("cp1251")]
)
def test_s14_an_unreadable_body_is_a_typed_error(
    source: HttpSource, requests_mock: rm.Mocker, body: bytes
) -> None:
    """P13: empty bodies, cut ones and a foreign encoding never become an empty page."""
    requests_mock.get(f"{BASE}/o", content=body)

    with pytest.raises(TransientSourceError):
        source.get_json("/o")


@pytest.mark.parametrize("body", [b'{"a":NaN}', b'{"a":-Infinity}', b'{"a":"\\ud800"}'])
def test_p06_p14_what_strict_json_lacks_is_left_to_the_room(
    source: HttpSource, requests_mock: rm.Mocker, body: bytes
) -> None:
    """One odd value is no reason to lose a whole page: the answer is given as it came."""
    requests_mock.get(f"{BASE}/o", content=body)

    assert source.get_json("/o") == body


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"1"])
def test_s14_another_shape_than_an_object_is_wrong_data(
    source: HttpSource, requests_mock: rm.Mocker, body: bytes
) -> None:
    """E13: null or a list where an object belongs is exit 65, once."""
    requests_mock.get(f"{BASE}/o", content=body)

    with pytest.raises(DataError, match="not an object"):
        source.get_json("/o")

    assert source.requests == 1


def test_s14_a_204_is_a_typed_error(source: HttpSource, requests_mock: rm.Mocker) -> None:
    """No content is no page."""
    requests_mock.get(f"{BASE}/o", status_code=204)

    with pytest.raises(SourceError, match="204"):
        source.get_json("/o")


def test_p17_json_nested_ten_thousand_deep_is_a_typed_error(
    source: HttpSource, requests_mock: rm.Mocker
) -> None:
    """Depth ends in exit 65, not in a crash."""
    requests_mock.get(f"{BASE}/o", content=b'{"a":' * 10_000 + b"1" + b"}" * 10_000)

    with pytest.raises(DataError, match="nested too deeply"):
        source.get_json("/o")


def test_p17_a_giant_page_is_not_read_to_its_end(requests_mock: rm.Mocker, time: Any) -> None:
    """Memory stays bounded whatever the server sends."""
    requests_mock.get(f"{BASE}/o", content=b"x" * 2_000_000)
    source = HttpSource(
        BASE, clock=time.clock, sleep=time.sleep, timeouts=Timeouts(largest=1024 * 1024)
    )

    with pytest.raises(PermanentSourceError, match="larger than 1 MB"):
        source.get_json("/o")


def test_p18_a_byte_order_mark_is_tolerated(source: HttpSource, requests_mock: rm.Mocker) -> None:
    """A BOM in front of the JSON is dropped."""
    requests_mock.get(f"{BASE}/o", content=b'\xef\xbb\xbf{"data":[]}')

    assert source.get_json("/o") == b'{"data":[]}'

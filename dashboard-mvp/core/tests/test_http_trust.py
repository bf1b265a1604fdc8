"""HTTP: whom the token is shown to."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import requests_mock as rm
from zakaz.errors import (
    PermanentSourceError,
)
from zakaz.http import HttpSource

BASE = "https://shop.example/api"
TOKEN = ("Authorization", "Bearer canary-of-http")
GOOD: dict[str, Any] = {"json": {"data": []}, "headers": {"Content-Type": "application/json"}}


@pytest.fixture
def source(time: Any) -> HttpSource:
    """Give a client of the invented shop on the fake clock, without jitter."""
    return HttpSource(BASE, TOKEN, clock=time.clock, sleep=time.sleep, jitter=lambda wait: wait)


def test_s24_an_untrusted_certificate_is_a_setting_to_fix(
    source: HttpSource, requests_mock: rm.Mocker
) -> None:
    """A wrong certificate is refused at once with exit 78."""
    requests_mock.get(f"{BASE}/o", exc=requests.exceptions.SSLError("self-signed"))

    with pytest.raises(PermanentSourceError, match="certificate"):
        source.get_json("/o")

    assert source.requests == 1


def test_the_token_does_not_follow_a_redirect_to_another_host(
    source: HttpSource, requests_mock: rm.Mocker
) -> None:
    """A redirect to a stranger is refused."""
    requests_mock.get(f"{BASE}/o", status_code=302, headers={"Location": "https://evil.example/o"})
    stranger = requests_mock.get("https://evil.example/o", **GOOD)

    with pytest.raises(PermanentSourceError, match="another host"):
        source.get_json("/o")

    assert not stranger.called


def test_the_token_does_not_follow_a_redirect_to_plain_http(
    source: HttpSource, requests_mock: rm.Mocker
) -> None:
    """A downgrade from TLS is a redirect to a stranger."""
    requests_mock.get(f"{BASE}/o", status_code=301, headers={"Location": "http://shop.example/o"})

    with pytest.raises(PermanentSourceError, match="another host"):
        source.get_json("/o")


def test_a_redirect_on_the_same_host_is_followed(
    source: HttpSource, requests_mock: rm.Mocker
) -> None:
    """A moved path is found, in circles it is not."""
    requests_mock.get(f"{BASE}/o", status_code=301, headers={"Location": "/api/new"})
    requests_mock.get(f"{BASE}/new", **GOOD)
    requests_mock.get(f"{BASE}/loop", status_code=301, headers={"Location": "/api/loop"})

    assert source.get_json("/o") == b'{"data": []}'
    with pytest.raises(PermanentSourceError, match="circles"):
        source.get_json("/loop")


def test_netrc_does_not_replace_the_token(
    source: HttpSource, requests_mock: rm.Mocker, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ~/.netrc entry for the host leaves the Authorization header alone."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine shop.example login u password p\n")
    monkeypatch.setenv("NETRC", str(netrc))
    requests_mock.get(f"{BASE}/o", **GOOD)

    source.get_json("/o")

    assert requests_mock.last_request is not None
    assert requests_mock.last_request.headers["Authorization"] == TOKEN[1]

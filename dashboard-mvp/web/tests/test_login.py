"""The login of a dashboard that others than this machine may reach: R17."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from zakaz_web.reading import Reading
from zakaz_web.security import Door

Browse = Callable[..., TestClient]


def _login(user: str, password: str) -> dict[str, str]:
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


def test_r17_with_a_login_nothing_is_shown_without_it(reading: Reading, browse: Browse) -> None:
    """Every address asks for the login, static files and errors included."""
    client = browse(reading, Door(user="анна", password="long enough"))
    for path in ("/sales", "/panel/kpi.csv", "/status.json", "/favicon.ico", "/nothing"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")
        assert "₽" not in answer.text
    assert client.get("/sales", headers=_login("анна", "long enough")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        _login("анна", "wrong"),
        _login("", ""),
        _login("other", "long enough"),
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic"},
        {"Authorization": ""},
    ],
)
def test_r17_a_wrong_login_is_refused(
    reading: Reading, browse: Browse, headers: dict[str, str]
) -> None:
    """A wrong name, a wrong password and a broken header are all the same 401."""
    client = browse(reading, Door(user="анна", password="long enough"))
    assert client.get("/sales", headers=headers).status_code == 401


def test_r17_beyond_loopback_any_numeric_address_is_ours(reading: Reading, browse: Browse) -> None:
    """Bound to the network the dashboard answers to addresses and to the names it was told."""
    door = Door(frozenset({"sales.example.test"}), True, "anna", "long enough")
    client = browse(reading, door)
    login = _login("anna", "long enough")
    for host, status in (("10.1.2.3:8765", 200), ("sales.example.test", 200), ("x.test", 403)):
        assert client.get("/status.json", headers={"Host": host, **login}).status_code == status

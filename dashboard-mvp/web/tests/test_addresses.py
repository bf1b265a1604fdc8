"""The names and addresses under which the dashboard answers behind a proxy."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from zakaz.errors import SettingsError
from zakaz_web.filters import PAGES
from zakaz_web.settings import door


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_field_p15_the_page_for_an_unknown_name_says_what_to_set(
    client: TestClient, lang: str
) -> None:
    """Whoever put a proxy in front reads there which variable takes its name."""
    answer = client.get(f"/sales?lang={lang}", headers={"Host": "dash.example.org"})
    assert answer.status_code == 403
    assert "ZAKAZ_WEB_HOSTS" in answer.text
    foreign = client.get(f"/sales?lang={lang}", headers={"Origin": "http://evil.example.test"})
    assert "ZAKAZ_WEB_HOSTS" not in foreign.text


@pytest.mark.parametrize("path", [rules.path for rules in PAGES])
def test_field_p26_a_slash_behind_a_page_leads_to_the_page(client: TestClient, path: str) -> None:
    """The redirect is a path alone: behind a proxy with TLS no http:// address comes back."""
    answer = client.get(f"{path}/?lang=en", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, f"{path}?lang=en")
    assert client.get("/status.json/", follow_redirects=False).status_code == 404


@pytest.mark.parametrize(
    ("setting", "hosts"),
    [
        ("https://dash.example.org", ["dash.example.org", "dash.example.org:443"]),
        ("dash.example.org:8443", ["dash.example.org:8443"]),
        ("dash.example.org/", ["dash.example.org", "dash.example.org."]),
        ("dash.example.org.", ["DASH.example.org", "dash.example.org.:8443"]),
        ("билеты.рф", ["xn--90aiim0b4c.xn--p1ai", "xn--90aiim0b4c.xn--p1ai:443"]),
        ("http://[2001:db8::1]:8765/", ["[2001:db8::1]:8765", "[2001:DB8::1]"]),
    ],
)
def test_field_p15_a_host_may_be_written_as_an_address(setting: str, hosts: list[str]) -> None:
    """With a scheme, a port, a slash, a final dot or Russian letters it is the same name."""
    made = door({"ZAKAZ_WEB_HOSTS": setting}, "127.0.0.1")
    assert [made.knows_host(host) for host in hosts] == [True] * len(hosts)
    assert not made.knows_host("example.org")


@pytest.mark.parametrize(
    "setting", ["*.example.org", "a..b", "https://", "dash.example.org/zakaz", "a b", "u@h", "h:x"]
)
def test_field_p15_what_is_no_host_name_is_refused_at_the_start(setting: str) -> None:
    """A name that no request could carry is a setting to mend, and the variable is named."""
    with pytest.raises(SettingsError, match="ZAKAZ_WEB_HOSTS"):
        door({"ZAKAZ_WEB_HOSTS": f"good.example.org, {setting}"}, "127.0.0.1")

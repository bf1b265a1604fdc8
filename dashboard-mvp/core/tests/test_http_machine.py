"""The machine's proxy and certificates: what is wrong with them is named, before any request."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import certifi
import pytest
import requests
import requests_mock as rm
from zakaz.errors import PermanentSourceError, SettingsError, TransientSourceError
from zakaz.http import ATTEMPTS, HttpSource
from zakaz.http_machine import check, is_host, proxy_variable

BASE = "https://shop.example/api"


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "value",
    [
        "socks5://127.0.0.1:1",
        "socks4a://127.0.0.1:1",
        "http://",
        "://",
        "http://[proxy:1",
        "http://a..b:3128",
        "http://proxy:port",
        "http://proxy:99999",
        "ftp://proxy:21",
        "http://логин:п@127.0.0.1:1",
        "http://%D0%BB:secret-of-proxy@127.0.0.1:1",
    ],
)
def test_field_p08_a_proxy_that_cannot_be_used_is_named(variable: str, value: str) -> None:
    """Exit 78 with the variable and what to write; its value, which holds a password, is not."""
    with pytest.raises(SettingsError, match=rf"^{variable}: .*NO_PROXY.*shop\.example") as caught:
        check({variable: value}, BASE)
    assert "secret-of-proxy" not in str(caught.value)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"HTTPS_PROXY": "http://proxy.example:3128"},
        {"HTTPS_PROXY": "proxy:3128"},
        {"HTTPS_PROXY": "http://user:%40@[::1]:3128"},
        {"HTTP_PROXY": "socks5://127.0.0.1:1"},
        {"https_proxy": "", "HTTPS_PROXY": "socks5://127.0.0.1:1"},
        {"HTTPS_PROXY": "http://", "NO_PROXY": "localhost,.example"},
        {"ALL_PROXY": "http://", "no_proxy": "*"},
        {"ALL_PROXY": "http://", "HTTPS_PROXY": "http://proxy:1"},
        {"REQUESTS_CA_BUNDLE": certifi.where(), "CURL_CA_BUNDLE": "no-such.pem"},
        {"SSL_CERT_FILE": "no-such.pem"},
    ],
)
def test_field_p08_what_hinders_no_request_is_let_alone(environ: dict[str, str]) -> None:
    """Another scheme's proxy, one that is passed by, and what requests does not read."""
    check(environ, BASE)


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTPS_PROXY": "http://a:1"},
        {"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1"},
        {"https_proxy": "", "HTTPS_PROXY": "http://b:1"},
        {"ALL_PROXY": "http://a:1"},
        {"HTTPS_PROXY": "http://a:1", "ALL_PROXY": "http://b:1"},
        {"HTTPS_PROXY": "http://a:1", "NO_PROXY": "shop.example"},
        {"HTTP_PROXY": "http://a:1"},
    ],
)
def test_field_p08_the_named_variable_is_the_one_that_requests_reads(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules are those of requests itself, asked with the same environment."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    used = requests.utils.select_proxy(BASE, requests.utils.get_environ_proxies(BASE))
    assert environ.get(proxy_variable(environ, BASE)) == used


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_field_p08_a_bundle_that_cannot_be_read_is_named(variable: str, tmp_path: Path) -> None:
    """Exit 78 with variable and path: missing, empty, no certificates, no path at all."""
    empty, words = tmp_path / "empty.pem", tmp_path / "words.pem"
    empty.touch()
    words.write_text("no certificate")
    for path in (tmp_path / "no-such.pem", empty, words, "a\0b"):
        with pytest.raises(SettingsError, match=f"^{variable} is .*Name a file of certificates"):
            check({variable: str(path)}, BASE)
    check({variable: str(tmp_path)}, BASE)
    check({variable: str(words)}, BASE.replace("https", "http"))
    check({variable: str(words)}, "https://localhost/api")


@pytest.mark.parametrize(
    ("name", "good"),
    [("a..b", False), (".a", False), ("a.", True), ("a" * 64, False), ("шоу.рф", True), ("", False),
     ("a b", False), ("-a", False), ("a_b.example", True), ("::1", True), ("::x", False),
     ("[x", False), ("10.0.0.1", True), ("*.example", False), (".".join(["a" * 60] * 5), False)],
)  # fmt: skip
def test_field_p08_a_host_that_no_name_server_knows_is_none(name: str, good: bool) -> None:
    """Empty labels, long ones and strange letters would be tried five times and never found."""
    assert is_host(name) is good


def test_field_p08_a_proxy_that_is_away_is_named(
    requests_mock: rm.Mocker, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may come back, so it is tried again; 407 never mends itself and is 78 at once."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "")
    source = HttpSource(BASE, clock=time.clock, sleep=time.sleep)
    away = requests.exceptions.ProxyError("Cannot connect to proxy.")
    requests_mock.get(f"{BASE}/o", exc=away)
    with pytest.raises(TransientSourceError, match="the proxy of HTTPS_PROXY cannot be reached"):
        source.get_json("/o")
    assert source.requests == ATTEMPTS

    refused = requests.exceptions.ProxyError("OSError('Tunnel connection failed: 407 No')")
    requests_mock.get(f"{BASE}/o", exc=refused)
    with pytest.raises(SettingsError, match=r"^HTTPS_PROXY: .*407"):
        source.get_json("/o")
    assert source.requests == ATTEMPTS + 1


@pytest.mark.parametrize(
    ("variable", "told"),
    [("REQUESTS_CA_BUNDLE", "REQUESTS_CA_BUNDLE, whose"), ("SSL_CERT_FILE", "is not read here"),
     ("", "name their file in REQUESTS_CA_BUNDLE")],
)  # fmt: skip
def test_field_p08_an_untrusted_certificate_names_what_decides(
    requests_mock: rm.Mocker, monkeypatch: pytest.MonkeyPatch, variable: str, told: str
) -> None:
    """Behind a company's proxy the list of certificates is what has to be named."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, certifi.where())
    requests_mock.get(f"{BASE}/o", exc=requests.exceptions.SSLError("self-signed"))
    with pytest.raises(PermanentSourceError, match=told):
        HttpSource(BASE).get_json("/o")

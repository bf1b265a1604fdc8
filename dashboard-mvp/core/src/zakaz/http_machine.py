"""The machine's own settings that every request goes through: its proxy and its certificates.

requests reads them by itself, and fails at the first request with an error that names none of them.
So they are looked at before, by the same rules; no value is told, for a proxy's holds a password.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from zakaz.environment import is_loopback
from zakaz.errors import SettingsError

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_UNREAD = ("SSL_CERT_FILE", "SSL_CERT_DIR")  # OpenSSL reads them, requests brings its own list
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_LONGEST_HOST = 253


def check(environ: Mapping[str, str], base_url: str) -> None:
    """Raise a SettingsError naming every variable that would keep requests from an address."""
    if is_loopback(base_url):
        return  # no proxy is asked for this very machine
    faults = [*_proxy_faults(environ, base_url), *_bundle_faults(environ, base_url)]
    if faults:
        raise SettingsError("\n".join(faults))


def proxy_variable(environ: Mapping[str, str], base_url: str) -> str:
    """Return the name of the variable that names the proxy of an address, '' when there is none."""
    from requests.utils import should_bypass_proxies

    hosts = environ.get("no_proxy") or environ.get("NO_PROXY")
    if should_bypass_proxies(base_url, no_proxy=hosts):
        return ""
    for kind in (urlsplit(base_url).scheme.lower(), "all"):
        name = f"{kind}_proxy"
        if name in environ:  # the lower-case one wins, also when it is empty
            if environ[name]:
                return name
        elif environ.get(name.upper()):
            return name.upper()
    return ""


def proxy_error(environ: Mapping[str, str], base_url: str, error: Exception) -> Exception | None:
    """Return what a proxy's refusal means when a person has to act; None when it may pass.

    407 is the only status of which requests keeps nothing but a text.
    """
    if not re.search(r"Tunnel connection failed: 407\b", str(error)):
        return None
    return SettingsError(
        f"{proxy_variable(environ, base_url) or 'The proxy'}: the proxy asks for another login or "
        "password (407). Write http://login:password@host:port, letters that are no latin ones and "
        "signs behind percent signs."
    )


def trust_advice(environ: Mapping[str, str]) -> str:
    """Return what to look at when a certificate is not trusted."""
    named = [name for name in _BUNDLES if environ.get(name)][:1]
    if named:
        return (
            f"Check the base URL, the clock and {named[0]}, whose certificates alone are trusted."
        )
    unread = [name for name in _UNREAD if environ.get(name)][:1]
    if unread:
        return (
            f"Check the base URL and the clock; {unread[0]} is not read here: name the file of "
            "your own certificates in REQUESTS_CA_BUNDLE."
        )
    return (
        "Check the base URL and the clock; behind a proxy with certificates of its own, name their "
        "file in REQUESTS_CA_BUNDLE."
    )


def is_host(name: str) -> bool:
    """Return whether a name could be looked up: labels of sensible letters, or an address."""
    if ":" in name:
        try:
            return bool(ip_address(name.partition("%")[0]))
        except ValueError:
            return False
    try:
        ascii_name = name.removesuffix(".").encode("idna").decode("ascii")
    except UnicodeError:
        return False
    labels = ascii_name.split(".")
    return len(ascii_name) <= _LONGEST_HOST and all(map(_LABEL.fullmatch, labels))


def _proxy_faults(environ: Mapping[str, str], base_url: str) -> Iterator[str]:
    name = proxy_variable(environ, base_url)
    if not name:
        return
    fault = _proxy_fault(environ[name].strip())
    if fault:
        host = urlsplit(base_url).hostname
        yield (
            f"{name}: {fault}. Write http://host:port of the proxy, or leave it empty; NO_PROXY "
            f"names hosts that are asked without one ({host} is not among them)."
        )


def _proxy_fault(value: str) -> str:
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        host, _ = parts.hostname or "", parts.port
        login = unquote(parts.username or "") + unquote(parts.password or "")
    except ValueError:
        return "this is no address of a proxy"
    if parts.scheme.startswith("socks"):
        if find_spec("socks") is None:
            return "a SOCKS proxy needs the package PySocks, which is not installed"
    elif parts.scheme not in {"http", "https"}:
        return "this is no kind of proxy that can be used"
    if not is_host(host):
        return "it names no host of a proxy"
    if any(ord(letter) > 255 or letter in "\r\n" for letter in login):
        return "its login or password holds letters that a proxy cannot be told"
    return ""


def _bundle_faults(environ: Mapping[str, str], base_url: str) -> Iterator[str]:
    name = next((name for name in _BUNDLES if environ.get(name)), "")
    if not name or urlsplit(base_url).scheme.lower() != "https":
        return
    path = environ[name]
    fault = _bundle_fault(path)
    if fault:
        yield (
            f"{name} is {path!r}: {fault}. Name a file of certificates in PEM form, or leave it "
            "empty: then the usual ones are trusted."
        )


def _bundle_fault(path: str) -> str:
    import ssl

    try:
        if Path(path).is_dir():
            next(Path(path).iterdir(), None)
        else:
            ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        return "this file holds no certificates"
    except OSError as error:
        return error.strerror or "it cannot be read"
    except ValueError:
        return "this is no path"
    return ""

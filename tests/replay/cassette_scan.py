"""Looks through a cassette for what must not be on it, in whatever encoding it stands there."""

from __future__ import annotations

import binascii
import contextlib
import json
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from cassette_scrub import SECRET, TOKEN, blank
from cassette_services import QTICKETS, Service

# What stands in a token's place is fine, and so is the name of what a refused token opens.
LEAKS = {
    "token": re.compile(r"Bearer (?!\[token\]|realm=)\S|vk[12]\.a\.|eyJ[\w-]{8,}"
                        r"|(?:access_token|refresh_token|client_secret)=(?!%5B|\[)", re.I),
    "password in an address": re.compile(r"://[^\s/:@]*:[^\s/@]+@"),
    "e-mail": re.compile(r"[\w.+-]+(?:@|%40|\\u0040)[\w-]+(?:\.[\w-]+)+", re.I),
    "phone": re.compile(r"(?<![\w.+-])(?:\+|%2B)?[78][ (-]{0,2}9?\d{2,3}[ )-]{0,2}\d{3}"
                        r"[ -]?\d{2}[ -]?\d{2}(?![\w.-])"),
    "cookie": re.compile(r"set-cookie|^cookie", re.I),
    "link that opens something": re.compile(r"/(?:pay|cancel-order|ticket/(?:pdf|passbook))/"),
    "card": re.compile(r"\d{4,6}\*{4,}\d{4}"),
}  # fmt: skip
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where it is built
_GZIP, _ZLIB = b"\x1f\x8b", b"\x78"


def interactions(path: Path) -> list[dict[str, Any]]:
    """Give request and response of every recorded exchange."""
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506
    return list(loaded["interactions"])


def leaks(value: Any, service: Service = QTICKETS) -> set[str]:
    """Name what must not stand in a cassette of a service."""
    return {kind for kind, _ in _found(value, service)}


def _found(value: Any, service: Service, key: str = "") -> Iterator[tuple[str, str]]:
    """Walk through a decoded cassette; what is encoded in a text is decoded and walked too."""
    if service.personal.fullmatch(key) and value != blank(value):
        yield "person", key
    if SECRET.fullmatch(key) and value != TOKEN:
        yield "token", key
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _found(str(name), service)
            yield from _found(item, service, str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _found(item, service, key)
    elif isinstance(value, bytes):
        yield from _found(_unpacked(value).decode("utf-8", "replace"), service)
    elif isinstance(value, str):
        for kind, rule in LEAKS.items():
            if rule.search(value):
                yield kind, value
        for inner in _inside(value):
            yield from _found(inner, service)


def _inside(text: str) -> Iterator[Any]:
    """Give what a text holds in another encoding: JSON, escapes, percent signs, base64."""
    if text[:1] in ("{", "[", '"'):
        with contextlib.suppress(ValueError):
            yield json.loads(text)
            return  # everything escaped in it is seen decoded
    if "\\" in text:
        plain = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda at: chr(int(at[1], 16)), text)
        yield plain.replace("\\/", "/").replace("\\", "")
    if "%" in text and unquote(text) != text:
        yield unquote(text)
    for packed in _BASE64.finditer(text):
        padded = packed[0].replace("-", "+").replace("_", "/") + "=" * (-len(packed[0]) % 4)
        with contextlib.suppress(binascii.Error):
            raw = _unpacked(b64decode(padded, validate=True))
            with contextlib.suppress(UnicodeDecodeError):
                yield raw.decode()


def _unpacked(raw: bytes) -> bytes:
    if raw.startswith((_GZIP, _ZLIB)):
        with contextlib.suppress(zlib.error):
            return zlib.decompress(raw, wbits=47)  # 47: whichever of gzip and zlib it is
    return raw

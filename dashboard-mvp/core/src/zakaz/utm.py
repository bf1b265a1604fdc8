"""UTM tags: one normaliser for both sides of the join, orders and advertisements."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from zakaz.scrub import scrub_contacts

FIELDS = ("source", "medium", "campaign", "content", "term")
LONGEST = 255
_LONGEST_RAW = 2000
_SPACES = re.compile(r"\s+")
_LINK = re.compile(r"[a-z][a-z0-9+.-]*://|/", re.IGNORECASE)
# VK's own help spells the source of its automatic tags both ways: one name on both sides.
_SOURCE_ALIASES = {"vkads": "vk_ads"}


class Utm(NamedTuple):
    """The five tags, normalised; an absent tag is ''."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    content: str = ""
    term: str = ""


NO_UTM = Utm()


def normalise(value: Mapping[str, object] | Sequence[object] | None) -> tuple[Utm, str]:
    """Give the normalised tags and the raw ones as JSON text ('' when there are none).

    Only the five known keys cross the border; e-mail addresses and phones are masked in both.
    """
    if not isinstance(value, Mapping):
        return NO_UTM, ""
    raw: dict[str, str] = {}
    for name in FIELDS:
        text = _text(value.get(f"utm_{name}"))
        if text:
            raw[f"utm_{name}"] = text
    if not raw:
        return NO_UTM, ""
    tags = Utm(*(normalise_tag(raw.get(f"utm_{name}", "")) for name in FIELDS))
    tags = tags._replace(source=_SOURCE_ALIASES.get(tags.source, tags.source))
    return tags, json.dumps(raw, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=65_536)
def normalise_tag(text: str) -> str:
    """Give one tag URL-decoded once, trimmed, lower-cased, spaces collapsed, at most 255 long."""
    decoded = _storable(_decoded(text))
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in decoded)
    folded = unicodedata.normalize("NFC", plain).lower()
    return _SPACES.sub(" ", scrub_contacts(folded)).strip()[:LONGEST].rstrip()


def parse_query(url_or_query: str) -> dict[str, str]:
    """Return the query of a link (or a bare query text) decoded once; the first of a key counts.

    Raises ValueError for a link that no browser could open, such as ``https://[name]/``.
    """
    text = url_or_query.strip()
    query = urlsplit(text).query if _LINK.match(text) else text.lstrip("?&")
    found: dict[str, str] = {}
    for pair in query.partition("#")[0].split("&"):
        key, _, value = pair.partition("=")
        if key:
            found.setdefault(_form_decoded(key).lower(), _storable(_form_decoded(value)))
    return found


def _form_decoded(text: str) -> str:
    return _decoded(text.replace("+", " "))


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:  # not UTF-8 behind the percent signs: keep what was sent
        # A link has its spaces as plus signs; an order's tag may have come through undecoded.
        return text.replace("+", " ")


def _storable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode("utf-8")


def _text(value: object) -> str:
    if isinstance(value, str):
        text = _storable(value)
        decoded = _decoded(text)
        masked = scrub_contacts(decoded)
        # What hides behind percent signs is told decoded, as nothing else would hide it.
        return (text if masked == decoded else masked)[:_LONGEST_RAW]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return ""

"""Scrubbing: no secret and no personal data leaves the program in a text."""

from __future__ import annotations

import re

_SHORTEST_SECRET = 6
_known_secrets: set[str] = set()

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(Bearer|Basic)\s+[^\s'\",;]+", re.IGNORECASE), r"\1 [hidden]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "[hidden]"),
    (re.compile(r"\bvk1\.a\.[\w-]+"), "[hidden]"),
    (
        re.compile(
            r"\b((?:access_|refresh_|client_)?(?:token|secret|password|passwd|api_?key))"
            r"(\\?[\"']?\s*[=:]\s*\\?[\"']?)(?!\[hidden\])[^\s&\"'\\,;}]+",
            re.IGNORECASE,
        ),
        r"\1\2[hidden]",
    ),
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:@]*):[^\s/@]+@", re.IGNORECASE), r"\1:[hidden]@"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (
        re.compile(
            r"(?<![\w.+-])(?:\+7|7|8)[\s(-]{0,2}[0-9]{3}[\s)-]{0,2}[0-9]{3}[\s-]?[0-9]{2}"
            r"[\s-]?[0-9]{2}(?![\w-])"
        ),
        "[phone]",
    ),
)
_EMAIL = _RULES[-2][0]
_MANY_DIGITS = re.compile(r"[0-9](?:[\s()-]*[0-9]){9}")
_PHONE = re.compile(
    r"(?<![0-9])(?:"
    r"\+[0-9](?:[\s()-]{0,2}[0-9]){9,14}"  # with a plus sign, of any country
    r"|[78]9[0-9]{9}"  # a Russian mobile one, bare
    r"|[78][\s(-]{1,2}[0-9]{3}[\s)-]{0,2}[0-9]{3}[\s-]?[0-9]{2}[\s-]?[0-9]{2}"  # with separators
    r"|9[0-9]{2}[\s-][0-9]{3}[\s-][0-9]{2}[\s-]?[0-9]{2}"  # without its 7 or 8
    r")(?![0-9])"
)


def hide(secret: str) -> None:
    """Remember a secret, so that ``scrub`` removes it wherever it turns up."""
    if len(secret) >= _SHORTEST_SECRET:
        _known_secrets.add(secret)


def scrub(text: str, limit: int | None = None) -> str:
    """Give the text without secrets, e-mails and phones, cut to ``limit`` characters."""
    for secret in sorted(_known_secrets, key=len, reverse=True):
        text = text.replace(secret, "[hidden]")
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    return text


def scrub_name(name: str, limit: int) -> str:
    """Give the name of a field of a source, fit to be stored and shown: it may be any text."""
    readable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return scrub(readable, limit)


def scrub_contacts(text: str) -> str:
    """Give the text without e-mail addresses and phone numbers; other numbers stay.

    Advertising tags are full of long ids: a number without a plus sign or separators counts as a
    phone only when it is a Russian mobile one, 11 digits from 79 or 89.
    """
    text = _EMAIL.sub("[e-mail]", text) if "@" in text else text
    return _PHONE.sub("[phone]", text) if _MANY_DIGITS.search(text) else text

"""No secret and no person's data stands in a tracked file; planted ones are found."""

from __future__ import annotations

import re

import pytest

# What a name right beside the value marks as invented, so that examples can be written.
_INVENTED = re.compile(
    r"example|demo|test|fake|wr[o0]ng|canary|placeholder|change|secret|password|token|your|hidden|dummy|x{4}",
    re.IGNORECASE,
)
# Each begins with the letters themselves, which are found ten times faster than a border of words.
_SECRETS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "VK token": re.compile(r"vk(?<!\wvk)[12]\.a\.(?P<value>[\w-]{20,})"),
    "JSON web token": re.compile(r"eyJ(?<!\weyJ)[\w-]{10,}\.(?P<value>eyJ[\w-]{10,}\.[\w-]+)"),
    "GitHub token": re.compile(r"g(?<!\wg)(?:h[pousr]_|ithub_pat_)(?P<value>\w{30,})"),
    "AWS key": re.compile(r"A(?<!\wA)(?:KIA|SIA)(?P<value>[0-9A-Z]{16})\b"),
    "Google key": re.compile(r"AIza(?<!\wAIza)(?P<value>[\w-]{35})"),
    "Slack token": re.compile(r"xox(?<!\wxox)[abprs]-(?P<value>[\w-]{10,})"),
    "Telegram token": re.compile(r"\b[0-9]{8,10}:(?P<value>[A-Za-z][\w-]{34})\b"),
    "bearer token": re.compile(r"Bearer(?<!\wBearer) +(?P<value>[\w.~+/-]{20,})"),
    "password in a URL": re.compile(
        r"://(?<=[a-z0-9+]://)[^\s/:@'\"]+:(?P<value>[^\s/@'\"{<$]{6,})@"
    ),
    "assigned secret": re.compile(
        r"(?:token|secret|passw(?:or)?d|api_?key)\w*[\"']?\s*[=:]\s*[\"']?"
        r"(?P<value>(?=[\w+/-]*[0-9])(?=[\w+/-]*[A-Za-z])[\w+/-]{16,})",
        re.IGNORECASE,
    ),
}
_OURS = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org|test))?|test|invalid|localhost)$")
_EMAIL = re.compile(r"(?<![\w.+\\-])[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
# A number whose middle is 000 belongs to nobody: tests write theirs so.
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+7|8)[ (-]{0,2}9[0-9]{2}[ )-]{0,2}(?!000)[0-9]{3}(?:[ -]?[0-9]{2}){2}(?!\w)"
)


def secrets(text: str) -> list[str]:
    """Name the secrets in a text by kind and line, never by value."""
    found = []
    for kind, pattern in _SECRETS.items():
        for match in pattern.finditer(text):
            value = match.groupdict().get("value") or ""
            if not value or not _INVENTED.search(value):
                found.append(f"{kind} in line {text.count(chr(10), 0, match.start()) + 1}")
    return found


def persons(text: str) -> list[str]:
    """Name the e-mail addresses and phone numbers of a text that are not plainly invented."""
    mails = [match for match in _EMAIL.finditer(text) if not _OURS.search(match[1].lower())]
    return [
        f"personal data in line {text.count(chr(10), 0, match.start()) + 1}"
        for match in [*mails, *_PHONE.finditer(text)]
    ]


def test_l1_no_secret_is_tracked(texts: dict[str, str]) -> None:
    """No tracked text holds a token, key or password."""
    told = {name: found for name, text in texts.items() if (found := secrets(text))}
    assert told == {}


def test_l2_no_personal_data_is_tracked(texts: dict[str, str]) -> None:
    """No tracked text holds an e-mail address or a mobile number that could be a person's."""
    told = {
        name: found
        for name, text in texts.items()
        if "/static/vendor/" not in name and (found := persons(text))
    }
    assert told == {}


_RANDOM = "9fQ2" + "kLmZ7" * 9


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("private key", "-----BEGIN " + "RSA PRIVATE KEY-----"),
        ("VK token", "vk1" + ".a." + _RANDOM),
        (
            "JSON web token",
            "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0NTYifQ" + ".c2lnbmF0",
        ),
        ("GitHub token", "gh" + "p_" + _RANDOM[:36]),
        ("AWS key", "AK" + "IA" + "Z3FQ7KLM2WPX9TRB"),
        ("Google key", "AI" + "za" + _RANDOM[:35]),
        ("Slack token", "xo" + "xb-" + "1234567890-abcdef"),
        ("Telegram token", "123456789" + ":" + "AAF" + _RANDOM[:32]),
        ("bearer token", "Authorization: Bea" + "rer " + _RANDOM),
        ("password in a URL", "clickhouse://loader" + ":" + "h7Gq2mVx" + "@db.example:9440/zakaz"),
        ("assigned secret", "QTICKETS_TO" + "KEN=" + _RANDOM),
        ("assigned secret", '"client_se' + 'cret": "' + _RANDOM + '"'),
    ],
)
def test_l1_a_planted_secret_is_found(kind: str, text: str) -> None:
    """Each kind of secret is found where it is planted, and told without its value."""
    told = secrets("first line\n" + text + "\n")
    assert f"{kind} in line 2" in told
    assert _RANDOM[:20] not in str(told)


@pytest.mark.parametrize(
    "text",
    [
        "QTICKETS_TOKEN=",
        "QTICKETS_TOKEN=demo-token-0123456789",
        "password = settings.password.get_secret_value()",
        "clickhouse://loader:$PASSWORD@db.example/zakaz",
        "Authorization: Bearer <token>",
        "sha256:0f3c6bd1b2b0c5a7d9f0b0f4e9d17c0f",
    ],
)
def test_plain_examples_are_no_secrets(text: str) -> None:
    """Empty variables, invented examples, code and digests pass."""
    assert secrets(text) == []


@pytest.mark.parametrize(
    "text", ["ivan" + "@mail.ru", "+7 916" + " 123-45-67", "8 (903)" + " 765 43 21"]
)
def test_l2_a_planted_person_is_found(text: str) -> None:
    """An address or a mobile number in any spelling is found."""
    assert persons(f"first\n{text}\n") == ["personal data in line 2"]


@pytest.mark.parametrize(
    "text", ["buyer7@example.test", "a@b.example.org", "+7000 123-45-67", "8 900 000-00-01"]
)
def test_l2_invented_persons_pass(text: str) -> None:
    """Addresses under reserved names and numbers nobody can have pass."""
    assert persons(text) == []

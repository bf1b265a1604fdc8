"""Scrubbing: secrets and people stay inside."""

from __future__ import annotations

import pytest
from zakaz.scrub import hide, scrub, scrub_contacts


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer [hidden]"),
        ("GET /x?access_token=s3cr3t&page=2", "GET /x?access_token=[hidden]&page=2"),
        ('{"client_secret": "s3cr3t"}', '{"client_secret": "[hidden]"}'),
        ("password=hunter2", "password=[hidden]"),
        ("clickhouse://etl:p4ss@host:9000/zakaz", "clickhouse://etl:[hidden]@host:9000/zakaz"),
        ("write to anna@example.test now", "write to [e-mail] now"),
        ("call +7 (900) 000-00-01 now", "call [phone] now"),
        ("call 89000000001", "call [phone]"),
        ("order 7000101 of event 80001", "order 7000101 of event 80001"),
        ("run 20260201-101500-3f9a1c", "run 20260201-101500-3f9a1c"),
        ("vk1.a.AbC_dEf-123", "[hidden]"),
    ],
)
def test_e19_tokens_addresses_and_phones_are_masked(text: str, scrubbed: str) -> None:
    """No log, report or error names a secret or a buyer; plain numbers stay readable."""
    assert scrub(text) == scrubbed


def test_e19_a_known_secret_is_masked_wherever_it_stands() -> None:
    """A token that no pattern would recognise is removed because the settings told of it."""
    hide("plain-looking-canary")

    assert scrub("sent plain-looking-canary to them") == "sent [hidden] to them"


def test_a_short_word_is_never_taken_for_a_secret() -> None:
    """A test token of one letter must not black out every log."""
    hide("a")

    assert scrub("a banana") == "a banana"


def test_a_long_text_is_cut() -> None:
    """Foreign bodies enter a message with 200 characters at most."""
    assert len(scrub("x" * 5000, 200)) == 200


def test_scrubbing_twice_changes_nothing() -> None:
    """Errors are scrubbed where they are made and where they are shown."""
    once = scrub("token=abcdefgh anna@example.test")

    assert scrub(once) == once


@pytest.mark.parametrize(
    "number", ["89100000001234", "1234567890", "79000000001", "+7 900 000-00-01", "9000000001"]
)
def test_long_ids_survive_in_tags_and_phones_do_not(number: str) -> None:
    """Of numbers in tags only what is written like a phone is masked: ad ids are as long."""
    is_phone = number in ("79000000001", "+7 900 000-00-01")
    assert scrub_contacts(f"{number} x@example.test") == (
        f"{'[phone]' if is_phone else number} [e-mail]"
    )


@pytest.mark.parametrize(
    "phone",
    ["+79000000001", "8 (900) 000-00-01", "8-900-000-00-01", "900 000-00-01", "+375 29 000-00-00",
     "tel:+7(900)0000001", "89000000001"],
)  # fmt: skip
def test_phones_of_every_spelling_are_masked(phone: str) -> None:
    """Separators, brackets and country codes do not hide a phone."""
    assert "000" not in scrub_contacts(f"from {phone}.")

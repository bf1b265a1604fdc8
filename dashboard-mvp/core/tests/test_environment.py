"""The environment: read at the edge, every fault named."""

from __future__ import annotations

from pathlib import Path

import pytest
from zakaz import environment
from zakaz.errors import SettingsError


def test_the_process_wins_over_the_file(tmp_path: Path) -> None:
    """A variable of the process is not overwritten by .env."""
    (tmp_path / ".env").write_text("A=file\nB=file\n", encoding="utf-8")

    found = environment.read({"A": "process"}, env_file=None, folder=tmp_path)

    assert found == {"A": "process", "B": "file"}


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    """An empty value neither hides the file's value nor stands as a value."""
    (tmp_path / ".env").write_text("A=file\nB=\n", encoding="utf-8")

    found = environment.read({"A": " ", "C": ""}, env_file=None, folder=tmp_path)

    assert found == {"A": "file"}


def test_without_a_file_only_the_process_counts(tmp_path: Path) -> None:
    """A folder without .env is no fault."""
    assert environment.read({"A": "1"}, env_file=None, folder=tmp_path) == {"A": "1"}


def test_k10_a_named_file_must_exist(tmp_path: Path) -> None:
    """A wrong --env-file says which file and what to do."""
    with pytest.raises(SettingsError, match=r"absent\.env.*--env-file"):
        environment.read({}, env_file=tmp_path / "absent.env", folder=tmp_path)


def test_quotes_comments_exports_bom_and_crlf_are_read(tmp_path: Path) -> None:
    """A file written on any system means the same."""
    file = tmp_path / ".env"
    text = "\ufeff# head\r\nexport A=\"one two\"\r\nB='x#y'\r\nC=z # note\r\n\r\nD=a#b\r\n"
    file.write_bytes(text.encode())

    assert environment.read_file(file) == {"A": "one two", "B": "x#y", "C": "z", "D": "a#b"}


def test_b13_every_malformed_line_is_named_at_once(tmp_path: Path) -> None:
    """A Cyrillic letter in a name, a name alone and a stray line are told by line number."""
    file = tmp_path / ".env"
    file.write_text("A=1\nQTICKETS_TОKEN=x\nALONE\n=3\nB-C=4\n", encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        environment.read_file(file)

    told = str(caught.value)
    assert [f"line {n}" in told for n in (1, 2, 3, 4, 5)] == [False, True, True, True, True]
    assert "\\u041e" in told


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    """UTF-16 from a Windows editor is a named fault, not garbage."""
    file = tmp_path / ".env"
    file.write_bytes("A=1".encode("utf-16"))

    with pytest.raises(SettingsError, match="not UTF-8"):
        environment.read_file(file)


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("1", True), ("Yes", True), ("'on'", True), ("false", False), ("", False)],
)
def test_yes_and_no_are_read_in_every_usual_spelling(text: str, value: bool) -> None:
    """DRY_RUN may be written as people write it."""
    assert environment.is_true({"DRY_RUN": text}, "DRY_RUN") is value


def test_a_word_that_is_neither_yes_nor_no_is_refused() -> None:
    """A typing error must not decide whether something is written."""
    with pytest.raises(SettingsError, match="DRY_RUN is 'ture'"):
        environment.is_true({"DRY_RUN": "ture"}, "DRY_RUN")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080/api", True),
        ("http://127.8.8.8/api", True),
        ("http://localhost:1/api", True),
        ("http://[::1]:1/api", True),
        ("https://qtickets.ru/api", False),
        ("http://127.0.0.1.example.test/", False),
        ("http://localhost.example.test/", False),
        ("nonsense", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, local: bool) -> None:
    """A host that merely begins like loopback is a stranger."""
    assert environment.is_loopback(url) is local


@pytest.mark.parametrize(
    "text",
    ["token-1", " token-1 ", "token-1\n", "token-1\r\n", "\ufefftoken-1", '"token-1"',
     "'token-1'\n", '\ufeff"token-1"\r\n'],
)  # fmt: skip
def test_c02_what_copying_leaves_around_a_token_is_trimmed(text: str) -> None:
    """Newline, quotes, BOM and CRLF around a token do no harm."""
    assert environment.clean_secret(text) == "token-1"


@pytest.mark.parametrize(
    "text", ["tok\nen", "tok\r\nX-Admin: 1", "tok en", "tok\x00en", "tokеn", "tok\ten", "tok\x7fen"]
)
def test_c02_a_token_that_could_carry_a_second_header_is_refused(text: str) -> None:
    """A control character, blank or foreign letter inside a token is refused."""
    with pytest.raises(ValueError, match="copy it again"):
        environment.clean_secret(text)

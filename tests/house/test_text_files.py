"""Tracked text is UTF-8 without BOM, with LF line ends and without garbled letters."""

from __future__ import annotations

import re

import pytest

# A letter of Russian UTF-8 read in a one-byte encoding becomes one of these followed by a sign of
# the upper half; two such pairs in a row are no Russian, English or Ukrainian word.
_AS_CP1251 = re.compile(r"[РС][^\x00-\x7fА-Яа-яЁё\s]|[РС][ЃЄЅІЇЈЉЊЋЌЎЏёєѕіїјљњћќўџ°±µ]")
_AS_LATIN1 = re.compile(r"[ÐÑ][\x80-\xbf\u2013-\u2122\u0152-\u017e\u02c6\u02dc]")
_PAIRS = re.compile(f"(?:{_AS_CP1251.pattern}){{2,}}|(?:{_AS_LATIN1.pattern}){{2,}}")
_SIGNS = re.compile("â\u20ac[\u0153\u009d\u201c\u201d\u2122\u00a6\u0093\u0094]|\ufffd")


def faults(content: bytes) -> list[str]:
    """Name what is wrong with the bytes of one text file."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return [f"not UTF-8 at byte {error.start}"]
    found = []
    if text.startswith("\ufeff"):
        found.append("starts with a BOM")
    if "\r" in text:
        found.append("has CR line ends")
    if "\0" in text:
        found.append("holds a NUL byte")
    if garbled := _PAIRS.search(text) or _SIGNS.search(text):
        line = text.count("\n", 0, garbled.start()) + 1
        found.append(f"garbled letters in line {line}: {garbled[0]!a}")
    if text and not text.endswith("\n"):
        found.append("does not end with a line end")
    return found


def test_a19_tracked_text_is_clean(texts: dict[str, str], tracked: dict[str, bytes]) -> None:
    """Every tracked text file is plain UTF-8 with LF line ends."""
    told = {
        name: found
        for name in texts
        if "/static/vendor/" not in name and (found := faults(tracked[name]))
    }
    assert told == {}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("привет\n".encode("utf-8-sig"), "BOM"),
        ("привет\n".encode("utf-16"), "not UTF-8"),
        ("привет\n".encode("cp1251"), "not UTF-8"),
        (b"one\r\ntwo\r\n", "CR line ends"),
        (b"one\0two\n", "NUL"),
        ("привет".encode().decode("cp1251").encode() + b"\n", "garbled letters in line 1"),
        ("\nсобытие".encode().decode("latin-1").encode() + b"\n", "garbled letters in line 2"),
        ("город".encode().decode("cp1252", "ignore").encode() + b"\n", "garbled"),
        ("“цена”".encode().decode("cp1252", "replace").encode() + b"\n", "garbled"),
        (b"one", "does not end"),
    ],
)
def test_a19_a_planted_fault_is_found(content: bytes, told: str) -> None:
    """Each way an editor can spoil a file is found."""
    assert told in str(faults(content))


@pytest.mark.parametrize(
    "text", ["", "СССР — «Россия», 100 ₽…\n", "Р’этой’ не слово\n", "Ñandú, Ærø, €5\n", "Рєпка\n"]
)
def test_a19_real_words_are_no_fault(text: str) -> None:
    """Typographic signs and foreign letters of real texts pass."""
    assert faults(text.encode()) == []


def test_l8_editors_and_git_are_told(texts: dict[str, str]) -> None:
    """Editors and git both know that text is UTF-8 with LF line ends."""
    assert "charset = utf-8\nend_of_line = lf" in texts[".editorconfig"]
    assert "* text=auto eol=lf" in texts[".gitattributes"]

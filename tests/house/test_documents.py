"""What the documents tell an operator to do is safe, and names what exists."""

from __future__ import annotations

import re

import pytest

ACCOUNT = re.compile(r"`(\w+_(?:writer|reader|definer|user|admin|backup))`")
# ClickHouse's port for HTTP, and a password in an address without TLS.
IN_CLEAR = re.compile(r"\b8123\b|\bhttp://[^\s/@]+:[^\s/@]+@")


@pytest.fixture(scope="module")
def documents(texts: dict[str, str]) -> dict[str, str]:
    """The documents, the generated report left out."""
    return {
        name: text
        for name, text in texts.items()
        if name.endswith(".md") and not name.startswith("ZAKAZ_DASHBOARD_AUDIT")
    }


def test_c10_a_document_names_accounts_that_bootstrap_makes(
    documents: dict[str, str], texts: dict[str, str]
) -> None:
    """Every account a document speaks of is created by the files of access."""
    access = "\n".join(text for name, text in texts.items() if "/access/" in name)
    made = set(re.findall(r"CREATE USER IF NOT EXISTS (\w+)", access))
    named = {one for text in documents.values() for one in ACCOUNT.findall(text)}
    assert {"etl_writer", "datalens_reader"} <= named <= made


def test_l10_no_document_sends_a_password_in_clear(documents: dict[str, str]) -> None:
    """Nobody is led to the plain HTTP port, or to an address that shows a password."""
    assert [name for name, text in documents.items() if IN_CLEAR.search(text)] == []


@pytest.mark.parametrize("text", ["curl 10.0.0.1:8123", "http://bi:secret@host/"])
def test_l10_a_planted_password_in_clear_is_found(text: str) -> None:
    """The port and the address are both found."""
    assert IN_CLEAR.search(text)

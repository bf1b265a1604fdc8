"""Every SQL source opens with its grain, its source and its key, in this order."""

from __future__ import annotations

import re

import pytest

SOURCES = re.compile(r"^infra/clickhouse/(?:migrations|views|facts|access|checks)/.+\.sql$")
PARTS = ["Grain", "Source", "Key"]


def header_faults(text: str) -> list[str]:
    """Name what the header of one SQL file lacks."""
    header = re.match(r"(?:--.*\n)*", text)
    assert header is not None
    told = re.findall(r"^-- (Grain|Source|Key): +(\S.*)$", header[0], re.MULTILINE)
    found = [part for part, _ in told]
    if found != PARTS:
        return [f"expected {', '.join(PARTS)}; found {', '.join(found) or 'no header'}"]
    return [f"{part} says too little" for part, words in told if len(words) < 5]


def test_every_sql_source_has_its_header(texts: dict[str, str]) -> None:
    """Every migration, view, fact, access file and check says what one row of it is."""
    sources = {name: text for name, text in texts.items() if SOURCES.match(name)}
    assert len(sources) > 20
    assert {name: told for name, text in sources.items() if (told := header_faults(text))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        "-- Grain: one row per day.\n-- Key: the day alone.\nSELECT 1",
        "-- Source: a staging table.\n-- Grain: one row per day.\n-- Key: the day alone.\nSELECT 1",
        "-- Grain:\n-- Source: a staging table.\n-- Key: the day alone.\nSELECT 1",
        "SELECT 1\n-- Grain: one row per day.\n-- Source: staging.\n-- Key: the day alone.\n",
    ],
)
def test_a_planted_bad_header_is_found(text: str) -> None:
    """A header that is missing, incomplete, out of order, empty or late is found."""
    assert header_faults(text)

"""The panel queries: typed, over ``bi`` only, documented, one file each."""

from __future__ import annotations

import re

import pytest
import sqlglot
from sqlglot import exp
from zakaz_web import queries

TYPES = {"Date", "DateTime('Europe/Moscow')", "UInt8", "UInt32", "String", "Array(String)"}


@pytest.mark.parametrize("name", queries.names())
def test_a_query_reads_bi_only(name: str) -> None:
    """The dashboard never touches staging, facts or system tables."""
    tree = sqlglot.parse_one(queries.load(name).sql, dialect="clickhouse")
    tables = {(table.db, table.name) for table in tree.find_all(exp.Table)}
    assert tables
    assert {db for db, _ in tables} == {"bi"}


@pytest.mark.parametrize("name", queries.names())
def test_a_query_is_one_typed_select(name: str) -> None:
    """One statement; every value comes in through a typed parameter."""
    query = queries.load(name)
    assert len(sqlglot.parse(query.sql, dialect="clickhouse")) == 1
    assert set(query.parameters.values()) <= TYPES
    assert "%" not in query.sql


@pytest.mark.parametrize("name", queries.names())
def test_a_query_says_what_it_is(name: str) -> None:
    """Each file opens with its panel, its grain and the views it reads."""
    text = (queries.FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    header = text[: text.index("SELECT")]
    assert "-- Grain: " in header
    named = set(re.findall(r"bi\.v_\w+", header))
    assert named == set(re.findall(r"bi\.v_\w+", queries.load(name).sql))


@pytest.mark.parametrize("name", queries.names())
def test_h10_no_query_averages_averages(name: str) -> None:
    """Ratios are made of sums, in one place, never by AVG."""
    assert not re.search(r"\bavg", queries.load(name).sql, re.IGNORECASE)


@pytest.mark.parametrize("name", queries.names())
def test_h13_no_query_asks_the_engine_for_the_day(name: str) -> None:
    """Today is a parameter, in Moscow, and never the server's own."""
    assert not re.search(r"\b(today|now|yesterday)\s*\(", queries.load(name).sql, re.IGNORECASE)

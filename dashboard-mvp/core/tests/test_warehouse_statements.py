"""Statements and types as the warehouse reads and writes them, without an engine."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zakaz.errors import DataError, WarehouseError
from zakaz.warehouse.engine_errors import engine_error
from zakaz.warehouse.parameters import quoted, rendered, table_name
from zakaz.warehouse.statements import is_read, refuse_inline_rows
from zakaz.warehouse.types import ColumnType, column_type
from zakaz.warehouse.values import checker


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("declared", "value", "literal"),
    [
        ("String", "it's \\ \n\r\t\0", r"'it\'s \\ \n\r\t\0'"),
        ("String", Colour.RED, "'red'"),
        ("Enum8('red' = 1)", Colour.RED, "CAST('red' AS Enum8('red' = 1))"),
        ("UInt64", 5, "CAST('5' AS UInt64)"),
        ("Decimal(18, 2)", Decimal("1E+1"), "CAST('10.00' AS Decimal(18, 2))"),
        ("Decimal(38, 10)", Decimal("1E-10"), "CAST('0.0000000001' AS Decimal(38, 10))"),
        ("Decimal(18, 2)", Decimal("-0.00"), "CAST('-0.00' AS Decimal(18, 2))"),
        ("Nullable(Date)", None, "CAST(NULL AS Nullable(Date))"),
        ("DateTime('UTC')", datetime(1970, 1, 1, 0, 1, tzinfo=UTC), "CAST(60 AS DateTime('UTC'))"),
        ("DateTime64(3)", datetime(1970, 1, 1, tzinfo=UTC), "CAST('0.000' AS DateTime64(3))"),
        ("Array(String)", ["'", "\\"], r"CAST(['\'', '\\'] AS Array(String))"),
        ("Bool", True, "CAST(true AS Bool)"),
        ("Identifier", "v_sales_daily", "`v_sales_daily`"),
    ],
)
def test_a_parameter_becomes_a_literal_of_its_type(declared: str, value: Any, literal: str) -> None:
    """Text is quoted, everything else is cast from text that the engine reads exactly."""
    assert rendered(f"SELECT {{x:{declared}}}", {"x": value}) == f"SELECT {literal}"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_ends_its_own_quotes(text: str) -> None:
    """Whatever the text, the literal has no quote or backslash that is not escaped."""
    inside = quoted(text)[1:-1]
    bare = inside.replace("\\\\", "").replace("\\'", "")
    assert "'" not in bare
    assert not inside.replace("\\\\", "").endswith("\\")
    assert not set("\0\n\r\t") & set(inside)


def test_only_parameters_outside_texts_and_comments_are_replaced() -> None:
    """Texts, quoted names, comments and heredocs keep their braces."""
    kept = (
        "'{x:UInt8}' \"{x:UInt8}\" `{x:UInt8}` -- {x:UInt8}\n/* {x:UInt8} */ "
        "$tag$ {x:UInt8} $tag$ 'it''s {x:UInt8}' '\\'{x:UInt8}' {'x': 1}"
    )
    assert rendered(kept + " { x : UInt8 }", {"x": 1}) == kept + " CAST('1' AS UInt8)"
    assert rendered("SELECT 1", None) == "SELECT 1"


@pytest.mark.parametrize("name", ["a.b.c", "a b", "", "a.", "a`b", "таблица", "a;b", "1a"])
def test_a_table_name_is_plain(name: str) -> None:
    """Only plain names of a table and its database are quoted; the rest is refused."""
    assert table_name("zakaz.stg_vk_ads_daily") == "`zakaz`.`stg_vk_ads_daily`"
    with pytest.raises(DataError, match="not a plain name"):
        table_name(name)


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ("SELECT 1", True),
        ("-- a note\n (select 1) UNION ALL (select 2)", True),
        ("WITH 1 AS x SELECT x", True),
        ("SHOW TABLES FROM bi", True),
        ("DESCRIBE TABLE zakaz.t", True),
        ("INSERT INTO zakaz.t SELECT 1", False),
        ("/* SELECT */ DROP TABLE zakaz.t", False),
        ("ALTER TABLE zakaz.t DROP PARTITION ID 'select'", False),
    ],
)
def test_a_read_is_told_from_a_change(sql: str, reads: bool) -> None:
    """Only what cannot change anything may be sent a second time."""
    assert is_read(sql) is reads


def test_only_rows_inside_a_statement_are_refused() -> None:
    """A column or a text called values is no row."""
    for sql in (
        "INSERT INTO zakaz.t SELECT 1",
        "INSERT INTO zakaz.t (values, format) SELECT 1, 2",
        "INSERT INTO zakaz.t SELECT * FROM values('a UInt8', 1)",
        "SELECT 'INSERT INTO t VALUES (1)'",
        "ALTER TABLE zakaz.t COMMENT COLUMN a 'insert into x values'",
    ):
        refuse_inline_rows(sql)
    with pytest.raises(WarehouseError, match="not taken"):
        refuse_inline_rows("INSERT INTO zakaz.t (a) VALUES (1)")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("LowCardinality(Nullable(String))", ("String", True, 0, 0, "")),
        ("Nullable(DateTime('Europe/Moscow'))", ("DateTime", True, 0, 0, "Europe/Moscow")),
        ("DateTime64(6, 'UTC')", ("DateTime64", False, 6, 0, "UTC")),
        ("Decimal(18, 2)", ("Decimal", False, 18, 2, "")),
        ("Decimal64(4)", ("Decimal", False, 18, 4, "")),
        ("SimpleAggregateFunction(sum, Decimal(38, 2))", ("Decimal", False, 38, 2, "")),
    ],
)
def test_a_type_is_read_through_its_wrappers(text: str, kind: tuple[Any, ...]) -> None:
    """What matters for a value is the type inside, and whether it may be missing."""
    found = column_type(text)
    assert (found.name, found.nullable, found.size, found.scale, found.zone) == kind


def test_enum_labels_are_read_with_their_odd_letters() -> None:
    """Commas, brackets, equal signs and quotes may stand in a label."""
    found = column_type(r"Enum8('a,b)' = 1, 'it\'s' = -2, '= 3' = 4)")
    assert found.labels == {"a,b)", "it's", "= 3"}
    inner = column_type("Array(Tuple(a Nullable(UInt8), b Map(String, Enum8('x, y' = 1))))").inner
    assert [part.name for part in inner[0].inner] == ["UInt8", "Map"]


@pytest.mark.parametrize("text", ["", "UInt8)", "Array(", "Array(UInt8))", "1UInt8", "a b", "x;y"])
def test_what_is_no_type_is_refused(text: str) -> None:
    """A parameter's type cannot smuggle anything else in."""
    with pytest.raises(ValueError):
        column_type(text)


def test_a_parameter_of_no_type_is_refused() -> None:
    """What stands after the colon is read as a type before it is written back."""
    with pytest.raises(DataError, match="parameter x"):
        rendered("SELECT {x:UInt8) OR (1}", {"x": 1})


def test_instants_keep_whole_seconds() -> None:
    """A DateTime column has no fractions: they are cut off, never rounded up."""
    check = checker(ColumnType("DateTime", "DateTime"))
    assert check(datetime(1970, 1, 1, 0, 0, 1, 999_999, tzinfo=UTC)) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Code: 62. DB::Exception: Syntax error: failed at position 8 ('x') (line 1, col 8): x. "
            "Expected one of: token. (SYNTAX_ERROR) (version 24.8.4.1)",
            "the warehouse answered code 62: "
            "Syntax error: failed at position 8 (line 1, col 8) (SYNTAX_ERROR)",
        ),
        (
            "Code: 47. DB::Exception: Unknown expression identifier 'a' in scope SELECT a, "
            "'secret'. (UNKNOWN_IDENTIFIER)",
            "the warehouse answered code 47: "
            "Unknown expression identifier 'a' (UNKNOWN_IDENTIFIER)",
        ),
        (
            "Code: 6. DB::Exception: Cannot parse string 'secret' as UInt32: syntax error at begin "
            "of string. Note: there are others. (CANNOT_PARSE_TEXT)",
            "the warehouse answered code 6: Cannot parse string '…' as UInt32: syntax error at "
            "begin of string (CANNOT_PARSE_TEXT)",
        ),
        (
            "Code: 47. DB::Exception: Unknown expression identifier 'a' in scope SELECT a. "
            "Maybe you meant: ['b']. (UNKNOWN_IDENTIFIER)",
            "the warehouse answered code 47: Unknown expression identifier 'a'; "
            "maybe you meant ['b'] (UNKNOWN_IDENTIFIER)",
        ),
        ("something else entirely\nsecond line", "the warehouse answered something else entirely"),
        ("", "the warehouse answered no message"),
    ],
)
def test_an_engines_message_is_cut_to_its_gist(said: str, told: str) -> None:
    """One line with the code; the statement, its texts and the engine's lists are left out."""
    assert str(engine_error(said, "SELECT a, 'secret'")) == told

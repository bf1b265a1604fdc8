"""What the port promises of typed parameters, on each adapter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zakaz.errors import DataError, WarehouseError
from zakaz.moscow import MOSCOW
from zakaz.warehouse.port import Warehouse

NASTY = [
    "",
    "'",
    "''",
    "\\",
    "\\'",
    "\\\\'; DROP TABLE zakaz.t --",
    "a\nb\r\tc",
    "a\0b\0",
    "{name:String}",
    "%(name)s %s %",
    '`"$$ -- /* */ #',
    "привет, мир",
    "🎉 עברית",
    "\\x41\\u0041\\N",
    " spaced ",
]


@pytest.mark.engine
def test_a_text_parameter_is_never_read_as_sql(port: Warehouse) -> None:
    """Quotes, backslashes, newlines, NUL and Cyrillic come back as they went in."""
    port.execute("CREATE TABLE zakaz.t (s String) ENGINE = MergeTree ORDER BY s")
    port.insert("zakaz.t", {"s": NASTY})
    sql = (
        "SELECT s, {s:String}, {list:Array(String)}, {n:Nullable(String)}, "
        "{s:LowCardinality(String)}, [{s:String}, '{s:String}'] FROM zakaz.t "
        "WHERE s = {s:String} AND s IN {list:Array(String)} -- {nothing:String}"
    )
    for text in NASTY:
        params = {"s": text, "list": [text, "other"], "n": text}
        found = port.query(sql, params).rows
        assert found == [(text, text, [text, "other"], text, text, [text, "{s:String}"])]


@pytest.mark.engine
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=20))
def test_any_text_survives_as_a_parameter(port: Warehouse, texts: list[str]) -> None:
    """Whatever Unicode a visitor types is data."""
    assert port.query("SELECT {texts:Array(String)}", {"texts": texts}).scalar() == texts


@pytest.mark.engine
def test_parameters_carry_their_types(port: Warehouse) -> None:
    """Numbers, money, dates, instants, booleans, lists and None arrive exactly and typed."""
    given: dict[str, tuple[str, Any]] = {
        "u": ("UInt64", 2**64 - 1),
        "i": ("Int128", -(2**127)),
        "m": ("Decimal(38, 10)", Decimal("-1234567890123456789012345678.0123456789")),
        "k": ("Decimal(18, 2)", Decimal("0.10")),
        "d": ("Date", date(2149, 6, 6)),
        "t": ("DateTime('Europe/Moscow')", datetime(2014, 10, 26, 1, 30, tzinfo=MOSCOW, fold=1)),
        "z": ("DateTime('UTC')", datetime(1970, 1, 1, tzinfo=UTC)),
        "ms": ("DateTime64(3, 'UTC')", datetime(2026, 1, 31, 21, 30, 0, 123000, tzinfo=UTC)),
        "b": ("Bool", False),
        "f": ("Float64", 0.1),
        "e": ("Enum8('a' = 1, 'b' = 2)", "b"),
        "n": ("Nullable(Date)", None),
        "ad": ("Array(Date)", [date(2026, 1, 1), date(2026, 2, 1)]),
        "am": ("Array(Decimal(18, 2))", [Decimal("1.10"), Decimal(-2)]),
        "at": ("Array(DateTime('Europe/Moscow'))", [datetime(2026, 2, 1, 0, 30, tzinfo=MOSCOW)]),
        "none": ("Array(UInt8)", []),
    }
    wanted = ", ".join(f"{{{name}:{kind}}} AS {name}" for name, (kind, _) in given.items())
    answer = port.query(f"SELECT {wanted}", {name: value for name, (_, value) in given.items()})
    assert answer.dicts() == [{name: value for name, (_, value) in given.items()}]
    assert answer.types == tuple(kind for kind, _ in given.values())


@pytest.mark.engine
def test_parameters_work_where_statements_need_them(port: Warehouse) -> None:
    """LIMIT, IN, intervals, identifiers, partitions by id and INSERT … SELECT take parameters."""
    port.execute(
        "CREATE TABLE zakaz.t (d Date, n UInt32) ENGINE = MergeTree "
        "PARTITION BY toYYYYMM(d) ORDER BY d"
    )
    port.execute(
        "INSERT INTO {db:Identifier}.{t:Identifier} SELECT {d:Date} + number, {n:UInt32} "
        "FROM numbers({rows:UInt64})",
        {"db": "zakaz", "t": "t", "d": date(2026, 1, 31), "n": 7, "rows": 3},
    )
    limited = "SELECT n FROM zakaz.t WHERE n IN {ns:Array(UInt32)} LIMIT {limit:UInt64}"
    assert len(port.query(limited, {"ns": [7, 8], "limit": 2}).rows) == 2
    port.execute("ALTER TABLE zakaz.t DROP PARTITION ID {p:String}", {"p": "202601"})
    assert port.query("SELECT count() FROM zakaz.t").scalar() == 2
    ago = "SELECT {d:Date} - INTERVAL {n:UInt32} DAY"
    assert port.query(ago, {"d": date(2026, 1, 1), "n": 1}).scalar() == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Date", "2026-01-01' OR 1"),
        ("UInt8", "1 OR 1"),
        ("UInt8", 256),
        ("Decimal(18, 2)", 0.1),
        ("DateTime", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("String", None),
        ("Enum8('a' = 1)", "b"),
        ("Identifier", "t; DROP TABLE t"),
        ("Identifier", "a`b"),
        ("Map(String, String)", {}),
    ],
)
def test_a_parameter_that_does_not_fit_its_type_is_refused(
    port: Warehouse, kind: str, value: Any
) -> None:
    """A wrong value is a DataError, before anything is sent."""
    with pytest.raises(DataError):
        port.query(f"SELECT {{x:{kind}}}", {"x": value})


@pytest.mark.engine
def test_a_missing_parameter_is_named(port: Warehouse) -> None:
    """A parameter without a value has the engine's own code; values to spare are ignored."""
    with pytest.raises(WarehouseError, match="parameter y") as caught:
        port.query("SELECT {x:UInt8}, {y:UInt8}", {"x": 1})
    assert caught.value.code == 456
    assert port.query("SELECT 1", {"spare": object()}).scalar() == 1

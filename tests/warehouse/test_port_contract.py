"""What the port promises, proven on each adapter: the embedded engine and a server.

The suite has three parts: values and inserts here, ``test_port_parameters`` and
``test_port_answers``. ``tests/stack`` runs all of them on the session's server; in this folder
the fixture ``port`` gives each adapter that the machine has.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from zakaz.errors import DataError, WarehouseError
from zakaz.moscow import MOSCOW
from zakaz.warehouse.batches import by_month
from zakaz.warehouse.port import Warehouse

MSK = timezone(timedelta(hours=3))
ONE_OF_EACH = """
CREATE TABLE zakaz.t (
    s String, lc LowCardinality(String), lcn LowCardinality(Nullable(String)), fs FixedString(4),
    i8 Int8, u32 UInt32, i64 Int64, u64 UInt64, big UInt256, ni Nullable(Int32),
    m Decimal(18, 2), mm Decimal(38, 10), nm Nullable(Decimal(9, 2)),
    d Date, d32 Date32, nd Nullable(Date),
    t DateTime('Europe/Moscow'), nt Nullable(DateTime('Europe/Moscow')), plain DateTime,
    utc DateTime('UTC'), ms DateTime64(3, 'Europe/Moscow'), us DateTime64(6, 'UTC'),
    e Enum8('ok' = 1, 'it\\'s' = 2, 'b,c)' = 3), b Bool, nb Nullable(Bool), f Float64,
    id UUID, au Array(UInt32), at Array(DateTime('Europe/Moscow')), an Array(Nullable(String)),
    aa Array(Array(String))
) ENGINE = MergeTree ORDER BY s
"""
ROW: dict[str, Any] = {
    "s": "строка 🎉\0'\\\n",
    "lc": "vk",
    "lcn": None,
    "fs": "ab",
    "i8": -128,
    "u32": 2**32 - 1,
    "i64": -(2**63),
    "u64": 2**64 - 1,
    "big": 2**256 - 1,
    "ni": None,
    "m": Decimal("9999999999999999.99"),
    "mm": Decimal("-1234567890123456789012345678.0123456789"),
    "nm": Decimal("-0.01"),
    "d": date(2149, 6, 6),
    "d32": date(1900, 1, 1),
    "nd": None,
    "t": datetime(2026, 2, 1, 0, 30, tzinfo=MOSCOW),
    "nt": None,
    "plain": datetime(1970, 1, 1, 3, 0, tzinfo=MOSCOW),
    "utc": datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC),
    "ms": datetime(2026, 2, 1, 0, 30, 0, 123000, tzinfo=MOSCOW),
    "us": datetime(2026, 1, 31, 21, 30, 0, 123456, tzinfo=UTC),
    "e": "it's",
    "b": True,
    "nb": None,
    "f": 0.1,
    "id": "6f1ed002-ab5e-4c3b-9d6c-0c7b6c0f5a11",
    "au": [0, 2**32 - 1],
    "at": [datetime(2014, 10, 26, 1, 30, tzinfo=MOSCOW, fold=1)],
    "an": ["a", None],
    "aa": [["x"], []],
}


def table(port: Warehouse, columns: str, order: str = "tuple()") -> None:
    port.execute(f"CREATE TABLE zakaz.t ({columns}) ENGINE = MergeTree ORDER BY {order}")


@pytest.mark.engine
def test_an_adapter_says_what_it_is(port: Warehouse) -> None:
    """The backend is one of two words, the version a ClickHouse version."""
    assert port.backend in ("embedded", "server")
    assert len(port.version().split(".")) == 4


@pytest.mark.engine
def test_every_type_comes_back_as_it_went_in(port: Warehouse) -> None:
    """Each column type round-trips exactly, with Python's own types and Moscow's zone."""
    port.execute(ONE_OF_EACH)
    assert port.insert("zakaz.t", {name: [value] for name, value in ROW.items()}) == 1
    answer = port.query("SELECT * FROM zakaz.t")
    found = answer.dicts()[0]
    assert found == ROW
    for name, value in ROW.items():
        assert type(found[name]) is type(value), name
    assert str(found["nm"]) == "-0.01"
    for name in ("t", "plain", "ms"):
        assert found[name].tzinfo == MOSCOW
    assert found["at"][0].fold == 1
    types = dict(zip(answer.columns, answer.types, strict=True))
    assert types["t"] == "DateTime('Europe/Moscow')"
    assert types["plain"] == "DateTime"


@pytest.mark.engine
@pytest.mark.parametrize(
    ("given", "moscow"),
    [
        (datetime(2026, 1, 31, 23, 30, tzinfo=MSK), "2026-01-31 23:30:00"),
        (datetime(2026, 2, 1, 0, 30, tzinfo=MSK), "2026-02-01 00:30:00"),
        (datetime(2026, 1, 31, 21, 30, tzinfo=UTC), "2026-02-01 00:30:00"),
        (datetime(2026, 2, 1, 7, 30, tzinfo=timezone(timedelta(hours=10))), "2026-02-01 00:30:00"),
    ],
)
def test_d10_an_instant_keeps_its_moscow_day_and_hour(
    port: Warehouse, given: datetime, moscow: str
) -> None:
    """23:30 and 00:30 in Moscow, and UTC input, neither shift nor change their day."""
    table(port, "t DateTime('Europe/Moscow'), plain DateTime, n Nullable(DateTime('Asia/Omsk'))")
    port.insert("zakaz.t", {"t": [given], "plain": [given], "n": [given]})
    found = port.query("SELECT *, toString(t), toDate(t) FROM zakaz.t").rows[0]
    assert [found[0], found[1], found[2]] == [given, given, given]
    assert (found[0].tzinfo, found[1].tzinfo) == (MOSCOW, MOSCOW)
    assert found[3] == moscow
    assert found[4] == date.fromisoformat(moscow[:10])
    same = "SELECT count() FROM zakaz.t WHERE t = {at:DateTime} AND plain = {at:DateTime('UTC')}"
    assert port.query(same, {"at": given}).scalar() == 1


@pytest.mark.engine
def test_d10_missing_values_and_money_stay_what_they_are(port: Warehouse) -> None:
    """NULL stays None, a Decimal keeps every kopeck and its two places, a Date its day."""
    table(port, "n Nullable(String), m Decimal(18, 2), d Date")
    money = [Decimal("0.10"), Decimal("1234567.89"), Decimal(-1)]
    port.insert("zakaz.t", {"n": [None] * 3, "m": money, "d": [date(2026, 2, 1)] * 3})
    found = port.query("SELECT n, m, d FROM zakaz.t ORDER BY m").rows
    assert [str(row[1]) for row in found] == ["-1.00", "0.10", "1234567.89"]
    assert {(row[0], row[2]) for row in found} == {(None, date(2026, 2, 1))}
    assert port.query("SELECT sum(m) FROM zakaz.t").scalar() == Decimal("1234566.99")


def test_d1_rows_as_dictionaries_are_refused_with_a_clear_error(port: Warehouse) -> None:
    """Rows in place of columns are named as the mistake; the same rows as columns go in."""
    table(port, "a UInt8, b String")
    rows: Any = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    with pytest.raises(DataError, match=r"zakaz\.t: columns are wanted"):
        port.insert("zakaz.t", rows)
    assert port.insert("zakaz.t", {name: [row[name] for row in rows] for name in rows[0]}) == 2
    assert port.query("SELECT a, b FROM zakaz.t ORDER BY a").rows == [(1, "x"), (2, "y")]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Date", date(2200, 1, 1)),
        ("Date", date(1969, 12, 31)),
        ("Date", datetime(2026, 1, 1, tzinfo=UTC)),
        ("Date", "2024-02-30"),
        ("Date32", date(2300, 1, 1)),
        ("DateTime('Europe/Moscow')", datetime(2200, 1, 1, tzinfo=UTC)),
        ("DateTime('Europe/Moscow')", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("DateTime('Europe/Moscow')", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("DateTime('Europe/Moscow')", "2026-01-01 00:00:00"),
        ("DateTime('Europe/Moscow')", date(2026, 1, 1)),
        ("Decimal(18, 2)", Decimal("1.005")),
        ("Decimal(18, 2)", Decimal("-0.001")),
        ("Decimal(9, 2)", Decimal("12345678.90")),
        ("Decimal(18, 2)", Decimal("1E+999999")),
        ("Decimal(18, 2)", Decimal("NaN")),
        ("Decimal(18, 2)", 1.1),
        ("UInt8", 256),
        ("UInt32", -1),
        ("Int32", 2**31),
        ("UInt64", 2**64),
        ("UInt8", True),
        ("UInt8", "1"),
        ("UInt8", 1.0),
        ("Float64", float("nan")),
        ("Float64", float("inf")),
        ("Bool", 1),
        ("Bool", "no"),
        ("String", None),
        ("String", 5),
        ("String", b"bytes"),
        ("String", "\ud800"),
        ("FixedString(3)", "абв"),
        ("LowCardinality(String)", None),
        ("Enum8('ok' = 1, 'failed' = 2)", "success"),
        ("Array(UInt8)", [1, 300]),
        ("Array(UInt8)", "12"),
        ("Array(UInt8)", [None]),
        ("Nullable(UInt8)", -1),
        ("UUID", "not one"),
    ],
)
def test_a_value_that_does_not_fit_stops_the_insert_before_it_starts(
    port: Warehouse, kind: str, value: Any
) -> None:
    """Where the engine would store something else, the insert is refused whole, in Python."""
    table(port, f"n UInt8, c {kind}")
    columns = {"n": [1, 2], "c": [value, value]}
    with pytest.raises(DataError, match=r"zakaz\.t, column c .*row 1: ") as caught:
        port.insert("zakaz.t", columns)
    told = str(caught.value).partition("row 1: ")[2]
    if isinstance(value, (str, bytes, date, Decimal)):
        assert repr(value) not in told
        assert len(str(value)) < 4 or str(value) not in told
    assert port.query("SELECT count() FROM zakaz.t").scalar() == 0


def test_an_insert_of_the_wrong_shape_is_refused(port: Warehouse) -> None:
    """Columns of different length, unknown ones and unknown tables are named."""
    table(port, "a UInt8, b String")
    with pytest.raises(DataError, match=r"differ in length \(a 2, b 1\)"):
        port.insert("zakaz.t", {"a": [1, 2], "b": ["x"]})
    with pytest.raises(DataError, match="no column z"):
        port.insert("zakaz.t", {"a": [1], "z": ["x"]})
    with pytest.raises(DataError, match="column b must be a list"):
        port.insert("zakaz.t", {"a": [1], "b": "x"})
    with pytest.raises(WarehouseError) as caught:
        port.insert("zakaz.nothing", {"a": [1]})
    assert caught.value.code == 60
    with pytest.raises(DataError, match="not a plain name"):
        port.insert("zakaz.t; DROP TABLE zakaz.t", {"a": [1]})
    with pytest.raises(DataError, match="no column b"):
        port.insert("zakaz.t", {"a": [1], "b) SELECT (": ["x"]})
    assert port.query("SELECT count() FROM zakaz.t").scalar() == 0


def test_inserting_nothing_does_nothing(port: Warehouse) -> None:
    """No rows, or no columns, is not an error."""
    table(port, "a UInt8")
    assert port.insert("zakaz.t", {"a": []}) == 0
    assert port.insert("zakaz.t", {}) == 0


@pytest.mark.engine
def test_columns_left_out_take_their_declared_default(port: Warehouse) -> None:
    """A table's DEFAULT fills a column that the insert does not name."""
    table(port, "a UInt8, b String DEFAULT 'x', c UInt8 DEFAULT a + 1")
    port.insert("zakaz.t", {"a": [1]})
    assert port.query("SELECT a, b, c FROM zakaz.t").rows == [(1, "x", 2)]


def test_an_insert_follows_a_table_that_was_changed(port: Warehouse) -> None:
    """What is known of a table's columns is asked again when a statement may have changed them."""
    table(port, "a UInt8")
    port.insert("zakaz.t", {"a": [1]})
    port.execute("ALTER TABLE zakaz.t MODIFY COLUMN a String, ADD COLUMN b UInt8")
    port.insert("zakaz.t", {"a": ["text"], "b": [2]})

    assert port.query("SELECT a, b FROM zakaz.t ORDER BY a").rows == [("1", 0), ("text", 2)]


def test_the_callers_columns_are_left_alone(port: Warehouse) -> None:
    """An insert changes nothing in the lists it was given, and takes tuples too."""
    table(port, "t DateTime('Europe/Moscow'), m Nullable(Decimal(18, 2))")
    columns = {"t": [ROW["t"]], "m": (Decimal(1),)}
    port.insert("zakaz.t", columns)
    assert columns == {"t": [ROW["t"]], "m": (Decimal(1),)}


@pytest.mark.engine
def test_many_rows_keep_their_order_of_versions(port: Warehouse) -> None:
    """Fifty thousand rows go in at once; of equal versions the last one inserted wins."""
    port.execute(
        "CREATE TABLE zakaz.t (id UInt32, name LowCardinality(String), v UInt64) "
        "ENGINE = ReplacingMergeTree(v) ORDER BY id"
    )
    ids = list(range(25_000))
    names = ["old"] * 25_000 + ["new"] * 25_000
    assert port.insert("zakaz.t", {"id": ids + ids, "name": names, "v": [1] * 50_000}) == 50_000
    found = port.query("SELECT name, count() FROM zakaz.t FINAL GROUP BY name").rows
    assert found == [("new", 25_000)]


@pytest.mark.engine
def test_w04_a_year_of_days_goes_in_month_by_month(port: Warehouse) -> None:
    """A block over 100 partitions is refused (code 252); split by month the same rows land."""
    port.execute(
        "CREATE TABLE zakaz.t (d Date, n UInt32) ENGINE = MergeTree "
        "PARTITION BY toYYYYMM(d) ORDER BY d"
    )
    days = [date(2014, 1, 15) + timedelta(days=30 * step) for step in range(130)]
    columns = {"d": days, "n": list(range(130))}
    with pytest.raises(WarehouseError) as caught:
        port.insert("zakaz.t", columns)
    assert caught.value.code == 252
    assert sum(port.insert("zakaz.t", month) for month in by_month(columns, "d")) == 130
    assert port.query("SELECT count(), sum(n) FROM zakaz.t").rows == [(130, sum(range(130)))]

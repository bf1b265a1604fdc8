"""What the port promises, proven on each adapter: the embedded engine and a server.

The server is any that ``server_url`` gives (see ``tests/stack/native_process.py``); where none
can be had, only the embedded adapter is tested here and the session `server` tests the other.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from native_process import native_python
from zakaz.errors import DataError, WarehouseError
from zakaz.moscow import MOSCOW
from zakaz.warehouse.batches import by_month
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import warehouse_url

ADAPTERS = ["embedded", "server"] if native_python() else ["embedded"]
MSK = timezone(timedelta(hours=3))
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


@pytest.fixture(params=ADAPTERS)
def port(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    """Give each adapter in turn, with an empty database `zakaz`."""
    if request.param == "embedded":
        embedded: Warehouse = request.getfixturevalue("warehouse")
        embedded.execute("CREATE DATABASE zakaz")
        yield embedded
        return
    from zakaz.warehouse.server import ServerWarehouse

    url = request.getfixturevalue("server_url")
    with ServerWarehouse(warehouse_url({"ZAKAZ_WAREHOUSE_URL": url})) as server:
        server.execute("CREATE DATABASE zakaz")
        yield server


def table(port: Warehouse, columns: str, order: str = "tuple()") -> None:
    port.execute(f"CREATE TABLE zakaz.t ({columns}) ENGINE = MergeTree ORDER BY {order}")


def test_an_adapter_says_what_it_is(port: Warehouse) -> None:
    """The backend is one of two words, the version a ClickHouse version."""
    assert port.backend in ("embedded", "server")
    assert len(port.version().split(".")) == 4


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


def test_columns_left_out_take_their_declared_default(port: Warehouse) -> None:
    """A table's DEFAULT fills a column that the insert does not name."""
    table(port, "a UInt8, b String DEFAULT 'x', c UInt8 DEFAULT a + 1")
    port.insert("zakaz.t", {"a": [1]})
    assert port.query("SELECT a, b, c FROM zakaz.t").rows == [(1, "x", 2)]


def test_the_callers_columns_are_left_alone(port: Warehouse) -> None:
    """An insert changes nothing in the lists it was given, and takes tuples too."""
    table(port, "t DateTime('Europe/Moscow'), m Nullable(Decimal(18, 2))")
    columns = {"t": [ROW["t"]], "m": (Decimal(1),)}
    port.insert("zakaz.t", columns)
    assert columns == {"t": [ROW["t"]], "m": (Decimal(1),)}


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


@pytest.mark.parametrize("text", NASTY)
def test_a_text_parameter_is_never_read_as_sql(port: Warehouse, text: str) -> None:
    """Quotes, backslashes, newlines, NUL and Cyrillic come back as they went in."""
    table(port, "s String")
    port.insert("zakaz.t", {"s": [text]})
    params = {"s": text, "list": [text, "other"], "n": text}
    sql = (
        "SELECT s, {s:String}, {list:Array(String)}, {n:Nullable(String)}, "
        "{s:LowCardinality(String)}, [{s:String}, '{s:String}'] FROM zakaz.t "
        "WHERE s = {s:String} AND s IN {list:Array(String)} -- {nothing:String}"
    )
    found = port.query(sql, params).rows
    assert found == [(text, text, [text, "other"], text, text, [text, "{s:String}"])]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=20))
def test_any_text_survives_as_a_parameter(port: Warehouse, texts: list[str]) -> None:
    """Whatever Unicode a visitor types is data."""
    assert port.query("SELECT {texts:Array(String)}", {"texts": texts}).scalar() == texts


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
        "at": ("Array(DateTime('Europe/Moscow'))", [ROW["t"]]),
        "none": ("Array(UInt8)", []),
    }
    wanted = ", ".join(f"{{{name}:{kind}}} AS {name}" for name, (kind, _) in given.items())
    answer = port.query(f"SELECT {wanted}", {name: value for name, (_, value) in given.items()})
    assert answer.dicts() == [{name: value for name, (_, value) in given.items()}]
    assert answer.types == tuple(kind for kind, _ in given.values())


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


def test_a_missing_parameter_is_named(port: Warehouse) -> None:
    """A parameter without a value has the engine's own code; values to spare are ignored."""
    with pytest.raises(WarehouseError, match="parameter y") as caught:
        port.query("SELECT {x:UInt8}, {y:UInt8}", {"x": 1})
    assert caught.value.code == 456
    assert port.query("SELECT 1", {"spare": object()}).scalar() == 1


def test_an_engines_error_has_its_code_and_not_our_data(port: Warehouse) -> None:
    """Errors carry the engine's code and one line; texts of the statement stay out of it."""
    table(port, "s String")
    secret = "canary+79991234567"
    cases = {
        60: f"SELECT * FROM zakaz.nothing WHERE s = '{secret}'",
        47: f"SELECT nothing FROM zakaz.t WHERE s = '{secret}'",
        62: f"SELEC * FROM zakaz.t WHERE s = '{secret}'",
        6: f"SELECT toUInt32('{secret}')",
        395: f"SELECT throwIf(s != '{secret}') FROM zakaz.t",
    }
    port.insert("zakaz.t", {"s": ["x"]})
    for code, sql in cases.items():
        with pytest.raises(WarehouseError, match=f"code {code}: ") as caught:
            port.query(sql)
        assert caught.value.code == code
        assert secret not in str(caught.value)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 400


def test_a_failed_query_leaves_nothing_in_the_next_answer(port: Warehouse) -> None:
    """Rows that came out before a failure belong to no later answer."""
    for rows in (1, 100_000, 1_000_000):
        with pytest.raises(WarehouseError, match="395"):
            port.query(f"SELECT number, throwIf(number = {rows - 1}) FROM numbers({rows})")
        assert port.query("SELECT 'next', 1").rows == [("next", 1)]


def test_an_empty_answer_still_names_its_columns(port: Warehouse) -> None:
    """No row is no reason to lose names and types; a statement without answer gives none."""
    answer = port.query("SELECT 1 AS a, toDate('2026-01-01') AS d WHERE 0")
    assert (answer.columns, answer.types, answer.rows) == (("a", "d"), ("UInt8", "Date"), [])
    with pytest.raises(ValueError, match="expected one value, got 0 rows"):
        answer.scalar()


def test_a_number_that_is_none_comes_back_as_none(port: Warehouse) -> None:
    """NaN and infinity, what a division by zero leaves, are no values a page could show."""
    assert port.query("SELECT nan, inf, -inf, 1., [nan, 2.]").rows == [
        (None, None, None, 1.0, [None, 2.0])
    ]


def test_compound_values_come_back_as_pythons_own(port: Warehouse) -> None:
    """Tuples, maps, intervals and addresses have one Python shape, whichever the adapter."""
    sql = (
        "SELECT (1, 'a', toDate('2026-01-01')), map('k', toDecimal64('1.10', 2)), "
        "map(toUInt64(5), 'v'), toIPv4('1.2.3.4'), CAST((1, 'x'), 'Tuple(n UInt8, s String)'), "
        "tuple(toDateTime(0, 'UTC')), NULL"
    )
    assert port.query(sql).rows == [
        (
            (1, "a", date(2026, 1, 1)),
            {"k": Decimal("1.10")},
            {5: "v"},
            "1.2.3.4",
            (1, "x"),
            (datetime(1970, 1, 1, tzinfo=UTC),),
            None,
        )
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO zakaz.t VALUES (1)",
        "insert into zakaz.t (a) values (1)",
        "-- a note\nINSERT INTO `zakaz`.`t` (`a`) VALUES ('SELECT')",
        "INSERT INTO zakaz.t FORMAT JSONEachRow {}",
    ],
)
def test_rows_inside_a_statement_are_refused(port: Warehouse, sql: str) -> None:
    """INSERT … VALUES would hang on a server, so neither adapter takes it."""
    table(port, "a UInt8")
    with pytest.raises(WarehouseError, match="not taken"):
        port.execute(sql)
    port.execute("INSERT INTO zakaz.t SELECT 1 AS values")
    assert port.query("SELECT count() FROM zakaz.t").scalar() == 1


def test_one_warehouse_serves_several_threads(port: Warehouse) -> None:
    """Threads share an open warehouse; their answers and their failures do not mix."""
    wrong: list[object] = []

    def ask(number: int) -> None:
        for _ in range(10):
            try:
                if port.query("SELECT {n:UInt32}", {"n": number}).scalar() != number:
                    wrong.append(number)
                port.query(f"SELECT throwIf(number = 500, 'n{number}') FROM numbers(1000)")
            except WarehouseError as error:
                if f"n{number}" not in str(error) and "…" not in str(error):
                    wrong.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_a_closed_warehouse_says_so(port: Warehouse) -> None:
    """Closing twice is fine; asking afterwards is an error, not a crash."""
    port.close()
    port.close()
    with pytest.raises(WarehouseError, match="closed"):
        port.query("SELECT 1")

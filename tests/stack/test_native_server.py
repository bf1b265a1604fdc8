"""The native-protocol test server, proven by clickhouse-driver itself."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from clickhouse_driver import Client, errors
from native_process import READER, WRITER, NativeServer, native_python
from zakaz.moscow import MOSCOW

pytestmark = pytest.mark.skipif(
    native_python() is None, reason="NOT RUN (needs chDB 3.2.0: ZAKAZ_NATIVE_PYTHON names it)"
)

Connect = Callable[..., Any]
UNTIL = datetime(2026, 1, 31, 23, 30, tzinfo=MOSCOW)
TABLE = """
CREATE TABLE zakaz.t (
    id UInt64, name LowCardinality(String), note Nullable(String), money Decimal(18, 2),
    day Date, at DateTime('Europe/Moscow'), until Nullable(DateTime('Europe/Moscow')),
    kind Enum8('ok' = 1, 'bad' = 2), live Bool, list Array(UInt32)
) ENGINE = MergeTree ORDER BY id
"""


@pytest.fixture
def connect(native_server: NativeServer) -> Iterator[Connect]:
    """Open connections of clickhouse-driver; the first finds the database `zakaz` empty."""
    opened: list[Any] = []

    def make(user: str = "default", password: str = "", **options: Any) -> Any:
        client = Client(
            native_server.host, native_server.port, user=user, password=password, **options
        )
        opened.append(client)
        return client

    first = make()
    for database in ("bi", "zakaz"):
        first.execute(f"DROP DATABASE IF EXISTS {database}")
    first.execute("CREATE DATABASE zakaz")
    yield make
    for client in opened:
        client.disconnect()


def columns(rows: int) -> list[list[Any]]:
    return [
        list(range(rows)),
        ["vk" if number % 2 else "сайт" for number in range(rows)],
        [None if number % 3 else f"🎉\0{number}" for number in range(rows)],
        [Decimal(number) / 100 for number in range(rows)],
        [date(2026, 2, 1)] * rows,
        [datetime(2026, 2, 1, 0, 30, tzinfo=MOSCOW)] * rows,
        [None if number % 2 else UNTIL for number in range(rows)],
        ["bad"] * rows,
        [True] * rows,
        [[number, 7] for number in range(rows)],
    ]  # fmt: skip


@pytest.mark.parametrize("compression", [False, "lz4"])
def test_columns_go_in_and_come_out_alike(connect: Connect, compression: bool | str) -> None:
    """Fifty thousand rows of ten types round-trip, in plain and in LZ4 blocks."""
    client = connect(compression=compression)
    client.execute(TABLE)
    given = columns(50_000)
    assert client.execute("INSERT INTO zakaz.t VALUES", given, columnar=True) == 50_000
    found = client.execute("SELECT * FROM zakaz.t ORDER BY id", columnar=True)
    for sent, got in zip(columns(50_000), found, strict=True):
        assert list(got) == sent


@pytest.mark.parametrize("compression", [False, "lz4"])
def test_a_large_answer_comes_in_several_blocks(connect: Connect, compression: bool | str) -> None:
    """Three hundred thousand rows arrive whole, block by block."""
    client = connect(compression=compression)
    sql = "SELECT number, toString(number) FROM numbers(300000)"
    rows = client.execute(sql)
    assert len(rows) == 300_000
    assert rows[-1] == (299_999, "299999")
    assert sum(len(block) for block in client.execute_iter(sql, chunk_size=1000)) == 300_000


def test_types_are_told_with_their_zones(connect: Connect) -> None:
    """A plain DateTime column keeps the zone that the engine's Native output drops."""
    client = connect()
    client.execute(TABLE)
    client.execute("INSERT INTO zakaz.t VALUES", columns(1), columnar=True)
    rows, told = client.execute("SELECT at, until, day FROM zakaz.t", with_column_types=True)
    assert [kind for _, kind in told] == [
        "DateTime('Europe/Moscow')",
        "Nullable(DateTime('Europe/Moscow'))",
        "Date",
    ]
    assert [str(cell) for cell in rows[0]] == [
        "2026-02-01 00:30:00+03:00",
        "2026-01-31 23:30:00+03:00",
        "2026-02-01",
    ]
    empty = client.execute("SELECT at FROM zakaz.t WHERE 0", with_column_types=True)
    assert empty == ([], [("at", "DateTime('Europe/Moscow')")])


def test_an_insert_may_name_its_columns_and_send_rows(connect: Connect) -> None:
    """Named columns get the rest by default; rows as tuples and as dictionaries go in."""
    client = connect()
    client.execute(TABLE)
    client.execute("INSERT INTO zakaz.t (id, `name`) VALUES", [(1, "a"), (2, "b")])
    client.execute("INSERT INTO zakaz.t (id, name) FORMAT Native", [{"id": 3, "name": "c"}])
    client.execute("INSERT INTO zakaz.t (id) SELECT 4")
    assert client.execute("SELECT id, name FROM zakaz.t ORDER BY id") == [
        (1, "a"), (2, "b"), (3, "c"), (4, ""),
    ]  # fmt: skip
    with pytest.raises(errors.ServerException) as caught:
        client.execute("INSERT INTO zakaz.t (nothing) VALUES", [(1,)])
    assert caught.value.code == 16


@pytest.mark.parametrize(
    ("code", "sql"),
    [
        (62, "SELEC 1"),
        (60, "SELECT * FROM zakaz.nothing"),
        (47, "SELECT nothing"),
        (81, "CREATE TABLE nowhere.t (n UInt8) ENGINE = MergeTree ORDER BY n"),
        (395, "SELECT throwIf(number = 9999) FROM numbers(10000)"),
    ],
)
def test_errors_have_the_engines_codes(connect: Connect, code: int, sql: str) -> None:
    """A refused statement says why, and the next answer is clean."""
    client = connect()
    with pytest.raises(errors.ServerException) as caught:
        client.execute(sql)
    assert caught.value.code == code
    assert "DB::Exception: " in caught.value.message
    assert client.execute("SELECT 'next'") == [("next",)]


def test_a_ping_is_answered(connect: Connect) -> None:
    """A client may ask whether the server is there."""
    client = connect()
    client.execute("SELECT 1")
    assert client.connection.ping() is True


def test_a_cancelled_answer_ends(connect: Connect) -> None:
    """After a cancel the stream ends early and the connection serves on."""
    client = connect(settings={"max_block_size": 1000})
    answer = client.execute_with_progress("SELECT number FROM numbers(1000000)")
    client.connection.send_cancel()
    assert len(answer.get_result()) < 1_000_000
    assert client.execute("SELECT 1") == [(1,)]


@pytest.mark.parametrize(
    ("user", "password"), [("default", "wrong"), ("nobody", ""), (WRITER[0], ""), (WRITER[0], "x")]
)
def test_a_wrong_login_is_code_516(connect: Connect, user: str, password: str) -> None:
    """Unknown users and wrong passwords are turned away alike."""
    with pytest.raises(errors.ServerException, match="Authentication failed") as caught:
        connect(user, password).execute("SELECT 1")
    assert caught.value.code == 516


def test_accounts_are_held_to_their_profiles(connect: Connect) -> None:
    """The writer writes; the reader reads, may send settings, and may change nothing."""
    connect(*WRITER).execute("CREATE TABLE zakaz.w (n UInt8) ENGINE = MergeTree ORDER BY n")
    reader = connect(*READER)
    assert reader.execute("SELECT count() FROM zakaz.w", settings={"max_threads": 1}) == [(0,)]
    for sql, options in (
        ("DROP TABLE zakaz.w", {}),
        ("INSERT INTO zakaz.w SELECT 1", {}),
        ("SELECT 1", {"readonly": 0}),
        ("SET readonly = 0", {}),
    ):
        with pytest.raises(errors.ServerException) as caught:
            reader.execute(sql, settings=options)
        assert caught.value.code == 164, sql


def test_settings_last_as_long_as_they_should(connect: Connect) -> None:
    """A query's settings end with it, a session's SET with the session; unknown ones pass by."""
    one, other = connect(), connect()
    asked = "SELECT getSetting('max_threads')"
    usual = one.execute(asked)
    assert one.execute(asked, settings={"max_threads": 7, "no_such_setting": 1}) == [(7,)]
    assert one.execute(asked) == usual
    one.execute("SET max_threads = 5")
    assert one.execute(asked) == [(5,)]
    assert other.execute(asked) == usual


def test_access_statements_are_checked_for_syntax_only(connect: Connect) -> None:
    """chDB knows no users: a right statement passes without effect, a wrong one is code 62."""
    client = connect()
    for sql in (
        "CREATE ROLE IF NOT EXISTS etl",
        "CREATE USER IF NOT EXISTS etl_writer IDENTIFIED WITH sha256_password BY 'x'",
        "GRANT SELECT, INSERT ON zakaz.* TO etl",
        "SET DEFAULT ROLE etl TO etl_writer",
    ):
        client.execute(sql)
    with pytest.raises(errors.ServerException) as caught:
        client.execute("GRANT SELEC ON zakaz.* TO etl")
    assert caught.value.code == 62


def test_a_browser_is_told_to_go_elsewhere(native_server: NativeServer) -> None:
    """A web request gets the hint that ClickHouse gives on its native port."""
    with socket.create_connection((native_server.host, native_server.port)) as browser:
        browser.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert browser.makefile("rb").readline() == b"HTTP/1.0 400 Bad Request\r\n"


def test_a_restarted_server_has_its_rows(tmp_path: Path) -> None:
    """Stopped or killed, the server comes back on its folder and port with what it had."""
    server = NativeServer(tmp_path / "data", "--profile", "max_threads=3").start()
    try:
        with Client(server.host, server.port) as client:
            client.execute("CREATE DATABASE zakaz")
            client.execute("CREATE TABLE zakaz.t (n UInt8) ENGINE = MergeTree ORDER BY n")
            client.execute("INSERT INTO zakaz.t VALUES", [(1,), (2,)])
        port = server.port
        for end, total in ((server.stop, 3), (server.kill, 6)):
            end()
            with pytest.raises(errors.NetworkError), Client(server.host, port) as client:
                client.execute("SELECT 1")
            assert server.start().port == port
            with Client(server.host, port) as client:
                assert client.execute("SELECT sum(n) FROM zakaz.t") == [(total,)]
                assert client.execute("SELECT getSetting('max_threads')") == [(3,)]
                client.execute("INSERT INTO zakaz.t VALUES", [(3,)])
    finally:
        server.stop()

"""The server adapter between a sound server and a network that is not."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest
from clickhouse_driver import Client
from impostors import Serve, answering, babble, hang_up, patient_web_server, web_server
from native_process import READER, WRITER, NativeServer, native_python
from tcp_proxy import TcpProxy
from zakaz.errors import SettingsError, WarehouseError
from zakaz.warehouse import server as adapter
from zakaz.warehouse import server_faults
from zakaz.warehouse.connect import generation, open_for_reading, open_for_writing, publish
from zakaz.warehouse.server import ServerWarehouse
from zakaz.warehouse.url import WarehouseUrl, warehouse_url

needs_native = pytest.mark.skipif(
    native_python() is None, reason="NOT RUN (needs chDB 3.2.0: ZAKAZ_NATIVE_PYTHON names it)"
)


def address(port: int, user: str = "default", password: str = "") -> WarehouseUrl:
    text = f"clickhouse://{user}:{password}@127.0.0.1:{port}/zakaz"
    return warehouse_url({"ZAKAZ_WAREHOUSE_URL": text})


@pytest.fixture
def proxy(native_server: NativeServer) -> Iterator[TcpProxy]:
    """Stand between the adapter and a server that has one table, `zakaz.t`."""
    with ServerWarehouse(address(native_server.port)) as direct:
        direct.execute("DROP DATABASE IF EXISTS zakaz")
        direct.execute("CREATE DATABASE zakaz")
        direct.execute("CREATE TABLE zakaz.t (n UInt32) ENGINE = MergeTree ORDER BY n")
    with TcpProxy((native_server.host, native_server.port)) as between:
        yield between


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NativeServer]:
    """Run a server of this module's own, with an unhelpful profile and a strict account."""
    profile = ["async_insert=1", "wait_for_async_insert=0", "join_use_nulls=1"]
    profile += ["max_insert_threads=4", "insert_deduplicate=1"]
    arguments = [word for setting in profile for word in ("--profile", setting)]
    arguments += ["--account", "strict:word:1"]
    server = NativeServer(tmp_path_factory.mktemp("apart") / "data", *arguments).start()
    yield server
    server.stop()


@pytest.mark.parametrize("serve", [web_server, patient_web_server])
def test_c04_an_http_port_is_told_from_the_native_one(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Aimed at an HTTP port, the adapter says so at once, names the right one and exits 78."""
    monkeypatch.setattr(adapter, "CONNECT_SECONDS", 0.2)  # a patient one never greets
    monkeypatch.setattr(server_faults, "_PROBE_SECONDS", 60)
    with answering(serve) as port, pytest.raises(SettingsError) as caught:
        ServerWarehouse(address(port))
    assert f"127.0.0.1:{port} is an HTTP port" in str(caught.value)
    assert "9000" in str(caught.value)
    assert caught.value.exit_code == 78


@pytest.mark.parametrize("serve", [hang_up, babble])
def test_c04_something_else_at_the_port_is_told(serve: Serve) -> None:
    """What accepts and does not greet is named with its address; it may be a server starting."""
    with answering(serve) as port, pytest.raises(WarehouseError) as caught:
        ServerWarehouse(address(port))
    assert f"127.0.0.1:{port} accepted the connection but did not greet" in str(caught.value)
    assert caught.value.exit_code == 75


def test_w05_b10_a_server_that_is_away_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody listening is exit 75 with host and port, without the driver's traceback."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with caplog.at_level(logging.DEBUG), pytest.raises(WarehouseError) as caught:
        ServerWarehouse(address(port, "zakaz_writer", "canary"))
    assert f"127.0.0.1:{port} cannot be reached: Connection refused" in str(caught.value)
    assert caught.value.exit_code == 75
    assert caplog.text == ""


def test_w05_an_unknown_host_is_named() -> None:
    """A name that resolves to nothing is the network's fault, not the data's."""
    url = warehouse_url({"ZAKAZ_WAREHOUSE_URL": "clickhouse://nowhere.invalid:9000/zakaz"})
    with pytest.raises(WarehouseError, match=r"nowhere\.invalid:9000 cannot be reached"):
        ServerWarehouse(url)


@needs_native
@pytest.mark.parametrize(("user", "password"), [(WRITER[0], "canary-word"), ("nobody", "")])
def test_a_refused_login_is_configuration(
    native_server: NativeServer, user: str, password: str
) -> None:
    """A wrong password is exit 78, names user and variables, and never the password."""
    with pytest.raises(SettingsError) as caught:
        ServerWarehouse(address(native_server.port, user, password))
    told = str(caught.value)
    assert f"refused user {user} (code 516)" in told
    assert "CLICKHOUSE_PASSWORD" in told
    assert "canary-word" not in told
    assert caught.value.exit_code == 78


@needs_native
def test_the_password_shows_nowhere(native_server: NativeServer) -> None:
    """Neither the address nor the open warehouse shows its password when printed."""
    url = address(native_server.port, *WRITER)
    with ServerWarehouse(url) as opened:
        for shown in (repr(url), str(url), repr(opened), repr(vars(opened)), f"{url.password}"):
            assert WRITER[1] not in shown
        assert f"{WRITER[0]}:***@" in str(url)


@needs_native
def test_w15_the_loader_pins_its_own_insert_settings(apart: NativeServer) -> None:
    """A profile that makes inserts asynchronous, or drops repeated ones, is not the loader's."""
    names = ["async_insert", "wait_for_async_insert", "insert_deduplicate", "max_insert_threads"]
    asked = ", ".join(f"toInt64(getSetting('{name}'))" for name in names)
    limit = "toInt64(getSetting('max_partitions_per_insert_block'))"
    with Client(apart.host, apart.port) as client:
        assert client.execute(f"SELECT {asked}") == [(1, 0, 1, 4)]
    with open_for_writing(address(apart.port)) as writer:
        assert writer.query(f"SELECT {asked}").rows == [(0, 1, 0, 1)]
        assert writer.query(f"SELECT {limit}").scalar() == 100
        left = "SELECT r.b FROM (SELECT 1 AS a) l LEFT JOIN (SELECT 2 AS a, 3 AS b) r USING (a)"
        assert writer.query(left).rows == [(0,)]


@needs_native
def test_a_reader_asks_the_server_to_refuse_writes(proxy: TcpProxy) -> None:
    """Whoever opens for reading cannot write, whatever the account might; SETTINGS still work."""
    for login in ((), READER):
        with open_for_reading(address(proxy.port, *login)) as reader:
            assert reader.query("SELECT 1 SETTINGS max_threads = 1").scalar() == 1
            for sql in ("DROP TABLE zakaz.t", "INSERT INTO zakaz.t SELECT 1"):
                with pytest.raises(WarehouseError) as caught:
                    reader.execute(sql)
                assert caught.value.code == 164


@needs_native
def test_an_account_that_may_send_no_setting_is_served(apart: NativeServer) -> None:
    """A profile of readonly=1 refuses every setting: then none is sent."""
    with open_for_reading(address(apart.port, "strict", "word")) as reader:
        assert reader.query("SELECT {n:UInt8}, toDateTime(0)", {"n": 1}).rows[0][0] == 1


@needs_native
def test_a_cut_connection_repeats_a_read(proxy: TcpProxy) -> None:
    """Cut between two queries, or in the middle of an answer, a read simply comes back."""
    with ServerWarehouse(address(proxy.port)) as opened:
        proxy.cut()
        assert opened.query("SELECT count() FROM zakaz.t").scalar() == 0
        before = proxy.connections
        sent = proxy.seen
        proxy.cut_next_answer_after(200_000)
        rows = opened.query("SELECT number FROM numbers(500000)").rows
        assert len(rows) == 500_000
        assert proxy.connections == before + 1
        assert proxy.seen > sent


@needs_native
def test_a_connection_cut_for_good_ends_in_an_error(proxy: TcpProxy) -> None:
    """A read is repeated once, not for ever."""
    with ServerWarehouse(address(proxy.port)) as opened:
        proxy.answer_limit = 2000
        proxy.cut()
        with pytest.raises(WarehouseError, match="broke during a statement") as caught:
            opened.query("SELECT number FROM numbers(500000)")
        assert caught.value.exit_code == 75


@needs_native
def test_w06_an_insert_whose_answer_is_lost_is_not_repeated(proxy: TcpProxy) -> None:
    """Nobody knows whether it took effect: the caller is told, and one insert is one insert."""
    with ServerWarehouse(address(proxy.port)) as opened:
        opened.query("SELECT 1")
        proxy.cut_next_answer_after(1)  # the answer to the ping that goes ahead
        with pytest.raises(WarehouseError, match="whether it took effect is not known"):
            opened.execute("INSERT INTO zakaz.t SELECT 7")
        opened.insert("zakaz.t", {"n": [8]})
        assert opened.query("SELECT n FROM zakaz.t ORDER BY n").rows == [(7,), (8,)]


@needs_native
def test_w05_a_server_that_dies_during_a_run_and_comes_back(apart: NativeServer) -> None:
    """While it is away each statement is exit 75; the same open warehouse serves afterwards."""
    with ServerWarehouse(address(apart.port)) as opened:
        opened.execute("CREATE DATABASE zakaz")
        opened.execute("CREATE TABLE zakaz.t (n UInt32) ENGINE = MergeTree ORDER BY n")
        opened.insert("zakaz.t", {"n": [1]})
        apart.kill()
        for _ in range(2):
            with pytest.raises(WarehouseError) as caught:
                opened.query("SELECT count() FROM zakaz.t")
            assert f"127.0.0.1:{apart.port}" in str(caught.value)
        apart.start()
        assert opened.query("SELECT count() FROM zakaz.t").scalar() == 1


def test_a_server_has_nothing_to_publish() -> None:
    """Generations are the embedded store's; asking a server's address for one is harmless."""
    url = warehouse_url({"ZAKAZ_WAREHOUSE_URL": "clickhouse://127.0.0.1:1/zakaz"})
    assert (publish(url), generation(url)) == (None, None)

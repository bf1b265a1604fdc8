"""``zakaz serve`` as a process: start, refusal, end."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from dashboard_process import PATIENCE, command, environ, get, served
from zakaz.warehouse.url import WarehouseUrl
from zakaz_web.__main__ import register
from zakaz_web.server import listen
from zakaz_web.settings import door, is_loopback_host

LOGIN = {"ZAKAZ_WEB_USER": "anna", "ZAKAZ_WEB_PASSWORD": "long-enough"}


def refused(
    store: Path, arguments: Sequence[str], extra: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command that is expected to refuse."""
    return subprocess.run(
        command(*arguments),
        env=environ(store, extra),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=store.parent,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.test"])  # noqa: S104
def test_b03_beyond_loopback_without_a_login_is_refused(tmp_path: Path, host: str) -> None:
    """Binding to the network without a login exits 78 and says what to set."""
    ended = refused(tmp_path / "store", ["--host", host])
    assert ended.returncode == 78
    assert "ZAKAZ_WEB_USER and ZAKAZ_WEB_PASSWORD" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ({"ZAKAZ_WEB_USER": "anna"}, "ZAKAZ_WEB_PASSWORD"),
        ({"ZAKAZ_WEB_PASSWORD": "long-enough"}, "ZAKAZ_WEB_USER"),
        ({**LOGIN, "ZAKAZ_WEB_PASSWORD": "short"}, "ZAKAZ_WEB_PASSWORD"),
        ({**LOGIN, "ZAKAZ_WEB_USER": "an:na"}, "ZAKAZ_WEB_USER"),
        ({"ZAKAZ_WAREHOUSE_URL": "chdb://relative"}, "ZAKAZ_WAREHOUSE_URL"),
    ],
)
def test_a_wrong_setting_exits_78_and_is_named(
    tmp_path: Path, extra: dict[str, str], named: str
) -> None:
    """The dashboard does not start on half a configuration, and never prints a password."""
    ended = refused(tmp_path / "store", ["--port", "0"], extra)
    assert ended.returncode == 78
    assert named in ended.stderr
    assert "short" not in ended.stderr.replace("shorter", "")


def test_a_wrong_interval_exits_78_and_is_named(tmp_path: Path) -> None:
    """An interval that makes no sense is refused before anything starts."""
    ended = refused(tmp_path / "store", ["--sync-every", "1s"])
    assert ended.returncode == 78
    assert "--sync-every" in ended.stderr


def test_a_busy_port_exits_78_and_names_the_option(tmp_path: Path) -> None:
    """Who has the port already learns which option to use."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ended = refused(tmp_path / "store", ["--port", str(other.getsockname()[1])])
    assert ended.returncode == 78
    assert "--port" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_dashboard_as_a_success(
    store_url: WarehouseUrl, number: signal.Signals
) -> None:
    """A page was shown; the end is clean, and nothing of the reader is left behind."""
    with served(store_url.path) as (process, address):
        status, page = get(address, "/sales?lang=en")
        assert (status, "Net revenue" in page) == (200, True)
        process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert "Traceback" not in errors
    assert not list((store_url.path / "readers").iterdir())


def test_answers_are_sent_without_delay() -> None:
    """The socket tells its protocol, so that each answer leaves at once and not 40 ms later."""
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_an_empty_store_says_what_to_run(tmp_path: Path) -> None:
    """Before the first load the page names the command, and nothing is created."""
    with served(tmp_path / "store") as (_, address):
        status, page = get(address, "/sales?lang=ru")
        assert status == 200
        assert "zakaz sync" in page
        assert "zakaz demo" in page
        assert (get(address, "/panel/kpi.csv")[0], get(address, "/status.json")[0]) == (404, 200)
    assert not (tmp_path / "store").exists()


def test_the_room_offers_its_command() -> None:
    """``zakaz serve`` is hung on the command line by name, importing nothing heavy."""
    offered: dict[str, str] = {}

    class Registry:
        def add_source(self, name: str, title: str, target: str) -> None:
            raise AssertionError(name)

        def add_command(self, name: str, help_line: str, target: str) -> None:
            offered[name] = target

    register(Registry())
    assert offered == {"serve": "zakaz_web.serve:serve"}


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("10.0.0.1", False),
        ("example.test", False),
    ],
)
def test_loopback_is_told_from_the_network(host: str, is_local: bool) -> None:
    """What cannot be reached from outside needs no login."""
    assert is_local == is_loopback_host(host)


def test_names_of_the_dashboard_come_from_the_environment() -> None:
    """Behind a proxy the dashboard answers to the names it was told."""
    made = door({**LOGIN, "ZAKAZ_WEB_HOSTS": "Sales.Example.Test, other.test"}, "0.0.0.0")  # noqa: S104
    assert made.knows_host("sales.example.test")
    assert made.knows_host("10.1.2.3:8765")
    assert not made.knows_host("example.test")
    assert "long-enough" not in repr(made)

"""``zakaz serve`` as a process: start, refusal, end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from dashboard_process import PATIENCE, command, environ, get, served
from zakaz.errors import SettingsError
from zakaz.warehouse.url import WarehouseUrl
from zakaz_web.__main__ import register
from zakaz_web.serve import serve
from zakaz_web.server import listen
from zakaz_web.settings import door, is_loopback_host

LOGIN = {"ZAKAZ_WEB_USER": "anna", "ZAKAZ_WEB_PASSWORD": "long-enough"}


def refusal(
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    extra: Mapping[str, str] | None = None,
    **options: object,
) -> str:
    """Run the command in this process where it is expected to refuse, and give its sentence."""
    for name in [name for name in os.environ if name.startswith("ZAKAZ_")]:
        monkeypatch.delenv(name)
    for name, value in environ(store, extra).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        serve(**{"open_browser": False, "port": 0} | options)  # type: ignore[arg-type]
    return str(caught.value)


def test_b03_beyond_loopback_without_a_login_exits_78(tmp_path: Path) -> None:
    """Binding to the network without a login is refused by the process, without a traceback."""
    ended = subprocess.run(
        command("--host", "0.0.0.0"),  # noqa: S104
        env=environ(tmp_path / "store"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 78
    assert "ZAKAZ_WEB_USER and ZAKAZ_WEB_PASSWORD" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.test"])  # noqa: S104
def test_b03_beyond_loopback_without_a_login_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Binding to the network without a login says what to set."""
    sentence = refusal(tmp_path / "store", monkeypatch, host=host)
    assert "ZAKAZ_WEB_USER and ZAKAZ_WEB_PASSWORD" in sentence


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
def test_a_wrong_setting_is_refused_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: dict[str, str], named: str
) -> None:
    """The dashboard does not start on half a configuration, and never prints a password."""
    sentence = refusal(tmp_path / "store", monkeypatch, extra)
    assert named in sentence
    assert "short" not in sentence.replace("shorter", "")


def test_a_wrong_interval_is_refused_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interval that makes no sense is refused before anything starts."""
    assert "--sync-every" in refusal(tmp_path / "store", monkeypatch, sync_every="1s")


def test_a_busy_port_is_refused_and_the_option_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has the port already learns which option to use."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert "--port" in refusal(tmp_path / "store", monkeypatch, host="127.0.0.1", port=port)


def ended(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Ask the dashboard to end and prove that it ends as a success."""
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_ctrl_c_ends_the_dashboard_as_a_success(store_url: WarehouseUrl) -> None:
    """A page was shown; the end is clean, and nothing of the reader is left behind."""
    with served(store_url.path) as (process, address):
        status, page = get(address, "/sales?lang=en")
        assert (status, "Net revenue" in page) == (200, True)
        ended(process, signal.SIGINT)
    assert not list((store_url.path / "readers").iterdir())


def test_answers_are_sent_without_delay() -> None:
    """The socket tells its protocol, so that each answer leaves at once and not 40 ms later."""
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_an_empty_store_says_what_to_run(tmp_path: Path) -> None:
    """Before the first load the page names the command, nothing is created; SIGTERM ends it."""
    with served(tmp_path / "store") as (process, address):
        status, page = get(address, "/sales?lang=ru")
        assert status == 200
        assert "zakaz sync" in page
        assert "zakaz demo" in page
        assert (get(address, "/panel/kpi.csv")[0], get(address, "/status.json")[0]) == (404, 200)
        ended(process, signal.SIGTERM)
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

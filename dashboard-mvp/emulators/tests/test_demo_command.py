"""``zakaz demo`` as a user runs it: a process, its output, its exit code, no child left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

START = (sys.executable, "-c", "from zakaz.cli.app import main; main()", "demo")
SMALL = ("--orders", "400", "--no-browser", "--lang", "en")


def started(store: Path, *more: str, **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*START, *SMALL, "--store", str(store), *more],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=store.parent,
        env={**os.environ, "PYTHONUTF8": "1", "QTICKETS_TOKEN": "real", "DRY_RUN": "true"}
        | environ,
    )


def children_of(process: subprocess.Popen[str]) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(pid) for pid in listed.stdout.split()]


def status(address: str) -> int:
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=300)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        return connection.getresponse().status
    finally:
        connection.close()


def run_once(store: Path, **environ: str) -> tuple[str, str]:
    with started(store, "--once", **environ) as process:
        output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return output, errors


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demo store after its first run, and what that run printed."""
    store = tmp_path_factory.mktemp("demo") / "store"
    return store, run_once(store)[0]


@pytest.fixture(scope="module")
def again(filled: tuple[Path, str]) -> tuple[str, str]:
    """What a second run prints and says on an ASCII terminal in another zone."""
    return run_once(filled[0], LC_ALL="C", PYTHONUTF8="0", TZ="Asia/Vladivostok")


def test_once_prints_the_figures_and_a_second_run_says_it_is_incremental(
    filled: tuple[Path, str], again: tuple[str, str]
) -> None:
    """No dashboard, exit 0, both times the ledger's figures."""
    (_, first), (second, said) = filled, again
    for output in (first, second):
        assert "Equals the emulators' ledgers: yes" in output
        assert "http://" not in output
        for heading in ("Net revenue", "Gross", "Refunds", "Tickets", "Orders", "Average ticket"):
            assert heading in output
        for heading in ("spend", "ROAS", "ROMI", "Cost share", "CPC", "CPM", "CPO", "CPT"):
            assert heading in output
    assert "Loaded " in first
    assert "Incremental load: " in second
    assert "only what is new is loaded" in said
    assert "Traceback" not in said


def test_c05_an_ascii_terminal_in_another_zone_sees_the_same_figures(
    filled: tuple[Path, str], again: tuple[str, str]
) -> None:
    """What the terminal cannot show is replaced, and nothing fails."""
    assert "Equals the emulators' ledgers: yes" in again[0]
    assert not filled[1].isascii()
    assert again[0].isascii()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_dashboard_opens_after_the_figures_and_ends_with_the_demo(
    filled: tuple[Path, str], number: signal.Signals
) -> None:
    """Ctrl-C is the way to stop it: exit 0, and the dashboard's process is gone."""
    with started(filled[0]) as process:
        assert process.stdout is not None
        told = iter(process.stdout)
        opened = next(line for line in told if "http://" in line)
        assert opened.startswith("The dashboard is open: http://127.0.0.1:")
        assert next(told) == "Ctrl-C stops.\n"
        assert status(opened.split()[-1]) == 200
        children = children_of(process)
        assert len(children) == 1
        process.send_signal(number)
        _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_a_folder_with_other_data_is_refused_with_78(tmp_path: Path) -> None:
    """One sentence, no traceback, nothing removed."""
    store = tmp_path / "store"
    store.mkdir()
    (store / "mine").write_text("data", encoding="utf-8")
    with started(store, "--once") as process:
        _, errors = process.communicate(timeout=300)
    assert process.returncode == 78
    assert "--store" in errors
    assert "Traceback" not in errors
    assert (store / "mine").exists()

"""``zakaz demo`` as a user runs it: a process, its output, its exit code, no child left behind."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from zakaz import moscow, run_journal
from zakaz.cli.app import run
from zakaz.warehouse.connect import open_for_reading
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import warehouse_url
from zakaz_emulators import children, demo, demo_ads_report, demo_place, demo_report

START = """
import sys
from datetime import timedelta
from zakaz import moscow
from zakaz.cli.app import main
real, ahead = moscow.now, timedelta(seconds=float(sys.argv.pop(1)))
moscow.now = lambda: (real() + ahead).replace(minute=0, second=0)
main()
"""
MORNING = (moscow.now() + timedelta(days=1)).replace(hour=11, minute=0, second=0)
NOON = MORNING + timedelta(hours=1)
EVENING = MORNING + timedelta(hours=10)
"""Of one day, whenever the tests run: the first load of another day reads much again."""

SHOW = """
import os, sys
from datetime import date
from pathlib import Path
from zakaz.cli.sync import terminable
from zakaz_emulators import demo, demo_place
place = demo_place.prepare(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), 400)
environ = {**os.environ, "ZAKAZ_WAREHOUSE_URL": place.url}
with terminable():
    demo.show(environ, place, 0, demo.read_texts("en"), "en", browser=False)
"""
SMALL = ("--orders", "400", "--no-browser", "--lang", "en")


def started(
    store: Path, hour: datetime, *more: str, stdout: int = subprocess.PIPE, **environ: str
) -> subprocess.Popen[str]:
    """Start the command in an hour of its own."""
    ahead = hour + timedelta(minutes=30) - moscow.now()
    code = [sys.executable, "-c", START, str(ahead.total_seconds())]
    command = [*code, "demo", *SMALL, "--store", str(store), *more]
    return begun(command, store.parent, environ, stdout)


def on_terminal(descriptor: int) -> Iterator[str]:
    """Yield the lines shown on a terminal until the last that could write to it has ended."""
    with open(descriptor, "rb", buffering=0) as shown, suppress(OSError):
        while line := shown.readline():
            yield line.decode().replace("\r", "")


def begun(
    command: list[str], folder: Path, environ: dict[str, str], stdout: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
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


@dataclass(frozen=True)
class Shown:
    """What a run printed, said beside it, and had for a dashboard until it was told to end."""

    output: str
    said: str
    status: int
    children: int
    left: list[int]


def ended(process: subprocess.Popen[str], printed: Iterator[str], number: signal.Signals) -> Shown:
    """Ask the dashboard that a process opens for its page, then end the process by a signal."""
    lines = []
    for line in printed:
        lines.append(line)
        if "http://" in line:
            break
    assert "http://" in lines[-1], lines
    lines.append(next(printed))
    answered, children = status(lines[-2].split()[-1]), children_of(process)
    process.send_signal(number)
    lines.extend(printed)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    left = [pid for pid in children if Path(f"/proc/{pid}").exists()]
    return Shown("".join(lines), errors, answered, len(children), left)


def ran_here(store: Path, hour: datetime) -> str:
    """Run the command with --once in this process, where its lines count as covered."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as changed, redirect_stdout(printed):
        changed.setattr(moscow, "now", lambda: hour)
        changed.setenv("QTICKETS_TOKEN", "real")
        changed.setenv("DRY_RUN", "true")
        changed.chdir(store.parent)
        assert run(["demo", *SMALL, "--store", str(store), "--once"]) == 0
    printed.seek(0)
    return printed.read()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a demo store after a first run and one at noon, and what the first one printed."""
    store = tmp_path_factory.mktemp("demo") / "store"
    first = ran_here(store, MORNING)
    assert "Incremental load: " in ran_here(store, NOON)
    return store, first


@pytest.fixture(scope="module")
def again(filled: tuple[Path, str]) -> Shown:
    """Return what a second run shows on an ASCII terminal in another zone, until Ctrl-C."""
    terminal, end = os.openpty()
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "COLUMNS": "200", "TERM": "xterm"}
    with started(filled[0], EVENING, stdout=end, TZ="Asia/Vladivostok", **ascii_only) as process:
        os.close(end)
        return ended(process, on_terminal(terminal), signal.SIGINT)


def loads(warehouse: Warehouse) -> list[dict[str, int]]:
    """Return the rows that each source's runs received, run by run."""
    found: dict[str, list[int]] = {}
    for ended_run in run_journal.recent(warehouse):
        found.setdefault(ended_run["job"], []).insert(0, ended_run["received"])
    return [dict(zip(found, one, strict=True)) for one in zip(*found.values(), strict=True)]


def test_the_loaded_figures_equal_the_ledger_and_a_second_run_is_incremental(
    filled: tuple[Path, str], again: Shown
) -> None:
    """Through HTTP, the loader, the warehouse, the facts and the views."""
    place = demo_place.prepare(filled[0], EVENING.date(), 400)
    with children.emulators(demo.emulator_arguments(place, EVENING)) as (tickets, ads):
        ledger, spent = tickets.ledger(), ads.ledger()
    with open_for_reading(warehouse_url({"ZAKAZ_WAREHOUSE_URL": place.url})) as warehouse:
        wrong = [
            *demo_report.differences(warehouse, ledger),
            *demo_ads_report.differences(warehouse, spent),
        ]
        total = demo_report.figures(warehouse, None, None)
        first, *later = loads(warehouse)
    assert wrong == []
    assert first["qtickets"] > 400
    assert first["vk"] > 1000
    assert len(later) == 2
    assert max(one["qtickets"] for one in later) < 100
    assert max(one["vk"] for one in later) < first["vk"] / 3
    true = ledger["totals"] | spent["totals"]
    assert (str(total.spend), total.clicks, total.impressions) == (
        true["spent"],
        true["clicks"],
        true["shows"],
    )
    assert (total.orders, total.tickets, str(total.revenue)) == (
        true["orders"],
        true["tickets"],
        true["net"],
    )
    assert "Incremental load: " not in filled[1]
    assert "Incremental load: " in again.output


def test_once_prints_the_figures_and_a_second_run_says_it_is_incremental(
    filled: tuple[Path, str], again: Shown
) -> None:
    """With --once no dashboard and exit 0; both times the ledger's figures."""
    first = filled[1]
    for output in (first, again.output):
        assert "Equals the emulators' ledgers: yes" in output
        for heading in ("Net revenue", "Gross", "Refunds", "Tickets", "Orders", "Average ticket"):
            assert heading in output
        for heading in ("spend", "ROAS", "ROMI", "Cost share", "CPC", "CPM", "CPO", "CPT"):
            assert heading in output
    assert "http://" not in first
    assert "Loaded " in first
    assert "Incremental load: " in again.output
    assert "only what is new is loaded" in again.said
    assert "Traceback" not in again.said


def test_c05_an_ascii_terminal_in_another_zone_sees_the_same_figures(
    filled: tuple[Path, str], again: Shown
) -> None:
    """What the terminal cannot show is replaced, and nothing fails."""
    assert "Equals the emulators' ledgers: yes" in again.output
    assert not filled[1].isascii()
    assert again.output.isascii()


def test_the_dashboard_opens_after_the_figures_and_ends_with_the_demo(again: Shown) -> None:
    """Ctrl-C is the way to stop it: exit 0, and the dashboard's process is gone."""
    *_, opened, stops = again.output.splitlines()
    assert opened.startswith("The dashboard is open: http://127.0.0.1:")
    assert stops == "Ctrl-C stops."
    assert again.status == 200
    assert (again.children, again.left) == (1, [])


def test_sigterm_ends_the_dashboard_of_the_demo_too(filled: tuple[Path, str]) -> None:
    """The part of the demo after its figures ends as a success, with the dashboard's process."""
    command = [sys.executable, "-c", SHOW, str(filled[0]), str(MORNING.date())]
    with begun(command, filled[0].parent, {}) as process:
        assert process.stdout is not None
        shown = ended(process, process.stdout, signal.SIGTERM)
    assert (shown.status, shown.children, shown.left) == (200, 1, [])
    assert "Traceback" not in shown.said


def test_a_folder_with_other_data_is_refused_with_78(tmp_path: Path) -> None:
    """One sentence, no traceback, nothing removed."""
    store = tmp_path / "store"
    store.mkdir()
    (store / "mine").write_text("data", encoding="utf-8")
    with started(store, MORNING, "--once") as process:
        _, errors = process.communicate(timeout=300)
    assert process.returncode == 78
    assert "--store" in errors
    assert "Traceback" not in errors
    assert (store / "mine").exists()

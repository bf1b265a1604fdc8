"""``zakaz serve`` beside loads: what stays of a generation that was shown, and what it shows."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dashboard_process import PATIENCE, get, served
from zakaz.store import Store
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl
from zakaz_web.supply import SPARE_READERS

FLIPS = 2  # what a load leaves behind is seen between the first and the last
LEFT_THREADS, LEFT_DESCRIPTORS = 5, 14  # by each load that was shown, with the engine inside


Served = tuple[Path, "subprocess.Popen[str]", str]


@pytest.fixture(scope="module")
def own(store_url: WarehouseUrl, tmp_path_factory: pytest.TempPathFactory) -> WarehouseUrl:
    """Return a copy of the known store; the last test of the module makes it an older one."""
    store = tmp_path_factory.mktemp("own") / "store"
    shutil.copytree(store_url.path, store, symlinks=True)
    return WarehouseUrl("embedded", path=store)


@pytest.fixture(scope="module")
def dashboard(own: WarehouseUrl) -> Iterator[Served]:
    """Yield the store, the process and the address of one dashboard for several questions."""
    with served(own.path) as (process, address):
        yield own.path, process, address


def generation(address: str) -> str:
    """Ask the dashboard which generation it shows."""
    status, text = get(address, "/status.json")
    assert status == 200, text
    return str(json.loads(text)["stamp"]).split()[0]


def count(pid: int, kind: str) -> int:
    """Count the threads or descriptors of a process."""
    return len(list(Path(f"/proc/{pid}/{kind}").iterdir()))


def running(pid: int) -> list[int]:
    """Return the child processes of a process that have not ended."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(word) for word in (task / "children").read_text().split()]
    return [child for child in found if not has_ended(child)]


def has_ended(pid: int) -> bool:
    """Return whether a process is gone, or waits for its parent to take note of that."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is true, or fail."""
    pause, left = threading.Event(), float(PATIENCE)
    while not condition():
        pause.wait(0.05)
        left -= 0.05
        assert left > 0, "it never came true"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts what /proc shows")
def test_found_e1_showing_load_after_load_leaves_nothing_behind(dashboard: Served) -> None:
    """Threads, descriptors and processes of the dashboard are those of its first loads."""
    store, process, address = dashboard
    seen, counted = [], []
    for _ in range(FLIPS):
        seen.append(Store(store).publish())
        assert generation(address) == seen[-1]
        counted.append((count(process.pid, "task"), count(process.pid, "fd")))
    threads, descriptors = zip(*counted, strict=True)
    assert max(threads) - min(threads) < LEFT_THREADS
    assert max(descriptors) - min(descriptors) < LEFT_DESCRIPTORS
    wait_for(lambda: len(running(process.pid)) == 1 + SPARE_READERS)
    wait_for(lambda: len(list((store / "readers").glob("*.lock"))) == 1)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts what /proc shows")
def test_found_e1_the_dashboard_outlives_its_readers(dashboard: Served) -> None:
    """Every reader is killed: the dashboard goes on, with new ones."""
    _, process, address = dashboard
    assert get(address, "/sales")[0] == 200
    for pid in running(process.pid):
        os.kill(pid, signal.SIGKILL)
    statuses = [get(address, "/sales?period=7d")[0] for _ in range(3)]
    assert statuses[-1] == 200
    assert set(statuses) <= {200, 503}
    assert process.poll() is None


def test_field_p06_a_running_dashboard_keeps_the_load_it_has(dashboard: Served) -> None:
    """A newest load that cannot be read costs a line of the log, and no page."""
    store, process, address = dashboard
    first, current = generation(address), store / "published" / "current"
    newest = current.readlink()
    current.unlink()
    current.symlink_to("00000099")
    assert generation(address) == first
    assert get(address, "/marketing?period=7d")[0] == 200
    current.unlink()
    current.symlink_to(newest)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=PATIENCE)
    assert "Still showing the load before" in errors
    assert "Traceback" not in errors


def test_field_p24_a_store_of_an_older_schema_names_the_command(own: WarehouseUrl) -> None:
    """Every page and panel says what the command line says, and none that the store is empty."""
    with open_for_writing(own) as warehouse:
        newest = "SELECT max(version) FROM zakaz.schema_migrations"
        warehouse.execute(
            f"ALTER TABLE zakaz.schema_migrations DELETE WHERE version = ({newest})"
            " SETTINGS mutations_sync = 1"
        )
    publish(own)
    with served(own.path) as (_, address):
        for path in ("/sales", "/utm", "/marketing", "/inventory", "/events", "/panel/kpi.csv"):
            for lang in ("ru", "en"):
                status, page = get(address, f"{path}?lang={lang}")
                assert status == 503
                assert "zakaz bootstrap" in page
                assert "zakaz sync" not in page

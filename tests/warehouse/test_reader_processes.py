"""Readers in processes of their own: their answers, their crashes and their ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from store_processes import COUNT, load, url
from zakaz.errors import SettingsError, WarehouseError
from zakaz.store import Store
from zakaz.warehouse.reader_pool import ReaderPool
from zakaz.warehouse.reader_process import ReaderProcess
from zakaz.warehouse.spare_readers import SpareReaders
from zakaz.warehouse.url import WarehouseUrl

__all__ = ["url"]

PATIENCE = 60.0
ENDLESS = "SELECT count() FROM numbers(100000000000000)"
OWNER = """
import sys, time
from pathlib import Path
from zakaz.store import Store
from zakaz.warehouse.spare_readers import SpareReaders
root = Path(sys.argv[1])
spare = SpareReaders(1)
pool = spare.open_pool(root, Store(root).current(), size=2, query_seconds=10)
for reader in pool._free:
    reader.ready()
print(*(reader.pid for reader in spare._running), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def spare() -> Iterator[SpareReaders]:
    """Yield the owner of the reader processes of a test; all have ended after it."""
    made = SpareReaders(1)
    yield made
    made.close()
    assert made._running == []


def opened(spare: SpareReaders, url: WarehouseUrl) -> ReaderPool:
    """Open the newest generation in two readers, both ready."""
    pool = spare.open_pool(url.path, str(Store(url.path).current()), size=2, query_seconds=30)
    for reader in pool._free:
        assert isinstance(reader, ReaderProcess)
        reader.ready()
    return pool


def processes(pool: ReaderPool) -> list[ReaderProcess]:
    """Return the free readers of a pool."""
    return [reader for reader in pool._free if isinstance(reader, ReaderProcess)]


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is true, or fail."""
    pause, left = threading.Event(), PATIENCE
    while not condition():
        pause.wait(0.01)
        left -= 0.01
        assert left > 0, "it never came true"


def test_found_e1_a_reader_answers_as_the_engine_does(
    url: WarehouseUrl, spare: SpareReaders
) -> None:
    """Values, parameters, refusals: nothing is lost on the way; the end removes each copy."""
    load(url, 5)
    pool = opened(spare, url)
    asked = {"day": date(2026, 2, 14), "names": ["a'b", "шоу"], "sum": Decimal("10.05")}
    sql = (
        "SELECT {day:Date} AS d, {names:Array(String)} AS n, {sum:Decimal(18, 2)} AS s,"
        " toDateTime(0, 'Europe/Moscow') AS t"
    )
    table = pool.query(sql, asked)
    assert table.dicts()[0] | asked == table.dicts()[0] | {
        "day": table.rows[0][0], "names": table.rows[0][1], "sum": table.rows[0][2]
    }  # fmt: skip
    assert table.rows[0][3].isoformat() == "1970-01-01T03:00:00+03:00"
    assert pool.query(COUNT).rows == [(5, 5)]
    with pytest.raises(WarehouseError) as refused:
        pool.query("INSERT INTO zakaz.a SELECT 1")
    assert refused.value.code == 164
    assert pool.query(COUNT).rows == [(5, 5)]
    assert len(list((url.path / "readers").glob("*.lock"))) == 2
    pool.close()
    spare.close()
    assert list((url.path / "readers").iterdir()) == []


def test_found_e1_a_crash_of_the_engine_costs_no_answer_and_closing_waits_for_none(
    url: WarehouseUrl, spare: SpareReaders, caplog: pytest.LogCaptureFixture
) -> None:
    """A killed reader is replaced and its query asked of another one, idle or in the middle.

    Ctrl-C ends that one too, in the middle of the query.
    """
    load(url, 5)
    pool = opened(spare, url)
    for reader in processes(pool):
        os.kill(reader.pid, signal.SIGKILL)
    with pytest.raises(WarehouseError, match="reader process"):
        pool.query(COUNT)  # both at once is more than one retry bears
    assert pool.query(COUNT).rows == [(5, 5)]
    assert "another reader is asked" in caplog.text
    victim = processes(pool)[-1]
    with ThreadPoolExecutor(1) as other:
        endless = other.submit(pool.query, ENDLESS)
        wait_for(lambda: victim in pool._busy)
        os.kill(victim.pid, signal.SIGKILL)
        wait_for(lambda: bool(pool._busy - {victim}))
        pool.close()
        with pytest.raises(WarehouseError):
            endless.result(PATIENCE)
    with pytest.raises(WarehouseError, match="closed"):
        pool.query(COUNT)


def test_found_e1_readers_end_with_their_owner(url: WarehouseUrl) -> None:
    """A killed dashboard leaves no process behind, and no copy."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(url.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        pids = [int(word) for word in owner.stdout.readline().split()]
        assert len(pids) == 3
        owner.kill()
    wait_for(lambda: not any(is_alive(pid) for pid in pids))
    assert list((url.path / "readers").iterdir()) == []


def is_alive(pid: int) -> bool:
    """Return whether a process runs; one that ended and was not waited for does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_keeps_a_reader_from_opening_is_told(url: WarehouseUrl, spare: SpareReaders) -> None:
    """The error is the one that the same store gives a command."""
    (url.path / "state" / "engine").write_text("99.1.2.3\n")
    with pytest.raises(SettingsError, match=r"written by engine 99\.1\.2\.3"):
        opened(spare, url)
    (url.path / "state" / "engine").unlink()
    with pytest.raises(WarehouseError, match="kept changing"):
        spare.open_pool(url.path, "00000099", size=1, query_seconds=1)

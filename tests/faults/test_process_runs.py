"""X03, X06–X08: two runs at once, nowhere to write, no end in sight."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from qtickets_api import __main__ as room
from trial import Trial
from zakaz.errors import Locked
from zakaz_emulators.qtickets import Organisation, small_organisation
from zakaz_emulators.qtickets import faults as broken
from zakaz_emulators.qtickets.records import MOSCOW

# Root may write anywhere; without these two capabilities the rights of a folder count for it too.
UNPRIVILEGED = """
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    if ctypes.CDLL(None, use_errno=True).prctl(24, capability, 0, 0, 0) and os.geteuid() == 0:
        sys.exit("cannot drop a capability")
os.execv(sys.executable, [sys.executable, "-m", "qtickets_api"])
"""


@pytest.fixture
def organisation() -> Organisation:
    """Give two weeks of orders up to this very minute, for programs on the real clock."""
    return small_organisation(now=datetime.now(MOSCOW) - timedelta(minutes=1))


@contextmanager
def busy(trial: Trial) -> Iterator[subprocess.Popen[bytes]]:
    """Start a loader in a process of its own and hold it in the middle until the block ends."""
    reached, released = threading.Event(), threading.Event()

    def hold() -> None:
        reached.set()
        released.wait(300)

    trial.faults.add(broken.before(hold), nth=2, path="/orders")
    child = trial.popen()
    try:
        assert reached.wait(300)
        yield child
    finally:
        released.set()
        child.wait(300)


def lines(trial: Trial) -> list[dict[str, Any]]:
    """Give the lines of the local journal."""
    text = (trial.root / "state" / "runs.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_x03_x07_a_second_loader_is_locked_and_the_first_unharmed(
    fresh: Trial, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While one loads, another ends at once with 75 and the first one's process id.

    So does each tick of the timer: it is recorded as skipped, and the next one after the run loads.
    """
    with busy(fresh) as first:
        sent = len(fresh.emulator.requests)
        for _ in range(3):
            fresh.now += timedelta(minutes=30)
            with pytest.raises(Locked, match=f"process {first.pid}") as caught:
                fresh.sync()
            assert caught.value.exit_code == 75
        for name, value in fresh.environ.items():
            monkeypatch.setenv(name, value)
        assert room.main(["--json"]) == 75
        assert str(first.pid) in json.loads(capsys.readouterr().out)["error"]
        assert len(fresh.emulator.requests) == sent
        assert first.poll() is None  # nobody waited for its end
    assert first.returncode == 0
    told = [(line["status"], line["message"]) for line in lines(fresh)]
    assert [status for status, _ in told] == ["skipped"] * 4 + ["ok"]
    assert all("locked: another writer" in message for _, message in told[:4])
    fresh.equals()

    fresh.live_an_hour()
    fresh.ends(0, moves=True)
    fresh.equals()
    assert [line["status"] for line in lines(fresh)] == ["skipped"] * 4 + ["ok"] * 2
    assert fresh.rows("SELECT uniq(run_id) FROM zakaz.meta_manifest") == [(2,)]


def test_x06_a_load_completes_with_nobody_to_tell(fresh: Trial) -> None:
    """With its output on a full disk, closed, or read by nobody any more, the load is whole."""
    ways = (">/dev/full 2>&1", ">&- 2>&-", "|:")
    fresh.close()
    for way in ways:
        command = f"set -o pipefail; {sys.executable} -m qtickets_api --full-refresh {way}"
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=fresh.root.parent,
            env=fresh.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
            check=False,
        )
        assert (way, done.returncode) == (way, 0), done.stderr
        assert b"Traceback" not in done.stderr

    assert [line["status"] for line in lines(fresh)] == ["ok"] * len(ways)
    assert [line["received"] for line in lines(fresh)] == [lines(fresh)[0]["received"]] * len(ways)
    fresh.equals()


def test_x08_a_store_that_cannot_be_written_is_78_before_any_request(
    fresh: Trial, tmp_path: Path
) -> None:
    """A file in place of the folder, or a folder without rights, is named; nothing is asked."""
    for way in ("state-is-a-file", "store-is-a-file", "no-right", "read-only"):
        place = named = tmp_path / way
        if way == "store-is-a-file":
            place.write_text("a file", encoding="utf-8")
        elif way == "state-is-a-file":
            place.mkdir()
            (place / "state").write_text("a file", encoding="utf-8")
        else:
            place.mkdir(mode=0o500)
            if way == "read-only":
                place = place / "deep" / "store"
        done = fresh.command(program=UNPRIVILEGED, ZAKAZ_WAREHOUSE_URL=f"chdb://{place}")

        found = (way, done.returncode, str(named) in done.stderr)
        assert found == (way, 78, True), done.stderr
        assert "Traceback" not in done.stderr
    assert fresh.emulator.requests == []

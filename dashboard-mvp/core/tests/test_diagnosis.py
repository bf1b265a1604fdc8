"""Diagnosis: how versions, clock, disk, lock, token and engine are judged, and what the fix is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from zakaz import diagnosis, finding, store_diagnosis
from zakaz.file_lock import FileLock, Holder
from zakaz.finding import Level

Cli = Callable[..., Any]
TOKEN = {"SHOP_TOKEN": "token-of-the-shop"}
MB, GB = 1024**2, 1024**3


@pytest.mark.parametrize(
    ("ahead", "level", "said"),
    [
        (timedelta(seconds=2), Level.OK, "within 2 s of the server"),
        (timedelta(minutes=-5), Level.OK, "within 300 s of the server"),
        (timedelta(minutes=12), Level.FAIL, "this machine is 12 min ahead of the server"),
        (timedelta(hours=-3), Level.FAIL, "this machine is 3 h behind the server"),
    ],
)
def test_a_clock_may_be_five_minutes_off(ahead: timedelta, level: Level, said: str) -> None:
    """More than the tolerance is wrong in either direction, and the fix is NTP."""
    found = finding.clock(ahead, "the server")

    assert (found.level, found.told) == (level, said)
    assert ("timedatectl" in found.fix) is (level is Level.FAIL)


@pytest.mark.usefixtures("shop")
def test_doctor_holds_the_clock_against_the_api(cli: Cli, shop: Any) -> None:
    """A machine twenty minutes ahead of the API is told so with exit 78."""
    shop.ahead = timedelta(minutes=20)

    done = cli("doctor", **TOKEN)

    assert done.code == 78
    assert "FAIL  clock" in done.out
    assert "this machine is 20 min ahead of the clock of The shop" in done.out


@pytest.mark.usefixtures("shop")
def test_e8_doctor_says_where_a_new_token_comes_from(cli: Cli) -> None:
    """A refused token is no riddle: the fix names the cabinet and the variable."""
    done = cli("doctor", SHOP_TOKEN="wrong")

    assert done.code == 78
    assert "→ Take a token from the shop's cabinet and put it into SHOP_TOKEN." in done.out


@pytest.mark.parametrize(
    ("free", "taken", "level"),
    [
        (20 * GB, 3 * GB, Level.OK),
        (2 * GB, 3 * GB, Level.WARN),
        (900 * MB, 5 * MB, Level.WARN),
        (20 * MB, 5 * MB, Level.FAIL),
    ],
)
def test_the_disk_must_hold_the_store_once_more(free: int, taken: int, level: Level) -> None:
    """Free space is judged by the size of the store, and by what a load needs at least."""
    found = store_diagnosis.disk(free, taken, Path("/data"))

    assert found.level is level
    assert "free at /data, the store takes" in found.told
    assert bool(found.fix) is (level is not Level.OK)


def test_generations_that_share_files_are_counted_once(tmp_path: Path) -> None:
    """A published generation is hard links: it takes no space of its own."""
    (tmp_path / "live").write_bytes(b"x" * 5 * MB)
    alone = store_diagnosis.stored(tmp_path)
    (tmp_path / "published").mkdir()
    os.link(tmp_path / "live", tmp_path / "published" / "live")

    assert store_diagnosis.stored(tmp_path) == alone >= 5 * MB


@pytest.mark.parametrize(("minutes", "level"), [(3, Level.OK), (150, Level.WARN)])
def test_a_writer_is_named_and_a_long_one_doubted(at: datetime, minutes: int, level: Level) -> None:
    """Who writes is told with process and duration; after two hours also how to end it."""
    holder = Holder("999999999", at - timedelta(minutes=minutes), alive=True)

    found = store_diagnosis.lock(holder, at)

    assert found.level is level
    assert "process 999999999 has been writing for" in found.told
    assert ("kill 999999999" in found.fix) is (level is Level.WARN)


def test_a_lock_knows_its_holder_and_who_died_with_it(
    tmp_path: Path, holder: Callable[[Path], int]
) -> None:
    """Free, held, given back and left behind by a killed process are four different things."""
    path = tmp_path / "lock"
    assert FileLock(path).holder() is None

    pid = holder(path)
    held = FileLock(path).holder()
    assert held is not None
    assert (held.process, held.alive) == (str(pid), True)
    assert f"process {pid} (python" in held.name or sys.platform != "linux"

    other = tmp_path / "other"
    code = "import os, sys, pathlib; from zakaz.file_lock import FileLock; "
    code += "FileLock(pathlib.Path(sys.argv[1])).acquire(); os.kill(os.getpid(), 9)"
    killed = subprocess.run([sys.executable, "-c", code, str(other)], check=False)
    left = FileLock(other).holder()
    assert killed.returncode == -9
    assert left is not None
    assert not left.alive
    assert "was killed" in store_diagnosis.lock(left, left.since).told
    lock = FileLock(other)
    lock.acquire()
    lock.release()
    assert FileLock(other).holder() is None


@pytest.mark.usefixtures("shop", "ready_store")
def test_doctor_knows_a_store_that_a_newer_engine_wrote(cli: Cli, tmp_path: Path) -> None:
    """An upgrade is one-way: both versions are told, and how to get the newer one."""
    assert cli("sync", **TOKEN).code == 0
    (tmp_path / "store/state/engine").write_text("99.1.1.1\n", encoding="ascii")

    done = cli("doctor", **TOKEN)

    assert done.code == 78
    assert "FAIL  engine" in done.out
    assert "written by engine 99.1.1.1" in done.out
    assert "→ Install the newer engine: pip install --upgrade" in done.out


@pytest.mark.parametrize(
    ("running", "level"), [((3, 10), Level.WARN), ((3, 11), Level.OK), ((3, 15), Level.WARN)]
)
def test_untested_pythons_are_told(running: tuple[int, ...], level: Level) -> None:
    """A Python outside the tested range is a warning, no end."""
    assert diagnosis.python(running).level is level


def test_rooms_of_different_versions_are_told() -> None:
    """Rooms are made together; a mixture is named with its fix."""
    ours = {"zakaz-core": "0.2.0", "zakaz-qtickets-api": "0.1.0"}

    mixed = diagnosis.versions(ours, {"chdb": "4.4.0"})

    assert mixed.told == "zakaz-core 0.2.0, zakaz-qtickets-api 0.1.0, chdb 4.4.0"
    assert mixed.level is Level.WARN
    assert diagnosis.versions({"zakaz-core": "0.2.0"}, {}).level is Level.OK

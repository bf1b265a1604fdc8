"""What the file system refuses: another's file, a full disk, a disk that is read-only."""

from __future__ import annotations

import errno
import json
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from copied import copied
from other_user import OTHER, OtherUser, as_root, other_user
from zakaz.errors import DiskFull, SettingsError
from zakaz.file_faults import explained, explained_engine
from zakaz.store import Store

WRITING = (("sync",), ("rebuild",), ("plan", "import", "plan.csv"), ("bootstrap",),
           ("cities", "add", "a", "b"))  # fmt: skip
READING = (
    ("status",), ("query", "SELECT 1"), ("query", "SELECT 1", "--csv"), ("doctor",), ("verify",),
    ("runs",), ("runs", "show", "x"), ("check", "freshness"), ("check", "control"),
    ("plan", "template"), ("cities", "unknown"),
)  # fmt: skip
PLAN = "sales_date;event_id;plan_tickets;account_id\n2026-02-01;1017;5;main\n"


@pytest.fixture
def published(ready_store: Path) -> Path:
    """Return a fresh store with our schema that readers may open."""
    Store(ready_store).publish()
    return ready_store


@pytest.fixture(scope="module")
def somebody(
    bootstrapped: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[OtherUser, Path]]:
    """Return another user and the published store of which each test gives him a copy."""
    store = copied(bootstrapped, tmp_path_factory.mktemp("somebody") / "store")
    Store(store).publish()
    with other_user(store, tried=[("query", "SELECT 1"), ("rebuild",)]) as user:
        yield user, store


@pytest.fixture
def user(somebody: tuple[OtherUser, Path]) -> OtherUser:
    """Return another user with a fresh store of his own."""
    other, store = somebody
    other.renew(store)
    return other


@as_root
def test_field_p06_a_store_that_root_has_written_to_is_named_with_its_owner(
    user: OtherUser,
) -> None:
    """After one run as root the store's own user reads which folder is closed to him, and why."""
    Store(user.store).publish()  # as root
    generation = user.store / "published" / "00000002"
    done = user.run(*READING)

    for line, one in zip(READING, done, strict=True):
        assert one.code == 78, (line, one)
        assert f"{generation} belongs to user root (0)" in one.out + one.err, line
        assert f"chown -R {OTHER} {user.store}" in one.out + one.err, line
        assert "Traceback" not in one.err


@as_root
def test_field_p06_a_writer_names_what_is_closed_to_it(user: OtherUser) -> None:
    """A lock of another user, and a store that is another's as a whole, end a writer with 78."""
    (user.folder / "plan.csv").write_text(PLAN, encoding="utf-8")
    (user.folder / "plan.csv").chmod(0o644)
    os.chown(user.store / "lock", 0, 0)
    locked = user.run(*WRITING[1:], ("doctor",))
    os.chown(user.store, 0, 0)
    closed = user.run(*WRITING[1:], *READING)

    for one in locked:
        assert one.code == 78, one
        assert f"{user.store}/lock belongs to user root (0)" in one.out + one.err
    for one in closed:
        assert one.code == 78, one
        assert f"{user.store} belongs to user root (0)" in one.out + one.err
        assert "Traceback" not in one.err


def test_field_p06_the_owner_of_a_store_is_whom_to_run_as(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a store of a service's user, any other is told to run the command as that one."""
    (tmp_path / "published").mkdir()
    service = pwd.getpwuid(1)
    if os.getuid() == 0:
        os.chown(tmp_path, service.pw_uid, 0)
        os.chown(tmp_path / "published", service.pw_uid, 0)
    else:
        monkeypatch.setattr(Path, "stat", lambda _: os.stat_result((0o700, 0, 0, 1, 1, *[0] * 5)))
    monkeypatch.setattr("os.geteuid", lambda: OTHER)

    told = explained(PermissionError(errno.EACCES, "denied", str(tmp_path / "published" / "x")))

    assert isinstance(told, SettingsError)
    assert f"sudo -u {service.pw_name} zakaz" in str(told)
    assert f"closed to user {OTHER}" in str(told)


@pytest.fixture
def small_disk(published: Path) -> Iterator[Path]:
    """Return a disk of its own with a store and 60 kB left; ``ballast`` is what takes the rest.

    It stands outside pytest's folder: what a killed run leaves mounted is in nobody's way.
    """
    disk = Path(mkdtemp(prefix="zakaz-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m,mode=0700", "tmpfs", str(disk)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        disk.rmdir()
        pytest.skip(f"NOT RUN (needs a disk of its own: {mounted.stderr.strip()})")
    try:
        shutil.copytree(published, disk / "store", symlinks=True)
        told = os.statvfs(disk)
        (disk / "ballast").write_bytes(b"x" * (told.f_bavail * told.f_frsize - 60 * 1024))
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], stdin=subprocess.DEVNULL, check=True)
        disk.rmdir()


@as_root
def test_w08_found_e3_a_full_disk_is_75_for_every_writer_and_loses_nothing(
    cli: Callable[..., Any], shop: Any, small_disk: Path, tmp_path: Path
) -> None:
    """Each names the store's folder, and what to free; with room again the same commands work."""
    url = {"ZAKAZ_WAREHOUSE_URL": f"chdb://{small_disk}/store", "SHOP_TOKEN": "x"}
    (tmp_path / "plan.csv").write_text(PLAN, encoding="utf-8")
    before = sorted((small_disk / "store" / "published").iterdir())

    for line in WRITING:
        done = cli(*line, **url)
        assert done.code == 75, (line, done)
        assert f"The disk is full: {small_disk}/store has " in done.err, line
        assert "Traceback" not in done.err, line
    runs = (small_disk / "store" / "state" / "runs.jsonl").read_text(encoding="utf-8")
    assert {json.loads(line)["job"] for line in runs.splitlines()} == {"qtickets", "facts", "plan"}
    assert sorted((small_disk / "store" / "published").iterdir()) == before

    (small_disk / "ballast").unlink()
    assert [cli(*line, **url).code for line in WRITING] == [0] * len(WRITING)


@as_root
def test_field_p06_a_disk_that_is_read_only_is_named_by_every_writer(
    cli: Callable[..., Any], shop: Any, small_disk: Path, tmp_path: Path
) -> None:
    """Who wants to write where nothing may be written is told the file or folder, with 78."""
    (tmp_path / "plan.csv").write_text(PLAN, encoding="utf-8")
    remount = ["mount", "-o", "remount,ro", str(small_disk)]
    subprocess.run(remount, stdin=subprocess.DEVNULL, check=True)

    for line in WRITING:
        done = cli(*line, ZAKAZ_WAREHOUSE_URL=f"chdb://{small_disk}/store", SHOP_TOKEN="x")
        assert done.code == 78, (line, done)
        assert f"{small_disk}/store" in done.err, line
        assert "Traceback" not in done.err, line


@as_root
def test_found_e3_a_journal_that_cannot_take_a_line_is_no_bug(
    cli: Callable[..., Any], shop: Any, small_disk: Path
) -> None:
    """Without a byte left a run stops before it begins: nobody could read how it ended."""
    told = os.statvfs(small_disk)
    (small_disk / "rest").write_bytes(b"x" * (told.f_bavail * told.f_frsize))
    (small_disk / "store" / "state" / "runs.jsonl").unlink(missing_ok=True)

    done = cli("sync", ZAKAZ_WAREHOUSE_URL=f"chdb://{small_disk}/store", SHOP_TOKEN="x")

    assert done.code == 75, done
    assert f"The disk is full: {small_disk}/store has 0 kB left" in done.err


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_found_e3_a_full_disk_names_its_folder(tmp_path: Path, number: int) -> None:
    """The folder comes from the error, of a copy the target's; else from who wrote."""
    target = str(tmp_path / "a" / "b")
    for error in (OSError(number, "full", target), OSError(number, "full", "/x/y", None, target)):
        told = explained(error)
        assert isinstance(told, DiskFull)
        assert f"The disk is full: {tmp_path}/a has " in str(told)
    assert f"{tmp_path} has " in str(explained(OSError(number, "full"), tmp_path))


@pytest.mark.parametrize(
    ("number", "word"),
    [(errno.EROFS, "Read-only"), (errno.EMFILE, "ulimit"), (errno.EIO, "Input/output"),
     (errno.ENOTDIR, "Not a directory"), (errno.ENAMETOOLONG, "too long")],
)  # fmt: skip
def test_found_e3_what_a_person_can_mend_is_no_bug(number: int, word: str) -> None:
    """Other refusals of the file system name the path; those of our own making stay bugs."""
    assert word in str(explained(OSError(number, "x", "/a/b")))
    assert explained(BrokenPipeError(errno.EPIPE, "x")) is None
    assert explained(FileNotFoundError(errno.ENOENT, "x", "/a/b")) is None


def test_found_e3_the_engines_refusals_are_told_likewise(tmp_path: Path) -> None:
    """The engine's words for a full disk are ours, and a query that quotes them is not one."""
    full = "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)"
    assert isinstance(explained_engine(full, tmp_path), DiskFull)
    written = "Code: 75. DB::ErrnoException: Cannot write: , errno: 28, No space left on device"
    assert isinstance(explained_engine(written, tmp_path), DiskFull)
    assert explained_engine("Code: 395. DB::Exception: Permission denied", tmp_path) is None

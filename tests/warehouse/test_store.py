"""One writer at a time, and generations that are what the writer saw."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from pathlib import Path

import pytest
from store_processes import HOLDER, WRITER, child, counted, load, said, url
from zakaz.errors import Locked, SettingsError
from zakaz.store import KEPT_GENERATIONS, Store
from zakaz.warehouse.connect import generation, open_for_reading, open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl

__all__ = ["url"]


def test_x03_a_second_writer_is_told_who_holds_the_store_until_its_death_frees_it(
    url: WarehouseUrl,
) -> None:
    """The second writer stops while the first goes on, names its pid and does it no harm.

    The kernel takes the lock from a killed writer; the next one starts at once.
    """
    with child(HOLDER, url.path) as holder:
        assert said(holder) == "holding"
        assert (url.path / "lock").read_text() == f"{holder.pid}\n"
        with pytest.raises(Locked, match=rf"process {holder.pid}\b") as caught:
            load(url)
        assert caught.value.exit_code == 75
        assert holder.poll() is None
        assert counted(url) == (0, 0)
        holder.send_signal(signal.SIGKILL)
        holder.wait(300)
        assert load(url) == "00000002"
    assert counted(url) == (1000, 1000)


def test_the_lock_names_nobody_when_nobody_writes(url: WarehouseUrl) -> None:
    """A released lock holds no pid; one process may take it again within its own hold."""
    assert (url.path / "lock").read_text() == ""
    store = Store(url.path)
    with store.lock(), store.lock():
        assert (url.path / "lock").read_text() == f"{os.getpid()}\n"
    assert (url.path / "lock").read_text() == ""


CHANGES = {
    "merged": ["OPTIMIZE TABLE {} FINAL"],
    # REPLACE alone is undone by reopening on 24.8: the old parts come back.
    "replaced": [
        "ALTER TABLE {} DROP PARTITION ID 'all'",
        "ALTER TABLE {} REPLACE PARTITION ID 'all' FROM zakaz.b",
    ],
    "emptied": ["ALTER TABLE {} DROP PARTITION ID 'all'"],
    "exchanged": ["EXCHANGE TABLES {} AND zakaz.a"],
    "mutated": ["ALTER TABLE {} DELETE WHERE n > 0 SETTINGS mutations_sync = 1"],
}


@pytest.mark.engine
def test_a_generation_is_what_the_writer_saw(url: WarehouseUrl) -> None:
    """Merges, swapped partitions, dropped and exchanged tables publish as they are."""
    sums = " UNION ALL ".join(
        f"SELECT '{name}' AS name, count() AS rows, sum(n) FROM zakaz.{name}"
        for name in (*CHANGES, "a", "b")
    )
    sums = f"SELECT * FROM ({sums}) ORDER BY name"
    with open_for_writing(url) as warehouse:
        warehouse.execute("INSERT INTO zakaz.b SELECT 7")
        for name, statements in CHANGES.items():
            warehouse.execute(f"CREATE TABLE zakaz.{name} AS zakaz.a")
            for _ in range(12):
                warehouse.execute(f"INSERT INTO zakaz.{name} SELECT number FROM numbers(100)")
            for sql in statements:
                warehouse.execute(sql.format(f"zakaz.{name}"))
        wanted = warehouse.query(sums).rows
        assert wanted == [
            ("a", 1200, 12 * 4950), ("b", 1, 7), ("emptied", 0, 0), ("exchanged", 0, 0),
            ("merged", 1200, 12 * 4950), ("mutated", 12, 0), ("replaced", 1, 7),
        ]  # fmt: skip
        publish(url)
    for _ in range(2):
        with open_for_reading(url) as reader:
            assert reader.query(sums).rows == wanted
    with open_for_writing(url) as warehouse:
        assert warehouse.query(sums).rows == wanted


@pytest.mark.engine
def test_part_files_are_linked_and_later_loads_leave_them_alone(url: WarehouseUrl) -> None:
    """A generation costs no second copy of the data, and nothing writes into it afterwards."""
    name = load(url)
    parts = list((url.path / "published" / str(name)).rglob("data.bin"))
    assert parts
    assert all(part.stat().st_nlink > 1 for part in parts)
    before = {part: part.read_bytes() for part in parts}
    load(url)
    with open_for_writing(url) as warehouse:
        warehouse.execute("OPTIMIZE TABLE zakaz.a FINAL")
        warehouse.execute("DROP TABLE zakaz.b")
    assert {part: part.read_bytes() for part in parts} == before


def test_where_the_disk_cannot_link_files_are_copied(
    url: WarehouseUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk without hard links costs space, not function."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    name = load(url)
    parts = list((url.path / "published" / str(name)).rglob("data.bin"))
    assert {part.stat().st_nlink for part in parts} == {1}
    assert counted(url) == (1000, 1000)


def test_old_generations_and_half_built_ones_are_pruned(url: WarehouseUrl) -> None:
    """The newest generations stay, what a killed publication left does not."""
    published = url.path / "published"
    (published / "building-00000001" / "store").mkdir(parents=True)
    (published / "current.next").symlink_to("nowhere")
    names = [load(url) for _ in range(4)]
    kept = sorted(path.name for path in published.iterdir())
    assert kept == [*map(str, names[-KEPT_GENERATIONS:]), "current"]
    assert generation(url) == names[-1]


@pytest.mark.engine
def test_a_killed_writer_leaves_a_store_that_opens(url: WarehouseUrl) -> None:
    """After kill -9 in the middle of loads the store opens, and no published load is lost."""
    for moment in (0, 1, 2):
        acknowledged = counted(url)[0]
        with child(WRITER, url.path, 1000) as writer:
            for _ in range(moment + 1):
                said(writer)
            writer.kill()
            writer.wait(300)
        seen = counted(url)
        assert seen[0] == seen[1]
        assert seen[0] >= acknowledged + 1000 * (moment + 1)
        load(url)
        assert counted(url)[0] >= seen[0] + 1000


@pytest.mark.engine
def test_w14_a_copied_or_moved_store_still_opens(url: WarehouseUrl, tmp_path: Path) -> None:
    """A store may be copied, links kept, or moved while nobody uses it: both hold every row."""
    load(url)
    copied = WarehouseUrl("embedded", path=tmp_path / "backup")
    shutil.copytree(url.path, copied.path, symlinks=True)
    assert counted(copied) == (1000, 1000)
    moved = WarehouseUrl("embedded", path=tmp_path / "elsewhere")
    url.path.rename(moved.path)
    assert counted(moved) == (1000, 1000)
    load(moved)
    assert counted(moved) == (2000, 2000)


def test_a_store_of_a_newer_engine_is_refused(url: WarehouseUrl) -> None:
    """An upgrade is one-way: an older engine stops with a clear message and touches nothing."""
    (url.path / "state" / "engine").write_text("99.1.2.3\n")
    for opened in (open_for_reading, load):
        with pytest.raises(SettingsError, match=r"written by engine 99\.1\.2\.3"):
            opened(url)


def test_an_unusable_folder_is_a_matter_of_configuration(tmp_path: Path) -> None:
    """A folder that cannot be made is exit 78 and names the variable."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="ZAKAZ_WAREHOUSE_URL"):
        load(WarehouseUrl("embedded", path=tmp_path / "file" / "store"))


def test_only_the_owner_may_look_into_a_store(url: WarehouseUrl) -> None:
    """A store's folders are closed to others: it holds somebody's sales."""
    for folder in (url.path, url.path / "live", url.path / "published"):
        assert folder.stat().st_mode & 0o077 == 0

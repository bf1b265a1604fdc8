"""Any number of readers beside a writer, and nothing half done in sight."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from store_processes import COUNT, READER, WRITER, child, counted, load, said, url
from zakaz.errors import WarehouseError
from zakaz.warehouse.connect import generation, open_for_reading, open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl

__all__ = ["url"]


def test_twenty_writes_beside_a_live_reader_all_succeed(url: WarehouseUrl) -> None:
    """A writer process loads 20 times while readers come and go; none sees half a load."""
    seen = set()
    with child(READER, url.path) as other:
        assert said(other) == "0"
        with child(WRITER, url.path, 20) as writer:
            while writer.poll() is None:
                a, b = counted(url)
                assert a == b
                seen.add(a)
                with suppress(subprocess.TimeoutExpired):
                    writer.wait(0.1)
            assert writer.returncode == 0
        assert other.poll() is None
    assert counted(url) == (20_000, 20_000)
    assert len(seen) > 1
    assert seen <= {1000 * loads for loads in range(21)}


def test_a_reader_keeps_its_generation_until_it_opens_again(url: WarehouseUrl) -> None:
    """Loads published meanwhile do not move an open reader; reopening shows the newest."""
    before = generation(url)
    reader = open_for_reading(url)
    with child(WRITER, url.path, 4) as writer:
        assert writer.wait(300) == 0
    assert reader.query(COUNT).rows == [(0, 0)]
    reader.close()
    assert generation(url) != before
    assert counted(url) == (4000, 4000)


def test_several_readers_do_not_meet_and_what_a_killed_one_leaves_is_removed(
    url: WarehouseUrl,
) -> None:
    """Two other processes and this one read at once, each from its own links.

    The next reader or load clears away copies whose reader is dead, and only those.
    """
    load(url)
    with child(READER, url.path) as dead, child(READER, url.path) as alive:
        assert [said(dead), said(alive)] == ["1000", "1000"]
        assert counted(url) == (1000, 1000)
        assert len(list((url.path / "readers").glob("*.lock"))) == 2
        dead.kill()
        dead.wait(300)
        load(url)
        left = [path.name for path in (url.path / "readers").iterdir()]
        assert {name.partition("-")[0] for name in left} == {str(alive.pid)}
        assert len(left) == 2
    with open_for_reading(url):
        assert len(list((url.path / "readers").iterdir())) == 2
    assert list((url.path / "readers").iterdir()) == []


def test_nothing_is_seen_before_it_is_published(url: WarehouseUrl) -> None:
    """A load that failed half-way stays with the writer until it is repaired and published."""

    def fail_half_way() -> None:
        with open_for_writing(url) as warehouse:
            warehouse.execute("INSERT INTO zakaz.a SELECT 1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert counted(url) == (0, 0)
    with open_for_writing(url) as warehouse:
        warehouse.execute("INSERT INTO zakaz.b SELECT 1")
    publish(url)
    assert counted(url) == (1, 1)


def test_a_reader_can_change_nothing(url: WarehouseUrl) -> None:
    """Writes, files, other hosts and the readonly switch itself are all denied to a reader."""
    with open_for_reading(url) as reader:
        for sql in (
            "INSERT INTO zakaz.a SELECT 1",
            "DROP TABLE zakaz.a",
            "TRUNCATE TABLE zakaz.a",
            "ALTER TABLE zakaz.a DELETE WHERE 1",
            "CREATE TABLE zakaz.c (n UInt8) ENGINE = MergeTree ORDER BY n",
            "SELECT * FROM file('/etc/passwd', 'LineAsString')",
            "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
            "SELECT * FROM remote('127.0.0.1:1', system.one)",
            "SET readonly = 0",
        ):
            with pytest.raises(WarehouseError) as caught:
                reader.execute(sql)
            assert caught.value.code == 164, sql
    assert counted(url) == (0, 0)


def test_reading_before_the_first_load_says_what_to_do(store_root: Path) -> None:
    """Without a generation there is nothing to read, and nothing is created."""
    url = WarehouseUrl("embedded", path=store_root)
    with pytest.raises(WarehouseError, match="zakaz sync"):
        open_for_reading(url)
    with pytest.raises(WarehouseError, match="nothing to publish"):
        publish(url)
    assert generation(url) is None

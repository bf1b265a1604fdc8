"""The embedded engine's traps, each shut."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from zakaz.errors import SettingsError, WarehouseError
from zakaz.warehouse.embedded import EmbeddedWarehouse

PIPED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from zakaz.warehouse.embedded import EmbeddedWarehouse
with EmbeddedWarehouse(Path(sys.argv[1])) as warehouse:
    warehouse.execute("CREATE TABLE t (n UInt32, at DateTime) ENGINE = MergeTree ORDER BY n")
    warehouse.insert("t", {"n": [1], "at": [datetime(2026, 1, 31, 21, 30, tzinfo=UTC)]})
    warehouse.execute("INSERT INTO t SELECT 2, now()")
    first = warehouse.query("SELECT toDate(at), toString(at) FROM t WHERE n = 1").rows
    print(warehouse.query("SELECT count() FROM t").scalar(), *first[0])
print(os.read(0, 100) if len(sys.argv) > 2 else b"")
"""
ABROAD = {"LC_ALL": "C", "PYTHONUTF8": "0"}
UNOPENABLE = """
import sys
from pathlib import Path
from zakaz.errors import WarehouseError
from zakaz.warehouse.embedded import EmbeddedWarehouse
try:
    EmbeddedWarehouse(Path(sys.argv[1]))
except WarehouseError as error:
    print(error.exit_code, error)
"""


def test_a_process_has_one_store_open_at_a_time(
    warehouse: EmbeddedWarehouse, tmp_path: Path
) -> None:
    """A second folder is refused by us, loudly, and the first stays open and whole."""
    with pytest.raises(RuntimeError, match="one folder per process"):
        EmbeddedWarehouse(tmp_path / "second")
    assert warehouse.query("SELECT 1").scalar() == 1
    warehouse.close()
    with EmbeddedWarehouse(tmp_path / "second") as second:
        assert second.query("SELECT 2").scalar() == 2


@pytest.mark.engine
def test_a_closed_store_opens_again_with_its_rows(store_root: Path) -> None:
    """What was inserted is there after closing and opening, however often."""
    for opened in range(5):
        with EmbeddedWarehouse(store_root) as warehouse:
            # 24.8 forgets the tables of its database `default`: ours are never there.
            warehouse.execute("CREATE DATABASE IF NOT EXISTS zakaz")
            warehouse.execute(
                "CREATE TABLE IF NOT EXISTS zakaz.t (n UInt32) ENGINE = MergeTree ORDER BY n"
            )
            assert warehouse.insert("zakaz.t", {"n": [opened]}) == 1
            assert warehouse.query("SELECT count() FROM zakaz.t").scalar() == opened + 1


@pytest.mark.engine
def test_an_insert_never_reads_our_standard_input(tmp_path: Path) -> None:
    """With rows waiting in an open pipe an insert neither hangs nor takes them, in any zone."""
    read, write = os.pipe()
    try:
        os.write(write, b"7\t2026-01-01 00:00:00\n")
        told = subprocess.run(
            [sys.executable, "-c", PIPED, str(tmp_path / "store"), "read"],
            stdin=read,
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
            env=ABROAD | {"TZ": "Asia/Vladivostok"},
        ).stdout
    finally:
        os.close(read)
        os.close(write)
    assert told.splitlines()[0] == "2 2026-02-01 2026-02-01 00:30:00"
    assert "7\\t2026-01-01 00:00:00" in told.splitlines()[1]


@pytest.mark.parametrize("zone", ["America/New_York", "UTC"])
def test_the_machines_time_zone_changes_nothing(tmp_path: Path, zone: str) -> None:
    """A plain DateTime reads as Moscow's whatever TZ, locale and Python's own switches say."""
    told = subprocess.run(
        [sys.executable, "-c", PIPED, str(tmp_path / "store")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        env=ABROAD | {"TZ": zone},
    ).stdout
    assert told.splitlines()[0] == "2 2026-02-01 2026-02-01 00:30:00"


def test_loading_the_engine_brings_no_arrow_along() -> None:
    """A command starts without Arrow and NumPy where the engine can; who wants them gets them."""
    code = (
        "import os, sys\n"
        "from zakaz.warehouse.embedded import load_engine\n"
        "engine = load_engine()\n"
        "print({'pyarrow', 'numpy'} & {*sys.modules}, os.environ.get('OPENBLAS_NUM_THREADS'))\n"
        "import pyarrow\n"
        "print(engine.query('SELECT 7', 'TSV'), pyarrow.array([7])[0])\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env={"PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=True,
    ).stdout  # fmt: skip
    assert told.split() == ["set()", "None", "7", "7"]


def test_an_insert_leaves_no_file_behind(
    warehouse: EmbeddedWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that carries the rows is gone afterwards, also after a refusal."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    warehouse.execute(
        "CREATE TABLE t (n UInt32, CONSTRAINT small CHECK n < 5) ENGINE = MergeTree ORDER BY n"
    )
    warehouse.insert("t", {"n": [1]})
    with pytest.raises(WarehouseError) as caught:
        warehouse.insert("t", {"n": [9]})
    assert caught.value.code == 469
    assert list((tmp_path / "spool").iterdir()) == []


def test_without_the_engine_the_message_says_what_to_install(
    store_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image without chDB given chdb:// is exit 78, naming the extra and the way out."""
    monkeypatch.setitem(sys.modules, "chdb", None)
    with pytest.raises(SettingsError, match=r"zakaz-core\[embedded\].*clickhouse://") as caught:
        EmbeddedWarehouse(store_root)
    assert caught.value.exit_code == 78
    assert not store_root.exists()


@pytest.mark.engine
def test_a_store_that_cannot_be_opened_is_told_and_left_alone(tmp_path: Path) -> None:
    """A damaged store is an error with its folder and engine, never made anew."""
    folder = tmp_path / "store"
    with EmbeddedWarehouse(folder) as warehouse:
        warehouse.execute("CREATE DATABASE zakaz")
    (folder / "metadata" / "zakaz.sql").write_text("no SQL at all")
    told = subprocess.run(
        [sys.executable, "-c", UNOPENABLE, str(folder)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    ).stdout
    assert told.startswith(f"75 the store {folder} cannot be opened by engine 2")
    assert (folder / "metadata" / "zakaz.sql").read_text() == "no SQL at all"

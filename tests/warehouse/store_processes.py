"""Writers and readers of one store, in processes of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from zakaz.warehouse.connect import open_for_reading, open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl

# Each load goes into two tables; whoever sees one without the other saw half a load.
WRITER = """
import sys
from pathlib import Path
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl
url = WarehouseUrl("embedded", path=Path(sys.argv[1]))
for load in range(int(sys.argv[2])):
    with open_for_writing(url) as warehouse:
        for table in "ab":
            warehouse.execute(f"INSERT INTO zakaz.{table} SELECT number FROM numbers(1000)")
        publish(url)
    print(load, flush=True)
"""
HOLDER = """
import signal, sys
from pathlib import Path
from zakaz.warehouse.connect import open_for_writing
from zakaz.warehouse.url import WarehouseUrl
with open_for_writing(WarehouseUrl("embedded", path=Path(sys.argv[1]))) as warehouse:
    print("holding", flush=True)
    signal.pause()
"""
READER = """
import signal, sys
from pathlib import Path
from zakaz.warehouse.connect import open_for_reading
from zakaz.warehouse.url import WarehouseUrl
warehouse = open_for_reading(WarehouseUrl("embedded", path=Path(sys.argv[1])))
print(warehouse.query("SELECT count() FROM zakaz.a").scalar(), flush=True)
signal.pause()
"""
COUNT = "SELECT (SELECT count() FROM zakaz.a), (SELECT count() FROM zakaz.b)"


_template: list[Path] = []  # made once, by the first test that needs one


@pytest.fixture
def url(store_root: Path, tmp_path_factory: pytest.TempPathFactory) -> WarehouseUrl:
    """Return a store with two published, empty tables: a copy of one that was made once."""
    if not _template:
        _template.append(_made(tmp_path_factory.mktemp("template") / "store"))
    shutil.copytree(_template[0], store_root, symlinks=True)
    return WarehouseUrl("embedded", path=store_root)


def _made(root: Path) -> Path:
    url = WarehouseUrl("embedded", path=root)
    with open_for_writing(url) as warehouse:
        warehouse.execute("CREATE DATABASE zakaz")
        for name in "ab":
            warehouse.execute(f"CREATE TABLE zakaz.{name} (n UInt32) ENGINE = MergeTree ORDER BY n")
        publish(url)
    return root


@contextmanager
def child(program: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run a program on the store in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process
    finally:
        process.kill()
        process.wait(300)
        process.stdout.close()


def said(process: subprocess.Popen[str]) -> str:
    """Give the next line that the child says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def load(url: WarehouseUrl, rows: int = 1000) -> str | None:
    """Load once, as the writer child does, and publish."""
    with open_for_writing(url) as warehouse:
        for name in "ab":
            warehouse.execute(f"INSERT INTO zakaz.{name} SELECT number FROM numbers({rows})")
        return publish(url)


def counted(url: WarehouseUrl) -> tuple[int, ...]:
    with open_for_reading(url) as reader:
        return reader.query(COUNT).rows[0]

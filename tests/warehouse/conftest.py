"""An engine for every test of the warehouse.

The engine knows one folder per process, so a test may have one store open at a time; the
fixtures here close theirs. Which engine it is (24.8 or 26.9) depends on the environment that
pytest runs in.

Drop no table and no view here, rename it away: on chDB 3.2.0 what waits for its removal in one
store makes CREATE OR REPLACE hang in the next one of the process.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from zakaz.errors import WarehouseError
from zakaz.schema import bundle, sources
from zakaz.snapshot import snapshot
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.port import Warehouse

sys.path.append(str(Path(__file__).resolve().parent))

from kept import Kept
from planted import Planted
from staged import Staged


@pytest.fixture
def store_root(tmp_path: Path) -> Path:
    """Give an empty place for a whole store, with no engine open."""
    return tmp_path / "store"


@pytest.fixture
def store_environ(store_root: Path) -> dict[str, str]:
    """Give an environment whose warehouse is the embedded store at ``store_root``."""
    return {"ZAKAZ_WAREHOUSE_URL": f"chdb://{store_root}"}


@pytest.fixture
def warehouse(store_root: Path) -> Iterator[EmbeddedWarehouse]:
    """Give an open, empty embedded warehouse: no database, no lock, no generation."""
    with EmbeddedWarehouse(store_root / "live") as opened:
        yield opened


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[EmbeddedWarehouse]]:
    """Return the open warehouse that the tests of a module's port share, and those before it."""
    warehouses = [EmbeddedWarehouse(tmp_path_factory.mktemp("port") / "live")]
    yield warehouses
    warehouses[-1].close()


@pytest.fixture
def port(opened: list[EmbeddedWarehouse]) -> Iterator[Warehouse]:
    """Give the embedded adapter with an empty database `zakaz`; tests/stack gives the server's."""
    port = opened[-1]
    port.execute("CREATE DATABASE zakaz")
    yield port
    try:
        port.execute(f"RENAME DATABASE zakaz TO used_{uuid4().hex}")
    except WarehouseError:  # the test has closed it
        opened.append(EmbeddedWarehouse(port.folder.with_name(f"live-{len(opened)}")))


@pytest.fixture
def bootstrapped(bootstrapped_folder: Path, store_root: Path) -> Iterator[EmbeddedWarehouse]:
    """Give a test its own warehouse with the schema and no rows; nothing merges by itself."""
    store_root.mkdir()
    snapshot(bootstrapped_folder, store_root / "live")
    with EmbeddedWarehouse(store_root / "live") as opened:
        opened.execute("SYSTEM STOP MERGES")  # every test sees its duplicates unmerged
        yield opened


@pytest.fixture(scope="module")
def kept(bootstrapped_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Give the store that a module's tests share."""
    store = Kept(bootstrapped_folder, tmp_path_factory.mktemp("kept"))
    yield store
    store.close()


@pytest.fixture
def emptied(kept: Kept) -> EmbeddedWarehouse:
    """Give the module's open warehouse with the schema and no rows; tests change no table of it."""
    kept.empty()
    kept.warehouse.execute("SYSTEM STOP MERGES")  # every test sees its duplicates unmerged
    return kept.warehouse


@pytest.fixture(scope="module")
def shared(kept: Kept) -> Staged:
    """Return a writer for the store that a module fills once: its tests only read, none empties."""
    kept.empty()
    kept.warehouse.execute("SYSTEM STOP MERGES")  # every test sees its duplicates unmerged
    return Staged(kept.warehouse)


@pytest.fixture
def staged(emptied: EmbeddedWarehouse) -> Staged:
    """Give a writer of staging rows for the module's emptied warehouse."""
    return Staged(emptied)


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    """Our SQL, ready to be spoilt; without the bundles, which would all be stale."""
    shutil.copytree(sources.sql_root(), tmp_path / "sql")
    for name in (bundle.SCHEMA, bundle.ALL):
        (tmp_path / "sql" / name).unlink()
    return Planted(tmp_path / "sql")

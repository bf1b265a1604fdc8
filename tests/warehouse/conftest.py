"""An engine for every test of the warehouse.

The engine knows one folder per process, so a test may have one store open at a time; the
fixtures here close theirs. Which engine it is (24.8 or 26.9) depends on the environment that
pytest runs in.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from zakaz.warehouse.embedded import EmbeddedWarehouse

sys.path.append(str(Path(__file__).resolve().parents[1] / "stack"))

from native_process import native_server, server_url

__all__ = ["native_server", "server_url"]


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

"""The one store with the schema in it that every folder's tests copy from."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def bootstrapped_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed folder with the whole schema in it, made once a session; take copies."""
    from zakaz.schema.bootstrap import bootstrap
    from zakaz.warehouse.embedded import EmbeddedWarehouse

    folder = tmp_path_factory.mktemp("bootstrapped") / "live"
    with EmbeddedWarehouse(folder) as opened:
        bootstrap(opened)
    return folder

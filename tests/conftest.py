"""The one store with the schema in it that every folder's tests copy from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def bootstrapped_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed folder with the whole schema in it, made once a session; take copies.

    ``ZAKAZ_TESTS_BOOTSTRAPPED`` names such a folder, of this schema or of one near to it.
    """
    from zakaz.schema.bootstrap import bootstrap
    from zakaz.snapshot import snapshot
    from zakaz.warehouse.embedded import EmbeddedWarehouse

    folder = tmp_path_factory.mktemp("bootstrapped") / "live"
    if near := os.environ.get("ZAKAZ_TESTS_BOOTSTRAPPED"):
        snapshot(Path(near), folder)  # what differs is made anew, in a third of the time
    with EmbeddedWarehouse(folder) as opened:
        bootstrap(opened)
    return folder

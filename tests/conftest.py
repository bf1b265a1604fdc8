"""The one store with the schema in it that every folder's tests copy from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def bootstrapped_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a closed folder with the whole schema in it, made once a session; take copies.

    ``ZAKAZ_TESTS_BOOTSTRAPPED`` names a store of this schema or of one near to it, and in it the
    SQL that made it: what has changed since then is made anew, in a third of the time.
    """
    from zakaz.schema import sources
    from zakaz.schema.bootstrap import bootstrap
    from zakaz.snapshot import snapshot
    from zakaz.warehouse.embedded import EmbeddedWarehouse

    folder = tmp_path_factory.mktemp("bootstrapped") / "live"
    if near := os.environ.get("ZAKAZ_TESTS_BOOTSTRAPPED"):
        snapshot(Path(near) / "live", folder)
        if _declared(Path(near) / "sql") == _declared(sources.sql_root()):
            return folder
    with EmbeddedWarehouse(folder) as opened:
        bootstrap(opened)
    return folder


def _declared(root: Path) -> list[tuple[str, str]]:
    """Return name and text of every file of which a bootstrap makes the schema."""
    files = [*root.glob("migrations/*.sql"), *root.glob("views/*.sql")]
    return sorted((file.name, file.read_text(encoding="utf-8")) for file in files)

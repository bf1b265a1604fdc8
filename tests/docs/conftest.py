"""A stranger's machine: a copy of the tree, an empty home, and a source to load from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from stranger import ROOT, Sandbox

# PYTHON too: a stranger's Python keeps what it has compiled, and each command starts the sooner.
OURS = ("ZAKAZ_", "QTICKETS_", "VK_ADS_", "CLICKHOUSE_", "COV_", "PYTEST", "PYTHON")


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """One sandbox for all READMEs; only the package caches of this machine are shared with it."""
    folder = tmp_path_factory.mktemp("stranger")
    tree, home = folder / "zakaz", folder / "home"
    home.mkdir()
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(OURS)
        and key not in {"CI", "VIRTUAL_ENV", "NOXSESSION", "UV_PROJECT_ENVIRONMENT"}
    }
    caches = {
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache/uv")),
        "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache/pip")),
    }
    # The python that made the checks' environment stands for the stranger's python3.
    base = Path(sys.base_prefix) / "bin"
    path = os.pathsep.join([str(home / ".zakaz/bin"), str(base), "/usr/bin", "/bin", kept["PATH"]])
    return Sandbox(tree, {**kept, **caches, "HOME": str(home), "PATH": path})


@pytest.fixture(scope="session")
def qtickets() -> Iterator[str]:
    """The address of a small Qtickets emulator that knows the token ``docs-token``."""
    from zakaz.moscow import now
    from zakaz_emulators.qtickets import QticketsEmulator, small_organisation

    with QticketsEmulator(small_organisation(now=now()), token="docs-token") as emulator:
        yield emulator.base_url

"""A copy of the tree on which the tests named by the seeded mistakes are green."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from seeded_mistakes import ROOT, copy_tree, mistakes, run_tests


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the tests of the copies begin with a store that has the schema of the real tree.

    A process of its own makes it: this one is forked for every copy, so it loads no engine.
    """
    store = tmp_path_factory.mktemp("schema") / "store"
    command = [sys.executable, "-m", "zakaz", "bootstrap", "--url", f"chdb://{store}"]
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    shutil.copytree(ROOT / "infra/clickhouse", store / "sql")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ZAKAZ_TESTS_BOOTSTRAPPED", str(store))
        yield


@pytest.fixture(scope="session")
def untouched(schema: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an unpatched copy whose named tests pass: only then does their failure prove much."""
    tree = copy_tree(tmp_path_factory.mktemp("untouched"))
    tests = sorted({test for one in mistakes() for test in one.tests})  # each module once
    code, output = run_tests(tree, tests)
    assert code == 0, output[-4000:]
    return tree


@pytest.fixture
def patchable(untouched: Path, tmp_path: Path) -> Path:
    """Return a tree of links for one mistake, of which a patch replaces what it changes.

    Unchanged modules are compiled already.
    """
    return Path(shutil.copytree(untouched, tmp_path / "tree", copy_function=os.link))

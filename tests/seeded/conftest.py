"""A copy of the tree on which the tests named by the seeded mistakes are green."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from seeded_mistakes import copy_tree, mistakes, run_tests


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an unpatched copy whose named tests pass: only then does their failure prove much."""
    tree = copy_tree(tmp_path_factory.mktemp("untouched"))
    tests = list(dict.fromkeys(test for one in mistakes() for test in one.tests))
    code, output = run_tests(tree, tests)
    assert code == 0, output[-4000:]
    return tree


@pytest.fixture
def patchable(untouched: Path, tmp_path: Path) -> Path:
    """Return a copy of its own for one mistake; unchanged modules are compiled already."""
    return Path(shutil.copytree(untouched, tmp_path / "tree"))

"""What the rules of the house look at: the files git tracks, read once."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = (".png", ".ico", ".woff2", ".xlsx")


@pytest.fixture(scope="session")
def tracked() -> dict[str, bytes]:
    """Every tracked file that is on disk, by its path from the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]
    assert names, "git lists no files here"
    return {name: (ROOT / name).read_bytes() for name in names}


@pytest.fixture(scope="session")
def texts(tracked: dict[str, bytes]) -> dict[str, str]:
    """The tracked files that are text; what is not UTF-8 is told by the test of the encoding."""
    return {
        name: content.decode("utf-8", errors="replace")
        for name, content in tracked.items()
        if not name.endswith(BINARY)
    }


@pytest.fixture(scope="session")
def modules(texts: dict[str, str]) -> dict[str, str]:
    """The tracked Python files."""
    return {name: text for name, text in texts.items() if name.endswith(".py")}


@pytest.fixture(scope="session")
def tree_of(modules: dict[str, str]) -> Callable[[str], ast.Module]:
    """Return the parser of a tracked Python file by its name; each is parsed once, when asked."""
    return cache(lambda name: ast.parse(modules[name]))

"""A copy of a whole store that costs links: fill one once, and give each test its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from zakaz.snapshot import snapshot
from zakaz.store import Store


def copied(store: Path, target: Path) -> Path:
    """Make a copy of a closed store, with its state; readers find in it what is in the store."""
    target.mkdir(mode=0o700)
    snapshot(store / "live", target / "live")
    if (store / "state").is_dir():
        shutil.copytree(store / "state", target / "state")
    if Store(store).current() is not None:
        Store(target).publish()
    return target

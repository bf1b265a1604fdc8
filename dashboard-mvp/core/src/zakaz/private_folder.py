"""Folders that only their owner may open, whatever the umask."""

from __future__ import annotations

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, mode 0700; existing ones stay as they are.

    Raises OSError. The mode of Path.mkdir counts for the last folder alone.
    """
    for one in reversed((folder, *folder.parents)):
        if not one.exists():
            one.mkdir(mode=0o700, exist_ok=True)

"""A reader's private copy of a generation: made of hard links, guarded by its own lock file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Self
from uuid import uuid4

from zakaz.errors import Locked
from zakaz.file_lock import FileLock
from zakaz.snapshot import snapshot


class ReaderCopy:
    """One copy; while its lock is held, nobody removes it."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock
        self.folder = lock.path.with_suffix("")

    @classmethod
    def make(cls, generation: Path, readers: Path) -> Self:
        """Copy a generation under a new name; FileNotFoundError when it was pruned meanwhile."""
        lock = FileLock(readers / f"{os.getpid()}-{uuid4().hex[:12]}.lock")
        while not lock.held:
            try:
                lock.acquire()
            except Locked:  # a pruning process looked at it in that very moment
                lock = FileLock(readers / f"{os.getpid()}-{uuid4().hex[:12]}.lock")
        copy = cls(lock)
        try:
            snapshot(generation, copy.folder)
        except BaseException:
            copy.remove()
            raise
        return copy

    @classmethod
    def prune(cls, path: Path) -> None:
        """Remove a copy whose reader is no more, told by its lock file."""
        lock = FileLock(path)
        try:
            lock.acquire()
        except Locked:
            return
        cls(lock).remove()

    def remove(self) -> None:
        """Remove the copy and give up its name."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.path.unlink(missing_ok=True)
        self._lock.release()

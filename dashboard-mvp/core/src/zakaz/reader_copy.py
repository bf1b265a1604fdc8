"""A reader's private copy of a generation: made of links, guarded by its own lock file.

Hard links in the store last when the generation is pruned. Where the store takes none (its disk is
full, or may only be read), symbolic links in another folder serve.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir
from typing import Self
from uuid import uuid4

from zakaz.errors import Locked, SettingsError
from zakaz.file_lock import FileLock
from zakaz.snapshot import Bring, link_or_copy, point_to, snapshot

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it


class ReaderCopy:
    """One copy; while its lock is held, nobody removes it."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock
        self.folder = lock.path.with_suffix("")

    @classmethod
    def make(cls, generation: Path, readers: Path) -> Self:
        """Copy a generation under a new name; FileNotFoundError when it was pruned meanwhile.

        Raises the OSError or SettingsError of the first place when there is room nowhere.
        """
        try:
            return cls._made(generation, readers, link_or_copy)
        except FileNotFoundError:
            raise
        except (OSError, SettingsError) as error:
            for folder in _elsewhere():
                with suppress(OSError, SettingsError):
                    return cls._made(generation, folder, point_to)
            raise error from None

    @classmethod
    def prune(cls, folder: Path) -> None:
        """Remove the copies whose readers are no more; a living one holds its lock."""
        for path in folder.glob("*.lock"):
            lock = FileLock(path)
            with suppress(
                Locked, SettingsError, OSError
            ):  # held, or in a place that may only be read
                lock.acquire()
                cls(lock).remove()

    @classmethod
    def _made(cls, generation: Path, readers: Path, bring: Bring) -> Self:
        readers.mkdir(mode=0o700, exist_ok=True)
        copy = cls(_locked(readers))
        try:
            snapshot(generation, copy.folder, bring)
        except BaseException:
            copy.remove()
            raise
        return copy

    def remove(self) -> None:
        """Remove the copy and give up its name."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.path.unlink(missing_ok=True)
        self._lock.release()


def _locked(readers: Path) -> FileLock:
    while True:
        lock = FileLock(readers / f"{os.getpid()}-{uuid4().hex[:12]}.lock")
        try:
            lock.acquire()
        except Locked:  # a pruning process looked at it in that very moment
            continue
        except OSError:  # no room for the process id
            lock.path.unlink(missing_ok=True)
            raise
        return lock


def _elsewhere() -> Iterator[Path]:
    """Yield folders outside the store that are ours alone, cleared of what dead readers left."""
    with suppress(FileNotFoundError):  # the machine has no temporary folder with room
        yield from _own(Path(gettempdir()))
    yield from _own(_MEMORY)


def _own(place: Path) -> Iterator[Path]:
    folder = place / f"zakaz-readers-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077:
        ReaderCopy.prune(folder)
        yield folder

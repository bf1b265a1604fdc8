"""A lock file that says who holds it and that dies with its holder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from zakaz.errors import Locked


class FileLock:
    """An exclusive lock on a file; the kernel releases it when the process dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = -1

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file >= 0

    def acquire(self) -> None:
        """Take the lock at once or raise ``Locked`` naming the holder's process id."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(file, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(file)
            raise Locked(
                f"another writer is at work on {self.path.parent} (process {holder}): "
                "wait until it is done, then run again"
            ) from None
        except BaseException:
            os.close(file)
            raise
        if os.fstat(file).st_nlink == 0:  # its last holder removed it while we were opening it
            os.close(file)
            raise Locked(f"{self.path} was just removed: run again")
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1

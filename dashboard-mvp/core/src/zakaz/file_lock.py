"""A lock file that says who holds it and that dies with its holder."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from zakaz.errors import Locked
from zakaz.file_faults import denied


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, or who died holding it (``alive`` is false)."""

    process: str
    since: datetime
    alive: bool

    @property
    def name(self) -> str:
        """Give the process with its command, where this machine shows it."""
        try:
            words = Path(f"/proc/{int(self.process)}/cmdline").read_text(encoding="utf-8")
        except (OSError, ValueError):
            return f"process {self.process}"
        command = " ".join(Path(word).name for word in words.split("\0")[:3] if word)
        return f"process {self.process} ({command[:60]})" if command else f"process {self.process}"


class FileLock:
    """An exclusive lock on a file; the kernel releases it when the process dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = -1

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file >= 0

    def holder(self) -> Holder | None:
        """Tell who holds the lock or died holding it, None when it was given back."""
        try:
            file = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        except PermissionError:
            raise denied(self.path) from None
        try:
            process = os.pread(file, 32, 0).decode("ascii", "replace").strip()
            since = datetime.fromtimestamp(os.fstat(file).st_mtime, UTC)
            try:
                # Shared and for an instant: a writer that starts right now is all but undisturbed.
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Holder(process or "unknown", since, alive=True)
            return Holder(process, since, alive=False) if process else None
        finally:
            os.close(file)

    def acquire(self) -> None:
        """Take the lock at once or raise ``Locked`` naming the holder's process id."""
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            raise denied(self.path) from None
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

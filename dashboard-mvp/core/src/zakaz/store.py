"""The embedded store on disk: one writer at a time, any number of undisturbed readers.

::

    live/                    the writer's engine folder, only ever opened under ``lock``
    published/<generation>/  a finished load, never written to; ``current`` points to the newest
    readers/<name>/          a reader's private hard links of a generation, gone when it closes
    archive/  state/         for the loaders; ``state/engine`` names the engine that wrote last
    lock                     held by the writer, holds its process id as text
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from zakaz.errors import DiskFull, SettingsError, WarehouseError
from zakaz.file_faults import explained
from zakaz.file_lock import FileLock
from zakaz.private_folder import make_private
from zakaz.reader_copy import ReaderCopy
from zakaz.snapshot import snapshot

if TYPE_CHECKING:
    from zakaz.warehouse.embedded import EmbeddedWarehouse

KEPT_GENERATIONS = 2  # the newest, and the one that a reader may be linking at this moment
_CURRENT = "current"
_TRIES = 5
_held: dict[Path, int] = {}  # root → the thread of this process that is its writer


class Store:
    """The folders of one embedded store; making the object touches nothing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.live = root / "live"
        self.published = root / "published"
        self.readers = root / "readers"
        self.archive = root / "archive"
        self.state = root / "state"

    def create(self) -> None:
        """Make the folders, readable by their owner only; existing ones stay as they are."""
        try:
            for folder in (self.published, self.readers, self.archive, self.state):
                make_private(folder)
        except OSError as error:
            told = explained(error, self.root)
            if isinstance(told, DiskFull) or (told and isinstance(error, PermissionError)):
                raise told from None
            raise SettingsError(
                f"the store's folder {self.root} cannot be used ({error.strerror}): "
                "choose another one with ZAKAZ_WAREHOUSE_URL=chdb:///absolute/folder"
            ) from None

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only writer; another one at work is ``Locked``, naming its process id.

        The thread that holds it may take it again.
        """
        root = self.root.absolute()
        if _held.get(root) == threading.get_ident():
            yield
            return
        self.create()
        lock = FileLock(self.root / "lock")
        lock.acquire()
        _held[root] = threading.get_ident()
        try:
            yield
        finally:
            del _held[root]
            lock.release()

    def current(self) -> str | None:
        """Return the newest published generation, None before the first."""
        try:
            return (self.published / _CURRENT).readlink().name
        except FileNotFoundError:
            return None
        except OSError:
            self._refuse_followed_links()
            raise

    def publish(self) -> str:
        """Turn what is in ``live`` into the newest generation and give its name.

        Readers see it from their next opening on, whole or not at all: the generation is built
        aside and one rename flips to it.
        """
        with self.lock():
            if not self.live.is_dir():
                raise WarehouseError(f"there is nothing to publish in {self.root} yet")
            name = f"{max([0, *map(int, self._generations())]) + 1:08d}"
            building = self.published / f"building-{name}"
            shutil.rmtree(building, ignore_errors=True)
            try:
                snapshot(self.live, building)
            except BaseException:  # on a full disk, half a generation would take the last room
                shutil.rmtree(building, ignore_errors=True)
                raise
            building.rename(self.published / name)
            flip = self.published / f"{_CURRENT}.next"
            flip.unlink(missing_ok=True)
            flip.symlink_to(name)
            flip.replace(self.published / _CURRENT)
            self.prune()
            return name

    def open_generation(self, name: str = "", *, query_seconds: int = 0) -> EmbeddedWarehouse:
        """Open a private read-only copy of a generation, else of the newest; closing removes it."""
        from zakaz.warehouse.embedded import EmbeddedWarehouse

        self.check_engine()
        self.prune_readers()
        copy = self._copy(name)
        try:
            return EmbeddedWarehouse(
                copy.folder, readonly=True, query_seconds=query_seconds, on_close=copy.remove
            )
        except BaseException:
            copy.remove()
            raise

    def prune(self) -> None:
        """Remove older generations, half-built ones and what dead readers left behind."""
        with self.lock():
            for name in self._generations()[:-KEPT_GENERATIONS]:
                shutil.rmtree(self.published / name, ignore_errors=True)
            for folder in self.published.glob("building-*"):
                shutil.rmtree(folder, ignore_errors=True)
        self.prune_readers()

    def prune_readers(self) -> None:
        """Remove the copies of readers that are no more; a living one holds its lock."""
        ReaderCopy.prune(self.readers)

    def check_engine(self) -> None:
        """Refuse a store that a newer engine has written: an upgrade is one-way."""
        from zakaz.warehouse.embedded import load_engine

        self._refuse_followed_links()
        wrote, have = self._written_by(), str(load_engine().engine_version)
        if wrote and _version(wrote) > _version(have):
            raise SettingsError(
                f"the store {self.root} was written by engine {wrote}, this is {have}, which "
                "cannot read it: install the newer chdb again, or choose another folder"
            )

    def remember_engine(self, version: str) -> None:
        """Note which engine writes this store."""
        if self._written_by() != version:
            (self.state / "engine").write_text(version + "\n", encoding="ascii")

    def _copy(self, wanted: str) -> ReaderCopy:
        for _ in range(_TRIES):
            name = wanted or self.current()
            if name is None:
                raise WarehouseError(
                    f"nothing has been loaded into {self.root} yet: run `zakaz sync` first"
                )
            try:
                return ReaderCopy.make(self.published / name, self.readers)
            except FileNotFoundError:  # pruned while it was being linked
                continue
        raise WarehouseError(f"{self.root} kept changing while it was opened: run again")

    def _refuse_followed_links(self) -> None:
        """Refuse a copy in which folders stand where the store and its engine keep links."""
        databases = (self.live / "metadata").glob("*")
        for place in (self.published / _CURRENT, *databases):
            # Unlike Path, these let a closed folder be told by whoever opens it.
            if os.path.isdir(place) and not os.path.islink(place):  # noqa: PTH112, PTH114
                raise SettingsError(
                    f"the store {self.root} is a copy that followed links ({place} should be one), "
                    "which the engine cannot read: copy the store anew with `cp -a`, or name an "
                    "empty folder in ZAKAZ_WAREHOUSE_URL and load into it with `zakaz sync`"
                )

    def _written_by(self) -> str:
        try:
            return (self.state / "engine").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return ""

    def _generations(self) -> list[str]:
        if not self.published.is_dir():
            return []
        return sorted(entry.name for entry in self.published.iterdir() if entry.name.isdecimal())


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())

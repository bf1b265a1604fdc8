"""Diagnosis of the warehouse: its disk, its lock, its engine, its clock and its schema."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from zakaz.errors import SettingsError, ZakazError
from zakaz.file_faults import explaining
from zakaz.file_lock import FileLock, Holder
from zakaz.finding import CLOCK_TOLERANCE, Finding, clock, doubtful, failed, fine, wrong
from zakaz.interval import spelt
from zakaz.store import Store
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl

_LEAST_FREE = 1024**3
_FULL = 64 * 1024**2
_LONG = timedelta(hours=2)
_AGAIN = "Do what the message says, then ask again: zakaz doctor"
_NEWER = (
    "Install the newer engine: pip install --upgrade 'zakaz-core[embedded]'; or name an empty "
    "folder in ZAKAZ_WAREHOUSE_URL and run: zakaz sync"
)


def examine(url: WarehouseUrl, now: datetime) -> Iterator[Finding]:
    """Look at the warehouse; what cannot be opened is told, and the rest is looked at."""
    engine = "engine" if url.kind == "embedded" else "server"
    looks: dict[str, Callable[[], Iterator[Finding]]] = {engine: lambda: _opened(url, now)}
    if url.kind == "embedded":
        looks = {
            "disk": lambda: _disk(url.path),
            "store": lambda: _closed(url.path),
            "lock": lambda: iter([lock(FileLock(url.path / "lock").holder(), now)]),
        } | looks
    for topic, look in looks.items():
        try:
            with explaining(url.path):
                yield from look()
        except ZakazError as error:
            yield failed(topic, error, _AGAIN)


def _disk(root: Path) -> Iterator[Finding]:
    there = next(folder for folder in (root, *root.parents) if os.path.exists(folder))  # noqa: PTH110
    yield disk(shutil.disk_usage(there).free, stored(root), there)


def _closed(folder: Path) -> Iterator[Finding]:
    """Warn of a store that other users may open; versions before made it by the umask."""
    if folder.exists() and folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        told = f"{folder} is open to other users of this machine"
        yield doubtful("store", told, f"Run: chmod 700 {shlex.quote(str(folder))}")


def disk(free: int, taken: int, there: Path) -> Finding:
    """Judge the free space: merges and a full refresh may need as much again as the store takes."""
    told = f"{_size(free)} free at {there}, the store takes {_size(taken)}"
    if free < _FULL:
        return wrong("disk", told, "Free some space: the next load would fail half-way.")
    if free < max(_LEAST_FREE, taken):
        need = _size(max(_LEAST_FREE, taken))
        fix = f"Have {need} free: merges and a full refresh write the store's size once more."
        return doubtful("disk", told, fix)
    return fine("disk", told)


def stored(folder: Path) -> int:
    """Give the bytes that a store takes; what is linked into several generations counts once."""
    blocks: dict[tuple[int, int], int] = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                found = os.lstat(os.path.join(parent, name))  # noqa: PTH118 - 10 times as fast
            except OSError:  # a merge or a prune has just removed it
                continue
            if stat.S_ISREG(found.st_mode):
                blocks[found.st_dev, found.st_ino] = found.st_blocks * 512
    return sum(blocks.values())


def lock(holder: Holder | None, now: datetime) -> Finding:
    """Tell who writes; a lock dies with its holder, so none can be left behind."""
    if holder is None:
        return fine("lock", "nobody is writing to the store")
    if not holder.alive:
        told = f"nobody is writing; process {holder.process} was killed while it did"
        return fine("lock", f"{told}, and the next run goes on where it stopped")
    since = now - holder.since.astimezone(now.tzinfo)
    told = f"{holder.name} has been writing for {spelt(since)}; readers are not disturbed"
    if since < _LONG:
        return fine("lock", told)
    fix = f"A first load may take that long. If it is stuck: kill {holder.process}"
    return doubtful("lock", told, f"{fix}; the next run goes on where it stopped.")


def _opened(url: WarehouseUrl, now: datetime) -> Iterator[Finding]:
    from zakaz.run_history import has_data
    from zakaz.warehouse.connect import open_for_reading

    if not has_data(url):
        yield _engine_alone()
        yield doubtful("data", "nothing is loaded yet", "Run: zakaz sync")
        return
    if url.kind == "embedded":
        try:
            Store(url.path).check_engine()
        except SettingsError as error:
            yield failed("engine", error, _NEWER)
            return
    with open_for_reading(url) as warehouse:
        yield fine("engine", f"ClickHouse {warehouse.version()}, {warehouse.backend}")
        yield from _clocks(warehouse, now)
        yield from _schema(warehouse)


def _engine_alone() -> Finding:
    from zakaz.warehouse.embedded import load_engine

    return fine("engine", f"ClickHouse {load_engine().engine_version}, embedded")


def _clocks(warehouse: Warehouse, here: datetime) -> Iterator[Finding]:
    """Hold this clock against the server's and against the newest run."""
    if warehouse.backend == "server":
        there = warehouse.query("SELECT now('Europe/Moscow')").scalar()
        yield clock(here - there, "the server's clock")
    newest = warehouse.query("SELECT maxOrNull(finished_at) FROM bi.v_job_runs").scalar()
    if newest is not None and newest > here + CLOCK_TOLERANCE:
        yield clock(here - newest, f"the last run, which ended {newest:%Y-%m-%d %H:%M} Moscow")
    else:
        yield fine("clock", f"it is {here:%Y-%m-%d %H:%M} in Moscow, later than the last run")


def _schema(warehouse: Warehouse) -> Iterator[Finding]:
    from zakaz.schema import drift

    try:
        drift.check(warehouse)
    except ZakazError as error:
        yield failed("schema", error, "Run: zakaz bootstrap")
        return
    yield fine("schema", "the live schema is the declared one")


def _size(count: int) -> str:
    if count < 10 * 1024**2:
        return f"{count / 1024**2:.1f} MB"
    if count < 1024**3:
        return f"{count / 1024**2:.0f} MB"
    return f"{count / 1024**3:.1f} GB"

"""Diagnosis: what ``zakaz doctor`` looks at, each finding with its fix."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from zakaz import environment
from zakaz.errors import EXIT_CONFIG, EXIT_OK, EXIT_TRANSIENT, Locked, SettingsError, ZakazError
from zakaz.file_lock import FileLock
from zakaz.progress import silent
from zakaz.rooms import Rooms, configured_sources, load_sources
from zakaz.scrub import scrub
from zakaz.source import Source, SyncRequest
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl, warehouse_url

_LEAST_FREE = 1024**3
_CLOCK_TOLERANCE = timedelta(minutes=5)
_SUPPORTED = ((3, 11), (3, 14))


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``fix`` says what to do unless it is ok."""

    topic: str
    level: Level
    told: str
    fix: str = ""
    exit_code: int = EXIT_OK


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: the environment, the folder it came from, the rooms, the clock."""

    environ: Mapping[str, str]
    folder: Path
    rooms: Rooms
    clock: Callable[[], datetime]


def examine(patient: Patient) -> list[Finding]:
    """Look at everything; no finding keeps the next from being made."""
    return [
        *_python(),
        *_rooms(patient.rooms),
        *_env_file(patient.folder),
        *_sources(patient),
        *_warehouse(patient),
    ]


def exit_code(findings: list[Finding]) -> int:
    """Give 78 when something must be fixed, 75 when something did not answer, else 0."""
    codes = {finding.exit_code for finding in findings if finding.level is Level.FAIL}
    return next((code for code in (EXIT_CONFIG, EXIT_TRANSIENT) if code in codes), EXIT_OK)


def _ok(topic: str, told: str) -> Finding:
    return Finding(topic, Level.OK, told)


def _failed(topic: str, error: ZakazError, fix: str) -> Finding:
    code = EXIT_TRANSIENT if error.exit_code == EXIT_TRANSIENT else EXIT_CONFIG
    return Finding(topic, Level.FAIL, scrub(str(error)), fix, code)


def _python() -> Iterator[Finding]:
    version = sys.version_info[:2]
    told = f"Python {sys.version.split()[0]}"
    if _SUPPORTED[0] <= version <= _SUPPORTED[1]:
        yield _ok("python", told)
    else:
        yield Finding(
            "python", Level.WARN, told, "Tested are Python 3.11 to 3.14; use one of them."
        )


def _rooms(rooms: Rooms) -> Iterator[Finding]:
    for room in rooms.broken:
        yield Finding(
            "rooms", Level.FAIL, f"the room {room.name} is broken: {room.error}",
            "Install its project again.", EXIT_CONFIG,
        )  # fmt: skip
    if not rooms.broken:
        names = ", ".join(sorted({*rooms.sources, *rooms.commands})) or "none"
        yield _ok("rooms", f"sources and commands installed: {names}")


def _env_file(folder: Path) -> Iterator[Finding]:
    path = folder / ".env"
    if not path.is_file():
        yield _ok("env file", f"no {path}; variables come from the environment")
    elif path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield Finding("env file", Level.WARN, f"{path} can be read by other users",
                      f"Run: chmod 600 {path}")  # fmt: skip
    else:
        yield _ok("env file", f"{path} is readable by you only")


def _sources(patient: Patient) -> Iterator[Finding]:
    for name in patient.rooms.sources:
        try:
            (source,) = load_sources(patient.rooms, [name])
            yield from _source(patient, source)
        except ZakazError as error:
            waits = error.exit_code == EXIT_TRANSIENT
            fix = "Check the network, or try later." if waits else "Correct what is named."
            yield _failed(name, error, fix)
        except Exception as error:  # noqa: BLE001 - a broken room is a finding, not an end
            yield Finding(name, Level.FAIL, scrub(f"{type(error).__name__}: {error}"),
                          "Install its project again.", EXIT_CONFIG)  # fmt: skip
    if not patient.rooms.sources:
        yield Finding("sources", Level.FAIL, "no source is installed",
                      "Install a room such as qtickets_api.", EXIT_CONFIG)  # fmt: skip
    elif not configured_sources(patient.rooms, patient.environ):
        fix = "Put a token into .env; without one, look at: zakaz demo"
        yield Finding("sources", Level.FAIL, "no source is configured", fix, EXIT_CONFIG)


def _source(patient: Patient, source: Source) -> Iterator[Finding]:
    dry = environment.is_true(patient.environ, "DRY_RUN")
    if not source.is_configured(patient.environ):
        try:
            source.check(patient.environ)
        except SettingsError as error:
            yield Finding(source.name, Level.WARN, "not configured", scrub(str(error)))
            return
        yield Finding(source.name, Level.WARN, "not configured; stub runs only", "Set its token.")
        return
    source.check(patient.environ)
    yield _ok(source.name, "its settings are complete")
    if source.probe is None:
        return
    if dry:
        yield Finding(source.name, Level.WARN, "DRY_RUN is true, so the API was not asked",
                      "Set DRY_RUN=false to load data.")  # fmt: skip
        return
    request = SyncRequest(environ=patient.environ, clock=patient.clock, progress=silent())
    for line in source.probe(request):
        yield _ok(source.name, scrub(line))


def _warehouse(patient: Patient) -> Iterator[Finding]:
    try:
        url = warehouse_url(patient.environ)
    except SettingsError as error:
        yield _failed("warehouse", error, "Correct the variables named.")
        return
    yield _ok("warehouse", str(url))
    if url.kind == "embedded":
        yield from _folder(url)
    try:
        yield from _opened(patient, url)
    except ZakazError as error:
        yield _failed("warehouse", error, "Follow the message, then ask again: zakaz doctor")


def _folder(url: WarehouseUrl) -> Iterator[Finding]:
    there = next(folder for folder in (url.path, *url.path.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    told = f"{free / 1024**3:.1f} GB free at {there}"
    if free < _LEAST_FREE:
        yield Finding("disk", Level.WARN, told, "Free some space: a load needs room for merges.")
    else:
        yield _ok("disk", told)
    yield _lock(url.path / "lock")


def _lock(path: Path) -> Finding:
    """Try the writer's lock for a moment, if there is one."""
    if path.exists():
        lock = FileLock(path)
        try:
            lock.acquire()
        except Locked as error:
            return Finding("lock", Level.WARN, str(error), "Reading goes on meanwhile.")
        lock.release()
    return _ok("lock", "nobody is writing to the store")


def _opened(patient: Patient, url: WarehouseUrl) -> Iterator[Finding]:
    from zakaz.run_history import has_data
    from zakaz.warehouse.connect import open_for_reading

    if not has_data(url):
        yield _engine_alone()
        yield Finding("data", Level.WARN, "nothing is loaded yet", "Run: zakaz sync")
        return
    with open_for_reading(url) as warehouse:
        yield _ok("engine", f"ClickHouse {warehouse.version()}, {warehouse.backend}")
        yield _clock(warehouse, patient.clock())
        yield from _schema(warehouse)


def _engine_alone() -> Finding:
    try:
        import chdb
    except ImportError:
        return Finding(
            "engine", Level.FAIL, "the embedded engine (chdb) is not installed",
            "Install zakaz-core[embedded], or set ZAKAZ_WAREHOUSE_URL to a ClickHouse server.",
            EXIT_CONFIG,
        )  # fmt: skip
    return _ok("engine", f"ClickHouse {chdb.engine_version}, embedded")


def _clock(warehouse: Warehouse, here: datetime) -> Finding:
    there = warehouse.query("SELECT now('Europe/Moscow')").scalar()
    newest = warehouse.query("SELECT maxOrNull(finished_at) FROM bi.v_job_runs").scalar()
    if abs(here - there) > _CLOCK_TOLERANCE:
        return Finding("clock", Level.FAIL, f"here it is {here}, on the server {there}",
                       "Set both clocks by NTP.", EXIT_CONFIG)  # fmt: skip
    if newest is not None and newest > here + _CLOCK_TOLERANCE:
        return Finding("clock", Level.FAIL, f"it is {here}, but the last run ended {newest}",
                       "This machine's clock went back; set it by NTP.", EXIT_CONFIG)  # fmt: skip
    return _ok("clock", f"{here:%Y-%m-%d %H:%M} in Moscow")


def _schema(warehouse: Warehouse) -> Iterator[Finding]:
    from zakaz.schema import drift

    try:
        drift.check(warehouse)
    except ZakazError as error:
        yield _failed("schema", error, "Run: zakaz bootstrap")
        return
    yield _ok("schema", "the live schema is the declared one")

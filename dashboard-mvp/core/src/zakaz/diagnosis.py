"""Diagnosis: what ``zakaz doctor`` looks at, each finding with its fix."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import distributions
from pathlib import Path

from zakaz import environment, store_diagnosis
from zakaz.errors import (
    EXIT_CONFIG,
    EXIT_OK,
    EXIT_TRANSIENT,
    SettingsError,
    SourceError,
    ZakazError,
)
from zakaz.finding import Finding, Level, clock, doubtful, failed, fine, wrong
from zakaz.progress import silent
from zakaz.rooms import Rooms, configured_sources, load_sources
from zakaz.source import Source, SyncRequest
from zakaz.warehouse.url import warehouse_url

_SUPPORTED = ((3, 11), (3, 14))
_OURS = "zakaz-"
_ENGINES = ("chdb", "clickhouse-driver")
_REFUSED = frozenset({401, 403})
_INSTALL = "Install its project again."


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: the environment, its folder (None: the working one), rooms, clock."""

    environ: Mapping[str, str]
    folder: Path | None
    rooms: Rooms
    clock: Callable[[], datetime]


def examine(patient: Patient) -> list[Finding]:
    """Look at everything; no finding keeps the next from being made."""
    return [
        python(sys.version_info[:2]),
        _versions(),
        *_rooms(patient.rooms),
        _env_file(patient.folder),
        *_sources(patient),
        *_warehouse(patient),
        *_loads(patient),
    ]


def exit_code(findings: list[Finding]) -> int:
    """Give 78 when something must be fixed, 75 when something did not answer, else 0."""
    codes = {finding.exit_code for finding in findings if finding.level is Level.FAIL}
    return next((code for code in (EXIT_CONFIG, EXIT_TRANSIENT) if code in codes), EXIT_OK)


def python(running: tuple[int, ...]) -> Finding:
    """Judge a version of Python."""
    told = f"Python {'.'.join(map(str, running))}"
    if _SUPPORTED[0] <= running <= _SUPPORTED[1]:
        return fine("python", told)
    return doubtful("python", told, "Tested are Python 3.11 to 3.14; use one of them.")


def _versions() -> Finding:
    # Name and version would each read the file of a package anew, of which there are a hundred.
    files = (found.metadata for found in distributions())
    installed = {told["Name"]: told["Version"] for told in files}
    ours = {name: told for name, told in installed.items() if name.startswith(_OURS)}
    return versions(ours, {name: installed[name] for name in _ENGINES if name in installed})


def versions(ours: Mapping[str, str], engines: Mapping[str, str]) -> Finding:
    """Tell what is installed; rooms of different versions were not made for each other."""
    told = ", ".join(f"{name} {said}" for name, said in [*sorted(ours.items()), *engines.items()])
    if len(set(ours.values())) > 1:
        return doubtful("versions", told, "Install all rooms again from one checkout.")
    return fine("versions", told)


def _rooms(rooms: Rooms) -> Iterator[Finding]:
    for room in rooms.broken:
        yield wrong("rooms", f"the room {room.name} is broken: {room.error}", _INSTALL)
    if not rooms.broken:
        names = ", ".join(sorted({*rooms.sources, *rooms.commands})) or "none"
        yield fine("rooms", f"sources and commands installed: {names}")


def _env_file(folder: Path | None) -> Finding:
    path, why_not = environment.own_file(folder)
    if path is None:
        told = "no .env here; variables come from the environment"
        fix = "Start zakaz in a folder of its own user, or name the file: zakaz --env-file FILE"
        return doubtful("env file", why_not, fix) if why_not else fine("env file", told)
    if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        told = f"{path} can be read by other users"
        return doubtful("env file", told, f"Run: chmod 600 {path}")
    return fine("env file", f"{path} is readable by you only")


def _sources(patient: Patient) -> Iterator[Finding]:
    for name in patient.rooms.sources:
        try:
            (source,) = load_sources(patient.rooms, [name])
        except Exception as error:  # noqa: BLE001 - a broken room is a finding, not an end
            yield wrong(name, f"{type(error).__name__}: {error}", _INSTALL)
            continue
        try:
            yield from _source(patient, source)
        except ZakazError as error:
            yield failed(name, error, _fix(source, error))
        except Exception as error:  # noqa: BLE001 - nor is a bug in a room
            yield wrong(name, f"{type(error).__name__}: {error}", _INSTALL)
    if not patient.rooms.sources:
        yield wrong("sources", "no source is installed", "Install a room such as qtickets_api.")
    elif not configured_sources(patient.rooms, patient.environ):
        fix = "Put a token into .env; without one, look at: zakaz demo"
        yield wrong("sources", "no source is configured", fix)


def _fix(source: Source, error: ZakazError) -> str:
    if isinstance(error, SourceError) and error.status in _REFUSED and source.access_help:
        return source.access_help
    if error.exit_code == EXIT_TRANSIENT:
        return "Check the network and the base URL. If both are right, the API is away: try later."
    return "Correct what is named, then ask again: zakaz doctor"


def _source(patient: Patient, source: Source) -> Iterator[Finding]:
    if not source.is_configured(patient.environ):
        try:
            source.check(patient.environ)
        except SettingsError as error:
            yield doubtful(source.name, "not configured", str(error))
            return
        yield doubtful(source.name, "not configured; stub runs only", "Set its token.")
        return
    source.check(patient.environ)
    yield fine(source.name, "its settings are complete")
    if source.probe is None:
        return
    if environment.is_true(patient.environ, "DRY_RUN"):
        told = "DRY_RUN is true: the API was not asked, and nothing will be loaded"
        yield doubtful(source.name, told, "Set DRY_RUN=false to load data.")
        return
    request = SyncRequest(environ=patient.environ, clock=patient.clock, progress=silent())
    answer = source.probe(request)
    yield fine(source.name, "the token is accepted")
    for line in answer.lines:
        yield fine(source.name, line)
    if answer.ahead is not None:
        yield clock(answer.ahead, f"the clock of {source.title}")


def _loads(patient: Patient) -> Iterator[Finding]:
    """Say of each configured source whether its loads keep coming; what cannot be read was told."""
    from zakaz import punctuality
    from zakaz.run_history import has_data
    from zakaz.warehouse.connect import open_for_reading

    try:
        names = configured_sources(patient.rooms, patient.environ)
        every = {one.name: one.every(patient.environ) for one in load_sources(patient.rooms, names)}
        url = warehouse_url(patient.environ)
        if not names or not has_data(url):
            return
        with open_for_reading(url) as warehouse:
            good = punctuality.last_good(warehouse)
    except (ZakazError, OSError):
        return
    for load in punctuality.judge(names, good, {}, every=every, now=patient.clock()):
        if load.late:
            yield doubtful(
                "loads",
                load.told,
                "Start what loads here: a timer, or zakaz serve --sync-every 30m",
            )
        else:
            yield fine("loads", load.told)


def _warehouse(patient: Patient) -> Iterator[Finding]:
    try:
        url = warehouse_url(patient.environ)
    except SettingsError as error:
        yield failed("warehouse", error, "Correct the variables named.")
        return
    yield fine("warehouse", str(url))
    yield from store_diagnosis.examine(url, patient.clock())

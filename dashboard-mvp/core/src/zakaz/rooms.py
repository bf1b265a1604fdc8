"""The rooms of the house: sources and commands found through the entry points ``zakaz.commands``.

A third source is one more room and no edit here. One broken room is named and skipped: it must
not take the whole command down.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from zakaz.errors import SettingsError

if TYPE_CHECKING:
    from zakaz.source import Registry, Source

log = logging.getLogger(__name__)

GROUP = "zakaz.commands"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a room offers under a name; ``target`` is ``module:object``, not yet imported."""

    name: str
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class BrokenRoom:
    """A room that could not be loaded, and why."""

    name: str
    error: str


@dataclass(slots=True)
class Rooms:
    """What all installed rooms offer; the ``Registry`` their ``register`` functions get."""

    sources: dict[str, Offer] = field(default_factory=dict)
    commands: dict[str, Offer] = field(default_factory=dict)
    broken: list[BrokenRoom] = field(default_factory=list)

    def add_source(self, name: str, title: str, target: str) -> None:
        """Add a source; ``target`` is ``module:NAME`` of its ``Source`` object."""
        self.sources[name] = Offer(name, title, target)

    def add_command(self, name: str, help_line: str, target: str) -> None:
        """Add a command; ``target`` is ``module:function``, a typer command body."""
        self.commands[name] = Offer(name, help_line, target)


def discover(found: Iterable[EntryPoint] | None = None) -> Rooms:
    """Let every installed room register what it offers, in the order of their names."""
    rooms = Rooms()
    points = entry_points(group=GROUP) if found is None else found
    for point in sorted(points, key=lambda p: p.name):
        try:
            register: Callable[[Registry], None] = point.load()
            register(rooms)
        except Exception as error:
            log.debug("the room %s is broken", point.name, exc_info=True)
            rooms.broken.append(BrokenRoom(point.name, f"{type(error).__name__}: {error}"))
    return rooms


def load_object(target: str) -> object:
    """Import what a target names."""
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def load_sources(rooms: Rooms, names: Iterable[str] | None = None) -> list[Source]:
    """Import the named sources (all of them without names); an unknown one is a SettingsError."""
    wanted = list(rooms.sources) if names is None else list(names)
    unknown = [name for name in wanted if name not in rooms.sources]
    if unknown:
        known = ", ".join(sorted(rooms.sources)) or "none"
        reasons = "".join(
            f" The room {room.name} is broken: {room.error}." for room in rooms.broken
        )
        raise SettingsError(
            f"There is no source called {', '.join(unknown)}; installed sources: {known}.{reasons}"
        )
    sources: list[Source] = []
    for name in wanted:
        source = load_object(rooms.sources[name].target)
        sources.append(source)  # type: ignore[arg-type] # the registry promises a Source
    return sources


def configured_sources(rooms: Rooms, environ: Mapping[str, str]) -> list[str]:
    """Give the names of the sources that have their settings; a broken source has none."""
    configured = []
    for name in rooms.sources:
        try:
            if load_sources(rooms, [name])[0].is_configured(environ):
                configured.append(name)
        except Exception as error:
            log.debug("the source %s is broken", name, exc_info=True)
            rooms.broken.append(BrokenRoom(name, f"{type(error).__name__}: {error}"))
    return sorted(configured)

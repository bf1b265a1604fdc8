"""What a source room offers to ``zakaz sync``: the seam between the ground and the loaders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from zakaz import interval

if TYPE_CHECKING:
    from zakaz.progress import Progress
    from zakaz.rows import Row
    from zakaz.warehouse.port import Warehouse


@dataclass(frozen=True, slots=True)
class StreamRun:
    """How one stream of a run ended; ``status`` is a word of the run journal.

    ``new_fields`` are the names of fields that were sent and that nobody here knows.
    """

    stream: str
    started_at: datetime
    finished_at: datetime
    status: str
    mode: str = ""
    received: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicate: int = 0
    message: str = ""
    new_fields: tuple[str, ...] = ()


@dataclass(slots=True)
class SyncReport:
    """What a run did; ``received = accepted + quarantined + duplicate`` always holds.

    ``mode`` says how the source was read (``updated_at``, ``keyset``, ``full``, ``dry-run``);
    ``failures`` names the items that failed while the rest landed (status ``partial``).
    """

    received: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicate: int = 0
    inserted: int = 0
    requests: int = 0
    new_fields: int = 0  # unknown fields, counted in each row that was looked at for them
    mode: str = ""
    incremental: bool = False
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    months: set[int] = field(default_factory=set)  # yyyymm, dirty months this run recorded
    streams: list[StreamRun] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """What the user asked for, with everything a loader may not reach for itself.

    ``date_from`` and ``date_to`` are inclusive Moscow days. ``clock`` gives an aware instant.
    ``run_id`` names the run in the journal, the quarantine and the manifest. ``only`` names the
    streams to read, all of them when empty; ``entity`` is the id of the one thing of that stream to
    read again. ``report`` is where the loader counts as it goes: what a run did before it failed is
    journalled from there.
    """

    environ: Mapping[str, str]
    clock: Callable[[], datetime]
    progress: Progress
    run_id: str = ""
    date_from: date | None = None
    date_to: date | None = None
    full_refresh: bool = False
    dry_run: bool = False
    only: tuple[str, ...] = ()
    entity: str = ""
    report: SyncReport = field(default_factory=SyncReport)


class Loader(Protocol):
    """One source's load: plain functions, wired only in the room's ``load`` module."""

    def __call__(self, warehouse: Warehouse, request: SyncRequest) -> SyncReport: ...


class DryRun(Protocol):
    """Read with GET only and write nothing; no warehouse is opened."""

    def __call__(self, request: SyncRequest) -> SyncReport: ...


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """What a source answered to a probe: a line per endpoint, and how far our clock is ahead."""

    lines: list[str]
    ahead: timedelta | None = None


class Probe(Protocol):
    """Ask the source one small question with GET.

    Raises SourceError when the source cannot be reached or refuses the token (E8).
    """

    def __call__(self, request: SyncRequest) -> ProbeAnswer: ...


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the ``zakaz`` command knows it.

    ``is_configured`` looks at the environment only; ``check`` validates the settings and raises
    ``SettingsError`` naming every fault, before any store is opened or request made. ``probe`` is
    what ``zakaz doctor`` asks. ``streams`` are the names that ``--only`` knows. ``access_help``
    says where a new token comes from and where it goes. ``pace`` gives how often a load of a source
    is due that is loaded at intervals of its own; the others are due whenever a load runs.
    ``row_types`` returns what the room writes, one type per staging table, for the validator.
    """

    name: str
    title: str
    is_configured: Callable[[Mapping[str, str]], bool]
    check: Callable[[Mapping[str, str]], None]
    load: Loader
    dry_run: DryRun
    probe: Probe | None = None
    streams: tuple[str, ...] = ()
    access_help: str = ""
    pace: Callable[[Mapping[str, str]], timedelta] | None = None
    row_types: Callable[[], Sequence[type[Row]]] = tuple

    def every(self, environ: Mapping[str, str]) -> timedelta:
        """Give how often a load is due: at its own pace, else every ZAKAZ_SYNC_EVERY."""
        return interval.of_loads(environ) if self.pace is None else self.pace(environ)


class Registry(Protocol):
    """What a room's ``register`` function gets: hang sources and commands on ``zakaz``.

    ``add_command`` takes ``module:function`` as text, so that ``zakaz --help`` imports no room's
    machinery; the function is a typer command body.
    """

    def add_source(self, name: str, title: str, target: str) -> None:
        """Add a source; ``target`` is ``module:NAME`` of its ``Source`` object."""

    def add_command(self, name: str, help_line: str, target: str) -> None:
        """Add a command; ``target`` is ``module:function``, a typer command body."""

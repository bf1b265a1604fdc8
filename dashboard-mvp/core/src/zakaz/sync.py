"""Synchronisation: every chosen source loaded, facts rebuilt, the run journalled, a page published.

The order is what makes a crash harmless: months are recorded as dirty before rows are inserted,
cursors move after the rows, facts are swapped in whole, and readers get a new generation last.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from zakaz import run_journal, stream_journal, watermarks
from zakaz.begun_runs import BegunRuns
from zakaz.errors import (
    EXIT_BUG,
    EXIT_CONFIG,
    EXIT_DATA,
    EXIT_OK,
    EXIT_TRANSIENT,
    Locked,
    SettingsError,
    ZakazError,
)
from zakaz.file_faults import explaining
from zakaz.run_journal import JobRun, RunStatus
from zakaz.scrub import scrub
from zakaz.source import Source, SyncReport, SyncRequest
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl, default_folder

log = logging.getLogger(__name__)

_CLOCK_TOLERANCE = timedelta(days=1)
# Of several failures the one that asks most of the user decides the exit code.
_GRAVEST_FIRST = (EXIT_BUG, EXIT_CONFIG, EXIT_DATA, EXIT_TRANSIENT, EXIT_OK)


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """How the run of one source ended."""

    name: str
    title: str
    run: JobRun
    exit_code: int = EXIT_OK
    error: str = ""

    @property
    def status(self) -> RunStatus:
        """Give the status word of the run."""
        return self.run.status

    @property
    def report(self) -> SyncReport:
        """Give the counts of the run."""
        return self.run.report

    @property
    def seconds(self) -> int:
        """Give how long the run took."""
        return int((self.run.finished_at - self.run.started_at).total_seconds())

    def as_dict(self) -> dict[str, Any]:
        """Give the outcome as plain JSON values."""
        values = run_journal.as_dict(self.run)
        return values | {"exit_code": self.exit_code, "error": self.error, "seconds": self.seconds}


def exit_code(outcomes: Sequence[SourceOutcome]) -> int:
    """Give the exit code of a whole run: that of its gravest outcome."""
    codes = {outcome.exit_code for outcome in outcomes}
    return next((code for code in _GRAVEST_FIRST if code in codes), EXIT_OK)


def state_folder(url: WarehouseUrl, environ: Mapping[str, str]) -> Path:
    """Give the folder of ``runs.jsonl``: in the embedded store, or the user's for a server."""
    root = url.path if url.kind == "embedded" else default_folder(environ)
    return root / "state"


def dry_run(sources: Sequence[Source], request: SyncRequest) -> list[SourceOutcome]:
    """Read every source with GET only and write nothing: no store, no journal."""
    outcomes = []
    for source in sources:
        outcome, stop = _attempt(source, request, lambda given, of=source: of.dry_run(given))
        outcomes.append(outcome)
        if stop is not None:
            raise stop
    return outcomes


def run(sources: Sequence[Source], request: SyncRequest, url: WarehouseUrl) -> list[SourceOutcome]:
    """Load the sources into the warehouse; raises ZakazError when it cannot be reached at all.

    One source that fails does not stop the others. Every source leaves a journal row and a line
    in ``runs.jsonl``, whatever happens; a locked or absent warehouse leaves the line alone.
    """
    from zakaz.warehouse.connect import open_for_writing

    journal = _Journal(sources, request, url)
    run_journal.require_writable(journal.folder)
    try:
        with explaining(journal.folder), open_for_writing(url) as warehouse:
            _prepare(warehouse, request)
            journal.tell_of_the_dead(warehouse)
            try:
                for source in sources:
                    outcome, stop = _attempt(
                        source,
                        request,
                        lambda given, of=source: of.load(warehouse, given),
                        journal.begun.note,
                    )
                    journal.outcomes.append(outcome)
                    if stop is not None:
                        raise stop
                journal.outcomes = _rebuild_facts(warehouse, request, journal.outcomes)
            finally:
                journal.write(warehouse)
            _publish(url)
    except Locked as error:
        journal.write_lines(RunStatus.SKIPPED, f"locked: {error}")
        raise
    except BaseException as error:
        # Sources that were never begun are skipped when another one had begun before them.
        status = RunStatus.SKIPPED if journal.outcomes else RunStatus.FAILED
        journal.write_lines(status, _described(error))
        raise
    return journal.outcomes


def _attempt(
    source: Source,
    request: SyncRequest,
    call: Any,
    begun: Callable[[str, str, datetime], None] = lambda *_: None,
) -> tuple[SourceOutcome, BaseException | None]:
    """Run one source; the second value is what must stop the whole run (Ctrl-C, SIGTERM)."""
    started = request.clock()
    run_id = request.run_id or run_journal.new_run_id(started)
    begun(source.name, run_id, started)
    report, error, code, stop = SyncReport(), "", EXIT_OK, None
    status = RunStatus.FAILED
    try:
        with explaining():
            report = call(replace(request, run_id=run_id, report=report))
        if report.failures:
            status, code = RunStatus.PARTIAL, EXIT_TRANSIENT
        else:
            status = RunStatus.OK if report.received else RunStatus.EMPTY
    except ZakazError as caught:
        error, code = scrub(str(caught)), caught.exit_code
        log.error("%s failed: %s", source.title, caught)
    except Exception as caught:
        error, code = _described(caught), EXIT_BUG
        log.exception("%s failed by a bug", source.title)
    except BaseException as caught:  # noqa: BLE001 - handed back to the caller, who raises it
        error, code, stop = _described(caught), EXIT_TRANSIENT, caught
    message = error or "; ".join([*report.failures, *report.notes])
    job_run = JobRun(source.name, run_id, started, request.clock(), status, message, report)
    return SourceOutcome(source.name, source.title, job_run, code, error), stop


def _prepare(warehouse: Warehouse, request: SyncRequest) -> None:
    """Create the schema in an unused embedded store; stop if it has drifted, before any request."""
    from zakaz.schema import bootstrap

    bootstrap.prepare(warehouse)
    if not request.full_refresh:
        _refuse_future_watermarks(warehouse, request)


def _refuse_future_watermarks(warehouse: Warehouse, request: SyncRequest) -> None:
    """Stop at a cursor from the future: reading on from it would load nothing for years (C06)."""
    ahead = watermarks.ahead(warehouse, request.clock() + _CLOCK_TOLERANCE)
    if ahead:
        raise SettingsError(
            f"The store says that it has been read up to the future: {', '.join(ahead)}. Check "
            "this machine's clock; then read everything again with: zakaz sync --full-refresh"
        )


def _rebuild_facts(
    warehouse: Warehouse, request: SyncRequest, outcomes: list[SourceOutcome]
) -> list[SourceOutcome]:
    """Rebuild the dirty months; if that fails, no outcome may stay ``ok``."""
    from zakaz import facts, landed

    try:
        facts.rebuild_dirty(warehouse, at=request.clock(), progress=request.progress)
        landed.note_losses(warehouse, request.clock())
    except ZakazError as error:
        log.error("the facts could not be rebuilt: %s", error)
        told = scrub(f"loaded, but the facts were not rebuilt: {error}")
        return [_demoted(outcome, told, error.exit_code) for outcome in outcomes]
    return outcomes


def _demoted(outcome: SourceOutcome, message: str, code: int) -> SourceOutcome:
    report = outcome.run.report
    report.streams = [
        replace(one, status=RunStatus.PARTIAL.value, message=message)
        if one.status in (RunStatus.OK.value, RunStatus.EMPTY.value)
        else one
        for one in report.streams
    ]  # what no page shows yet is no fresh load
    if outcome.exit_code != EXIT_OK:
        return outcome
    job_run = replace(outcome.run, status=RunStatus.PARTIAL, message=message)
    return replace(outcome, run=job_run, exit_code=code, error=message)


def _publish(url: WarehouseUrl) -> None:
    if url.kind == "embedded":
        from zakaz.store import Store

        Store(url.path).publish()


def _described(error: BaseException) -> str:
    if isinstance(error, ZakazError):
        return scrub(str(error))
    return scrub(f"{type(error).__name__}: {error}".rstrip(": "))


class _Journal:
    """Writes the row and the line of every source of one run, each exactly once."""

    def __init__(self, sources: Sequence[Source], request: SyncRequest, url: WarehouseUrl) -> None:
        self.folder = state_folder(url, request.environ)
        self.outcomes: list[SourceOutcome] = []
        self.begun = BegunRuns(self.folder, str(url))
        self._sources = sources
        self._request = request
        self._url = url
        self._started: datetime = request.clock()
        self._lined: set[str] = set()

    def write(self, warehouse: Warehouse) -> None:
        """Write line and row of every source that ran; the line first, it cannot be refused."""
        for outcome in self.outcomes:
            self._line(outcome.run)
        for outcome in self.outcomes:
            try:
                _write_rows(warehouse, outcome.run)
            except ZakazError as error:
                self._write_again(outcome.run, error)
        self.begun.forget()

    def tell_of_the_dead(self, warehouse: Warehouse) -> None:
        """Write line and row of the runs that were killed, as failed (D7)."""
        for job_run in self.begun.dead(self._started):
            if not run_journal.find(warehouse, job_run.run_id):
                run_journal.append_line(self.folder, job_run, store=str(self._url))
                _write_rows(warehouse, job_run)

    def write_lines(self, status: RunStatus, message: str) -> None:
        """Write the line of every source that has none yet, when no row can be written."""
        now = self._request.clock()
        for source in self._sources:
            run_id = self._request.run_id or run_journal.new_run_id(self._started)
            self._line(JobRun(source.name, run_id, self._started, now, status, message))

    def _line(self, job_run: JobRun) -> None:
        if job_run.job not in self._lined:
            self._lined.add(job_run.job)
            run_journal.append_line(self.folder, job_run, store=str(self._url))

    def _write_again(self, job_run: JobRun, error: ZakazError) -> None:
        """A connection that broke under an insert may not carry its own obituary: take another."""
        if self._url.kind == "embedded":
            log.error("the journal row of %s could not be written: %s", job_run.job, error)
            return
        from zakaz.warehouse.connect import open_for_writing

        try:
            with open_for_writing(self._url) as another:
                _write_rows(another, job_run)
        except ZakazError as again:
            log.error("the journal row of %s could not be written: %s", job_run.job, again)


def _write_rows(warehouse: Warehouse, job_run: JobRun) -> None:
    run_journal.write(warehouse, job_run)
    stream_journal.write(
        warehouse, job_run.job, job_run.run_id, job_run.report.streams, job_run.finished_at
    )

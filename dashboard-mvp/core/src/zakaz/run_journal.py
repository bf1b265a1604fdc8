"""The run journal: one row in the warehouse and one line beside it for every run.

The row (``zakaz.meta_job_runs``) is what dashboards and monitors read. The line
(``state/runs.jsonl``) is written even when the store is locked or the server is away.
"""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from zakaz.errors import DiskFull, SettingsError
from zakaz.file_faults import explained
from zakaz.private_folder import make_private
from zakaz.scrub import scrub
from zakaz.source import SyncReport
from zakaz.versions import version_at
from zakaz.warehouse.port import Warehouse

log = logging.getLogger(__name__)

TABLE = "zakaz.meta_job_runs"
FILE_NAME = "runs.jsonl"
_LONGEST_MESSAGE = 1000
_LARGEST_FILE = 5 * 1024 * 1024


class RunStatus(StrEnum):
    """How a run ended; the same words as the Enum8 of the table."""

    OK = "ok"
    EMPTY = "empty"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run as the journal keeps it."""

    job: str
    run_id: str
    started_at: datetime
    finished_at: datetime
    status: RunStatus
    message: str = ""
    report: SyncReport = field(default_factory=SyncReport)

    def columns(self) -> dict[str, Any]:
        """Give the run under the column names of ``zakaz.meta_job_runs``."""
        report = self.report
        return {
            "job": self.job,
            "run_id": self.run_id,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "status": self.status.value,
            "rows_processed": report.inserted,
            "message": scrub(self.message, _LONGEST_MESSAGE),
            "received": report.received,
            "accepted": report.accepted,
            "quarantined": report.quarantined,
            "duplicate": report.duplicate,
            "inserted": report.inserted,
            "requests": report.requests,
            "mode": report.mode,
            "months": sorted(report.months),
        }


def new_run_id(started_at: datetime) -> str:
    """Give an identifier that sorts by start: 20260201-101500-3f9a1c."""
    return f"{started_at:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def write(warehouse: Warehouse, run: JobRun) -> None:
    """Store the row of a finished run."""
    values = run.columns() | {
        "_ver": version_at(run.finished_at),
        "_loaded_at": run.finished_at,
    }
    warehouse.insert(TABLE, {name: [value] for name, value in values.items()})


def append_line(folder: Path, run: JobRun, *, store: str) -> None:
    """Add the line of a run to ``runs.jsonl``; a full disk is logged and stops nothing."""
    values = run.columns() | {"store": store}
    line = json.dumps(values, ensure_ascii=False, default=_json_value)
    path = folder / FILE_NAME
    try:
        make_private(folder)
        if path.exists() and path.stat().st_size > _LARGEST_FILE:
            path.replace(path.with_suffix(".jsonl.1"))
        with path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    except OSError as error:
        log.warning("cannot write %s (%s); the run was: %s", path, error.strerror, line)


def require_writable(folder: Path) -> None:
    """Refuse to start where the outcome of the run could not be recorded."""
    try:
        make_private(folder)
        with (folder / FILE_NAME).open("a", encoding="utf-8"):
            pass
    except OSError as error:
        told = explained(error, folder)
        if isinstance(told, DiskFull) or (told and isinstance(error, PermissionError)):
            raise told from None
        raise SettingsError(
            f"Cannot write the run journal {folder / FILE_NAME}: {error.strerror}. "
            "Make the folder writable for this user, or choose another ZAKAZ_WAREHOUSE_URL."
        ) from None


def recent(warehouse: Warehouse, limit: int = 20) -> list[dict[str, Any]]:
    """Give the newest runs first, with their duration."""
    return warehouse.query(
        "SELECT * FROM bi.v_job_runs ORDER BY started_at DESC, job LIMIT {limit:UInt32}",
        {"limit": limit},
    ).dicts()


def find(warehouse: Warehouse, run_id: str) -> list[dict[str, Any]]:
    """Give the runs whose identifier starts with the given text."""
    return warehouse.query(
        "SELECT * FROM bi.v_job_runs WHERE startsWith(run_id, {run_id:String})"
        " ORDER BY started_at DESC, job",
        {"run_id": run_id},
    ).dicts()


def last_by_job(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Give the last run of every job."""
    return warehouse.query(
        "SELECT * FROM bi.v_job_runs ORDER BY started_at DESC LIMIT 1 BY job"
    ).dicts()


def as_dict(run: JobRun) -> dict[str, Any]:
    """Give a run as plain JSON values, its notes and failures included."""
    values = {name: _json_value(value) for name, value in run.columns().items()}
    report = asdict(run.report)
    return values | {
        "notes": [scrub(note) for note in report["notes"]],
        "failures": [scrub(failure) for failure in report["failures"]],
        "incremental": report["incremental"],
    }


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value

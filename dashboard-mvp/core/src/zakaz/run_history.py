"""The history of runs: rows of the warehouse, joined by local lines that never got there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zakaz import quarantine, run_journal, stream_journal
from zakaz.errors import DataError, ZakazError
from zakaz.schema.migrate import require_current
from zakaz.sync import state_folder
from zakaz.warehouse.connect import generation, open_for_reading
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl

Run = dict[str, Any]


def history(url: WarehouseUrl, environ: Mapping[str, str], limit: int) -> tuple[list[Run], str]:
    """Give the newest runs, and why the warehouse could not be asked ('' when it could)."""
    rows: list[Run] = []
    away = ""
    if has_data(url):
        try:
            with open_for_reading(url) as warehouse:
                rows = run_journal.recent(warehouse, limit)
        except ZakazError as error:
            away = str(error)
    return merged(rows, local_runs(url, environ))[:limit], away


def find(
    url: WarehouseUrl, environ: Mapping[str, str], run_id: str
) -> tuple[Run, list[tuple[str, str, int]]]:
    """Give the one run whose ID begins like this with its streams, and what was quarantined why."""
    rows: list[Run] = []
    streams: list[Run] = []
    reasons: list[tuple[str, str, int]] = []
    if has_data(url):
        with open_for_reading(url) as warehouse:
            require_current(warehouse)
            rows = run_journal.find(warehouse, run_id)
            if len(rows) == 1:
                name = str(rows[0]["run_id"])
                reasons = quarantine.reasons(warehouse, name)
                streams = stream_journal.of_run(warehouse, str(rows[0]["job"]), name)
    local = [run for run in local_runs(url, environ) if run["run_id"].startswith(run_id)]
    found = merged(rows, local)
    if not found:
        raise DataError(f"There is no run {run_id}. List the runs with: zakaz runs")
    if len(found) > 1:
        names = ", ".join(str(run["run_id"]) for run in found[:5])
        raise DataError(f"{len(found)} runs begin with {run_id} ({names}); write more of the ID.")
    return found[0] | {"streams": streams}, reasons


def last_by_job(warehouse: Warehouse | None, local: list[Run]) -> dict[str, Run]:
    """Give the last run of every job, wherever it was recorded."""
    rows = [] if warehouse is None else run_journal.last_by_job(warehouse)
    last: dict[str, Run] = {}
    for run in merged(rows, local):
        last.setdefault(str(run["job"]), run)
    return last


def has_data(url: WarehouseUrl) -> bool:
    """Say whether there is anything to read: an embedded store has nothing before a first load."""
    return url.kind == "server" or generation(url) is not None


def local_runs(url: WarehouseUrl, environ: Mapping[str, str]) -> list[Run]:
    """Give the runs of ``runs.jsonl`` that were meant for this store; broken lines are skipped."""
    path = state_folder(url, environ) / run_journal.FILE_NAME
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    found: list[Run] = []
    for line in lines:
        try:
            run = json.loads(line)
            if run.pop("store", None) != str(url):
                continue
            for name in ("started_at", "finished_at"):
                run[name] = datetime.fromisoformat(run[name])
            run["duration_seconds"] = int((run["finished_at"] - run["started_at"]).total_seconds())
            found.append(run)
        except (ValueError, KeyError, AttributeError, TypeError):  # half a line after a full disk
            continue
    return found


def merged(rows: list[Run], local: list[Run]) -> list[Run]:
    """Join both histories, the newest first; a run recorded in both is told once, by its row."""
    known = {(run["job"], run["run_id"]) for run in rows}
    everything = [*rows, *(run for run in local if (run["job"], run["run_id"]) not in known)]
    return sorted(everything, key=lambda run: (run["started_at"], run["job"]), reverse=True)

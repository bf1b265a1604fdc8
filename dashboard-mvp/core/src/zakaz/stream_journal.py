"""The journal of streams: one row for every stream of a run, so that each has a status of its own.

The row of the whole run is in ``zakaz.meta_job_runs``; these say which of its streams failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zakaz.scrub import scrub, scrub_name
from zakaz.source import StreamRun
from zakaz.versions import version_at
from zakaz.warehouse.port import Warehouse

TABLE = "zakaz.meta_stream_runs"
_LONGEST_MESSAGE = 1000
_LONGEST_NAME = 60
_MOST_NAMES = 50
_NEWEST = """
SELECT job, stream, run_id, started_at, finished_at, status, mode, received, accepted, quarantined,
    duplicate, new_fields, message
FROM zakaz.meta_stream_runs ORDER BY _ver DESC LIMIT 1 BY job, stream
"""
_OF_RUN = """
SELECT stream, started_at, finished_at, status, mode, received, accepted, quarantined, duplicate,
    new_fields, message
FROM zakaz.meta_stream_runs WHERE job = {job:String} AND run_id = {run_id:String}
ORDER BY _ver
"""
# A run that received nothing has seen no field and takes nothing back.
_NEW_FIELDS = """
SELECT job, stream, new_fields FROM (
    SELECT job, stream, new_fields FROM zakaz.meta_stream_runs WHERE received > 0
    ORDER BY _ver DESC LIMIT 1 BY job, stream
) WHERE notEmpty(new_fields) ORDER BY job, stream
"""


def write(
    warehouse: Warehouse, job: str, run_id: str, streams: Sequence[StreamRun], at: datetime
) -> None:
    """Store how the streams of a finished run ended."""
    if not streams:
        return
    rows = [
        {
            "job": job,
            "stream": one.stream,
            "run_id": run_id,
            "started_at": one.started_at,
            "finished_at": one.finished_at,
            "status": one.status,
            "mode": one.mode,
            "received": one.received,
            "accepted": one.accepted,
            "quarantined": one.quarantined,
            "duplicate": one.duplicate,
            "new_fields": _names(one.new_fields),
            "message": scrub(one.message, _LONGEST_MESSAGE),
            "_ver": version_at(at) + place,  # in the order they were read, within the same second
            "_loaded_at": at,
        }
        for place, one in enumerate(streams)
    ]
    warehouse.insert(TABLE, {name: [row[name] for row in rows] for name in rows[0]})


def newest(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Give the last run of every stream, by job and as they are read."""
    found = warehouse.query(_NEWEST).dicts()
    found.reverse()
    return sorted(found, key=lambda row: (row["job"], row["started_at"]))


def new_fields(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Give the unknown fields of each stream, as the last run that received anything saw them."""
    return warehouse.query(_NEW_FIELDS).dicts()


def _names(found: Sequence[str]) -> list[str]:
    return sorted({scrub_name(name, _LONGEST_NAME) for name in found})[:_MOST_NAMES]


def of_run(warehouse: Warehouse, job: str, run_id: str) -> list[dict[str, Any]]:
    """Give the streams of one run in the order they were read."""
    return warehouse.query(_OF_RUN, {"job": job, "run_id": run_id}).dicts()

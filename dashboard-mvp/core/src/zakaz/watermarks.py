"""Watermarks: how far each stream of a source has been read; written after the data."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from zakaz.moscow import parse_instant
from zakaz.versions import next_version
from zakaz.warehouse.port import Warehouse

TABLE = "zakaz.meta_watermarks"
# A value may be a small JSON object: the place of a first load that was cut short holds two.
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+(?:Z|[+-][0-9:]+)?")


def read(warehouse: Warehouse, job: str, stream: str) -> str | None:
    """Return the watermark of a stream, or None before its first complete load."""
    return read_some(warehouse, job, [stream]).get(stream)


def read_some(warehouse: Warehouse, job: str, streams: Collection[str]) -> dict[str, str]:
    """Return the watermarks of these streams in one question, of those that have one."""
    rows = warehouse.query(
        "SELECT stream, value FROM zakaz.meta_watermarks FINAL"
        " WHERE job = {job:String} AND stream IN {streams:Array(String)} AND value != ''",
        {"job": job, "streams": list(streams)},
    ).rows
    return {str(stream): str(value) for stream, value in rows}


def write(warehouse: Warehouse, job: str, stream: str, value: str, at: datetime) -> None:
    """Move the watermark of a stream; an empty value forgets it."""
    write_some(warehouse, job, {stream: value}, at)


def write_some(warehouse: Warehouse, job: str, values: Mapping[str, str], at: datetime) -> None:
    """Move the watermarks of several streams in one insert: all of them or none."""
    rows = len(values)
    warehouse.insert(
        TABLE,
        {
            "job": [job] * rows,
            "stream": list(values),
            "value": list(values.values()),
            "_ver": [next_version(warehouse, TABLE, at)] * rows,
            "_loaded_at": [at] * rows,
        },
    )


def all_of(warehouse: Warehouse) -> list[tuple[str, str, str, datetime]]:
    """Give every watermark as job, stream, value and the instant it was written."""
    return [
        (str(job), str(stream), str(value), at)
        for job, stream, value, at in warehouse.query(
            "SELECT job, stream, value, _loaded_at FROM zakaz.meta_watermarks FINAL"
            " WHERE value != '' ORDER BY job, stream"
        ).rows
    ]


def ahead(warehouse: Warehouse, limit: datetime) -> list[str]:
    """Give the watermarks that hold an instant after ``limit``, each as job, stream and value."""
    return [
        f"{job} {stream} {value}"
        for job, stream, value, _ in all_of(warehouse)
        if any(_is_after(limit, text) for text in _INSTANT.findall(value))
    ]


def _is_after(limit: datetime, text: str) -> bool:
    try:
        return parse_instant(text) > limit
    except ValueError:
        return True  # an instant outside what any clock shows

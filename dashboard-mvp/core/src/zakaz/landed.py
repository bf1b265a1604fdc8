"""Landed rows: which batch stored which version of a row, so that ``zakaz verify`` sees a loss.

A staging table keeps the newest version of each row, so its size proves nothing. Beside every
insert the key and the version of each row are written here; a row that is missing later, or is
older than it was, was lost, whatever has been loaded since. It counts as back when that version or
a newer one is there again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from zakaz.packed import (
    Counts,
    Flags,
    Identities,
    Instants,
    OptionalInstants,
    Packed,
    Texts,
    Versions,
)
from zakaz.schema import declared, sources
from zakaz.versions import next_version
from zakaz.warehouse.port import Warehouse

TABLE = "zakaz.meta_landed_rows"
NOTED = "zakaz.meta_lost_rows"
_NOTED = "SELECT job, stg_table FROM zakaz.meta_lost_rows FINAL WHERE lost_rows > 0"

_STROKE = ", '/', "
_TABLES = "SELECT DISTINCT stg_table FROM zakaz.meta_landed_rows ORDER BY stg_table"
# Parts of all keys whose sums differ: only these are looked at row by row. All tables in one
# statement, which reads what landed once.
_DIFFERING = """
SELECT name, bucket FROM
(
    SELECT toString(stg_table) AS name, cityHash64(account_id, row_key) % 1024 AS bucket,
        count() AS rows, sum(cityHash64(account_id, row_key, _ver)) AS content
    FROM zakaz.meta_landed_rows FINAL
    GROUP BY name, bucket
    UNION ALL
    {stored}
)
GROUP BY name, bucket HAVING uniqExact(rows, content) > 1 OR count() = 1
ORDER BY name, bucket
SETTINGS do_not_merge_across_partitions_select_final = 1
"""
_STORED = """
    SELECT '{name}' AS name, cityHash64(account_id, {key}) % 1024 AS bucket,
        count() AS rows, sum(cityHash64(account_id, {key}, _ver)) AS content
    FROM {rows}
    GROUP BY bucket
"""
# Of snapshots the newest counts, as it does in the record.
_NEWEST = (
    "(SELECT account_id, {key}, max(_ver) AS _ver FROM zakaz.{name} GROUP BY account_id, {key})"
)
# A row that counted no more and is gone with all its versions changes no figure, and no source has
# it to send again; where an older version came to light it is a loss like any other.
_LOST = """
SELECT landed.job, landed.run_id, landed.batch, count() AS rows, min(landed.row_key) AS example
FROM
(
    SELECT account_id, row_key, job, run_id, batch, is_deleted, _ver
    FROM zakaz.meta_landed_rows FINAL
    WHERE stg_table = {table:String}
        AND cityHash64(account_id, row_key) % 1024 IN {buckets:Array(UInt64)}
) AS landed
LEFT JOIN
(
    SELECT account_id, {key} AS row_key, max(_ver) AS newest
    FROM zakaz.{name}
    WHERE cityHash64(account_id, {key}) % 1024 IN {buckets:Array(UInt64)}
    GROUP BY account_id, row_key
) AS stored ON stored.account_id = landed.account_id AND stored.row_key = landed.row_key
WHERE stored.newest < landed._ver AND (stored.newest > 0 OR NOT landed.is_deleted)
GROUP BY landed.job, landed.run_id, landed.batch
ORDER BY landed.run_id, landed.job, landed.batch
SETTINGS join_use_nulls = 0
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows that are stored together: whose they are, their number in the run, and when."""

    job: str
    run_id: str
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows that a batch stored and that are not there any more, or only as they were before."""

    table: str
    job: str
    run_id: str
    batch: int
    rows: int
    example: str

    def __str__(self) -> str:
        whose = f"batch {self.batch} of run {self.run_id} of {self.job}"
        if not self.run_id:
            whose = "what was loaded before this version"
        return (
            f"{self.table} has lost {self.rows} {'row' if self.rows == 1 else 'rows'} of {whose}, "
            f"among them {self.example}"
        )


def insert(
    warehouse: Warehouse, table: str, columns: Mapping[str, Sequence[Any]], batch: Batch
) -> int:
    """Insert columns into a staging table and write down what landed; return how many rows."""
    inserted = warehouse.insert(table, columns)
    if inserted:
        short = table.removeprefix("zakaz.")
        keys = [columns[name] for name in _key_columns(short)]
        warehouse.insert(
            TABLE,
            {
                "stg_table": Texts([short] * inserted),
                "account_id": _joined([columns["account_id"]]),
                "row_key": _joined(keys),
                "job": Texts([batch.job] * inserted),
                "run_id": Texts([batch.run_id] * inserted),
                "batch": Counts([batch.number] * inserted),
                "is_deleted": _deleted(columns, inserted),
                "_ver": _versions(columns["_ver"]),
                "_loaded_at": Instants([int(batch.at.timestamp())] * inserted),
            },
        )
    return inserted


def losses(warehouse: Warehouse) -> Iterator[Loss]:
    """Yield what is lost of each table, batch by batch; nothing when all is there."""
    keys = {str(table): _key(str(table)) for (table,) in warehouse.query(_TABLES).rows}
    if not keys:
        return
    stored = "UNION ALL".join(
        _spelt(_STORED.replace("{rows}", _rows(table)), table, key) for table, key in keys.items()
    )
    buckets: dict[str, list[int]] = {}
    for table, bucket in warehouse.query(_DIFFERING.replace("{stored}", stored)).rows:
        buckets.setdefault(str(table), []).append(int(bucket))
    for table, differing in buckets.items():
        asked = {"table": table, "buckets": differing}
        for row in warehouse.query(_spelt(_LOST, table, keys[table]), asked).rows:
            yield Loss(table, *row)


def note_losses(warehouse: Warehouse, at: datetime) -> None:
    """Count what is lost of each job and table, for the pages; 0 for what is back again."""
    found = {(str(job), str(table)): 0 for job, table in warehouse.query(_NOTED).rows}
    for loss in losses(warehouse):
        found[loss.job, loss.table] = found.get((loss.job, loss.table), 0) + loss.rows
    if found:
        rows = len(found)
        warehouse.insert(
            NOTED,
            {
                "job": [job for job, _ in found],
                "stg_table": [table for _, table in found],
                "lost_rows": list(found.values()),
                "_ver": [next_version(warehouse, NOTED, at)] * rows,
                "_loaded_at": [at] * rows,
            },
        )


@lru_cache  # asked for every batch; the program's own migrations do not change while it runs
def _sorting_key(table: str) -> dict[str, str]:
    """Return the columns of a table's declared sorting key and their types."""
    definition = declared.tables(sources.migrations())[f"zakaz.{table}"]
    types = {column.name: column.type for column in definition.columns}
    return {name: types[name] for name in definition.order_by.split(", ")}


def _key_columns(table: str) -> tuple[str, ...]:
    """Return what tells the rows of one account apart: the sorting key without it.

    The instant of a snapshot is no part of it: one that is over cannot be counted again.
    """
    return tuple(
        name
        for name, kind in _sorting_key(table).items()
        if name != "account_id" and not kind.startswith("DateTime")
    )


def _key(table: str) -> str:
    """Return the expression of a table's rows for what ``row_key`` holds."""
    texts = [f"toString({name})" for name in _key_columns(table)]
    return texts[0] if len(texts) == 1 else f"concat({_STROKE.join(texts)})"


def _rows(table: str) -> str:
    """Return what to read of a table: its newest rows, of a snapshot too the newest alone."""
    if len(_key_columns(table)) + 1 == len(_sorting_key(table)):
        return "zakaz.{name} FINAL"
    columns = ", ".join(_key_columns(table))
    return _NEWEST.replace("{key}", columns)


def _spelt(sql: str, table: str, key: str) -> str:
    return sql.replace("{name}", table).replace("{key}", key)


def _joined(keys: Sequence[Sequence[Any]]) -> Packed:
    if len(keys) == 1:
        (key,) = keys
        return key if isinstance(key, Identities | Texts) else Texts(map(str, key))
    return Texts("/".join(map(str, row)) for row in zip(*keys, strict=True))


def _deleted(columns: Mapping[str, Sequence[Any]], rows: int) -> Flags:
    if "is_deleted" in columns:
        return Flags(map(int, columns["is_deleted"]))
    marks = columns.get("deleted_at")
    if isinstance(marks, OptionalInstants):
        return Flags(1 - absent for absent in marks.absent)
    return Flags([0] * rows if marks is None else [int(mark is not None) for mark in marks])


def _versions(column: Sequence[int]) -> Versions:
    return column if isinstance(column, Versions) else Versions(column)

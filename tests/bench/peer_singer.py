"""The Singer peer: our own minimal tap, jsonschema, and a target that upserts batches in DuckDB.

Run in a process of its own: ``peer_singer.py PAGES FOLDER``; prints one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
from clocked import clocked, told
from jsonschema import Draft7Validator

_BATCH = 20_000
_TABLES = {
    "orders": "id BIGINT PRIMARY KEY, event_id BIGINT, payed BOOLEAN, payed_at TIMESTAMPTZ,"
    " created_at TIMESTAMPTZ, updated_at TIMESTAMPTZ, deleted_at TIMESTAMPTZ, currency_id VARCHAR,"
    " price DECIMAL(18, 2), original_price DECIMAL(18, 2), discount_id BIGINT,"
    " promo_code_id BIGINT, utm JSON",
    "baskets": "id BIGINT PRIMARY KEY, order_id BIGINT, show_id BIGINT, created_at TIMESTAMPTZ,"
    " updated_at TIMESTAMPTZ, deleted_at TIMESTAMPTZ, refunded_at TIMESTAMPTZ, quantity INTEGER,"
    " original_price DECIMAL(18, 2), discount_value DECIMAL(18, 2), price DECIMAL(18, 2),"
    " service_fee_amount DECIMAL(18, 2), refunded_amount DECIMAL(18, 2),"
    " refunded_deduction_amount DECIMAL(18, 2)",
}
_TRUTH = """
SELECT count(DISTINCT o.id), count(*), CAST(100 * sum(
        b.price - CASE WHEN b.refunded_at IS NULL THEN 0 ELSE b.refunded_amount END
    ) FILTER (o.payed AND o.deleted_at IS NULL AND b.deleted_at IS NULL) AS BIGINT)
FROM baskets AS b JOIN orders AS o ON o.id = b.order_id
"""


class Sink:
    """The rows of one stream, stored a batch at a time, the newest of each key."""

    def __init__(self, base: Any, stream: str, spool: Path) -> None:
        self._base, self._stream, self._spool = base, stream, spool
        self._rows: dict[int, Any] = {}

    def add(self, record: dict[str, Any]) -> None:
        """Take a row."""
        self._rows[record["id"]] = record
        if len(self._rows) >= _BATCH:
            self.drain()

    def drain(self) -> None:
        """Upsert what was taken, through a file as targets do."""
        if not self._rows:
            return
        lines = (json.dumps(row) + "\n" for row in self._rows.values())
        self._spool.write_text("".join(lines), encoding="utf-8")
        self._base.execute(
            f"INSERT OR REPLACE INTO {self._stream} BY NAME"
            f" SELECT * FROM read_json_auto('{self._spool}', format = 'newline_delimited')"
        )
        self._rows.clear()


def load(pages: str, base: Any, spool: Path) -> None:
    """Read the tap's messages and store them."""
    sinks = {stream: Sink(base, stream, spool) for stream in _TABLES}
    validators: dict[str, Any] = {}
    tap = [sys.executable, str(Path(__file__).with_name("peer_singer_tap.py")), pages]
    with subprocess.Popen(tap, stdout=subprocess.PIPE) as process:
        for line in process.stdout or ():
            message = json.loads(line)
            if message["type"] == "SCHEMA":
                validators[message["stream"]] = Draft7Validator(message["schema"])
                continue
            validators[message["stream"]].validate(message["record"])
            sinks[message["stream"]].add(message["record"])
    for sink in sinks.values():
        sink.drain()


def main() -> None:
    """Load the pages into a DuckDB file and say what it holds."""
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True)
    base = duckdb.connect(str(folder / "peer.duckdb"))
    for stream, columns in _TABLES.items():
        base.execute(f"CREATE TABLE {stream} ({columns})")
    with clocked() as loading:
        load(sys.argv[1], base, folder / "batch.jsonl")
        base.execute("CHECKPOINT")
    told(loading, base.execute(_TRUTH).fetchone())


if __name__ == "__main__":
    main()

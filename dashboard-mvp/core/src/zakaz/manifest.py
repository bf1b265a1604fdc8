"""The batch manifest: what arrived and what became of it, so that ``zakaz verify`` can prove it."""

from __future__ import annotations

from datetime import datetime

from zakaz.versions import version_at
from zakaz.warehouse.port import Warehouse

TABLE = "zakaz.meta_manifest"


def record(
    warehouse: Warehouse,
    job: str,
    run_id: str,
    stream: str,
    batch: int,
    received: int,
    accepted: int,
    quarantined: int,
    duplicate: int,
    at: datetime,
) -> None:
    """Record one batch; counts that do not add up are a bug of the caller and raise ValueError."""
    if received != accepted + quarantined + duplicate:
        raise ValueError(
            f"{job}/{stream} batch {batch}: received {received} is not accepted {accepted}"
            f" + quarantined {quarantined} + duplicate {duplicate}"
        )
    warehouse.insert(
        TABLE,
        {
            "job": [job],
            "run_id": [run_id],
            "stream": [stream],
            "batch": [batch],
            "received": [received],
            "accepted": [accepted],
            "quarantined": [quarantined],
            "duplicate": [duplicate],
            "recorded_at": [at],
            "_ver": [version_at(at)],
            "_loaded_at": [at],
        },
    )

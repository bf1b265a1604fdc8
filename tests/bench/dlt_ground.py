"""Where the dlt peers stand: a pipeline into a DuckDB file that keeps to its folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def sealed() -> None:
    """Keep dlt from telling anybody about the run."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"


def pipeline_in(folder: Path) -> Any:
    """Give a pipeline whose state and database are in a folder."""
    import dlt

    folder.mkdir(parents=True)
    return dlt.pipeline(
        "peer",
        destination=dlt.destinations.duckdb(str(folder / "peer.duckdb")),
        dataset_name="sales",
        pipelines_dir=str(folder / "state"),
    )

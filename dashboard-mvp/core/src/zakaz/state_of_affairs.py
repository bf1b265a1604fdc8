"""Where everything stands: what ``zakaz status`` shows, read in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from zakaz import (
    ads_control,
    dirty_months,
    freshness,
    plan,
    quarantine,
    rebuild,
    stream_journal,
    watermarks,
)
from zakaz.run_history import has_data, last_by_job, local_runs
from zakaz.schema.migrate import require_current
from zakaz.warehouse.connect import generation, open_for_reading
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl


def read(
    url: WarehouseUrl,
    environ: Mapping[str, str],
    installed: Sequence[str],
    configured: Sequence[str],
) -> dict[str, Any]:
    """Give the state of store and sources as plain values; an empty store is a state too."""
    local = local_runs(url, environ)
    with open_for_reading(url) if has_data(url) else nullcontext() as warehouse:
        lights = freshness.nothing_loaded(installed)
        marks: list[tuple[str, str, str, Any]] = []
        streams: list[dict[str, Any]] = []
        pending: list[int] = []
        new_fields: list[dict[str, Any]] = []
        differ: list[dict[str, Any]] = []
        refused = 0
        if warehouse is not None:
            require_current(warehouse)
            lights = freshness.read(warehouse)
            marks = watermarks.all_of(warehouse)
            streams = stream_journal.newest(warehouse)
            new_fields = stream_journal.new_fields(warehouse)
            differ = ads_control.differences(warehouse)
            pending = dirty_months.pending(warehouse)
            refused = quarantine.count(warehouse)
        runs = last_by_job(warehouse, local)
        store = _store(url, warehouse)
    by_source = {light["source"]: light for light in lights}
    # Neither a plan nor a rebuild is a source that can be late.
    names = sorted({*by_source, *installed, *runs} - {plan.JOB, rebuild.JOB})
    empty = {light["source"]: light for light in freshness.nothing_loaded(names)}
    return {
        "store": store,
        "sources": [
            {
                "source": name,
                "configured": name in configured,
                "freshness": by_source.get(name, empty[name]),
                "last_run": runs.get(name),
            }
            for name in names
        ],
        "streams": streams,
        "new_fields": new_fields,
        "watermarks": [
            {"job": job, "stream": stream, "value": value, "written_at": at}
            for job, stream, value, at in marks
        ],
        "ads_control": differ,
        "pending_months": pending,
        "quarantined": refused,
        "advice": _advice(has_store=warehouse is not None, configured=configured, pending=pending),
    }


def _store(url: WarehouseUrl, warehouse: Warehouse | None) -> dict[str, Any]:
    found: dict[str, Any] = {"store": str(url), "kind": url.kind}
    if url.kind == "embedded":
        found["published_generation"] = generation(url)
    if warehouse is not None:
        found["engine"] = f"ClickHouse {warehouse.version()}"
        found["schema_version"] = _schema_version(warehouse)
    return found


def _schema_version(warehouse: Warehouse) -> str:
    version = warehouse.query("SELECT max(version) FROM zakaz.schema_migrations").scalar()
    return str(version)


def _advice(*, has_store: bool, configured: Sequence[str], pending: Sequence[int]) -> list[str]:
    advice = []
    if not configured:
        advice.append("No source is configured. Put its token into .env, then ask: zakaz doctor")
    if not has_store:
        advice.append("Nothing is loaded yet. Load your data with: zakaz sync"
                      " (without a token, look at: zakaz demo)")  # fmt: skip
    if pending:
        advice.append("Months wait for their facts; the next zakaz sync rebuilds them.")
    return advice

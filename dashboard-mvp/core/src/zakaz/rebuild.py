"""A rebuild of facts on demand: a run with lock, journal and publication, as a load has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from zakaz import facts
from zakaz.source import Source, SyncReport, SyncRequest
from zakaz.warehouse.port import Warehouse

JOB = "facts"  # its name in the run journal, beside the sources


def _load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
    report = request.report
    months = facts.rebuild_all(
        warehouse,
        at=request.clock(),
        progress=request.progress,
        first_month=_month(request.date_from, 0),
        last_month=_month(request.date_to, facts.LAST_MONTH),
    )
    report.mode = "rebuild"
    report.received = report.accepted = len(months)
    report.months = set(months)
    report.notes.append(_told(months))
    return report


def _month(day: date | None, otherwise: int) -> int:
    return otherwise if day is None else day.year * 100 + day.month


def _told(months: list[int]) -> str:
    if not months:
        return "there is nothing to rebuild: no month of these days has data"
    names = [f"{month // 100}-{month % 100:02}" for month in months]
    count = f"{len(months)} {'month' if len(months) == 1 else 'months'}"
    return f"{count} rebuilt: {names[0]} to {names[-1]}"


def _dry_run(request: SyncRequest) -> SyncReport:
    return SyncReport(mode="dry-run", notes=["DRY_RUN is true, so no fact was rebuilt"])


def _always(_environ: Mapping[str, str]) -> bool:
    return True


def _nothing_to_check(_environ: Mapping[str, str]) -> None:
    return None


# It reads staging instead of an API; for the rest it is a run like any other.
FACTS = Source(JOB, "Facts", _always, _nothing_to_check, _load, _dry_run)

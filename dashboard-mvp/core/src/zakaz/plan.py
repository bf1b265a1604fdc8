"""The sales plan in the warehouse: a file becomes rows, and only what differs is written.

A file is the whole plan of each event and month it names: a day that it leaves out is withdrawn, or
a day that was moved would be planned twice. The import runs as a source of its own through
``zakaz.sync``, so that lock, journal and publishing are those of every load.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from zakaz import plan_import
from zakaz.landed import Batch
from zakaz.moscow import month_of
from zakaz.plan_events import PlanEvents
from zakaz.plan_file import PlanLine
from zakaz.rows import Row
from zakaz.source import Source, SyncReport, SyncRequest
from zakaz.versions import next_version
from zakaz.warehouse.port import Warehouse

JOB = "plan"
_MOST_TOLD = 20

Key = tuple[str, date, str, str]  # account, day, event, currency
Figures = tuple[int, Decimal]
OpenStore = Callable[[], AbstractContextManager[Warehouse | None]]


class PlannedDay(Row, frozen=True, kw_only=True, gc=False):
    """The plan of one event on one Moscow day in one currency."""

    table: ClassVar[str] = "zakaz.plan_sales"

    account_id: str
    sales_date: date
    event_id: str
    currency: str
    plan_tickets: int
    plan_revenue: Decimal
    is_deleted: bool


@dataclass(slots=True)
class Changes:
    """What a file changes in one month of the stored plan."""

    new: dict[Key, Figures] = field(default_factory=dict)
    changed: dict[Key, tuple[Figures, Figures]] = field(default_factory=dict)
    withdrawn: dict[Key, Figures] = field(default_factory=dict)
    same: int = 0

    def rows(self, version: int, at: datetime) -> list[PlannedDay]:
        """Give the rows that make the stored plan equal to the file."""
        live = self.new | {key: figures for key, (_, figures) in self.changed.items()}
        return [
            PlannedDay(
                account_id=key[0], sales_date=key[1], event_id=key[2], currency=key[3],
                plan_tickets=tickets, plan_revenue=revenue, is_deleted=is_deleted,
                ver=version, loaded_at=at,
            )
            for planned, is_deleted in ((live, False), (self.withdrawn, True))
            for key, (tickets, revenue) in planned.items()
        ]  # fmt: skip

    def told(self) -> list[str]:
        """Say each change in a line, by day."""
        said = {key: f"new: {_spelt(key, figures)}" for key, figures in self.new.items()}
        for key, (old, figures) in self.changed.items():
            said[key] = f"{_spelt(key, old)} becomes {_spelt(key, figures)}"
        for key, figures in self.withdrawn.items():
            said[key] = f"withdrawn: {_spelt(key, figures)}"
        return [f"{key[1]}, event {key[2]}: {text}" for key, text in sorted(said.items())]


def source_of(lines: Sequence[PlanLine], *, keep: bool, open_store: OpenStore) -> Source:
    """Give the import of a plan as a source; a dry run compares it with what ``open_store`` gives.

    ``keep`` leaves planned days alone that the file leaves out.
    """

    def load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
        report = request.report
        report.mode = "file"
        at = request.clock()
        batch = Batch(JOB, request.run_id, 1, at)
        plan_import.finish(warehouse, batch)
        found = _compare(warehouse, lines, report, keep=keep)
        report.received = report.accepted = len(lines)
        version = next_version(warehouse, PlannedDay.table, at)
        rows = [row for changes in found for row in changes.rows(version, at)]
        with request.progress.task("Plan, days", len(rows)) as task:
            report.inserted += plan_import.store(warehouse, rows, batch)
            task.advance(len(rows))
        return report

    def dry_run(request: SyncRequest) -> SyncReport:
        report = request.report
        report.mode = "dry-run"
        report.received = report.accepted = len(lines)
        with open_store() as warehouse:
            if warehouse is None:
                report.notes.append(f"The {len(lines)} lines are sound; nothing is stored yet.")
                return report
            told = [
                line
                for changes in _compare(warehouse, lines, report, keep=keep)
                for line in changes.told()
            ]
        report.notes += told[:_MOST_TOLD]
        if len(told) > _MOST_TOLD:
            report.notes.append(f"and {len(told) - _MOST_TOLD} more")
        return report

    return Source(
        JOB, "The sales plan", is_configured=_always, check=_nothing, load=load, dry_run=dry_run
    )


def _compare(
    warehouse: Warehouse, lines: Sequence[PlanLine], report: SyncReport, *, keep: bool
) -> list[Changes]:
    """Give the changes month by month, and note what they come to."""
    events = PlanEvents.of(warehouse)
    months: dict[int, list[PlanLine]] = defaultdict(list)
    for line in map(events.resolved, lines):
        months[month_of(line.sales_date)].append(line)
    found = [_changes(warehouse, month, months[month], keep=keep) for month in sorted(months)]
    counts = {
        "new": sum(len(one.new) for one in found),
        "changed": sum(len(one.changed) for one in found),
        "withdrawn": sum(len(one.withdrawn) for one in found),
        "unchanged": sum(one.same for one in found),
    }
    report.notes.append("Planned days: " + ", ".join(f"{n} {word}" for word, n in counts.items()))
    if stranger := events.strangers(line for month in months.values() for line in month):
        report.notes.append(stranger)
    return found


def _changes(warehouse: Warehouse, month: int, lines: Sequence[PlanLine], *, keep: bool) -> Changes:
    stored: dict[Key, Figures] = {
        (str(account), day, str(event), str(currency)): (int(tickets), revenue)
        for account, day, event, currency, tickets, revenue in warehouse.query(
            plan_import.PLANNED_DAYS, {"month": month}
        ).rows
    }
    found = Changes()
    for line in lines:
        figures = (line.plan_tickets, line.plan_revenue)
        old = stored.pop(line.key, None)
        if old is None:
            found.new[line.key] = figures
        elif old != figures:
            found.changed[line.key] = (old, figures)
        else:
            found.same += 1
    if not keep:
        named = {(line.account_id, line.event_id) for line in lines}
        found.withdrawn = {key: old for key, old in stored.items() if (key[0], key[2]) in named}
    return found


def _spelt(key: Key, figures: Figures) -> str:
    tickets, revenue = figures
    return f"{tickets} {'ticket' if tickets == 1 else 'tickets'}, {revenue:.2f} {key[3]}"


def _always(_environ: Mapping[str, str]) -> bool:
    return True


def _nothing(_environ: Mapping[str, str]) -> None:
    """A plan has no settings to check."""

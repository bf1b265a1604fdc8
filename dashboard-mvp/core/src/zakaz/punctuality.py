"""Punctuality: whether loads keep coming, judged by the journal alone.

A load is late when two intervals have passed since the last good one: a single run may meet a
server that restarts. A quiet night is not late; the age of the data itself is ``freshness``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from zakaz.errors import EXIT_OK, EXIT_TRANSIENT
from zakaz.interval import spelt
from zakaz.source import Source
from zakaz.warehouse.port import Warehouse

_MISSED = 2
# A load that comes at an interval begins some seconds sooner or later each time.
_EARLY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Loads:
    """The loads of one source: the last good one, and how the newest run ended."""

    source: str
    every: timedelta
    now: datetime
    last_good: datetime | None = None
    last_status: str = ""
    last_message: str = ""

    @property
    def late(self) -> bool:
        """Whether two intervals have passed without a good load."""
        return self.last_good is None or self.now - self.last_good > _MISSED * self.every

    @property
    def told(self) -> str:
        """Say it in a sentence, with what to do when a load is late."""
        if self.last_good is None:
            when = "no load has succeeded yet"
        else:
            ago = spelt(self.now - self.last_good)
            when = f"the last good load ended {ago} ago, at {self.last_good:%Y-%m-%d %H:%M} Moscow"
        due = f"one is due every {spelt(self.every)}"
        if not self.late:
            return f"{self.source}: {when}; {due}."
        newest = ""
        if self.last_status not in {"", "ok", "empty"}:
            said = f" ({self.last_message})" if self.last_message else ""
            newest = f" The newest run ended {self.last_status}{said}."
        return f"{self.source}: LATE: {when}; {due}.{newest} Look at: zakaz runs"

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "source": self.source,
            "late": self.late,
            "last_good": self.last_good,
            "every_seconds": int(self.every.total_seconds()),
            "last_status": self.last_status,
        }


def last_good(warehouse: Warehouse) -> dict[str, datetime | None]:
    """Give the end of the last run of every job that ended ok or empty."""
    rows = warehouse.query(
        "SELECT job, maxOrNullIf(finished_at, status IN ('ok', 'empty')) AS last_good"
        " FROM bi.v_job_runs GROUP BY job"
    ).dicts()
    return {row["job"]: row["last_good"] for row in rows}


def last_begun(warehouse: Warehouse) -> dict[str, datetime]:
    """Give the start of the last run of every job that read up to its present and stored it."""
    rows = warehouse.query(
        "SELECT job, max(started_at) AS begun FROM bi.v_job_runs"
        " WHERE status IN ('ok', 'empty', 'partial') AND mode NOT IN ('days', 'payed_at', 'entity')"
        " GROUP BY job"
    ).dicts()
    return {row["job"]: row["begun"] for row in rows}


def is_due(
    source: Source, begun: Mapping[str, datetime], environ: Mapping[str, str], now: datetime
) -> bool:
    """Say whether a source's own pace has passed since its last load began, or it has none."""
    last = begun.get(source.name)
    return source.pace is None or last is None or now - last > source.pace(environ) - _EARLY


def judge(
    sources: Iterable[str],
    good: Mapping[str, datetime | None],
    newest: Mapping[str, Mapping[str, Any]],
    *,
    every: Mapping[str, timedelta],
    now: datetime,
) -> list[Loads]:
    """Put together what is known of each source: its last good load and its newest run."""
    return [
        Loads(
            source,
            every[source],
            now,
            good.get(source),
            str(newest.get(source, {}).get("status", "")),
            str(newest.get(source, {}).get("message", "")),
        )
        for source in sources
    ]


def exit_code(loads: Sequence[Loads]) -> int:
    """Give 75 when the loads of a source are late, else 0."""
    return EXIT_TRANSIENT if any(load.late for load in loads) else EXIT_OK

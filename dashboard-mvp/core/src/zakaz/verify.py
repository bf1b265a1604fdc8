"""Verification: manifest, journal, landed rows, staging and facts held against each other.

The queries of ``infra/clickhouse/checks`` must return no rows; the counts below tie what the
source delivered to what the journal and the quarantine say about it.
"""

from __future__ import annotations

from dataclasses import dataclass

from zakaz import landed, plan
from zakaz.errors import SchemaDrift
from zakaz.schema import checks, drift, sources
from zakaz.warehouse.port import Warehouse

_JOURNAL_AGAINST_MANIFEST = """
SELECT job, run_id, received, accepted, quarantined, duplicate,
    told_received, told_accepted, told_quarantined, told_duplicate
FROM
(
    SELECT job, run_id, sum(received) AS told_received, sum(accepted) AS told_accepted,
        sum(quarantined) AS told_quarantined, sum(duplicate) AS told_duplicate
    FROM zakaz.meta_manifest
    GROUP BY job, run_id
) AS manifest
INNER JOIN
(
    SELECT job, run_id, received, accepted, quarantined, duplicate
    FROM zakaz.meta_job_runs
    WHERE status IN ('ok', 'empty', 'partial')
) AS journal USING (job, run_id)
WHERE (received, accepted, quarantined, duplicate)
    != (told_received, told_accepted, told_quarantined, told_duplicate)
ORDER BY run_id, job
"""
_QUARANTINE_AGAINST_MANIFEST = """
SELECT job, run_id, sum(told) AS told_quarantined, sum(kept) AS kept_quarantined
FROM
(
    SELECT job, run_id, toInt64(sum(quarantined)) AS told, toInt64(0) AS kept
    FROM zakaz.meta_manifest GROUP BY job, run_id
    UNION ALL
    SELECT job, run_id, toInt64(0) AS told, toInt64(count()) AS kept
    FROM zakaz.meta_quarantine GROUP BY job, run_id
)
GROUP BY job, run_id
HAVING told_quarantined != kept_quarantined
ORDER BY run_id, job
"""


LANDED = "landed_rows_are_stored"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold: the promise's name and what was found instead."""

    name: str
    told: str

    def __str__(self) -> str:
        return f"{self.name}: {self.told}"


def promises() -> list[str]:
    """Give the names of everything that is checked."""
    named = [file.name for file in sources.checks()]
    return [
        *named,
        "journal_equals_manifest",
        "quarantine_equals_manifest",
        LANDED,
        "schema_is_declared",
    ]


def verify(warehouse: Warehouse) -> list[Finding]:
    """Check every promise and give what does not hold."""
    findings = [_of_schema(text) for text in _drift(warehouse)]
    if findings:  # over another schema the other queries mean nothing
        return findings
    for failure in checks.run(warehouse):
        told = str(failure).removeprefix(f"{failure.name}: ")
        findings.append(Finding(failure.name, told))
    for row in warehouse.query(_JOURNAL_AGAINST_MANIFEST).dicts():
        told = (
            f"run {row['run_id']} of {row['job']} says received {row['received']}, accepted "
            f"{row['accepted']}, quarantined {row['quarantined']}, duplicate {row['duplicate']}; "
            f"its batches say {row['told_received']}, {row['told_accepted']}, "
            f"{row['told_quarantined']}, {row['told_duplicate']}"
        )
        findings.append(Finding("journal_equals_manifest", told))
    for row in warehouse.query(_QUARANTINE_AGAINST_MANIFEST).dicts():
        told = (
            f"run {row['run_id']} of {row['job']} quarantined {row['told_quarantined']} items, "
            f"{row['kept_quarantined']} are kept"
        )
        findings.append(Finding("quarantine_equals_manifest", told))
    findings += [
        Finding(LANDED, f"{loss}. Load them again with: {_command(loss.job)}")
        for loss in landed.losses(warehouse)
    ]
    return findings


def _command(job: str) -> str:
    """Return what brings the rows of a job back; a plan is in no source, only in its file."""
    if job == plan.JOB:
        return "zakaz plan import FILE"
    return " ".join(["zakaz sync", *filter(None, [job]), "--full-refresh"])


def _drift(warehouse: Warehouse) -> list[str]:
    try:
        return [str(difference) for difference in drift.differences(warehouse)]
    except SchemaDrift as error:
        return [str(error)]


def _of_schema(told: str) -> Finding:
    return Finding("schema_is_declared", told)

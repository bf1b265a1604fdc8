"""The validator: static rules, the engine's parser, and the contract with the writers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zakaz.schema import sources
from zakaz.schema.validator import (
    catalogue,
    contract,
    creates,
    engine,
    generated,
    lexical,
    queries,
    rights,
    tables,
)
from zakaz.schema.validator.finding import Finding

PASSED = "Schema validation passed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings, and the version of the engine that parsed ('' where none is installed)."""

    findings: list[Finding]
    engine: str = ""
    files: int = 0
    statements: int = 0

    @property
    def passed(self) -> bool:
        """Say whether there is nothing to mend."""
        return not self.findings


def judge(
    root: Path | None = None,
    *,
    writers: Mapping[str, type] | None = None,
    with_engine: bool = True,
) -> Verdict:
    """Validate a folder of SQL; ``writers`` maps each staging table to its row type."""
    root = root or sources.sql_root()
    found = list(lexical.check(root))
    if found:
        return Verdict(sorted(found))  # nothing else could read these files
    read = catalogue.read(root)
    found += lexical.headers(read.files)
    found += creates.check(read)
    found += tables.check(read)
    found += queries.check(read)
    found += rights.check(read)
    found += generated.check(read)
    if writers is not None:
        found += contract.check(read, writers)
    version = ""
    if with_engine:
        version, more = engine.check(read)
        found += more
    return Verdict(
        sorted(set(found)),
        engine=version,
        files=len(read.files),
        statements=sum(len(file.parts) for file in read.files),
    )


def validate(
    root: Path | None = None, *, writers: Mapping[str, type] | None = None
) -> list[Finding]:
    """Give every finding about a folder of SQL; an empty list means it passed."""
    return judge(root, writers=writers).findings

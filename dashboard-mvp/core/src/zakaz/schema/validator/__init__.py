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
    """The findings, and the version of the engine that parsed ('' where none is installed).

    ``unwritten`` are staging tables whose writers were not there to be held against them.
    """

    findings: list[Finding]
    engine: str = ""
    files: int = 0
    statements: int = 0
    unwritten: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Say whether there is nothing to mend."""
        return not self.findings


def judge(
    root: Path | None = None,
    *,
    writers: Mapping[str, type] | None = None,
    with_all_writers: bool = True,
    with_engine: bool = True,
) -> Verdict:
    """Validate a folder of SQL; ``writers`` maps each staging table to its row type.

    A staging table without one is a finding, unless only some rooms are installed here.
    """
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
    unwritten: list[str] = []
    if writers is not None:
        found += contract.check(read, writers)
        if with_all_writers:
            found += contract.check_all_written(read, writers)
        else:
            unwritten = contract.unwritten(read, writers)
    version = ""
    if with_engine:
        version, more = engine.check(read)
        found += more
    return Verdict(
        sorted(set(found)),
        engine=version,
        files=len(read.files),
        statements=sum(len(file.parts) for file in read.files),
        unwritten=tuple(unwritten),
    )

#!/usr/bin/env python3
"""Validate the SQL of infra/clickhouse against its rules, the engine and the writers.

Run it from any directory with any Python 3.11 or newer: it finds or makes its environment.
The last line is "Schema validation passed"; otherwise every fault is named and the exit code is 65.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import environment

EXIT_DATA = 65
INSIDE = "ZAKAZ_VALIDATOR_INSIDE"  # set for the process that runs within the environment


def main() -> int:
    """Print what is wrong; gives the exit code."""
    import qtickets_api.rows
    import vk_ads.rows
    from zakaz.plan import PlannedDay
    from zakaz.schema import validator

    row_types = (*qtickets_api.rows.ROW_TYPES, *vk_ads.rows.ROW_TYPES, PlannedDay)
    root = environment.ROOT / "infra" / "clickhouse"
    verdict = validator.judge(root, writers={row.table: row for row in row_types})
    for finding in verdict.findings:
        print(finding)
    if not verdict.passed:
        print(f"Schema validation failed: {len(verdict.findings)} faults")
        return EXIT_DATA
    print(f"{verdict.statements} statements in {verdict.files} files of {root}")
    parser = f"ClickHouse {verdict.engine}" if verdict.engine else "sqlglot only, no engine here"
    print(f"parsed by {parser}; {len(row_types)} row types of the loaders agree")
    print(validator.PASSED)
    return 0


if __name__ == "__main__":
    if os.environ.get(INSIDE) != "1":
        os.environ[INSIDE] = "1"
        environment.run([str(Path(__file__).resolve()), *sys.argv[1:]])
    sys.exit(main())

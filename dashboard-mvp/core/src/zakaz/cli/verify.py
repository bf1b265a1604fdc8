"""``zakaz verify``: do the figures still follow from what was received?"""

from __future__ import annotations

import os
from typing import Annotated

import typer


def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Prove that manifest, staging and facts agree.

    Exit code 0 when every promise holds, 65 with the names of those that do not.
    """
    from zakaz import verify as machine
    from zakaz.cli.output import emit_json, say
    from zakaz.errors import EXIT_DATA, EXIT_OK
    from zakaz.warehouse.connect import open_for_reading
    from zakaz.warehouse.url import warehouse_url

    with open_for_reading(warehouse_url(os.environ)) as warehouse:
        findings = machine.verify(warehouse)
    code = EXIT_DATA if findings else EXIT_OK
    broken = {finding.name for finding in findings}
    if as_json:
        told = [{"promise": finding.name, "found": finding.told} for finding in findings]
        emit_json({"exit_code": code, "promises": machine.promises(), "findings": told})
    else:
        for promise in machine.promises():
            say(f"{'BROKEN' if promise in broken else 'holds '}  {promise.replace('_', ' ')}")
        for finding in findings:
            say(f"\n{finding}")
        if findings:
            say(
                "\nA fact that differs from staging is repaired by: zakaz rebuild"
                "\nA schema that differs is repaired by: zakaz bootstrap"
            )
    raise typer.Exit(code)

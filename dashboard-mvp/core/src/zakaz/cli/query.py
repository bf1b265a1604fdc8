"""``zakaz query``: one read-only question to the bi views."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer


def query(
    sql: Annotated[str, typer.Argument(help="A SELECT over database bi; '-' reads it from stdin.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a heading line.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON list of objects; money comes as text.")
    ] = False,
) -> None:
    """Ask the bi views one question in SQL; read-only.

    Answers SELECT, WITH, DESCRIBE bi.VIEW and SHOW TABLES FROM bi. Anything else is refused with
    exit code 65. Example: zakaz query 'SELECT d, sum(revenue) FROM bi.v_sales_daily GROUP BY d'
    """
    from zakaz.cli.output import csv_cell, emit_json, print_table
    from zakaz.errors import DataError, WarehouseError
    from zakaz.read_only_sql import require_readable
    from zakaz.warehouse.connect import open_for_reading
    from zakaz.warehouse.url import warehouse_url

    if as_csv and as_json:
        raise typer.BadParameter("choose one of --csv and --json")
    asked = sys.stdin.read() if sql == "-" else sql
    if not asked.isascii() and asked != asked.encode(errors="replace").decode():
        raise DataError("The query is not UTF-8 text; write it in UTF-8.")
    text = require_readable(asked)
    with open_for_reading(warehouse_url(os.environ)) as warehouse:
        try:
            answer = warehouse.query(text)
        except WarehouseError as error:
            if error.code is None:  # it was not the engine that answered
                raise
            raise DataError(f"The engine refused the query: {error}") from None
    if as_json:
        emit_json(answer.dicts())
    elif as_csv:
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        for row in answer.rows:
            writer.writerow(csv_cell(value) for value in row)
    else:
        print_table(answer.columns, answer.rows)
        count = len(answer.rows)
        print(f"{count} row{'' if count == 1 else 's'}", file=sys.stderr)

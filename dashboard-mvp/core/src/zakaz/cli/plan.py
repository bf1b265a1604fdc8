"""``zakaz plan``: what is to be sold, from a file of the commercial team."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from zakaz.warehouse.port import Warehouse

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def plan() -> None:
    """Import a sales plan from CSV, or print one to start from; read it in bi.v_plan_vs_fact."""


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, help="The plan, as CSV."),
    ],
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep planned days that the file leaves out.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change and write nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of a table.")
    ] = False,
) -> None:
    """Import a sales plan; the same file twice changes nothing.

    Columns, by name in the first line: sales_date (2026-02-01 or 01.02.2026), event_id,
    plan_tickets, plan_revenue (150000,50 or 150000.50), at least one of the last two. Optional:
    currency (else that of the event), account_id (else the only one), event_name (not stored).
    Semicolons or commas between them, UTF-8.

    The file is the whole plan of each event and month it names: a day it leaves out is withdrawn,
    unless --keep is given. One bad line and nothing is imported: exit code 65 names each of them.
    """
    from zakaz import choice, moscow, plan_file
    from zakaz import plan as machine
    from zakaz.cli.sync import perform
    from zakaz.progress import silent
    from zakaz.source import SyncRequest

    environ = dict(os.environ)
    source = machine.source_of(plan_file.read(file), keep=keep, open_store=_stored)
    request = SyncRequest(environ=environ, clock=moscow.now, progress=silent(), dry_run=dry_run)
    dry = choice.is_dry(environ, flag=dry_run)
    raise typer.Exit(perform([source], request, dry=dry, as_json=as_json))


@app.command("template")
def template() -> None:
    """Print a plan to start from: a line for each active event, today, with nothing planned.

    zakaz plan template > plan.csv, then fill in days and figures in a spreadsheet.
    """
    import csv
    import sys

    from zakaz import moscow
    from zakaz.plan_file import COLUMNS
    from zakaz.plan_template import lines

    with _stored() as warehouse:
        found = lines(warehouse, moscow.moscow_day(moscow.now()))
    sys.stdout.write("\ufeff")  # without it a spreadsheet reads Cyrillic as something else
    writer = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(found)
    if not found:
        print("No active event is known here. Load the events with: zakaz sync", file=sys.stderr)


@contextmanager
def _stored() -> Iterator[Warehouse | None]:
    """Open the store to look at; None before the first load."""
    from zakaz.run_history import has_data
    from zakaz.schema.migrate import require_current
    from zakaz.warehouse.connect import open_for_reading
    from zakaz.warehouse.url import warehouse_url

    url = warehouse_url(os.environ)
    if not has_data(url):
        yield None
        return
    with open_for_reading(url) as warehouse:
        require_current(warehouse)
        yield warehouse

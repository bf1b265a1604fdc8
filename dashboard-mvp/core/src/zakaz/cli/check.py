"""``zakaz check``: what monitors ask."""

from __future__ import annotations

import os
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

_COLUMNS = ("source", "status", "last_loaded_at", "hours_since_load", "last_business_date",
            "days_behind")  # fmt: skip


@app.callback()
def check() -> None:
    """Checks for monitors; the exit code is the answer."""


@app.command("freshness")
def freshness(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell how old the data of each source is.

    Exit code 0: every source is ok (an unconfigured one without data is fine). Exit code 75: a
    source is warning or critical, or a configured one has no data.
    """
    from zakaz import freshness as machine
    from zakaz.cli.output import emit_json, print_table
    from zakaz.rooms import configured_sources, discover
    from zakaz.run_history import has_data
    from zakaz.warehouse.connect import open_for_reading
    from zakaz.warehouse.url import warehouse_url

    url = warehouse_url(os.environ)
    rooms = discover()
    configured = configured_sources(rooms, os.environ)
    if has_data(url):
        with open_for_reading(url) as warehouse:
            rows = machine.read(warehouse)
    else:
        rows = machine.nothing_loaded(sorted(rooms.sources))
    code = machine.exit_code(rows, configured)
    if as_json:
        emit_json({"exit_code": code, "configured": configured, "sources": rows})
    else:
        print_table(_COLUMNS, ([row[name] for name in _COLUMNS] for row in rows))
    raise typer.Exit(code)

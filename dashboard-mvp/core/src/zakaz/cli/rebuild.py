"""``zakaz rebuild``: facts computed anew from what was loaded."""

from __future__ import annotations

import os
from typing import Annotated

import typer


def rebuild(
    date_from: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First Moscow day of the facts.")
    ] = None,
    date_to: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Last such day, included.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of a table.")
    ] = False,
) -> None:
    """Compute facts anew from what was loaded, without asking any source.

    For what changes the past: a new spelling of a city, a new rule after an update. Without days
    every month is rebuilt, with days the whole months they lie in. Staging is not touched; what the
    run counts are months. It may be stopped and repeated; the next zakaz sync or zakaz rebuild
    finishes it. Exit code 75 means: run it again later, another run holds the store.
    """
    from zakaz import choice, moscow
    from zakaz.cli.sync import perform
    from zakaz.errors import SettingsError
    from zakaz.progress import silent
    from zakaz.rebuild import FACTS
    from zakaz.run_history import has_data
    from zakaz.source import SyncRequest
    from zakaz.warehouse.url import warehouse_url

    environ = dict(os.environ)
    first, last = choice.day(date_from, "--from"), choice.day(date_to, "--to")
    choice.check_days(first, last, moscow.moscow_day(moscow.now()))
    dry = choice.is_dry(environ, flag=False)
    if not dry and not has_data(warehouse_url(environ)):
        raise SettingsError("Nothing is loaded, so there is nothing to rebuild. Run: zakaz sync")
    request = SyncRequest(
        environ=environ, clock=moscow.now, progress=silent(), date_from=first, date_to=last
    )
    raise typer.Exit(perform([FACTS], request, dry=dry, as_json=as_json))

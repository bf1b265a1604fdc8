"""``zakaz check``: what monitors ask."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import Annotated, Any

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

_COLUMNS = ("source", "light", "last load", "hours ago", "newest day", "days behind")
_FIELDS = ("source", "status", "last_loaded_at", "hours_since_load", "last_business_date",
           "days_behind")  # fmt: skip


@app.callback()
def check() -> None:
    """Checks for monitors; the exit code is the answer."""


@app.command("freshness")
def freshness(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell how long ago each source was last read up to the present.

    Sales: 2 h are a warning, 6 h critical; ads: 27 h and 32 h. The newest day that has data is for
    information: a week without a sale is no fault. Exit code 0: every source is ok (an unconfigured
    one without data is fine). Exit code 75: a source is warning or critical, or a configured one
    has no data.
    """
    from zakaz import freshness as machine
    from zakaz.cli.output import emit_json, print_table, say
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
        known = [row for row in rows if row["status"] != "no_data" or row["source"] in configured]
        if known:
            print_table(_COLUMNS, ([row[name] for name in _FIELDS] for row in known))
        else:
            say("No source is configured and nothing is loaded. To find out why: zakaz doctor")
        for line in filter(None, (machine.advice(row, configured) for row in rows)):
            say(line)
    raise typer.Exit(code)


@app.command("loads")
def loads(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="qtickets, vk; all configured ones without.", metavar="[SOURCE]..."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell whether whole runs keep ending well; one whose promo codes failed is partial, not good.

    A load is due every ZAKAZ_SYNC_EVERY (30m unless set), of ads every VK_ADS_SYNC_EVERY (3h). Exit
    code 0: the last good load of each source is at most two such intervals old. Exit code 75: a
    load is late.
    """
    from zakaz import moscow, punctuality
    from zakaz.cli.output import emit_json, say
    from zakaz.rooms import configured_sources, discover, load_sources
    from zakaz.run_history import has_data, last_by_job, local_runs
    from zakaz.warehouse.connect import open_for_reading
    from zakaz.warehouse.url import warehouse_url

    url, rooms = warehouse_url(os.environ), discover()
    wanted = sources or configured_sources(rooms, os.environ)
    asked = load_sources(rooms, wanted)  # an unknown one is named
    every = {source.name: source.every(os.environ) for source in asked}
    good: dict[str, Any] = {}
    newest: dict[str, Any] = {}
    if wanted:
        with open_for_reading(url) if has_data(url) else nullcontext() as warehouse:
            good = {} if warehouse is None else punctuality.last_good(warehouse)
            newest = last_by_job(warehouse, local_runs(url, os.environ))
    found = punctuality.judge(wanted, good, newest, every=every, now=moscow.now())
    code = punctuality.exit_code(found)
    if as_json:
        emit_json({"exit_code": code, "sources": [one.as_dict() for one in found]})
    for one in [] if as_json else found:
        say(one.told)
    if not wanted and not as_json:
        say("No source is configured, so no load is due. To find out why: zakaz doctor")
    raise typer.Exit(code)


@app.command("control")
def control(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Hold every loaded day of ads against the account's own sum, which VK tells by another method.

    A kopeck for each ad that spent is rounding; a day that was not over when it was read proves
    nothing yet. Exit code 0: no day differs. Exit code 75: some do, and each is told.
    """
    from zakaz import ads_control
    from zakaz.cli.output import emit_json, say
    from zakaz.errors import EXIT_OK, EXIT_TRANSIENT
    from zakaz.run_history import has_data
    from zakaz.warehouse.connect import open_for_reading
    from zakaz.warehouse.url import warehouse_url

    url = warehouse_url(os.environ)
    with open_for_reading(url) if has_data(url) else nullcontext() as warehouse:
        found = [] if warehouse is None else ads_control.differences(warehouse)
    code = EXIT_TRANSIENT if found else EXIT_OK
    if as_json:
        emit_json({"exit_code": code, "days": found})
        raise typer.Exit(code)
    for row in found:
        say(ads_control.told(row))
    if found:
        say(
            "Read these days again with: zakaz sync vk --from DAY --to DAY. If they still differ, "
            "compare them with the cabinet."
        )
    else:
        say("Every day of ads that could be controlled agrees with its account.")
    raise typer.Exit(code)

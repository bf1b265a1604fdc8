"""``zakaz sync``: load what is new."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from zakaz.cli.edge import Terminated
from zakaz.scrub import scrub

if TYPE_CHECKING:
    from types import FrameType

    from zakaz.source import Source, SyncRequest
    from zakaz.sync import SourceOutcome


def sync(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="qtickets, vk; all configured ones without.", metavar="[SOURCE]..."),
    ] = None,
    date_from: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DAY", help="First Moscow day of payment (VK: of statistics)."
        ),
    ] = None,
    date_to: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Last such day, included.")
    ] = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Read everything again, not only what is new.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read with GET only and write nothing.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="STREAM", help="Read this stream only; may be repeated."),
    ] = None,
    entity: Annotated[
        str, typer.Option("--id", metavar="ID", help="Read this one of the --only stream again.")
    ] = "",
    only_due: Annotated[
        bool,
        typer.Option(
            "--due", help="Leave out what is loaded at a pace of its own and not due yet."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of a table.")
    ] = False,
) -> None:
    """Load new data from every configured source and rebuild the facts.

    Streams of qtickets: events, orders, discounts, promo_codes, inventory (its id is the show's).
    Days are Moscow days written as 2026-02-01. A run may be repeated and interrupted at will:
    rows are replaced, never doubled. Exit code 75 means: run it again later (also when another
    sync holds the store, or when some items failed).
    """
    from zakaz import choice, moscow
    from zakaz.progress import silent
    from zakaz.rooms import discover
    from zakaz.source import SyncRequest

    environ = dict(os.environ)
    first, last = choice.day(date_from, "--from"), choice.day(date_to, "--to")
    choice.check_days(first, last, moscow.moscow_day(moscow.now()))
    chosen = choice.choose(discover(), sources or [], environ)
    chosen = choice.with_streams(chosen, only or [], entity)
    if only_due:
        chosen = _due(chosen, environ, as_json=as_json)
    request = SyncRequest(
        environ=environ,
        clock=moscow.now,
        progress=silent(),
        date_from=first,
        date_to=last,
        full_refresh=full_refresh,
        dry_run=dry_run,
        only=tuple(only or ()),
        entity=entity,
    )
    dry = choice.is_dry(environ, flag=dry_run)
    raise typer.Exit(perform(chosen, request, dry=dry, as_json=as_json))


def _due(sources: list[Source], environ: dict[str, str], *, as_json: bool) -> list[Source]:
    """Keep the sources that are due; when none is, that is said and the command is done."""
    from zakaz import interval, moscow, punctuality
    from zakaz.cli.output import emit_json, say
    from zakaz.run_history import has_data
    from zakaz.warehouse.connect import open_for_reading
    from zakaz.warehouse.url import warehouse_url

    url, now = warehouse_url(environ), moscow.now()
    if not has_data(url):
        return sources
    with open_for_reading(url) as warehouse:
        begun = punctuality.last_begun(warehouse)
    due = [source for source in sources if punctuality.is_due(source, begun, environ, now)]
    for source in [] if as_json else sources:
        if source not in due:
            ago = interval.spelt(now - begun[source.name])
            every = interval.spelt(source.every(environ))
            say(f"{source.name}: loaded {ago} ago, due every {every}: left out")
    if not due:
        if as_json:
            emit_json({"exit_code": 0, "error": "", "dry_run": False, "sources": []})
        raise typer.Exit(0)
    return due


def perform(sources: Sequence[Source], request: SyncRequest, *, dry: bool, as_json: bool) -> int:
    """Run the request with progress on stderr and its summary on stdout; gives the exit code."""
    from dataclasses import replace

    from zakaz import progress
    from zakaz import sync as machine
    from zakaz.cli.output import emit_json, heard_or_not
    from zakaz.errors import ZakazError
    from zakaz.warehouse.url import warehouse_url

    try:
        with terminable(), progress.shown() as shown:
            request = replace(request, progress=shown)
            if dry:
                outcomes = machine.dry_run(sources, request)
            else:
                outcomes = machine.run(sources, request, warehouse_url(request.environ))
    except ZakazError as error:
        if as_json:
            emit_json({"exit_code": error.exit_code, "error": scrub(str(error)), "sources": []})
        raise
    code = machine.exit_code(outcomes)
    with heard_or_not():
        if as_json:
            found = [outcome.as_dict() for outcome in outcomes]
            emit_json({"exit_code": code, "error": "", "dry_run": dry, "sources": found})
        else:
            _print_summary(outcomes, dry=dry)
    return code


@contextmanager
def terminable() -> Iterator[None]:
    """Turn SIGTERM into an exception that unwinds, so that a stopped run is still journalled."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _print_summary(outcomes: Sequence[SourceOutcome], *, dry: bool) -> None:
    from zakaz.cli.output import print_table, say

    columns = ("source", "status", "read by", "received", "accepted", "quarantined", "duplicate",
               "rows written", "requests", "seconds")  # fmt: skip
    rows = []
    for outcome in outcomes:
        report = outcome.report
        mode = f"{report.mode}, incremental" if report.incremental else report.mode
        rows.append(
            (outcome.name, outcome.status.value, mode, report.received, report.accepted,
             report.quarantined, report.duplicate, report.inserted, report.requests,
             outcome.seconds)
        )  # fmt: skip
    print_table(columns, rows)
    for outcome in outcomes:
        for text in [*outcome.report.notes, *outcome.report.failures]:
            say(f"{outcome.name}: {text}")
        if outcome.error:
            say(f"{outcome.name}: {outcome.error}")
        if outcome.report.quarantined and not dry:
            count = outcome.report.quarantined
            say(
                f"{outcome.name}: {count} {'item is' if count == 1 else 'items are'} in quarantine;"
                f" see why with: zakaz runs show {outcome.run.run_id}"
            )
    if dry:
        say("Dry run: nothing was written.")

"""``zakaz runs``: what ran, and how it ended."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, invoke_without_command=True)

_COLUMNS = ("run_id", "job", "started_at", "seconds", "status", "mode", "received", "quarantined",
            "inserted", "message")  # fmt: skip
_STREAM_COLUMNS = ("stream", "status", "mode", "received", "accepted", "quarantined", "duplicate",
                   "message")  # fmt: skip
_LONGEST_MESSAGE = 60


@app.callback()
def runs(
    ctx: typer.Context,
    last: Annotated[int, typer.Option("--last", min=1, max=1000, help="How many runs.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List the last runs, the newest first; 'zakaz runs show ID' tells one in detail.

    Runs that never reached the warehouse (another sync at work, server away) come from the local
    file state/runs.jsonl.
    """
    from zakaz.cli.output import emit_json, print_table, say
    from zakaz.run_history import history
    from zakaz.warehouse.url import warehouse_url

    if ctx.invoked_subcommand is not None:
        return
    found, away = history(warehouse_url(os.environ), os.environ, last)
    if as_json:
        emit_json(found)
        return
    if away:
        say(f"{away}\nThese runs are from the local file runs.jsonl:")
    if not found:
        say("No run yet. Load your data with: zakaz sync")
        return
    print_table(_COLUMNS, ([_cell(run, name) for name in _COLUMNS] for run in found))


@app.command("show")
def show(
    run_id: Annotated[str, typer.Argument(metavar="ID", help="The run, or how its ID begins.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell one run in detail: counts, message, and the reasons of quarantined items."""
    from zakaz.cli.output import emit_json, print_new_fields, print_pairs, print_table, say
    from zakaz.run_history import find
    from zakaz.warehouse.url import warehouse_url

    run, reasons = find(warehouse_url(os.environ), os.environ, run_id)
    if as_json:
        quarantine = [{"entity": e, "reason": r, "items": n} for e, r, n in reasons]
        emit_json(run | {"quarantine": quarantine})
        return
    streams = run.pop("streams")
    print_pairs((name, value) for name, value in run.items() if not name.startswith("_"))
    if streams:
        say("\nStreams:")
        print_table(
            _STREAM_COLUMNS, ([stream[name] for name in _STREAM_COLUMNS] for stream in streams)
        )
    new_fields = [stream for stream in streams if stream["new_fields"]]
    if new_fields:
        print_new_fields(new_fields)
    if reasons:
        say("\nQuarantined items by reason:")
        print_table(("entity", "reason", "items"), reasons)


def _cell(run: dict[str, Any], name: str) -> Any:
    if name == "message":
        text = " ".join(str(run.get("message", "")).split())
        return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"
    if name == "seconds":
        return run.get("duration_seconds")
    return run.get(name)

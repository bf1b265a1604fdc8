"""``zakaz status``: where everything stands, on one page."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show store, sources, streams, freshness, watermarks and quarantine on one page."""
    from zakaz.cli.output import emit_json
    from zakaz.rooms import configured_sources, discover
    from zakaz.state_of_affairs import read
    from zakaz.warehouse.url import warehouse_url

    rooms = discover()
    found = read(
        warehouse_url(os.environ), os.environ, sorted(rooms.sources),
        configured_sources(rooms, os.environ),
    )  # fmt: skip
    if as_json:
        emit_json(found)
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    from zakaz.cli.output import print_new_fields, print_pairs, print_table, say

    print_pairs((name.replace("_", " ").capitalize(), value) for name, value in
                found["store"].items())  # fmt: skip
    say("\nSources")
    columns = ("source", "configured", "freshness", "last run", "status", "read by", "loaded",
               "newest day", "days behind")  # fmt: skip
    print_table(columns, (_row(source) for source in found["sources"]))
    for source in found["sources"]:
        if source["last_run"] and source["last_run"]["status"] not in {"ok", "empty"}:
            say(f"{source['source']}: {source['last_run']['message']}")
    if found["streams"]:
        say("\nStreams")
        print_table(
            ("source", "stream", "last read", "status", "read by", "received", "quarantined"),
            (
                [s["job"], s["stream"], s["finished_at"], s["status"], s["mode"], s["received"],
                 s["quarantined"]]
                for s in found["streams"]
            ),
        )  # fmt: skip
        for stream in found["streams"]:
            if stream["message"]:
                say(f"{stream['job']} {stream['stream']}: {stream['message']}")
    if found["new_fields"]:
        print_new_fields(found["new_fields"])
    if found["watermarks"]:
        say("\nRead up to")
        print_table(*_places(found["watermarks"]))
    say()
    print_pairs((
        ("Ad days differing", len(found["ads_control"]) or "none"),
        ("Months to rebuild", found["pending_months"] or "none"),
        ("Quarantined items", found["quarantined"]),
    ))  # fmt: skip
    for line in _control(found["ads_control"]):
        say(line)
    for advice in found["advice"]:
        say(f"\n{advice}")


def _row(source: dict[str, Any]) -> list[Any]:
    run = source["last_run"] or {}
    return [
        source["source"], source["configured"], source["freshness"]["status"],
        run.get("started_at"), run.get("status"), run.get("mode"),
        source["freshness"]["last_loaded_at"], source["freshness"]["last_business_date"],
        source["freshness"]["days_behind"],
    ]  # fmt: skip


def _control(differ: list[dict[str, Any]]) -> list[str]:
    from zakaz.ads_control import told

    if not differ:
        return []
    return [f"\nThe largest: {told(differ[0])}. See them all with: zakaz check control"]


def _places(watermarks: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    """Give a line for each stream: what is known of its place, and when that was written."""
    parts: list[str] = []
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for mark in watermarks:
        stream, _, part = mark["stream"].rpartition("/")
        row = rows.setdefault((mark["job"], stream or part), {})
        row[part] = mark["value"]
        row["written"] = max(mark["written_at"], row.get("written", mark["written_at"]))
        if part not in parts:
            parts.append(part)
    names = ["source", "stream", *(part.replace("_", " ") for part in parts), "written"]
    return names, [
        [*key, *(row.get(part) for part in [*parts, "written"])] for key, row in rows.items()
    ]

"""``zakaz bootstrap`` and ``zakaz validate``: the schema."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zakaz.schema.access import AccessSecrets
    from zakaz.schema.bootstrap import BootstrapReport

_PASSWORDS = ("ZAKAZ_WRITER_PASSWORD", "ZAKAZ_READER_PASSWORD")


def bootstrap(
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="The store, instead of ZAKAZ_WAREHOUSE_URL."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Create or update the schema; never drops a table.

    Run it as often as you like: a store that is up to date is left alone. On a server the accounts
    are created as well when ZAKAZ_WRITER_PASSWORD and ZAKAZ_READER_PASSWORD are set.
    """
    from zakaz.cli.output import emit_json
    from zakaz.schema import bootstrap as machine
    from zakaz.warehouse.connect import open_for_writing, publish
    from zakaz.warehouse.url import URL_VARIABLE, warehouse_url

    environ = dict(os.environ) if url is None else {**_without_server(), URL_VARIABLE: url}
    where = warehouse_url(environ)
    with open_for_writing(where) as warehouse:
        access = _access(environ) if warehouse.backend == "server" else None
        report = machine.bootstrap(warehouse, access=access)
        publish(where)
    if as_json:
        emit_json({
            "store": str(where), "created": report.created, "migrations": report.migrations,
            "changed_views": report.changed_views, "accounts": report.access,
        })  # fmt: skip
    else:
        _print_report(str(where), report)


def validate(
    live: Annotated[
        bool, typer.Option("--live", help="Also compare the store with the declared schema.")
    ] = False,
    all_rooms: Annotated[
        bool, typer.Option("--all-rooms", help="Fail where a table's loader is not installed.")
    ] = False,
) -> None:
    """Check the declared schema against its rules, the engine and the loaders.

    Exit code 0 when everything holds, 65 when the declared schema breaks a rule, 78 when the
    live store differs from it (--live).
    """
    from zakaz.cli.output import say
    from zakaz.errors import EXIT_DATA
    from zakaz.schema import sources, validator

    writers = _writers()
    root = sources.sql_root()
    verdict = validator.judge(root, writers=writers, with_all_writers=all_rooms)
    for finding in verdict.findings:
        say(str(finding))
    if not verdict.passed:
        say(f"Schema validation failed: {len(verdict.findings)} faults")
        raise typer.Exit(EXIT_DATA)
    say(f"{verdict.statements} statements in {verdict.files} files of {root}")
    parser = f"ClickHouse {verdict.engine}" if verdict.engine else "sqlglot only, no engine here"
    say(f"parsed by {parser}; {len(writers)} row types of the loaders agree")
    if verdict.unwritten:
        # Another sentence: less was proven.
        say(
            f"No fault found, but {', '.join(verdict.unwritten)} could not be held against a"
            " loader: the room that writes them is not installed here"
        )
    else:
        say(validator.PASSED)
    if live:
        _compare_live()


def _writers() -> dict[str, type]:
    """Return the row type of every table that an installed room, or the plan, writes."""
    from zakaz.errors import SettingsError
    from zakaz.plan import PlannedDay
    from zakaz.rooms import discover, load_sources
    from zakaz.rows import Row, table_of

    rooms = discover()
    row_types: list[type[Row]] = [PlannedDay]
    for name in rooms.sources:
        try:
            (source,) = load_sources(rooms, [name])
            row_types += source.row_types()
        except Exception as error:
            raise SettingsError(
                f"the room {name} is broken ({type(error).__name__}: {error}): install it again"
            ) from error
    return {table_of(row_type): row_type for row_type in row_types}


def _compare_live() -> None:
    from zakaz.cli.output import say
    from zakaz.schema import drift
    from zakaz.warehouse.connect import open_for_reading
    from zakaz.warehouse.url import warehouse_url

    where = warehouse_url(os.environ)
    with open_for_reading(where) as warehouse:
        drift.check(warehouse)
    say(f"The store {where} has the declared schema")


def _without_server() -> dict[str, str]:
    """Give the environment without its own warehouse: --url replaces it, whatever it says."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CLICKHOUSE_") or name == "CLICKHOUSE_CA_FILE"
    }


def _access(environ: Mapping[str, str]) -> AccessSecrets | None:
    if not any(environ.get(name, "").strip() for name in _PASSWORDS):
        return None
    from zakaz.schema.access import AccessSecrets
    from zakaz.scrub import hide

    for name in _PASSWORDS:
        hide(environ.get(name, ""))
    return AccessSecrets.from_environ(environ)


def _print_report(where: str, report: BootstrapReport) -> None:
    from zakaz.cli.output import say

    say(f"Store: {where}")
    if report.is_no_op:
        say("The schema is up to date; nothing was changed.")
    if report.migrations:
        say(f"Applied {len(report.migrations)} migrations, up to {report.migrations[-1]}")
    if report.created:
        views = sum(name.startswith("bi.") for name in report.created)
        say(f"Created {len(report.created) - views} tables and {views} views")
    replaced = [name for name in report.changed_views if name not in report.created]
    if replaced:
        say(f"Replaced views: {', '.join(replaced)}")
    say(f"All {len(report.checked_views)} views answer.")
    if report.access:
        say("Accounts and rights are in place.")

"""The Qtickets room's door: its source for ``zakaz sync`` and its own command.

``python -m qtickets_api`` is the entry point of the container image.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from zakaz.source import ProbeAnswer, Source, SyncReport, SyncRequest

if TYPE_CHECKING:
    from zakaz.rows import Row
    from zakaz.source import Registry
    from zakaz.warehouse.port import Warehouse

NAME = "qtickets"
TITLE = "Qtickets"


def register(registry: Registry) -> None:
    """Hang the source on the ``zakaz`` command."""
    registry.add_source(NAME, TITLE, "qtickets_api.__main__:SOURCE")


def _is_configured(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("QTICKETS_TOKEN", "").strip())


def _check(environ: Mapping[str, str]) -> None:
    from qtickets_api.settings import check

    check(environ)


def _load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
    from qtickets_api.load import load

    return load(warehouse, request)


def _dry_run(request: SyncRequest) -> SyncReport:
    from qtickets_api.dry_run import dry_run

    return dry_run(request)


def _probe(request: SyncRequest) -> ProbeAnswer:
    from qtickets_api.probe import probe

    return probe(request)


STREAMS = ("events", "orders", "discounts", "promo_codes", "inventory")
ACCESS_HELP = (
    "Take a token from the Qtickets cabinet (Settings, Main, bottom of the page) and put it into "
    "QTICKETS_TOKEN."
)


def _row_types() -> Sequence[type[Row]]:
    from qtickets_api.rows import ROW_TYPES

    return ROW_TYPES


SOURCE = Source(
    NAME, TITLE, _is_configured, _check, _load, _dry_run, _probe, STREAMS, ACCESS_HELP,
    row_types=_row_types,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line of this room and give its exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    asked_otherwise = given.first or given.last or given.full_refresh or given.entity
    if given.repeat and (asked_otherwise or given.dry_run):
        parser.error("--repeat loads what is new; it takes no other way to read")

    from zakaz.cli.edge import exit_code_of
    from zakaz.cli.sync import terminable

    with terminable():  # as process 1 of a container it is deaf to SIGTERM without a handler
        return exit_code_of(lambda: _sync(given))


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m qtickets_api",
        description="Load orders, events, promo codes and seats from Qtickets into the warehouse. "
        "Variables come from the environment and from .env in this folder; QTICKETS_TOKEN is "
        "needed.",
        epilog="Exit codes: 0 done, 65 wrong data, 70 a bug, 75 try again later, "
        "78 fix the configuration.",
    )
    add = parser.add_argument
    add("--from", dest="first", metavar="DAY", help="first Moscow day of payment, as 2026-02-01")
    add("--to", dest="last", metavar="DAY", help="last such day, included")
    add("--full-refresh", action="store_true", help="read everything, not only what is new")
    add("--dry-run", action="store_true", help="read with GET only and write nothing")
    add("--only", action="append", metavar="STREAM", help=f"one of {', '.join(STREAMS)}; repeat it")
    add("--id", dest="entity", default="", metavar="ID", help="read this one of --only again")
    add("--repeat", action="store_true", help="stay and load every ZAKAZ_SYNC_EVERY (30m)")
    add("--json", action="store_true", help="print one JSON object instead of a table")
    return parser


def _sync(given: Namespace) -> int:
    import os

    from zakaz import choice, environment, interval, log, moscow
    from zakaz.cli.repeat import repeat
    from zakaz.cli.sync import perform
    from zakaz.progress import silent

    environ = environment.read(os.environ)
    log.configure(environ.get("ZAKAZ_LOG_LEVEL", ""))
    first, last = choice.day(given.first, "--from"), choice.day(given.last, "--to")
    choice.check_days(first, last, moscow.moscow_day(moscow.now()))
    choice.with_streams([SOURCE], given.only or [], given.entity)
    _check(environ)
    every = interval.of_loads(environ)
    dry = choice.is_dry(environ, flag=given.dry_run)

    def load() -> int:
        request = SyncRequest(
            environ=environ,
            clock=moscow.now,
            progress=silent(),
            date_from=first,
            date_to=last,
            full_refresh=given.full_refresh,
            dry_run=given.dry_run,
            only=tuple(given.only or ()),
            entity=given.entity,
        )
        return perform([SOURCE], request, dry=dry, as_json=given.json)

    if not given.repeat:
        return load()
    return repeat(load, every)


if __name__ == "__main__":
    from zakaz.cli.streams import require_utf8

    require_utf8()
    sys.exit(main())

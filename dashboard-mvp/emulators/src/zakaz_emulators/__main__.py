"""``python -m zakaz_emulators qtickets`` serves the demo organisation until it is told to stop.

One JSON line on standard output says where: ``{"url": …, "base_url": …, "token": …, …}``.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import date, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zakaz.source import Registry


def register(registry: Registry) -> None:
    """Hang ``zakaz demo`` on the command line."""
    registry.add_command(
        "demo",
        "Show the whole product on invented data, without a token.",
        "zakaz_emulators.demo:demo",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve an emulator in the foreground."""
    asked = _parser().parse_args(arguments)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    if asked.until_stdin_closes:
        Thread(target=_watch_stdin, args=(stop,), daemon=True).start()
    return _serve(asked, stop)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zakaz_emulators", description=main.__doc__)
    kinds = parser.add_subparsers(dest="emulator", required=True)
    qtickets = kinds.add_parser("qtickets", help="the Qtickets REST API with demo data")
    qtickets.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    qtickets.add_argument("--seed", type=int, default=1)
    qtickets.add_argument("--token", help="the bearer token to ask for")
    qtickets.add_argument("--orders", type=int, help="orders before today (default 20 000)")
    qtickets.add_argument(
        "--today", type=date.fromisoformat, help="the day the bill is dated by (default: now's)"
    )
    qtickets.add_argument(
        "--now",
        type=datetime.fromisoformat,
        help="the present instant (default: the clock; 15:00 of --today when that is given)",
    )
    qtickets.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="stop also when standard input ends, so that no orphan is left",
    )
    return parser


def _serve(asked: argparse.Namespace, stop: Event) -> int:
    from zakaz_emulators.demo_organisation import DEFAULT_ORDERS, demo_organisation
    from zakaz_emulators.qtickets import MOSCOW, QticketsEmulator
    from zakaz_emulators.qtickets.server import DEFAULT_TOKEN

    now = asked.now
    if now is None:
        now = datetime.now(MOSCOW)
        if asked.today is not None:
            now = datetime(asked.today.year, asked.today.month, asked.today.day, 15, tzinfo=MOSCOW)
    if now.tzinfo is None:
        now = now.replace(tzinfo=MOSCOW)
    organisation = demo_organisation(
        seed=asked.seed,
        now=now,
        today=asked.today,
        orders=DEFAULT_ORDERS if asked.orders is None else asked.orders,
    )
    with QticketsEmulator(
        organisation, token=asked.token or DEFAULT_TOKEN, port=asked.port, frozen=True
    ) as emulator:
        line: dict[str, Any] = {
            "url": emulator.url,
            "base_url": emulator.base_url,
            "token": emulator.token,
            "now": organisation.now.isoformat(),
            "orders": len(organisation.orders),
        }
        print(json.dumps(line), flush=True)
        stop.wait()
    return 0


def _watch_stdin(stop: Event) -> None:
    # Not through sys.stdin: its lock, held by this thread, would abort the interpreter's shutdown.
    while os.read(0, 4096):
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main())

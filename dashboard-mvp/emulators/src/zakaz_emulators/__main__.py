"""``python -m zakaz_emulators qtickets`` serves the demo organisation until it is told to stop.

``python -m zakaz_emulators vk`` serves a small account of VK Ads, with ``--demo`` that of the demo
organisation. One JSON line on standard output
says where, and what opens it: ``{"url": …, "base_url": …, "token": …, …}``.
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

    from zakaz_emulators.qtickets import QticketsEmulator
    from zakaz_emulators.vk import VkAdsEmulator


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
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    shared.add_argument(
        "--today", type=date.fromisoformat, help="the day the figures end with (default: now's)"
    )
    shared.add_argument(
        "--now",
        type=datetime.fromisoformat,
        help="the present instant (default: the clock; 15:00 of --today when that is given)",
    )
    shared.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="stop also when standard input ends, so that no orphan is left",
    )
    demo = argparse.ArgumentParser(add_help=False)
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--orders", type=int, help="orders before today (default 20 000)")
    qtickets = kinds.add_parser(
        "qtickets", parents=[shared, demo], help="the Qtickets REST API with demo data"
    )
    qtickets.add_argument("--token", help="the bearer token to ask for")
    qtickets.set_defaults(served=_qtickets)
    vk = kinds.add_parser("vk", parents=[shared, demo], help="the VK Ads API with a small account")
    vk.add_argument(
        "--demo",
        action="store_true",
        help="the demo organisation's account instead: its clock stands, nothing limits requests",
    )
    vk.add_argument("--days", type=int, default=60, help="days with figures (default 60)")
    vk.set_defaults(served=_vk)
    return parser


def _serve(asked: argparse.Namespace, stop: Event) -> int:
    running, told = asked.served(asked)
    with running as emulator:
        print(json.dumps({"url": emulator.url, "base_url": emulator.base_url, **told}), flush=True)
        stop.wait()
    return 0


def _qtickets(asked: argparse.Namespace) -> tuple[QticketsEmulator, dict[str, Any]]:
    from zakaz_emulators.demo_organisation import demo_organisation
    from zakaz_emulators.qtickets import QticketsEmulator
    from zakaz_emulators.qtickets.server import DEFAULT_TOKEN

    organisation = demo_organisation(
        seed=asked.seed,
        now=_now(asked),
        today=asked.today,
        orders=_orders(asked),
    )
    emulator = QticketsEmulator(
        organisation, token=asked.token or DEFAULT_TOKEN, port=asked.port, frozen=True
    )
    return emulator, {
        "token": emulator.token,
        "now": organisation.now.isoformat(),
        "orders": len(organisation.orders),
    }


def _vk(asked: argparse.Namespace) -> tuple[VkAdsEmulator, dict[str, Any]]:
    from zakaz_emulators.vk import VkAdsEmulator, small_account

    now = _now(asked)
    if asked.demo:
        from zakaz_emulators.demo_account import demo_account

        account = demo_account(seed=asked.seed, now=now, today=asked.today, orders=_orders(asked))
    else:
        account = small_account(now=now, days=asked.days, runs=True)
    emulator = VkAdsEmulator(account, port=asked.port)
    if asked.demo:
        emulator.rates.limit()
        emulator.switches.fill_zero_days = False  # a year of few shows is mostly empty days
    return emulator, {
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "now": now.isoformat(),
        "banners": len(account.banners),
    }


def _orders(asked: argparse.Namespace) -> int:
    from zakaz_emulators.demo_organisation import DEFAULT_ORDERS

    return DEFAULT_ORDERS if asked.orders is None else int(asked.orders)


def _now(asked: argparse.Namespace) -> datetime:
    from zakaz_emulators.clock import MOSCOW

    now: datetime | None = asked.now
    if now is None:
        now = datetime.now(MOSCOW)
        if asked.today is not None:
            now = datetime(asked.today.year, asked.today.month, asked.today.day, 15, tzinfo=MOSCOW)
    return now.replace(tzinfo=MOSCOW) if now.tzinfo is None else now


def _watch_stdin(stop: Event) -> None:
    # Not through sys.stdin: its lock, held by this thread, would abort the interpreter's shutdown.
    while os.read(0, 4096):
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main())

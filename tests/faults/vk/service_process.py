"""An emulated VK Ads account in a process of its own, told what to do line by line.

Run as ``service_process.py DAYS``; each line of standard input is a JSON object and gets one line
of JSON in answer. It ends when its input does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime, timedelta
from threading import Barrier, Event
from typing import Any

from zakaz_emulators.vk import MOSCOW, VkAdsEmulator, faults, small_account

_PATIENCE = 300.0  # seconds; a machine that is busy elsewhere is no fault


class Service:
    """What a test may ask of the account besides its API."""

    def __init__(self, emulator: VkAdsEmulator) -> None:
        self._emulator = emulator
        self._victim: dict[str, int] = {}
        self._named = Event()

    def strike(self, path: str, nth: int, when: str) -> None:
        """Kill the process that is named next, before or after the nth answer of a path."""
        self._named.clear()
        moment = {"before": faults.before, "after": faults.after}[when]
        self._emulator.faults.add(moment(self._kill), path=path, nth=nth)

    def victim(self, pid: int) -> None:
        """Name the process."""
        self._victim["pid"] = pid
        self._named.set()

    def _kill(self) -> None:
        self._named.wait(_PATIENCE)
        os.kill(self._victim["pid"], signal.SIGKILL)

    def expire(self) -> None:
        """End the life of the token."""
        self._emulator.tokens.expire()

    def expire_at(self, path: str, nth: int) -> None:
        """End it just before the nth answer of a path."""
        self._emulator.faults.add(faults.before(self.expire), path=path, nth=nth)

    def meet(self, path: str) -> None:
        """Let two workers wait for each other at a path."""
        both = Barrier(2, timeout=_PATIENCE)
        self._emulator.faults.add(faults.before(both.wait), path=path, times=2)

    def correct(self, days: int) -> None:
        """Correct every ad of some days ago."""
        account = self._emulator.account
        day = account.clock.today - timedelta(days=days)
        for number in account.banners:
            known = account.figures(number, day, account.clock.now)
            if known:
                account.restate(number, day, spent=known.spent + 1, goals=known.goals + 1)

    def state(self) -> dict[str, Any]:
        """Give the ledger, and what became of the tokens."""
        emulator, tokens = self._emulator, self._emulator.tokens
        daily = [asdict(row) for row in emulator.ledger.daily()]
        return {
            "daily": [{name: str(value) for name, value in row.items()} for row in daily],
            "issued": tokens.issued,
            "renewed": tokens.renewed,
            "refused": tokens.refused,
            "slots": len(tokens.slots),
            "requests": len(emulator.requests),
            "writes": len(emulator.writes),
        }


def main() -> None:
    """Serve one account after the other until the input ends; ``begin`` opens a fresh one."""
    service: Service | None = None
    with ExitStack() as stack:
        for line in sys.stdin:
            asked = json.loads(line)
            what = asked.pop("do")
            if what == "begin":
                stack.close()
                account = small_account(now=datetime.now(MOSCOW), days=int(sys.argv[1]), runs=True)
                emulator = stack.enter_context(VkAdsEmulator(account))
                emulator.rates.limit()
                service = Service(emulator)
                opens = {"id": emulator.client_id, "secret": emulator.client_secret}
                print(json.dumps({"url": emulator.base_url, **opens}), flush=True)
                continue
            called: Callable[..., Any] = getattr(service, what)
            print(json.dumps(called(**asked)), flush=True)


if __name__ == "__main__":
    main()

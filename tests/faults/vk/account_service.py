"""An account in a process of its own, and loaders in theirs: the real command against it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from instant import clock_of_the_run
from kept import Kept
from vk_ads.__main__ import SOURCE
from warehouse.vk.conftest import STAGED
from zakaz import sync
from zakaz.moscow import now
from zakaz.progress import silent
from zakaz.source import SyncRequest
from zakaz.sync import exit_code
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import warehouse_url

HERE = Path(__file__).parent
SYNC = [str(Path(sys.executable).with_name("zakaz")), "sync", "vk"]
ROOM = [sys.executable, "-m", "vk_ads"]
DAYS = 40
PATIENCE = 300.0  # seconds; a machine that is busy elsewhere is no fault
PATHS = os.pathsep.join(filter(None, sys.path))
DIRTY = "SELECT count() FROM zakaz.meta_dirty_months FINAL WHERE is_dirty"
SPENT = "SELECT sum(spend) FROM bi.v_vk_ads_daily"


@dataclass
class Service:
    """The account's process, its address, and the store that is loaded from it."""

    process: subprocess.Popen[str]
    environ: dict[str, str]
    store: Kept

    def do(self, what: str, **asked: Any) -> Any:
        """Ask something of it and give its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": what, **asked}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def start(self, command: list[str], **variables: str) -> subprocess.Popen[bytes]:
        """Start a command and go on."""
        self.store.close()
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(
            command,
            cwd=self.store.root.parent,
            env=self.environ | variables,
            stdin=subprocess.DEVNULL,
            **silent,
        )

    def run(self, command: list[str], *, fault: str = "", is_victim: bool = False) -> int:
        """Run a command to its end, however it ends; a victim is named to the service."""
        loader = self.start(command, ZAKAZ_FAULT=fault)
        if is_victim:
            self.do("victim", pid=loader.pid)
        return loader.wait(PATIENCE)

    def repair(self) -> int:
        """Load in this process: what is proven of such a run is what it finds and leaves."""
        request = SyncRequest(environ=self.environ, clock=now, progress=silent())
        self.store.close()
        return exit_code(sync.run([SOURCE], request, warehouse_url(self.environ)))

    def equals(self, store: Warehouse | None = None) -> None:
        """Hold staging, the views and the books of a store, ours by default, against the ledger."""
        state = self.do("state")
        truth = {
            (row["banner_id"], row["stat_date"]): (
                int(row["shows"]), int(row["clicks"]), Decimal(row["spent"]), int(row["goals"]),
            )
            for row in state["daily"]
        }  # fmt: skip
        asked = (store or self.store.warehouse).query
        staged = {(ad, str(day)): tuple(told) for ad, day, *told in asked(STAGED).rows if any(told)}
        assert staged == truth
        assert asked(SPENT).scalar() == sum(told[2] for told in truth.values())
        assert asked(DIRTY).scalar() == 0
        assert state["writes"] == 0

    def tokens(self) -> tuple[int, int, int]:
        """Give how many tokens were issued, how often renewed, and how many slots are taken."""
        state = self.do("state")
        return state["issued"], state["renewed"], state["slots"]


class AccountProcess:
    """The process that serves one account after the other, for all tests of the session."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "service_process.py"), str(DAYS)],
            env=os.environ | {"PYTHONPATH": PATHS},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, store: Kept, home: Path) -> Service:
        """Open a fresh account; loaders find nothing of the user's in their environment."""
        environ = clock_of_the_run() | {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": PATHS,
            "PYTEST_CURRENT_TEST": os.environ["PYTEST_CURRENT_TEST"],
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "ZAKAZ_WAREHOUSE_URL": f"chdb://{store.root}",
        }
        service = Service(self._process, environ, store)
        told = service.do("begin")
        environ |= {
            "VK_ADS_BASE_URL": told["url"],
            "VK_ADS_CLIENT_ID": told["id"],
            "VK_ADS_CLIENT_SECRET": told["secret"],
        }
        return service

    def end(self) -> None:
        """Close its input, with which it ends."""
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(PATIENCE) == 0

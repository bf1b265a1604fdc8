"""An organiser whose source misbehaves, a store, and the verdict that every case ends with."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from instant import clock_of_the_run
from kept import Kept
from qtickets_api.__main__ import SOURCE
from warehouse.qtickets.conftest import Ground
from zakaz import sync
from zakaz.log import ScrubbingFormatter
from zakaz.source import SyncRequest
from zakaz.store import Store
from zakaz.sync import SourceOutcome
from zakaz.warehouse import connect
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl, warehouse_url
from zakaz_emulators.qtickets.faults import Fault

TOKEN = "canary-token-of-the-organiser"
CANARIES = (TOKEN, "@example.test", "+7000")  # the token, every e-mail and every phone
UNEQUAL = "SELECT count() FROM {} WHERE received != accepted + quarantined + duplicate"


class Patience:
    """A clock for the client that jumps ahead when it is told to wait."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def clock(self) -> float:
        """Give the present."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Remember the wait and be at its end."""
        self.waits.append(seconds)
        self.now += seconds


@dataclass(frozen=True, slots=True)
class Case:
    """One way to break the answers for orders, and how a run ends that meets it."""

    fault: Fault
    code: int
    told: str = ""
    tries: int | None = None


class Trial(Ground):
    """A ground on which the source is broken, and judged afterwards.

    Runs read events and orders, the two lists without which there is nothing to show; a command
    in a process of its own reads whatever the product reads.
    """

    def __init__(self, emulator: Any, store: Kept, patience: Patience, said: list[str]) -> None:
        super().__init__(emulator, store)
        self.patience = patience
        self.said = said
        self.faults = emulator.faults
        self.known: list[tuple[Any, ...]] = []  # the cursor that a run will find

    def request(self, **asked: Any) -> SyncRequest:
        """Give what a run is asked."""
        return super().request(**{"only": ("events", "orders")} | asked)

    def sync(self, **asked: Any) -> SourceOutcome:
        """Run the whole machinery on the store that is open here, under its lock.

        To open the engine costs as much as the rest of a run; programs of their own do it anew.
        """
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(connect, "open_for_writing", self._opened)
            (outcome,) = sync.run([SOURCE], self.request(**asked), warehouse_url(self.environ))
        return outcome

    @contextmanager
    def _opened(self, url: WarehouseUrl) -> Iterator[Warehouse]:
        with Store(url.path).lock():
            yield self.warehouse

    def orders_asked(self) -> list[Any]:
        """Give every request for orders so far."""
        return [asked for asked in self.emulator.requests if asked.path.endswith("/orders")]

    def ends(
        self, code: int = 0, told: str = "", *, moves: bool | None = None, **asked: Any
    ) -> SourceOutcome:
        """Run ``zakaz sync``'s machinery; its end, its words, its counts and its cursor are held.

        ``moves`` says whether the cursor of the orders may have moved: None leaves it open.
        """
        before = self.known
        outcome = self._run(code, told, **asked)
        self.known = self.place()
        assert moves is None or (self.known != before) is moves
        self._journalled([outcome])
        return outcome

    def breaks(self, *cases: Case) -> None:
        """Break the answers for orders in each of these ways, then mend them: nothing is missing.

        Each run ends as its case says, and none of them moves the cursor. They ask for the orders
        alone; that with everything mended reads the events too.
        """
        outcomes = []
        for case in cases:
            asked = len(self.orders_asked())
            self.faults.always(case.fault, path="/orders")
            outcomes.append(self._run(case.code, case.told, only=("orders",)))
            assert case.tries in (None, len(self.orders_asked()) - asked), case.told
            self.faults.clear()
        assert self.place() == self.known
        self._journalled(outcomes)
        self.ends(0, moves=True)
        self.equals()

    def _run(self, code: int, told: str, **asked: Any) -> SourceOutcome:
        outcome = self.sync(**asked)
        assert (outcome.exit_code, told in outcome.error) == (code, True), outcome.error
        counted = outcome.report
        assert counted.received == counted.accepted + counted.quarantined + counted.duplicate
        return outcome

    def _journalled(self, outcomes: Sequence[SourceOutcome]) -> None:
        """Hold the newest rows of the journal against how the runs ended."""
        found = self.rows(
            "SELECT toString(status), message FROM zakaz.meta_job_runs"
            " ORDER BY finished_at DESC LIMIT {limit:UInt32}",
            limit=len(outcomes),
        )
        for outcome, (status, message) in zip(reversed(outcomes), found, strict=True):
            assert status == outcome.status.value
            assert outcome.error[:900] in message

    def place(self) -> list[tuple[Any, ...]]:
        """Give the cursor of the orders, without which everything is read."""
        return [row for row in self.cursors() if "/orders/" in row[0] and "backfill" not in row[0]]

    def equals(self, without: Collection[int] = ()) -> None:
        """Hold the figures of the dashboard against the ledger, and every batch's counts."""
        assert self.sales() == self.truth(without)
        for table in ("zakaz.meta_manifest", "zakaz.meta_job_runs"):
            assert self.rows(UNEQUAL.format(table)) == [(0,)]

    def quarantine(self) -> list[tuple[Any, ...]]:
        """Give key, reason and place of every row set aside."""
        return self.rows("SELECT row_key, reason, context FROM zakaz.meta_quarantine ORDER BY ALL")

    def spoil(self, order_id: int, **fields: Any) -> None:
        """Let fields of one order come out wrong; ``...`` takes a field away."""

        def spoiler(payload: dict[str, Any]) -> None:
            for name, value in fields.items():
                payload[name] = value
                if value is ...:
                    del payload[name]

        self.organisation.spoil(order_id, spoiler)

    def command(
        self, *arguments: str, fault: str = "", program: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the room's own command to its end in a process of its own."""
        self.close()
        return subprocess.run(
            [sys.executable, *_words(program), *arguments],
            cwd=self.root.parent,
            env=self.environment(ZAKAZ_FAULT=fault, **variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def popen(self, *arguments: str, program: str = "", **options: Any) -> subprocess.Popen[bytes]:
        """Start the room's own command and go on; it says nothing."""
        self.close()
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(
            [sys.executable, *_words(program), *arguments],
            cwd=self.root.parent,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            **(silent | options),
        )

    def environment(self, **more: str) -> dict[str, str]:
        """Give the variables of a child: ours, the way to the rooms, and nothing of the user's."""
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "HOME": str(self.root.parent),
            "PYTEST_CURRENT_TEST": os.environ["PYTEST_CURRENT_TEST"],
        }
        return given | clock_of_the_run() | self.environ | more

    def leaks(self) -> list[str]:
        """Give every text of ours that holds a secret or a buyer: logs, journal, quarantine."""
        texts = list(self.said)
        for table in ("meta_job_runs", "meta_quarantine", "meta_watermarks"):
            texts += map(repr, self.rows(f"SELECT * FROM zakaz.{table}"))
        journal = self.root / "state" / "runs.jsonl"
        if journal.exists():
            texts.append(journal.read_text(encoding="utf-8"))
        return [text for text in texts if any(canary in text for canary in CANARIES)]


class Ear(logging.Handler):
    """Hears every record of a test as the product would print it at DEBUG."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(ScrubbingFormatter("%(message)s"))
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the printed line."""
        self.heard.append(self.format(record))


def _words(program: str) -> list[str]:
    return ["-c", program] if program else ["-m", "qtickets_api"]

"""An advertiser whose source misbehaves, and the verdict that every case ends with."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from instant import clock_of_the_run
from kept import Kept
from trial import UNEQUAL
from vk_ads.__main__ import SOURCE
from warehouse.vk.conftest import Figures, Ground
from zakaz import sync
from zakaz.store import Store
from zakaz.sync import SourceOutcome
from zakaz.warehouse import connect
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl, warehouse_url
from zakaz_emulators.vk import VkAdsEmulator

TRAILING = timedelta(days=30)
WATERMARK = "SELECT value FROM zakaz.meta_watermarks FINAL WHERE job = 'vk'"
SPENT = """
SELECT d, sum(spend) AS spent FROM bi.v_vk_ads_daily GROUP BY d HAVING spent != 0 ORDER BY d
"""


CANARY = "Anna Petrova"  # what an error answer says, and nobody is told


class AdTrial(Ground):
    """A ground on which the source is broken, and judged afterwards."""

    def __init__(self, emulator: VkAdsEmulator, store: Kept, home: Path, said: list[str]) -> None:
        super().__init__(emulator, store, home)
        self.said = said
        self.faults = emulator.faults

    @property
    def window(self) -> tuple[date, date]:
        """The days of a run."""
        today = self.clock().date()
        return today - TRAILING + timedelta(days=1), today

    def sync(self, **asked: Any) -> SourceOutcome:
        """Run the whole machinery on the store that is open here, under its lock."""
        self.pass_(seconds=1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(connect, "open_for_writing", self._opened)
            (outcome,) = sync.run([SOURCE], self.request(**asked), warehouse_url(self.environ))
        return outcome

    @contextmanager
    def _opened(self, url: WarehouseUrl) -> Iterator[Warehouse]:
        with Store(url.path).lock():
            yield self.warehouse

    def ends(self, code: int = 0, told: str = "", **asked: Any) -> SourceOutcome:
        """Run ``zakaz sync vk``'s machinery; its end, its words and its counts are held.

        A run that did not end well has not moved the watermark.
        """
        before = self.rows(WATERMARK)
        outcome = self.sync(**asked)
        message = outcome.run.message
        assert (outcome.exit_code, told in message) == (code, True), message
        counted = outcome.report
        assert counted.received == counted.accepted + counted.quarantined + counted.duplicate
        if code and not counted.failures:
            assert self.rows(WATERMARK) == before
        ((status, journalled),) = self.rows(
            "SELECT toString(status), message FROM zakaz.meta_job_runs"
            " ORDER BY finished_at DESC LIMIT 1"
        )
        assert (status, told in journalled) == (outcome.status.value, True)
        return outcome

    def equals(self, *days: date) -> None:
        """Hold staging and the views against the ledger, and every batch's counts."""
        days = days or self.window
        assert self.staged() == self.truth(*days)
        spent: dict[date, Any] = {}
        for (_, day), figures in self.truth(*days).items():
            spent[day] = spent.get(day, 0) + figures[2]
        assert dict(self.rows(SPENT)) == {day: sum_ for day, sum_ in sorted(spent.items()) if sum_}
        for table in ("zakaz.meta_manifest", "zakaz.meta_job_runs"):
            assert self.rows(UNEQUAL.format(table)) == [(0,)]

    def without(self, *keys: tuple[str, date]) -> dict[tuple[str, date], Figures]:
        """Give the ledger of a run's days without some days of ads."""
        return {key: told for key, told in self.truth(*self.window).items() if key not in keys}

    def quarantine(self) -> list[tuple[Any, ...]]:
        """Give key and reason of every day set aside."""
        return self.rows("SELECT row_key, reason FROM zakaz.meta_quarantine ORDER BY ALL")

    def environment(self, **more: str) -> dict[str, str]:
        """Give the variables of a child: ours, the way to the rooms, and nothing of the user's."""
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "PYTEST_CURRENT_TEST": os.environ["PYTEST_CURRENT_TEST"],
        }
        return given | clock_of_the_run() | self.environ | more

    def leaks(self) -> list[str]:
        """Give every text of ours that holds a secret or a token: logs, journal, quarantine."""
        texts = list(self.said)
        for table in ("meta_job_runs", "meta_quarantine", "meta_watermarks"):
            texts += map(repr, self.rows(f"SELECT * FROM zakaz.{table}"))
        journal = self.store.root / "state" / "runs.jsonl"
        if journal.exists():
            texts.append(journal.read_text(encoding="utf-8"))
        secrets = (self.emulator.client_secret, "EXAMPLEaccess", "EXAMPLErefresh", CANARY)
        return [text for text in texts if any(secret in text for secret in secrets)]

"""X02, X04, R2: a load that is killed is repaired by the next one, to the kopeck."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from datetime import datetime
from typing import Any

import pytest
from qtickets_api import load, staging
from trial import Trial
from zakaz_emulators.qtickets import Organisation, small_organisation
from zakaz_emulators.qtickets import faults as broken
from zakaz_emulators.qtickets.records import MOSCOW

# Batches of twenty orders, so that a small organisation is loaded in several.
BATCHED = """
import sys
from qtickets_api import load, staging
assert staging.ROWS_PER_INSERT == load.ROWS_PER_INSERT
staging.ROWS_PER_INSERT = load.ROWS_PER_INSERT = 20
from qtickets_api.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
KILLED = -signal.SIGKILL
NO_ROWS_LEFT = "SELECT count() FROM zakaz.meta_dirty_months FINAL WHERE is_dirty"


@pytest.fixture
def organisation() -> Organisation:
    """Return three full batches of orders and half of one, up to this very minute."""
    return small_organisation(70, now=datetime.now(MOSCOW))


@pytest.fixture(autouse=True)
def batched(fresh: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all runs read pages of ten, and the one that repairs store batches of twenty too."""
    fresh.environ["QTICKETS_PAGE_SIZE"] = "10"
    for module in (staging, load):
        monkeypatch.setattr(module, "ROWS_PER_INSERT", 20)


def resumed(trial: Trial) -> None:
    """Run once more, to the end: what the dashboard shows is the ledger, and nothing is left."""
    trial.now = max(trial.now, datetime.now(MOSCOW))
    trial.warehouse.execute("SYSTEM STOP MERGES")  # what is stored twice stays so
    trial.ends(0, moves=True, only=())
    trial.equals()
    orders = trial.organisation.orders
    assert trial.rows("SELECT count(), uniq(order_id) FROM zakaz.stg_qtickets_orders FINAL") == [
        (len(orders), len(orders))
    ]
    tickets = sum(len(order.tickets) for order in orders)
    assert trial.rows("SELECT count() FROM zakaz.stg_qtickets_baskets FINAL") == [(tickets,)]
    assert trial.rows(NO_ROWS_LEFT) == [(0,)]
    assert (trial.root / "published" / "current").exists()
    assert not list((trial.root / "published").glob("building-*"))


@pytest.mark.parametrize(
    "points",
    [  # the second batch of orders in each run, behind the page of events
        ("fetch:4", "before_insert:3", "after_insert:3"),
        ("inside_insert:6", "parse:4", "before_cursor:1"),
    ],
    ids="-".join,
)
def test_x02_x04_d7_r2_a_load_killed_at_named_points_is_repaired_by_the_next(
    fresh: Trial, points: tuple[str, ...]
) -> None:
    """A first load that goes on and is killed again leaves the ledger, and tells of each kill.

    The last of them dies behind a batch that no cursor knows of.
    """
    for point in points:
        orders_alone = ["--only", "orders"] if point.startswith("before_cursor") else []
        ended = fresh.command(*orders_alone, fault=point, program=BATCHED)
        assert (point, ended.returncode) == (point, KILLED)

    resumed(fresh)
    ((stored, seen),) = fresh.rows(
        "SELECT (SELECT count() FROM zakaz.stg_qtickets_orders),"
        " (SELECT count() FROM zakaz.stg_qtickets_orders FINAL)"
    )
    assert stored > seen  # the last batch was stored twice, and counts once
    told = fresh.rows("SELECT toString(status), message FROM bi.v_job_runs ORDER BY started_at")
    assert [status for status, _ in told] == ["failed"] * len(points) + ["ok"]
    assert all("without a word" in message for _, message in told[:-1])


def test_x02_an_incremental_load_that_is_killed_is_repeated(fresh: Trial) -> None:
    """Killed after its rows, before its cursor, a later load reads the same changes again."""
    fresh.ends(0, moves=True)
    fresh.now = fresh.organisation.now
    fresh.live_an_hour()
    assert fresh.command(fault="before_cursor").returncode == KILLED
    assert fresh.place() == fresh.known

    resumed(fresh)


class Killer:
    """Kills a child a moment after one of its requests was answered."""

    def __init__(self, trial: Trial, chance: random.Random, longest: float) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        self.delay = chance.uniform(0, longest)
        trial.faults.add(broken.after(self.strike), nth=chance.randint(1, 12))

    def strike(self) -> None:
        """Kill soon, whatever the child is doing then."""
        threading.Timer(self.delay, self._kill).start()

    def _kill(self) -> None:
        if self.child is not None and self.child.poll() is None:
            os.kill(self.child.pid, signal.SIGKILL)

    def run(self, trial: Trial) -> int:
        """Run the command until it dies or is done; gives its end."""
        trial.close()
        self.child = trial.popen(program=BATCHED)
        return self.child.wait(300)


def test_x04_w07_r2_a_chain_of_kills_at_any_time_is_repaired_by_one_run(fresh: Trial) -> None:
    """Loads killed behind requests drawn by lot, one after another, cost one resume.

    The first dies within milliseconds of the answer, of the others some while facts are built.
    """
    chance = random.Random(4)
    ends = []
    for longest in (0.03, 0.3, 0.3, 0.3):
        ends.append(Killer(fresh, chance, longest).run(fresh))
        fresh.faults.clear()
    assert ends[0] == KILLED
    assert set(ends) <= {KILLED, 0}
    fresh.known = fresh.place() if 0 in ends else []
    fresh.live_an_hour()

    resumed(fresh)


def test_x01_a_stop_in_the_middle_of_a_page_is_75_and_loses_nothing(fresh: Trial) -> None:
    """SIGTERM while a page is awaited ends the run at once, journalled, and the next goes on."""
    child: list[Any] = []
    held = threading.Event()

    def stop() -> None:
        os.kill(child[0].pid, signal.SIGTERM)
        held.wait(300)  # the answer comes when the process is gone

    fresh.faults.add(broken.before(stop), nth=3, path="/orders")
    child.append(fresh.popen(program=BATCHED))
    ended = child[0].wait(300)
    held.set()

    assert ended == 75
    assert fresh.rows("SELECT toString(status), message FROM zakaz.meta_job_runs") == [
        ("failed", "Terminated")
    ]
    resumed(fresh)

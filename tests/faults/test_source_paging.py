"""S17–S20, S22: lists that change, stop, shrink and lie while they are read."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from qtickets_api import plan
from qtickets_api.client import connect
from qtickets_api.cursor import Cursor
from qtickets_api.ladder import Ladder
from qtickets_api.settings import QticketsSettings
from trial import TOKEN, Trial
from zakaz.moscow import parse_instant
from zakaz_emulators.qtickets import Organisation, QticketsEmulator, small_organisation
from zakaz_emulators.qtickets import faults as broken

HABITS = plan.Habits(overlap=timedelta(hours=2), trailing=timedelta(days=30))
CHANGES_A_PAGE = 3
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def stuck(request: Any, honest: Callable[[Any], Any]) -> Any:
    """Give the first page of the whole list, whatever is asked."""
    return broken.ignore_filters()(request, lambda heard: broken.stuck_page(1)(heard, honest))


def test_s17_a_list_that_never_ends_is_65(fresh: Trial) -> None:
    """A source that repeats one page is given up after two repeats, and nothing of it is stored."""
    fresh.faults.always(stuck, path="/orders")
    outcome = fresh.ends(65, "the list never ends", moves=False)

    assert len(fresh.orders_asked()) <= 1 + 2
    assert outcome.report.requests == 1 + len(fresh.orders_asked())
    assert fresh.rows("SELECT count() FROM zakaz.stg_qtickets_orders") == [(0,)]
    fresh.faults.clear()
    fresh.ends(0, moves=True)
    fresh.equals()


class Reader:
    """Reads the orders of an organisation that changes after every page."""

    def __init__(
        self, organisation: Organisation, change: Callable[[], object], per_page: int
    ) -> None:
        self.per_page = per_page
        self.emulator = QticketsEmulator(organisation, token=TOKEN)
        self.after = broken.after(change)
        self.emulator.faults.always(self.after, path="/orders")
        self.known: dict[int, str] = {}
        self.requests = self.received = 0

    def read(self, chosen: plan.Plan) -> int:
        """Read one plan to its end; gives how many requests the rows of it need at least."""
        organisation = self.emulator.organisation
        settings = {"QTICKETS_TOKEN": TOKEN, "QTICKETS_BASE_URL": self.emulator.base_url}
        client = connect(QticketsSettings.load(settings), lambda: organisation.now)
        ladder = Ladder(client, "/orders", self.per_page, chosen.rungs, print)
        rows = [json.loads(bytes(row)) for page in ladder.pages() for row in page.rows]
        client.close()
        self.requests += client.requests
        self.known |= {row["id"]: row["updated_at"] for row in rows}
        return max(1, -(-len(rows) // self.per_page))

    def cursor(self) -> Cursor:
        """Give the place that a run which read all this would keep."""
        newest = parse_instant(max(self.known.values()))
        return Cursor(newest, max(self.known), self.emulator.organisation.now.date())

    def truth(self) -> dict[int, str]:
        """Give id and change of every order that is still there."""
        return {o.id: o.updated_at.isoformat() for o in self.emulator.organisation.orders}


def changing(kind: str, chance: random.Random, organisation: Organisation) -> Callable[[], None]:
    """Give what happens to an organisation after each page that is read."""

    def change() -> None:
        organisation.now += MINUTE
        for _ in range(CHANGES_A_PAGE):
            one = chance.choice(organisation.orders).id
            if kind == "insert":
                organisation.insert_order(event_id=80001, created_at=organisation.now)
            elif kind == "update":
                organisation.cancel(one)
            else:
                organisation.remove_order(one)

    return change


@pytest.mark.parametrize("kind", ["insert", "update", "delete"])
@pytest.mark.parametrize(("deaf", "per_page", "seeds"), [(False, 20, 30), (True, 50, 6)])
def test_s18_s19_r5_lists_that_change_while_they_are_read_lose_nothing(
    kind: str, deaf: bool, per_page: int, seeds: int
) -> None:
    """Three changes after every page: a whole read and the next one know every order's last state.

    Both together need at most 1.25 times the requests that their rows need; where the source is
    deaf to ``id >`` and is read by page number, two more.
    """
    for seed in range(seeds):
        chance = random.Random(f"{kind}-{seed}")
        organisation = small_organisation(per_page * chance.randint(4, 8) + chance.randint(0, 20))
        reader = Reader(organisation, changing(kind, chance, organisation), per_page)
        with reader.emulator:
            if deaf:
                reader.emulator.faults.clear()
                reader.emulator.faults.always(
                    lambda request, honest, after=reader.after: after(
                        request, lambda heard: broken.ignore_filters("id")(heard, honest)
                    ),
                    path="/orders",
                )
            least = reader.read(plan.whole())
            reader.emulator.faults.clear()
            known = reader.cursor()
            least += reader.read(plan.changes_of_orders(known, HABITS, known.whole_on, list))

        missed = {key for key, at in reader.truth().items() if reader.known.get(key) != at}
        assert (seed, missed) == (seed, set())
        assert reader.requests <= 1.25 * least + 2 * deaf, seed


def test_s18_s19_a_store_knows_what_changed_between_pages(fresh: Trial) -> None:
    """Orders cancelled, refunded, added and gone between two pages are right after the next run."""
    gone = fresh.organisation.orders[100].id
    ids = itertools.cycle(order.id for order in fresh.organisation.orders[:60])

    def change() -> None:
        fresh.organisation.now += MINUTE
        fresh.organisation.cancel(next(ids))
        fresh.organisation.refund(next(ids))
        fresh.organisation.insert_order(event_id=80002, prices=(500,))
        if fresh.organisation.order(gone) is not None:
            fresh.organisation.remove_order(gone)

    fresh.environ["QTICKETS_PAGE_SIZE"] = "20"
    fresh.faults.always(broken.after(change), path="/orders")
    fresh.ends(0, moves=True)
    fresh.faults.clear()
    fresh.ends(0)
    fresh.equals()


def test_s20_a_row_that_shows_late_is_caught_by_the_next_run(trial: Trial) -> None:
    """An order that becomes visible ten minutes after its own time is in the next run."""
    trial.environ["QTICKETS_OVERLAP_MINUTES"] = "15"  # the least that may be set
    trial.ends(0, moves=True)
    newest = max(order.updated_at for order in trial.organisation.orders)
    late = trial.organisation.insert_order(
        event_id=80001, created_at=newest - 12 * MINUTE, payed_at=newest - 10 * MINUTE
    )
    trial.now += 10 * MINUTE
    outcome = trial.ends(0)

    assert outcome.report.incremental
    assert late.updated_at < newest
    trial.equals()


@pytest.mark.parametrize("hours", [-2, 2])
def test_s22_the_cursor_is_the_sources_own_time(fresh: Trial, hours: int) -> None:
    """A loader whose clock is two hours off keeps the source's time and loses no change."""
    fresh.now += hours * HOUR
    fresh.ends(0, moves=True)
    organisation = fresh.organisation

    def cursor() -> str:
        (value,) = [value for name, value in fresh.cursors() if name.endswith("orders/updated_at")]
        return str(value)

    assert cursor() == max(order.updated_at for order in organisation.orders).isoformat()
    fresh.now += 10 * MINUTE
    organisation.now += 10 * MINUTE
    organisation.insert_order(event_id=80001)
    organisation.cancel(organisation.orders[7].id)
    organisation.refund(organisation.orders[50].id)
    outcome = fresh.ends(0)

    assert (outcome.report.mode, outcome.report.incremental) == ("updated_at", True)
    assert cursor() == max(order.updated_at for order in organisation.orders).isoformat()
    fresh.equals()

"""Malformed rows, doubles, broken runs and late pages leave the figures equal to the ledger."""

from __future__ import annotations

import random
from typing import Any

import pytest
from qtickets_api import cursor, plan, transform
from qtickets_api.client import Page, connect
from qtickets_api.intake import Intake
from qtickets_api.ladder import Ladder
from qtickets_api.settings import QticketsSettings
from qtickets_api.staging import Staging
from zakaz import facts
from zakaz.errors import WarehouseError
from zakaz.source import SyncReport
from zakaz_emulators.qtickets import faults as broken

SPOILT = [
    (30, {"price": float("nan")}, "amount_range", "price"),
    (45, {"price": None}, "bad_amount", "price"),
    (60, {"price": float("-inf")}, "amount_range", "price"),
    (90, {"currency_id": "R\ud800"}, "bad_json", ""),
]


def test_p03_p15_p06_p14_a_malformed_order_is_quarantined_and_the_rest_lands(ground: Any) -> None:
    """An unreadable order leaves a row with a reason; its page mates and the counts stand.

    So does NaN, Infinity and half a character, which no JSON holds.
    """
    wanted = {}
    for place, spoilt, reason, field in SPOILT:
        sick = ground.organisation.orders[place].id
        ground.organisation.spoil(sick, lambda payload, spoilt=spoilt: payload.update(spoilt))
        wanted[sick] = (reason, field)
    report = ground.load()

    assert ground.sales() == ground.truth(without=set(wanted))
    assert ground.counts(report) == (125, 121, 4)
    found = ground.rows(
        "SELECT row_key, reason, context, run_id FROM zakaz.meta_quarantine ORDER BY 1"
    )
    assert found == [(str(sick), *told, "run") for sick, told in sorted(wanted.items())]
    assert ground.rows(
        "SELECT count() FROM zakaz.meta_manifest"
        " WHERE received != accepted + quarantined + duplicate"
    ) == [(0,)]
    assert ground.rows(
        "SELECT sum(received), sum(quarantined) FROM zakaz.meta_manifest WHERE stream = 'orders'"
    ) == [(123, 4)]


def test_p16_a_changed_api_stops_before_the_cursor(loaded: Any) -> None:
    """When no order can be read the run ends with 65 and the cursor stays."""
    before = loaded.cursors()
    loaded.live_an_hour()

    def rename(page: Any) -> None:
        for row in page["data"]:
            row["cost"] = row.pop("price")

    loaded.emulator.faults.always(broken.edit(rename), path="/orders")
    outcome = loaded.sync()

    assert (outcome.exit_code, loaded.cursors()) == (65, before)
    assert "missing_key price" in outcome.error


def test_p09_a_double_on_a_page_is_counted_once(ground: Any) -> None:
    """An order listed twice is stored once and counted as a duplicate."""

    def repeat(page: Any) -> None:
        page["data"].append(page["data"][-1])

    ground.emulator.faults.always(broken.edit(repeat), path="/orders")
    report = ground.load()

    assert report.duplicate == 3
    assert ground.sales() == ground.truth()


def test_x02_a_run_that_dies_before_its_cursor_is_repeated(
    ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that were stored without their cursor are stored again and counted once."""
    with monkeypatch.context() as patch:
        patch.setattr(cursor, "write", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            ground.load()
    assert ground.cursors() == []
    ground.load()

    assert ground.sales() == ground.truth()


def test_d4_a_failed_insert_leaves_a_failed_run(
    ground: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the store refuses the rows the journal has one failed run with a message."""

    def refuse(self: Staging[Any], *rows: Any) -> None:
        raise WarehouseError("no space left", code=243)

    monkeypatch.setattr(Staging, "_insert", refuse)
    outcome = ground.sync()

    assert outcome.exit_code == 75
    assert ground.rows("SELECT status, message FROM zakaz.meta_job_runs") == [
        ("failed", "no space left")
    ]


def test_r3_w09_pages_in_any_order_change_nothing(ground: Any) -> None:
    """Pages recorded at their instants and stored in random order give one result."""
    recorded: list[Page] = []
    settings = QticketsSettings.load(ground.environ)
    for _ in range(3):
        reader = connect(settings, ground.clock)
        recorded += Ladder(reader, "/orders", 50, plan.whole().rungs, print).pages()
        reader.close()
        ground.live_an_hour()
    chance = random.Random(7)
    results = []
    for attempt in range(3):
        account = f"order-{attempt}"
        pages = chance.sample(recorded, len(recorded)) if attempt else recorded
        for page in pages:
            store(ground, account, page)
        facts.rebuild_dirty(ground.warehouse, at=ground.clock())
        results.append(business(ground, account))

    assert results[0] == results[1] == results[2]
    assert len(results[0][0]) == 125


def store(ground: Any, account: str, page: Page) -> None:
    """Store one recorded page under an account."""
    report = SyncReport()
    intake: Any = Intake(
        "orders", transform.orders, account_id=account, loaded_at=ground.now, report=report
    )
    staging: Any = Staging(
        ground.warehouse, "orders", account_id=account, run_id="replay", clock=ground.clock,
        report=report, reads_all=False,
    )  # fmt: skip
    for taken in intake.take([page]):
        staging.add(taken)
    staging.flush()


def business(ground: Any, account: str) -> list[list[tuple[Any, ...]]]:
    """Give the business columns of an account's orders, tickets and sales."""
    return [
        ground.rows(
            f"SELECT * EXCEPT (_ver, _loaded_at, account_id) FROM zakaz.{table} FINAL"
            " WHERE account_id = {account:String} ORDER BY ALL",
            account=account,
        )
        for table in ("stg_qtickets_orders", "stg_qtickets_baskets", "fact_qtickets_sales_daily")
    ]

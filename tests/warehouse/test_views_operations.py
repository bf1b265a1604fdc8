"""Freshness and journal as monitors read them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from staged import Staged
from zakaz import facts, stream_journal
from zakaz.errors import ZakazError
from zakaz.moscow import MOSCOW
from zakaz.source import StreamRun
from zakaz.warehouse.embedded import EmbeddedWarehouse

pytestmark = pytest.mark.engine

VIEW = "SELECT as_select FROM system.tables WHERE database = 'bi' AND name = 'v_ops_freshness'"
PRESENT = "now('Europe/Moscow')"


def now() -> datetime:
    """Return half a minute to midnight at the end of a leap year's February."""
    return datetime(2028, 2, 29, 23, 59, 30, tzinfo=MOSCOW)


def freshness(warehouse: EmbeddedWarehouse, source: str) -> dict[str, Any]:
    """Return the row of one source as the view tells it at ``now``.

    The engine's clock cannot be set: in the view's own text another instant stands in its place.
    """
    view = str(warehouse.query(VIEW).scalar())
    assert view.count(PRESENT) == 2
    frozen = view.replace(PRESENT, f"toDateTime({now().timestamp():.0f}, 'Europe/Moscow')")
    rows = warehouse.query(
        f"SELECT * FROM ({frozen}) WHERE source = {{source:String}}", {"source": source}
    ).dicts()
    assert len(rows) == 1
    return rows[0]


def run_ended(
    warehouse: EmbeddedWarehouse,
    ended: datetime,
    status: str = "ok",
    job: str = "qtickets",
    mode: str = "updated_at",
) -> None:
    """Write one run of ten minutes into the journal."""
    warehouse.insert("zakaz.meta_job_runs", {
        "job": [job], "run_id": [f"{job}-{ended:%H%M%S}"],
        "started_at": [ended - timedelta(minutes=10)], "finished_at": [ended], "status": [status],
        "rows_processed": [3], "message": [""], "received": [4], "accepted": [3],
        "quarantined": [1], "duplicate": [0], "inserted": [3], "requests": [2],
        "mode": [mode], "months": [[202602]],
    })  # fmt: skip


def sold(staged: Staged, days_ago: int, loaded_hours_ago: float) -> None:
    """Write the fact of a ticket sold some days ago, as a rebuild some hours ago left it."""
    staged.warehouse.insert("zakaz.fact_qtickets_sales_daily", {
        "account_id": ["main"], "sales_date": [(now() - timedelta(days=days_ago)).date()],
        "event_id": ["e1"], "show_id": ["s1"], "currency": ["RUB"], "orders": [1],
        "tickets_sold": [1], "_ver": [1], "_loaded_at": [now() - timedelta(hours=loaded_hours_ago)],
    })  # fmt: skip


@pytest.mark.parametrize("source", ["qtickets", "vk"])
def test_d8_an_empty_store_has_no_data_instead_of_1970(
    emptied: EmbeddedWarehouse, source: str
) -> None:
    """Both sources have a row, every figure is NULL, the light says no_data."""
    assert {
        "source": source, "last_loaded_at": None, "hours_since_load": None,
        "last_business_date": None, "days_behind": None, "status": "no_data",
        "lost_rows": 0,
    } == freshness(emptied, source)  # fmt: skip


def test_the_view_counts_to_the_engines_present(staged: Staged) -> None:
    """Three hours after a load it tells three hours, on whatever day."""
    present = staged.warehouse.query(f"SELECT {PRESENT}").scalar()
    staged.order(payed_at=present - timedelta(days=1))
    staged.basket()
    facts.rebuild_all(staged.warehouse, at=present - timedelta(hours=3))
    rows = staged.warehouse.query("SELECT source, hours_since_load FROM bi.v_ops_freshness").rows
    assert dict(rows) == {"qtickets": pytest.approx(3, abs=0.1), "vk": None}


@pytest.mark.parametrize(
    ("days", "hours", "light"),
    [
        (0, 0.5, "ok"),
        (1, 1.5, "ok"),
        (0, 3, "warning"),
        (0, 7, "critical"),
        (2, 0.5, "warning"),
        (3, 0.5, "critical"),
    ],
)
def test_sales_that_no_run_vouches_for_are_judged_by_the_worse_of_two_clocks(
    staged: Staged, days: int, hours: float, light: str
) -> None:
    """Two and six hours since the last write, one and two days behind."""
    sold(staged, days, hours)
    row = freshness(staged.warehouse, "qtickets")
    assert (light, days) == (row["status"], row["days_behind"])
    assert hours == pytest.approx(row["hours_since_load"], abs=0.1)


@pytest.mark.parametrize(
    ("days", "hours", "light"),
    [(1, 5, "ok"), (1, 28, "warning"), (1, 33, "critical"), (2, 5, "warning"), (9, 5, "critical")],
)
def test_ads_that_no_run_vouches_for_count_from_one_load_a_day(
    staged: Staged, days: int, hours: int, light: str
) -> None:
    """27 and 32 hours since the last write, one and two days behind."""
    moment = now()
    loaded = moment - timedelta(hours=hours)
    staged.ads((moment - timedelta(days=days)).date().isoformat(), loaded_at=loaded)
    row = freshness(staged.warehouse, "vk")
    assert (light, days, loaded) == (row["status"], row["days_behind"], row["last_loaded_at"])
    assert freshness(staged.warehouse, "qtickets")["status"] == "no_data"


def test_a_vanished_ad_row_is_no_data(staged: Staged) -> None:
    """A row marked as deleted does not make a source look fresh."""
    day = now().date().isoformat()
    staged.ads(day)
    staged.ads(day, is_deleted=True)
    assert freshness(staged.warehouse, "vk")["status"] == "no_data"


def test_idle_days_are_not_the_newest_day_of_ads(staged: Staged) -> None:
    """Zeros that VK tells of today do not hide that the last ad ran a week ago."""
    today = now().date()
    staged.ads((today - timedelta(days=7)).isoformat())
    staged.ads(today.isoformat(), impressions=0, clicks=0, spend="0")
    assert freshness(staged.warehouse, "vk")["days_behind"] == 7


def test_h15_old_data_loaded_now_is_not_fresh(staged: Staged) -> None:
    """Reloading sales of years ago leaves the light red."""
    staged.order(payed_at=now() - timedelta(days=1500))
    staged.basket()
    facts.rebuild_all(staged.warehouse, at=now())
    row = freshness(staged.warehouse, "qtickets")
    assert (row["status"], row["days_behind"]) == ("critical", 1500)


def test_h15_old_statistics_loaded_again_are_not_fresh(staged: Staged) -> None:
    """The newest day of the ads is told beside the instant they were written."""
    day = (now() - timedelta(days=1500)).date()
    staged.ads(day.isoformat(), loaded_at=now())
    row = freshness(staged.warehouse, "vk")
    assert (row["last_business_date"], row["last_loaded_at"]) == (day, now())
    assert (row["days_behind"], row["status"]) == (1500, "critical")


def stream_ended(
    warehouse: EmbeddedWarehouse,
    hours_ago: float,
    status: str = "ok",
    mode: str = "updated_at",
    **others: str,
) -> None:
    """Write a run of Qtickets whose orders ended like this; ``others`` are its other streams."""
    ended = now() - timedelta(hours=hours_ago)
    run_ended(warehouse, ended, "partial" if others else status, mode=mode)
    streams = [StreamRun("orders", ended, ended, status, mode)]
    streams += [StreamRun(name, ended, ended, word, "full") for name, word in others.items()]
    stream_journal.write(warehouse, "qtickets", f"qtickets-{ended:%H%M%S}", streams, ended)


@pytest.mark.parametrize("days", [0, 3, 40])
def test_the_light_of_sales_is_that_of_the_load(staged: Staged, days: int) -> None:
    """Two and six hours since the load; whoever sells nothing for weeks is not behind."""
    sold(staged, days, loaded_hours_ago=0)
    for hours, light in ((7, "critical"), (3, "warning"), (1.5, "ok"), (0.5, "ok")):
        stream_ended(staged.warehouse, hours)  # later than the ones before it
        row = freshness(staged.warehouse, "qtickets")
        assert (row["status"], row["days_behind"]) == (light, days)
        assert row["hours_since_load"] == pytest.approx(hours, abs=0.1)


@pytest.mark.parametrize(("hours", "light"), [(5, "ok"), (28, "warning"), (33, "critical")])
def test_the_light_of_ads_counts_from_one_load_a_day(
    staged: Staged, hours: int, light: str
) -> None:
    """27 and 32 hours since the load, though no ad has run for nine days."""
    staged.ads((now() - timedelta(days=9)).date().isoformat(), loaded_at=now())
    run_ended(staged.warehouse, now() - timedelta(hours=hours), job="vk")
    row = freshness(staged.warehouse, "vk")
    assert (row["status"], row["days_behind"]) == (light, 9)


def test_d8_a_load_that_found_no_sale_at_all_is_no_data(emptied: EmbeddedWarehouse) -> None:
    """The load is told, the light is not green: it may have read an account without sales."""
    stream_ended(emptied, 0.5, "empty")
    row = freshness(emptied, "qtickets")
    assert (row["status"], row["last_business_date"], row["days_behind"]) == ("no_data", None, None)
    assert row["hours_since_load"] == pytest.approx(0.5, abs=0.1)
    assert freshness(emptied, "vk")["last_loaded_at"] is None


def test_of_many_loads_the_last_good_one_counts(staged: Staged) -> None:
    """Of several runs of one source the newest that ended well is told, however they lie."""
    sold(staged, days_ago=3, loaded_hours_ago=0)
    for hours, status in ((9.0, "ok"), (1.0, "ok"), (5.0, "empty"), (0.2, "failed")):
        stream_ended(staged.warehouse, hours, status)
    row = freshness(staged.warehouse, "qtickets")
    assert (row["status"], row["hours_since_load"]) == ("ok", pytest.approx(1.0, abs=0.1))


def test_sales_are_fresh_where_another_stream_failed(staged: Staged) -> None:
    """Orders that came in are not old because promo codes did not; the other way they are."""
    sold(staged, days_ago=0, loaded_hours_ago=10)
    stream_ended(staged.warehouse, 8, "ok", promo_codes="failed")
    stream_ended(staged.warehouse, 0.1, "failed", promo_codes="ok")
    assert freshness(staged.warehouse, "qtickets")["status"] == "critical"
    stream_ended(staged.warehouse, 0.2, "ok", promo_codes="failed")
    assert freshness(staged.warehouse, "qtickets")["status"] == "ok"


def test_ads_are_fresh_where_the_control_differs(staged: Staged) -> None:
    """Statistics that came in are not old because the account tells another sum."""
    moment = now()
    staged.ads(moment.date().isoformat(), loaded_at=moment)
    for hours_ago, control in ((40, "ok"), (0.1, "partial")):
        ended = moment - timedelta(hours=hours_ago)
        run_ended(staged.warehouse, ended, control, job="vk", mode="trailing")
        read = [StreamRun("statistics", ended, ended, "ok", "trailing"),
                StreamRun("control", ended, ended, control, "trailing")]  # fmt: skip
        stream_journal.write(staged.warehouse, "vk", f"vk-{ended:%H%M%S}", read, ended)
    assert freshness(staged.warehouse, "vk")["status"] == "ok"


def test_chosen_days_of_ads_are_no_load_up_to_the_present(staged: Staged) -> None:
    """Days of last winter read a minute ago leave the light of ads where it was."""
    staged.ads(now().date().isoformat(), loaded_at=now())
    for hours_ago, mode in ((40, "trailing"), (0.1, "days")):
        run_ended(staged.warehouse, now() - timedelta(hours=hours_ago), job="vk", mode=mode)
    assert freshness(staged.warehouse, "vk")["status"] == "critical"


def test_h15_chosen_days_read_again_are_no_load_up_to_the_present(staged: Staged) -> None:
    """Days of years ago, or one order, read a minute ago leave the light where it was."""
    sold(staged, days_ago=1500, loaded_hours_ago=0)
    for hours_ago, mode in ((0.2, "payed_at"), (0.1, "entity")):
        stream_ended(staged.warehouse, hours_ago, mode=mode)
        row = freshness(staged.warehouse, "qtickets")
        assert (row["status"], row["days_behind"]) == ("critical", 1500), mode
    stream_ended(staged.warehouse, 7)
    assert freshness(staged.warehouse, "qtickets")["hours_since_load"] == pytest.approx(7, abs=0.1)


@pytest.mark.parametrize(("bad", "good"), [("failed", "ok"), ("skipped", "empty")])
def test_a_quiet_night_is_not_a_stale_load(staged: Staged, bad: str, good: str) -> None:
    """A run that found nothing new counts as a load; one that failed does not."""
    sold(staged, days_ago=0, loaded_hours_ago=10)
    for minutes_ago, status, light in ((6, bad, "critical"), (5, good, "ok")):
        run_ended(staged.warehouse, now() - timedelta(minutes=minutes_ago), status)
        assert freshness(staged.warehouse, "qtickets")["status"] == light, status


def test_a_refund_in_the_future_of_a_sale_is_no_business_day(staged: Staged) -> None:
    """Days behind count from the last sale, not from the last refund."""
    moment = now()
    staged.order(payed_at=moment - timedelta(days=40))
    staged.basket(refunded_at=moment, refunded_amount="1000")
    facts.rebuild_all(staged.warehouse, at=moment)
    assert freshness(staged.warehouse, "qtickets")["days_behind"] == 40


def test_the_journal_view_tells_runs_with_their_duration(emptied: EmbeddedWarehouse) -> None:
    """Golden row of one run."""
    ended = now()
    run_ended(emptied, ended, "partial")
    (row,) = emptied.query("SELECT * FROM bi.v_job_runs").dicts()
    loaded, present = row.pop("_loaded_at"), emptied.query(f"SELECT {PRESENT}").scalar()
    assert abs(loaded - present) < timedelta(minutes=5)
    assert {
        "job": "qtickets", "run_id": f"qtickets-{ended:%H%M%S}",
        "started_at": ended - timedelta(minutes=10), "finished_at": ended,
        "duration_seconds": 600, "status": "partial", "rows_processed": 3, "message": "",
        "received": 4, "accepted": 3, "quarantined": 1, "duplicate": 0, "inserted": 3,
        "requests": 2, "mode": "updated_at", "months": [202602],
    } == row  # fmt: skip


def test_d6_an_unknown_status_is_refused(emptied: EmbeddedWarehouse) -> None:
    """The journal takes five words and no other."""
    for status in ("ok", "empty", "partial", "failed", "skipped"):
        run_ended(emptied, now(), status)
    for status in ("success", "error", "running", ""):
        with pytest.raises(ZakazError):
            run_ended(emptied, now(), status)
    assert emptied.query("SELECT count() FROM bi.v_job_runs").scalar() == 5

"""Punctuality: whether loads keep coming, and how it is said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from zakaz import interval, punctuality
from zakaz.errors import SettingsError
from zakaz.run_journal import JobRun, RunStatus, write
from zakaz.source import Source, SyncReport
from zakaz.warehouse.port import Warehouse

HALF_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(("minutes", "code"), [(0, 0), (31, 0), (60, 0), (61, 75), (6000, 75)])
def test_d04_i11_two_missed_intervals_are_late(at: datetime, minutes: int, code: int) -> None:
    """A good load is late when the second interval after it has passed without another."""
    good = {"qtickets": at - timedelta(minutes=minutes)}

    found = punctuality.judge(["qtickets"], good, {}, every={"qtickets": HALF_HOUR}, now=at)

    assert punctuality.exit_code(found) == code
    assert ("LATE" in found[0].told) is bool(code)


def test_i11_the_interval_decides_what_is_late(at: datetime) -> None:
    """The same age is fine for a daily load."""
    good = {"vk": at - timedelta(hours=26)}

    (found,) = punctuality.judge(["vk"], good, {}, every={"vk": timedelta(hours=24)}, now=at)

    assert not found.late


@pytest.mark.parametrize(
    ("minutes", "due"), [(30, False), (174, False), (176, True), (180, True), (6000, True)]
)
def test_a_source_of_its_own_pace_is_due_when_that_has_passed(
    warehouse: Warehouse, at: datetime, minutes: int, due: bool
) -> None:
    """Counted from the start of the last load, some minutes of drift allowed."""
    began = at - timedelta(minutes=minutes)
    write(warehouse, JobRun("vk", "run", began, at, RunStatus.PARTIAL, "", SyncReport()))
    begun = punctuality.last_begun(warehouse)
    assert begun == {"vk": began}
    assert punctuality.is_due(_source(timedelta(hours=3)), begun, {}, at) is due
    assert punctuality.is_due(_source(None), begun, {}, at)


@pytest.mark.parametrize(
    ("status", "mode"), [("failed", "trailing"), ("skipped", ""), ("ok", "days")]
)
def test_what_brought_nothing_of_the_present_leaves_a_load_due(
    warehouse: Warehouse, at: datetime, status: str, mode: str
) -> None:
    """A load that failed, and days of last year, are no load up to the present."""
    write(warehouse, JobRun("vk", "run", at, at, RunStatus(status), "", SyncReport(mode=mode)))
    source = _source(timedelta(hours=3))
    assert punctuality.is_due(source, punctuality.last_begun(warehouse), {}, at)


def _source(pace: timedelta | None) -> Source:
    def of(_environ: object) -> timedelta:
        assert pace is not None
        return pace

    return Source(
        "vk", "VK Ads", lambda _: True, lambda _: None, lambda _w, _r: SyncReport(),
        lambda _: SyncReport(), pace=None if pace is None else of,
    )  # fmt: skip


def test_i11_runs_that_end_partial_or_failed_are_no_good_loads(
    warehouse: Warehouse, at: datetime
) -> None:
    """A source whose newest runs are partial grows late, and the newest run is told."""
    for minutes, status in ((90, RunStatus.OK), (60, RunStatus.PARTIAL), (30, RunStatus.FAILED)):
        ended = at - timedelta(minutes=minutes)
        write(
            warehouse, JobRun("qtickets", f"run-{minutes}", ended, ended, status, "", SyncReport())
        )

    good = punctuality.last_good(warehouse)
    newest = {"qtickets": {"status": "partial", "message": "two shows did not answer"}}
    (found,) = punctuality.judge(["qtickets"], good, newest, every={"qtickets": HALF_HOUR}, now=at)

    assert good == {"qtickets": at - timedelta(minutes=90)}
    assert found.late
    assert found.told == (
        "qtickets: LATE: the last good load ended 1 h 30 min ago, at 2026-02-01 10:30 Moscow; one "
        "is due every 30 min. The newest run ended partial (two shows did not answer). Look at: "
        "zakaz runs"
    )


def test_a_quiet_night_is_no_missed_load(warehouse: Warehouse, at: datetime) -> None:
    """A run that found nothing new is a good load."""
    write(warehouse, JobRun("qtickets", "run", at, at, RunStatus.EMPTY, "", SyncReport()))

    assert punctuality.last_good(warehouse) == {"qtickets": at}


def test_a_source_that_was_never_loaded_is_late(at: datetime) -> None:
    """The sentence says that no load has succeeded yet."""
    (found,) = punctuality.judge(["qtickets"], {}, {}, every={"qtickets": HALF_HOUR}, now=at)

    assert found.late
    assert "no load has succeeded yet" in found.told


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (40, "40 s"),
        (90, "1 min"),
        (1800, "30 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (90_000, "1 d 1 h"),
        (86_460, "1 d"),
    ],
)
def test_durations_are_said_in_two_units(seconds: int, said: str) -> None:
    """A duration reads as people say it."""
    assert interval.spelt(timedelta(seconds=seconds)) == said


def test_the_interval_of_loads_is_a_variable() -> None:
    """ZAKAZ_SYNC_EVERY counts; without it a load is due every half hour."""
    assert interval.of_loads({}) == HALF_HOUR
    assert interval.of_loads({"ZAKAZ_SYNC_EVERY": "2h"}) == timedelta(hours=2)
    with pytest.raises(SettingsError, match="ZAKAZ_SYNC_EVERY: 'often' is not an interval"):
        interval.of_loads({"ZAKAZ_SYNC_EVERY": "often"})

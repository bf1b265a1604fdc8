"""Loads at an interval: a child process beside the dashboard."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sample_store import NOW
from starlette.testclient import TestClient
from zakaz_web.reading import Reading
from zakaz_web.sync_loop import COMMAND, SyncLoop, SyncState, interval

HOUR = timedelta(hours=1)


def loop(code: str, every: timedelta = HOUR) -> SyncLoop:
    """Make a loop whose load is a line of Python."""
    return SyncLoop(every, {}, command=[sys.executable, "-c", code], clock=lambda: NOW)


def wait(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until something is true, or fail."""
    pause, left = threading.Event(), seconds
    while not condition():
        pause.wait(0.02)
        left -= 0.02
        assert left > 0, "it never came true"


@pytest.mark.parametrize("code", [0, 75])
def test_the_first_load_starts_at_once_and_its_end_is_told(code: int) -> None:
    """The outcome and the time of the next load are known to the badge."""
    made = loop(f"raise SystemExit({code})")
    made.start()
    wait(lambda: made.state.finished_at is not None)
    made.stop()
    assert SyncState(None, NOW, code, NOW + HOUR) == made.state


def test_a_running_load_is_told_and_ended_with_the_dashboard() -> None:
    """Stopping the dashboard stops its load too."""
    made = loop("import time; time.sleep(60)")
    made.start()
    wait(lambda: made.state.running_since is not None)
    made.stop()
    assert made.state.exit_code not in (0, None)


def test_a_load_follows_a_load_and_never_overlaps() -> None:
    """The next load waits for the one before, however short the interval."""
    made = loop("pass", every=timedelta(0))
    seen: list[datetime] = []
    made._clock = lambda: (seen.append(NOW), NOW)[1]
    made.start()
    wait(lambda: len(seen) >= 5)
    ended = made.state.exit_code
    made.stop()
    assert ended == 0


def test_a_command_that_cannot_start_is_an_outcome_too() -> None:
    """The loop survives what it cannot run."""
    made = SyncLoop(HOUR, {}, command=["/nonexistent/zakaz"], clock=lambda: NOW)
    made.start()
    wait(lambda: made.state.finished_at is not None)
    made.stop()
    assert made.state.exit_code == 70


def test_the_command_is_zakaz_sync_of_this_very_installation() -> None:
    """No zakaz of the PATH is run by accident."""
    assert (sys.executable, "sync", "--due") == (COMMAND[0], *COMMAND[-2:])


@pytest.mark.parametrize(
    ("text", "seconds"), [("30m", 1800), ("2h", 7200), ("45s", 45), (" 10s ", 10)]
)
def test_intervals_are_written_short(text: str, seconds: int) -> None:
    """Seconds, minutes and hours."""
    assert timedelta(seconds=seconds) == interval(text)


@pytest.mark.parametrize("text", ["", "m", "30", "0s", "9s", "1.5h", "-5m", "500h", "1d", "٣٠m"])
def test_other_intervals_are_refused(text: str) -> None:
    """A load every second, or never, is a mistake."""
    with pytest.raises(ValueError, match=r"interval|outside"):
        interval(text)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (SyncState(running_since=NOW), "Идёт загрузка, начата в 14:25"),
        (SyncState(None, NOW, 0, NOW + HOUR), "прошла в 14:25, следующая в 15:25"),
        (SyncState(None, NOW, 75, NOW + HOUR), "не удалась (код 75), следующая в 15:25"),
    ],
)
def test_the_badge_tells_how_the_last_load_went(
    reading: Reading, browse: Callable[..., TestClient], state: SyncState, text: str
) -> None:
    """Who looks at the badge learns of a failed load without reading a log."""
    page = browse(reading, sync_state=lambda: state).get("/sales")
    assert text in page.text

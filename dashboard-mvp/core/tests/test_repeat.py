"""Repetition: loads at an interval in a process that stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from zakaz.cli.edge import Terminated
from zakaz.cli.repeat import repeat
from zakaz.errors import WarehouseError

HALF_HOUR = timedelta(minutes=30)


def loads(time: Any, *takes: float | Exception) -> tuple[Callable[[], None], list[float]]:
    """Give a load that takes so long each time, or fails, and is stopped at the end of the list."""
    starts: list[float] = []

    def load() -> None:
        starts.append(time.now)
        if len(starts) > len(takes):
            raise Terminated
        told = takes[len(starts) - 1]
        if isinstance(told, Exception):
            raise told
        time.now += told

    return load, starts


def test_a_load_starts_at_every_interval(time: Any) -> None:
    """The interval counts from start to start, and SIGTERM ends it."""
    load, starts = loads(time, 60.0, 5.0)

    with pytest.raises(Terminated):
        repeat(load, HALF_HOUR, clock=time.clock, sleep=time.sleep)

    assert starts == [1000.0, 2800.0, 4600.0]


def test_x07_a_load_longer_than_its_interval_is_not_overtaken(time: Any) -> None:
    """The next load starts when the long one has ended, and no missed one is caught up."""
    load, starts = loads(time, 4000.0, 1.0)

    with pytest.raises(Terminated):
        repeat(load, HALF_HOUR, clock=time.clock, sleep=time.sleep)

    assert starts == [1000.0, 5000.0, 6800.0]


@pytest.mark.parametrize("failure", [WarehouseError("the server is away"), ValueError("a bug")])
def test_i9_a_failed_load_is_told_and_tried_again(
    time: Any,
    failure: Exception,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither an error nor a bug ends the process; both are said aloud."""
    load, starts = loads(time, failure)

    with pytest.raises(Terminated):
        repeat(load, HALF_HOUR, clock=time.clock, sleep=time.sleep)

    assert starts == [1000.0, 2800.0]
    assert str(failure) in capsys.readouterr().err + caplog.text

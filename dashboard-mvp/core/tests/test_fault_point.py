"""Fault points: a named place to die at, for tests only."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

PROGRAM = """
from zakaz.fault_point import reach
for point in ("fetch", "parse", "fetch"):
    reach(point)
    print(point, flush=True)
"""


def reached(environ: dict[str, str]) -> tuple[int, list[str]]:
    """Pass three points in a process of its own; gives its end and the points it survived."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"PYTHONPATH": ":".join(sys.path), **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout.split()


@pytest.mark.parametrize(
    ("fault", "survived"),
    [("fetch", 0), ("parse", 1), ("fetch:2", 2), ("any:2", 1), ("any:3", 2)],
)
def test_r2_the_process_dies_where_it_was_asked_to(fault: str, survived: int) -> None:
    """The named point, counted by name or over all, is the last thing the process does."""
    end, points = reached({"ZAKAZ_FAULT": fault, "PYTEST_CURRENT_TEST": "here"})

    assert (end, points) == (-signal.SIGKILL, ["fetch", "parse", "fetch"][:survived])


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"ZAKAZ_FAULT": "fetch"},
        {"ZAKAZ_FAULT": "", "PYTEST_CURRENT_TEST": "here"},
        {"ZAKAZ_FAULT": "before_insert", "PYTEST_CURRENT_TEST": "here"},
        {"ZAKAZ_FAULT": "fetch:3", "PYTEST_CURRENT_TEST": "here"},
    ],
    ids=["unset", "outside-tests", "empty", "another-point", "not-so-often"],
)
def test_r2_elsewhere_a_point_does_nothing(environ: dict[str, str]) -> None:
    """A variable left behind in production, or meant for another point, stops no load."""
    assert reached(environ) == (0, ["fetch", "parse", "fetch"])

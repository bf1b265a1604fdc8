"""Runs pytest as if it had been started at another instant: ``--at 2028-02-29T23:59:30+03:00``.

libfaketime (Debian: ``apt-get install faketime``) moves the clock of Python and of every child;
the embedded engine asks the kernel itself and stays in the present.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

_VARIABLES = (
    "LD_PRELOAD",
    "FAKETIME",
    "FAKETIME_DONT_FAKE_MONOTONIC",
    "FAKETIME_CACHE_DURATION",  # else it looks again every 10 s, perhaps while a test has its own
)


def begin_at(instant: str, arguments: Iterable[str | os.PathLike[str]]) -> None:
    """Start pytest again under the moved clock, unless it runs under it already."""
    if "FAKETIME" in os.environ:
        time.sleep = _wait
        return
    try:
        ahead = datetime.fromisoformat(instant) - datetime.now().astimezone()
    except (ValueError, TypeError):
        raise pytest.UsageError(
            f"--at {instant}: an instant with its zone is wanted, as 2028-02-29T23:59:30+03:00"
        ) from None
    libraries = [*Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")]
    if not libraries:
        raise pytest.UsageError("--at needs libfaketime: apt-get install faketime")
    values = (str(libraries[0]), f"{ahead // timedelta(seconds=1):+d}", "1", "86400")
    command = [sys.executable, "-m", "pytest", *map(str, arguments)]
    os.execve(sys.executable, command, os.environ | dict(zip(_VARIABLES, values, strict=True)))  # noqa: S606


def _wait(seconds: float) -> None:
    """Wait without clock_nanosleep, which libfaketime 0.9.10 answers with EINVAL."""
    threading.Event().wait(seconds)


def clock_of_the_run() -> dict[str, str]:
    """Return the variables by which a child's clock is that of the run."""
    return {name: os.environ[name] for name in _VARIABLES if name in os.environ}

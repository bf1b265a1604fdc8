"""The embedded engine leaves the process's signal handlers alone, on either engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from zakaz.warehouse.embedded import EmbeddedWarehouse

class Told(BaseException):
    pass

def stop(number, frame):
    raise Told

signal.signal(signal.SIGTERM, stop)
folder = Path(sys.argv[1])

def opened_and_closed():
    with EmbeddedWarehouse(folder) as warehouse:
        warehouse.query("SELECT 1")

def probe(when):
    for number, expected in ((signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Told)):
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        except expected:
            print(when, number.name, flush=True)

signal.alarm(20)  # a lost signal must not hang the test
with EmbeddedWarehouse(folder) as warehouse:
    warehouse.query("SELECT 1")
    probe("open")
probe("closed")
opened_and_closed()
probe("again")
thread = threading.Thread(target=opened_and_closed)
thread.start()
thread.join()
probe("elsewhere")
"""


@pytest.mark.engine
def test_ctrl_c_and_sigterm_reach_python_while_and_after_a_store_is_open(tmp_path: Path) -> None:
    """Also after a copy was opened in another thread, as the dashboard does."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "live")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    told = [
        f"{when} {name}" for when in ("open", "closed", "again", "elsewhere") for name in SIGNALS
    ]
    assert ended.stdout.splitlines() == told, ended.stderr
    assert ended.returncode == 0


SIGNALS = ("SIGINT", "SIGTERM")

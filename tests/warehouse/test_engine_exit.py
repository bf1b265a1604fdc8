"""A process that used the embedded engine ends with its own exit code, on either engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import atexit, ctypes, sys
from pathlib import Path
from zakaz.warehouse.embedded import EmbeddedWarehouse

libc = ctypes.CDLL(None)
libc.on_exit(libc.abort, None)  # stands for a destructor that dies: the first one runs last
if sys.argv[2] == "engine":
    with EmbeddedWarehouse(Path(sys.argv[1])) as warehouse:
        warehouse.query("SELECT 1")
atexit.register(print, "Python ended")
print("the work is done", end="; ")
sys.exit(int(sys.argv[3]))
"""


def ended(folder: Path, what: str, code: int) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), what, str(code)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.skipif(sys.platform == "darwin", reason="its C library knows no on_exit")
@pytest.mark.parametrize("code", [0, pytest.param(75, marks=pytest.mark.engine)])
def test_no_destructor_of_the_engine_replaces_the_exit_code(tmp_path: Path, code: int) -> None:
    """A destructor that would end the process by a signal is not reached; Python's endings are."""
    told = "the work is done; Python ended\n"
    assert ended(tmp_path / "live", "engine", code) == (code, told)
    assert ended(tmp_path / "live", "none", code) == (-6, told)  # the trap does spring without it

"""A command run to its end, with its seconds and its peak memory."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

# What the kernel tells at the end (ru_maxrss) includes what this process held when it forked.
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
_OWN = re.compile(r"^RssAnon:\s+(\d+) kB$", re.MULTILINE)
_GLANCE = 0.02


class Timed(NamedTuple):
    """What a command took.

    ``memory`` in MiB is the peak of all it had in memory. ``own`` in MiB is the peak, at a glance
    every 20 ms, of what no limit can take from it: without the mapped file of the engine (226 MiB),
    which the machine drops and reads again as it likes.
    """

    seconds: float
    memory: float
    own: float
    said: str


def timed(command: list[str], environ: dict[str, str]) -> Timed:
    """Run a command to its end; give what it took."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        memory = own = 0.0
        while process.poll() is None:
            memory = max(memory, _told(process.pid, _PEAK))
            own = max(own, _told(process.pid, _OWN))
            time.sleep(_GLANCE)
        seconds = time.perf_counter() - started
        said.seek(0)
        output = said.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output}")
    return Timed(seconds, memory, own, output)


def _told(pid: int, what: re.Pattern[str]) -> float:
    try:
        found = what.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0

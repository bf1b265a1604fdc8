"""A command run to its end, with its seconds and its peak memory."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from pathlib import Path

# What the kernel tells at the end (ru_maxrss) includes what this process held when it forked.
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
_GLANCE = 0.02


def timed(command: list[str], environ: dict[str, str]) -> tuple[float, float, str]:
    """Run a command to its end; give seconds, the peak memory in MiB and what it printed."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _peak(process.pid))
            time.sleep(_GLANCE)
        seconds = time.perf_counter() - started
        said.seek(0)
        output = said.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output}")
    return seconds, peak, output


def _peak(pid: int) -> float:
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0

"""A command run to its end, with its seconds and its peak memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time


def timed(command: list[str], environ: dict[str, str]) -> tuple[float, float, str]:
    """Run a command to its end; give seconds, the peak memory in MiB and what it printed."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        said.seek(0)
        output = said.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output}")
    return seconds, usage.ru_maxrss / 1024, output

"""The clock of one measured process, ours or a peer's; standard library only."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


class Clocked:
    """Seconds on the wall and of processor time, all threads and children counted.

    ``rss_mib`` is the peak until then: what is asked afterwards for proof does not count.
    """

    wall = 0.0
    cpu = 0.0
    rss_mib = 0.0


@contextmanager
def clocked() -> Iterator[Clocked]:
    """Time the block; imports and tables are made before it."""
    taken = Clocked()
    began, used = time.perf_counter(), _cpu()
    yield taken
    taken.wall, taken.cpu = time.perf_counter() - began, _cpu() - used
    taken.rss_mib = max(usage.ru_maxrss for usage in _usages()) / 1024


def told(loading: Clocked, found: Sequence[Any], merging: Clocked | None = None) -> None:
    """Print what a process did: times, peak memory, and what it then holds."""
    record = {
        "seconds": loading.wall,
        "cpu": loading.cpu,
        "merge_seconds": merging.wall if merging else 0.0,
        "rss_mib": loading.rss_mib,
        "orders": int(found[0]),
        "tickets": int(found[1]),
        "revenue": int(found[2]),
    }
    print(json.dumps(record), flush=True)


def _cpu() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in _usages())


def _usages() -> list[resource.struct_rusage]:
    return [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]

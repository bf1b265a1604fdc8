"""Keeps Ctrl-C and SIGTERM ours while the embedded engine starts or stops.

chDB 3.2.0 installs handlers of its own at import and at every connect: afterwards Ctrl-C does
nothing, and SIGTERM kills without a journal row. They are put back in C, since Python refuses to
set a handler outside the main thread, where a dashboard opens its copies.
"""

from __future__ import annotations

import ctypes
import signal
from collections.abc import Iterator
from contextlib import contextmanager

_OURS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGPIPE)
_LARGEST_SIGACTION = 512  # bytes; the struct has 152 on Linux and 16 on macOS


@contextmanager
def kept_signals() -> Iterator[None]:
    """Put the process's signal handlers back as they were before the block."""
    libc = ctypes.CDLL(None, use_errno=True)
    kept = {}
    for number in _OURS:
        action = ctypes.create_string_buffer(_LARGEST_SIGACTION)
        if libc.sigaction(int(number), None, action) == 0:
            kept[number] = action
    try:
        yield
    finally:
        for number, action in kept.items():
            libc.sigaction(int(number), action, None)

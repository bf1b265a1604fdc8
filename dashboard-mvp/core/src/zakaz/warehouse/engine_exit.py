"""Ends a process that used the embedded engine before the engine's C++ destructors run.

Closing a store leaves some twenty idle threads of the engine behind. At the end of the process its
static objects are destroyed while those threads still end and read them: rarely, a command that
had done its work died with a segmentation fault (139) in place of its exit code. Both engines did
so (26.9 in a pool thread, 24.8 in its table of loggers).
"""

from __future__ import annotations

import atexit
import ctypes
import functools


@functools.cache
def end_before_destructors() -> None:
    """Have this process end with its own exit code as soon as Python has finished; once is enough.

    Python's own endings (atexit, flushed streams) still happen. Where the C library knows no
    ``on_exit`` (macOS), nothing is changed.
    """
    if hasattr(ctypes.CDLL(None), "on_exit"):
        atexit.register(_register)


def _register() -> None:
    # Only now: the C library calls the latest registered first, and the engine registers its
    # destructors not only when it is loaded but whenever a static object is first used.
    libc = ctypes.CDLL(None)
    libc.on_exit(libc._exit, None)

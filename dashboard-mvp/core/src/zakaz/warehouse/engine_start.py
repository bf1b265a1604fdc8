"""Keeps the machine's zone and working folder from stopping the embedded engine.

It reads TZ once, while it is loaded, and refuses to load at a zone that its own table does not
hold, such as MSK-3 or europe/moscow; what we ask it is in Moscow time anyway. And while it is
loaded it leaves the working folder and comes back, which fails in one that was removed or that is
closed to this user.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from zakaz.warehouse.decode import DEFAULT_ZONE

_VARIABLE = "TZ"


@contextmanager
def engine_start() -> Iterator[None]:
    """Set TZ to Moscow for the block and put it back; leave a folder that cannot be come back to.

    The process itself keeps its zone.
    """
    try:
        os.chdir(os.getcwd())  # noqa: PTH109 - what the engine does
    except OSError:
        os.chdir("/")
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = DEFAULT_ZONE
    try:
        yield
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before

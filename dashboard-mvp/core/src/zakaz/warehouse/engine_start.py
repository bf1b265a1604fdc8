"""Keeps the machine's zone and working folder from stopping the embedded engine.

It reads TZ once, while it is loaded, and refuses to load at a zone that its own table does not
hold, such as MSK-3 or europe/moscow; what we ask it is in Moscow time anyway. And while it is
loaded it leaves the working folder and comes back, which fails in one that was removed or that is
closed to this user.

Also keeps Arrow and NumPy out of a process that only wants rows: chDB 4 imports them where they are
installed, for forms of an answer that we never ask for, at 50 MiB and a quarter of a command's
start. chDB 3 cannot be loaded without.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version

from zakaz.warehouse.decode import DEFAULT_ZONE

_VARIABLES = {
    "TZ": DEFAULT_ZONE,
    "OPENBLAS_NUM_THREADS": "1",  # NumPy's threads spin for a tenth of a second each, for nothing
}
_ARROW = "pyarrow"


@contextmanager
def engine_start() -> Iterator[None]:
    """Set what the engine reads of its surroundings for the block, then put it back.

    It reads Moscow time, a working folder that can be come back to, and no Arrow where it can do
    without. The process itself keeps its zone.
    """
    try:
        os.chdir(os.getcwd())  # noqa: PTH109 - what the engine does
    except OSError:
        os.chdir("/")
    before = {name: os.environ.get(name) for name in _VARIABLES}
    os.environ.update(_VARIABLES)
    hidden = _ARROW not in sys.modules and _is_arrow_optional()
    if hidden:
        sys.modules[_ARROW] = None  # type: ignore[assignment]  # how Python refuses an import
    try:
        yield
    finally:
        if hidden:
            del sys.modules[_ARROW]
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _is_arrow_optional() -> bool:
    try:
        return int(version("chdb").partition(".")[0]) >= 4
    except (PackageNotFoundError, ValueError):
        return False

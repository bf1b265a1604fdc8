"""Named points of a load at which a test may kill the process; outside tests they do nothing."""

from __future__ import annotations

import os
import signal

_ANY = "any"
_reached: dict[str, int] = {}


def reach(point: str) -> None:
    """Die without a word if a test asked for it here: ``after_insert:2`` is the second time.

    ``any:7`` is the seventh point that is reached, whatever its name. A variable that was left
    behind harms nobody: it counts only below a running test, which pytest names in the environment.
    """
    asked = os.environ.get("ZAKAZ_FAULT")
    if not asked or "PYTEST_CURRENT_TEST" not in os.environ:
        return
    wanted, _, times = asked.partition(":")
    for name in (point, _ANY):
        _reached[name] = _reached.get(name, 0) + 1
        if name == wanted and _reached[name] == int(times or 1):
            os.kill(os.getpid(), signal.SIGKILL)

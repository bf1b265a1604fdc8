"""Repetition: a process that stays and loads at an interval, one load after the other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import NoReturn

from zakaz.cli.edge import say_error
from zakaz.errors import ZakazError
from zakaz.interval import spelt

log = logging.getLogger(__name__)


def repeat(
    load: Callable[[], object],
    every: timedelta,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> NoReturn:
    """Load now and then at every interval; a load that fails is told, and the next one tries again.

    It ends by what is no failure of a load: SIGTERM and Ctrl-C. A load that takes longer than the
    interval is followed by the next one at once.
    """
    while True:
        began = clock()
        try:
            load()
        except ZakazError as error:
            say_error(error)
        except Exception:
            log.exception("This is a bug in zakaz; please report it with these lines")
        left = max(0.0, began + every.total_seconds() - clock())
        log.info("The next load starts in %s", spelt(timedelta(seconds=left)))
        sleep(left)

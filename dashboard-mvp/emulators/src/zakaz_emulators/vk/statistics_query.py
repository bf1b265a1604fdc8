"""What a request of statistics may ask: days, ids, sets of figures; the rest is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from zakaz_emulators.vk.metrics import NAMES
from zakaz_emulators.vk.parameters import Parameters, day_of
from zakaz_emulators.vk.refusals import RefusedError, refused
from zakaz_emulators.vk.switches import Switches

ATTRIBUTIONS = ("conversion", "impression")


class Refusals:
    """Words the refusals of statistics, with or without the prefix that was documented."""

    def __init__(self, switches: Switches) -> None:
        self._prefix = switches.err_prefix

    def parameter(self, message: str) -> RefusedError:
        """Refuse a parameter."""
        return refused(400, "ERR_WRONG_PARAMETER", message, prefix=self._prefix)

    def day(self, message: str) -> RefusedError:
        """Refuse a day."""
        return refused(400, "ERR_WRONG_DATE", message, prefix=self._prefix)

    def too_much(self, message: str) -> RefusedError:
        """Refuse a request that asks for too much."""
        return refused(400, "ERR_LIMIT_EXCEEDED", message, prefix=self._prefix)


def window(parameters: Parameters, today: date, switches: Switches) -> tuple[date, date]:
    """Read the inclusive days of a request."""
    refusals = Refusals(switches)
    text = parameters.one("date_from")
    if text is None:
        raise refusals.parameter("date_from is required")
    first = day_of(text)
    last = day_of(parameters.one("date_to") or today.isoformat())
    if first is None or last is None:
        raise refusals.day("Dates are written as YYYY-MM-DD")
    if first > last:
        raise refusals.day("date_from is later than date_to")
    most = switches.most_days
    if (last - first).days + 1 > most or today - first > timedelta(days=366):
        raise refusals.too_much(f"At most the last {most} days")
    return first, last


def sets(parameters: Parameters, switches: Switches) -> Sequence[str]:
    """Read the sets of figures of v2."""
    names = parameters.many("metrics") or ["base"]
    unknown = [name for name in names if name != "all" and name not in NAMES]
    if unknown:
        raise Refusals(switches).parameter(f"Unknown metrics: {', '.join(unknown)}")
    return NAMES if "all" in names else names


def require_attribution(parameters: Parameters, switches: Switches) -> None:
    """Refuse a way of attribution that does not exist; both give the same figures here."""
    if (parameters.one("attribution") or ATTRIBUTIONS[0]) not in ATTRIBUTIONS:
        raise Refusals(switches).parameter("attribution is conversion or impression")

"""The interval of loads: one setting for who runs them and for who watches whether they come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from zakaz.errors import SettingsError

VARIABLE = "ZAKAZ_SYNC_EVERY"
DEFAULT = timedelta(minutes=30)
_UNITS = {"s": 1, "m": 60, "h": 3600}


def interval(text: str) -> timedelta:
    """Read ``30m``, ``2h`` or ``45s``; anything else, or under 10 seconds, raises ValueError."""
    number, unit = text.strip()[:-1], text.strip()[-1:]
    if not (number.isascii() and number.isdecimal()) or unit not in _UNITS:
        raise ValueError(f"{text!r} is not an interval; write it as 30m or 2h")
    seconds = int(number) * _UNITS[unit]
    if not 10 <= seconds <= 7 * 86400:
        raise ValueError(f"{text!r} is outside 10s to 168h")
    return timedelta(seconds=seconds)


def of_loads(
    environ: Mapping[str, str], variable: str = VARIABLE, otherwise: timedelta = DEFAULT
) -> timedelta:
    """Give how often a load is due: ZAKAZ_SYNC_EVERY, or a variable of its own, else a default."""
    text = environ.get(variable, "").strip()
    try:
        return interval(text) if text else otherwise
    except ValueError as error:
        raise SettingsError(f"{variable}: {error}.") from None


def spelt(duration: timedelta) -> str:
    """Say a duration as people do, in its two largest units: ``2 h 5 min``, ``3 d``, ``40 s``."""
    left = max(0, round(duration.total_seconds()))
    parts: list[str] = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if parts and not count:
            break
        if count:
            parts.append(f"{count} {unit}")
        if len(parts) == 2 or (parts and unit == "min"):
            break
    return " ".join(parts) or "0 s"

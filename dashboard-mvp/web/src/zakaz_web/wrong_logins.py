"""Wrong logins: slowed at first, then refused for a while, per address and name."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil

FREE = 3  # a person mistypes; from here on the answer waits
SLOW_SECONDS = 1.0
MOST = 10  # from here on nothing is looked at for a while, the right password included
LOCK_SECONDS = 60.0  # the first time, then twice as long each time
LONGEST_LOCK = 15 * 60.0
FORGET_SECONDS = 60 * 60.0
ADDRESSES = 2048  # kept at once: the oldest goes first

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    latest: float = 0.0
    locked_until: float = 0.0


class WrongLogins:
    """Counts wrong logins; names other than the real one count as one, so that none is kept."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tries: OrderedDict[tuple[str, bool], _Tries] = OrderedDict()

    def locked_for(self, address: str, *, is_name: bool) -> int:
        """Return the seconds for which no login of this address and name is looked at."""
        tries = self._tries.get((_network(address), is_name))
        return max(0, ceil(tries.locked_until - self._clock())) if tries else 0

    def count(self, address: str, *, is_name: bool) -> float:
        """Count and log a wrong login; return the seconds by which to delay its answer."""
        now, key = self._clock(), (_network(address), is_name)
        tries = self._tries.pop(key, None)
        if tries is None or now - tries.latest > FORGET_SECONDS:
            tries = _Tries()
        self._tries[key] = tries
        if len(self._tries) > ADDRESSES:
            self._tries.popitem(last=False)
        tries.wrong += 1
        tries.latest = now
        # The name is text from outside: the log says only whether it is the one of the settings.
        name = "the name of ZAKAZ_WEB_USER" if is_name else "another name"
        if tries.wrong < MOST:
            log.warning("Wrong login from %s with %s, number %d", key[0], name, tries.wrong)
        else:
            lock = min(LOCK_SECONDS * 2 ** min(tries.wrong - MOST, 16), LONGEST_LOCK)
            tries.locked_until = now + lock
            log.warning(
                "Wrong login from %s with %s, number %d: its logins are refused for %d seconds",
                key[0],
                name,
                tries.wrong,
                lock,
            )
        return SLOW_SECONDS if tries.wrong > FREE else 0.0

    def forget(self, address: str, *, is_name: bool) -> None:
        """Forget what was wrong before: the login was right."""
        self._tries.pop((_network(address), is_name), None)


def _network(address: str) -> str:
    """Return the address, of IPv6 the network of 64 bits that one user has all of."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return str(found)

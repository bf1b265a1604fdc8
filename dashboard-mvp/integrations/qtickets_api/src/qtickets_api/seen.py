"""Which orders a run has had already, kept small enough for a million of them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from operator import lt


class Seen:
    """Remembers id and ``updated_at`` of every row of a run.

    Lists arrive in ascending order of id, so two flat arrays hold nearly all of them (12 bytes a
    row); the few that a second list brings from below go to a dictionary.
    """

    def __init__(self) -> None:
        self._ids = array("Q")
        self._stamps = array("I")
        self._below: dict[int, int] = {}

    def fresh(self, identities: Sequence[int], stamps: Sequence[int]) -> Sequence[int]:
        """Give the places of the states that did not come before, and remember them."""
        behind = not self._ids or not identities or identities[0] > self._ids[-1]
        if behind and all(map(lt, identities, islice(identities, 1, None))):
            self._ids.extend(identities)
            self._stamps.extend(stamps)
            return range(len(identities))
        pairs = zip(identities, stamps, strict=True)
        return [place for place, pair in enumerate(pairs) if not self.is_repeat(*pair)]

    def is_repeat(self, identity: int, stamp: int) -> bool:
        """Say whether this state of a row, or a newer one, came before; remember it otherwise."""
        if not self._ids or identity > self._ids[-1]:
            self._ids.append(identity)
            self._stamps.append(stamp)
            return False
        place = bisect_left(self._ids, identity)
        if self._ids[place] == identity:
            if stamp <= self._stamps[place]:
                return True
            self._stamps[place] = stamp
            return False
        if stamp <= self._below.get(identity, -1):
            return True
        self._below[identity] = stamp
        return False

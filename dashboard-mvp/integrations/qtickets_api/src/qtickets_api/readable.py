"""Fields that are worth less than the thing they belong to: one that cannot be read is left empty.

An event without its hall's name still names its sales. What was left empty is counted by field, so
that the run can say it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from qtickets_api.values import instant
from qtickets_api.wire import MalformedError

Value = TypeVar("Value")


class Readable:
    """Reads the fields of one thing; ``unread`` names those that were left empty."""

    def __init__(self, prefix: str = "") -> None:
        self.unread: Counter[str] = Counter()
        self._prefix = prefix

    def field(
        self, read: Callable[[Any, str], Value], sent: Any, name: str, otherwise: Value
    ) -> Value:
        """Return a field as ``read`` gives it, or ``otherwise`` when it cannot be read."""
        try:
            return read(sent, name)
        except MalformedError:
            self.unread[self._prefix + name] += 1
            return otherwise

    def lifetime(self, created: Any, updated: Any) -> tuple[datetime, datetime]:
        """Return when a thing was made and last changed; one of the two stands in for the other.

        Raises MalformedError when neither can be read: then no version is the newest.
        """
        made = self.field(_instant, created, "created_at", None)
        changed = self.field(_instant, updated, "updated_at", None)
        if made is not None:
            return made, changed or made
        if changed is None:
            raise MalformedError("bad_date", "updated_at")
        return changed, changed


def _instant(sent: Any, name: str) -> datetime | None:
    return instant(sent, name)

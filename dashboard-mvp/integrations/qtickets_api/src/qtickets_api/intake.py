"""Pages in, rows to store out: repeats dropped, counts kept, too much bad data refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic

from zakaz.errors import DataError
from zakaz.fault_point import reach
from zakaz.moscow import MOSCOW
from zakaz.scrub import scrub_name
from zakaz.source import SyncReport

from qtickets_api import second_look
from qtickets_api.client import Page
from qtickets_api.cursor import Backfill
from qtickets_api.seen import Seen
from qtickets_api.taken import Item, Stamp, Taken

_ENOUGH_TO_JUDGE = 100
_MOST_BAD = 0.05
_SKEW = timedelta(days=1)
_MOST_NAMES = 10
_LONGEST_NAME = 60


@dataclass(slots=True)
class Newest:
    """How far a stream has been seen: the source's own times and ids, never our clock (S22)."""

    updated_at: datetime | None = None
    identity: int = 0
    first_fetch: datetime | None = None
    last_fetch: datetime | None = None

    def look(self, page: Page, identities: Sequence[int], updated: Sequence[int]) -> None:
        """Take a page into account; a change dated in the future moves nothing."""
        self.first_fetch = self.first_fetch or page.fetched_at
        self.last_fetch = page.fetched_at
        self.identity = max(self.identity, max(identities, default=0))
        latest = (page.fetched_at + _SKEW).timestamp()
        newest = max((at for at in updated if at <= latest), default=None)
        if newest is not None:
            at = datetime.fromtimestamp(newest, MOSCOW)
            self.updated_at = max(self.updated_at or at, at)

    def watermark(self, tolerated: timedelta) -> datetime | None:
        """Give the time up to which everything was seen.

        A row read early may change while the rest is read: what a long run took beyond the
        tolerated time is taken off.
        """
        if self.updated_at is None or self.first_fetch is None or self.last_fetch is None:
            return None
        took = self.last_fetch - self.first_fetch
        return self.updated_at - max(took - tolerated, timedelta(0))

    def place(self) -> Backfill | None:
        """Give where a read by id stands, once anything was seen."""
        if self.updated_at is None or self.first_fetch is None:
            return None
        return Backfill(self.identity, self.updated_at, self.first_fetch)


class Intake(Generic[Item]):
    """Takes the pages of one stream through the border and adds them to the run's report."""

    def __init__(
        self,
        stream: str,
        read: Callable[[Sequence[bytes], Stamp], Taken[Item]],
        *,
        account_id: str,
        loaded_at: datetime,
        report: SyncReport,
        newest: Newest | None = None,
    ) -> None:
        self.stream = stream
        self.newest = newest or Newest()
        self._read: Callable[[Sequence[bytes], Stamp], Taken[Item]] = read
        self._account_id = account_id
        self._loaded_at = loaded_at
        self._report = report
        self._seen = Seen()
        self._looks = second_look.Turns()
        self._met: Counter[str] = Counter()
        self._bad: Counter[str] = Counter()
        self._new_fields: Counter[str] = Counter()
        self._unread: Counter[str] = Counter()

    def take(self, pages: Iterable[Page]) -> Iterator[Taken[Item]]:
        """Give each page's rows that are new to the run; raises DataError when too many are bad."""
        for page in pages:
            taken = self._read(page.rows, self._stamp(page))
            reach("parse")
            self._looks.found(something=bool(taken.new_fields) or taken.says_twice())
            self._judge(taken)
            self._new_fields += taken.new_fields
            self._unread += taken.unread
            states = taken.items.states()
            self.newest.look(page, states.ids, states.updated)
            fresh = self._seen.fresh(states.ids, states.changed)
            if len(fresh) < len(taken.items):
                taken.duplicate += len(taken.items) - len(fresh)
                taken.items = taken.items.chosen(fresh)
            self._report.received += taken.received
            self._report.accepted += len(taken.items)
            self._report.quarantined += len(taken.rejected)
            self._report.duplicate += taken.duplicate
            self._report.new_fields += sum(taken.new_fields.values())
            yield taken

    def notes(self) -> list[str]:
        """Return what a person should know: fields that are new to us (P10), or that were empty."""
        notes = []
        if self._new_fields:
            known = [scrub_name(name, _LONGEST_NAME) for name in sorted(self._new_fields)]
            notes.append(
                f"{self.stream} have fields that are not known and not stored: "
                f"{', '.join(known[:_MOST_NAMES])}; see whether a newer version knows them"
            )
        if self._unread:
            told = [f"{name} ({rows})" for name, rows in sorted(self._unread.items())]
            notes.append(
                f"{self.stream}: fields that could not be read were left empty, in so many rows: "
                f"{', '.join(told)}; the rows are stored. See them in the cabinet of Qtickets"
            )
        return notes

    def _stamp(self, page: Page) -> Stamp:
        return Stamp(
            self._account_id,
            page.fetched_at,
            self._loaded_at,
            looks_twice=self._looks.is_due(),
        )

    def _judge(self, taken: Taken[Item]) -> None:
        """Refuse a source whose rows are mostly unreadable: that is a change, not an accident."""
        bad = Counter(row.entity for row in taken.rejected)
        self._met += taken.met
        self._bad += bad
        for entity, count in self._bad.items():
            met = self._met[entity]
            # A few shows without a day are drafts; a page of rows of which none can be read is not.
            page_is_bad = 1 < len(taken.rejected) == taken.received
            if not page_is_bad and (met < _ENOUGH_TO_JUDGE or count <= _MOST_BAD * met):
                continue
            reasons = sorted({f"{row.reason} {row.context}".strip() for row in taken.rejected})
            raise DataError(
                f"{count} of {met} {self._plural(entity)} could not be read "
                f"({'; '.join(reasons[:5])}); the cursor was not moved. The API has changed: "
                "please report this."
            )

    def _plural(self, entity: str) -> str:
        return "shows" if entity == "show" else self.stream

"""How a list is read to its end, and what is tried next when the source ignores a filter.

Which filters work live is unproven, so each way of reading is proved by its own first page and the
next one down is taken when the proof fails. The lowest is a walk over the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from zakaz.errors import DataError, PermanentSourceError, TransientSourceError

from qtickets_api.client import Page, QticketsClient
from qtickets_api.numbered_pages import MOST_PAGES, numbered
from qtickets_api.query import Condition, FilterIgnoredError, Query

FULL = "full"  # the rung that reads the whole list


@dataclass(frozen=True, slots=True)
class Read:
    """One list to read; ``must_answer`` when it is known to hold at least one row.

    A list that is not asked in order is read by page number, and every row of it must be met.
    """

    conditions: tuple[Condition, ...] = ()
    must_answer: bool = False
    is_ordered: bool = True


@dataclass(frozen=True, slots=True)
class Rung:
    """One way of reading: its name in ``status`` and the lists it needs, worked out when tried."""

    name: str
    reads: Callable[[], Sequence[Read]]


class Ladder:
    """Reads one path by the first rung whose answers obey; ``mode`` names it."""

    def __init__(
        self,
        client: QticketsClient,
        path: str,
        per_page: int,
        rungs: Sequence[Rung],
        note: Callable[[str], None],
        select: tuple[str, ...] = (),
    ) -> None:
        self._select = select
        self._client = client
        self._path = path
        self._per_page = per_page
        self._rungs = rungs
        self._note = note
        self.mode = ""
        self.expected = 0  # rows of the lists opened so far, by the source's own total

    def pages(self) -> Iterator[Page]:
        """Give proven pages; raises PermanentSourceError when no rung holds."""
        for rung in self._rungs:
            try:
                for read in rung.reads():
                    self.mode = rung.name
                    yield from self._walk(read, rung.name)
                return
            except FilterIgnoredError as ignored:
                self._note(f"{ignored}; not read by {rung.name}")
        raise PermanentSourceError(
            f"GET {self._path}: the source obeys none of the ways to read it "
            f"({', '.join(rung.name for rung in self._rungs)}); nothing was loaded. "
            "Check QTICKETS_BASE_URL; if it is right, the API has changed.",
            endpoint=self._path,
        )

    def _walk(self, read: Read, name: str) -> Iterator[Page]:
        """Read one list: by ``id >`` the last seen where that is obeyed, else by page number."""
        query = Query(
            read.conditions,
            per_page=self._per_page,
            select=self._select,
            is_ordered=read.is_ordered,
        )
        query, first = self._first(query)
        if read.must_answer and not first.rows:
            column = read.conditions[0].column if read.conditions else ""
            raise self._ignored(column, "it found nothing where a known row must be")
        self.expected += first.total
        yield first
        if len(first.rows) >= first.total:
            return
        if not read.is_ordered:
            yield from self._unordered(query, first)
            return
        whole = name == FULL
        try:
            self.mode = f"{name}-keyset" if whole else name
            yield from self._by_id(query, first)
        except FilterIgnoredError as ignored:
            if ignored.column not in ("id", "orderBy"):
                raise
            self.mode = f"{name}-paging" if whole else name
            self._note(f"{ignored}; read by page number")
            yield from numbered(self._path, partial(self._numbered, query), first)

    def _first(self, query: Query) -> tuple[Query, Page]:
        """Fetch the first page; whole rows are asked for where the source cannot select."""
        if not query.select:
            return query, self._client.page(self._path, query)
        try:
            return query, self._client.page(self._path, query)
        except FilterIgnoredError as ignored:
            if ignored.column != "select":
                raise
            self._note(f"{ignored}; whole rows are read")
        self._select = ()
        query = replace(query, select=())
        return query, self._client.page(self._path, query)

    def _unordered(self, query: Query, first: Page) -> Iterator[Page]:
        """Read on by page number until every id of the list was met, whatever their order."""
        page, met = first, set(first.ids)
        unreadable = len(first.rows) - len(first.ids)
        for number in range(2, MOST_PAGES + 1):
            if (number - 1) * page.per_page >= page.total:
                break
            page = self._client.page(self._path, query.at(number))
            if not page.rows:
                break
            if met.issuperset(page.ids) and page.ids:
                raise self._repeats(number)
            met.update(page.ids)
            unreadable += len(page.rows) - len(page.ids)
            yield page
        found = len(met) + unreadable
        if found < page.total:
            raise TransientSourceError(
                f"GET {self._path}: {found} of {page.total} rows were met, the list moved while it "
                "was read; the cursor was not moved. Run again.",
                endpoint=self._path,
            )

    def _by_id(self, query: Query, first: Page) -> Iterator[Page]:
        page, rows = first, len(first.rows)
        for _ in range(MOST_PAGES):
            if not page.ids:
                raise self._ignored("id", "a page came without one readable id")
            last = page.ids[-1]
            page = self._client.page(self._path, query.after(last))
            if not page.rows:
                self._prove_end(query, page, rows, last=last)
                return
            rows += len(page.rows)
            yield page
            if len(page.rows) >= page.total:
                return
        raise self._endless()

    def _numbered(self, query: Query, number: int, size: int) -> Page:
        return self._client.page(self._path, replace(query, page=number, per_page=size))

    def _prove_end(self, query: Query, page: Page, rows: int, *, last: int) -> None:
        """Ask by number for what would follow: an empty page may be a filter that finds nothing."""
        beyond = self._client.page(self._path, query.at(rows // page.per_page + 1))
        if beyond.ids and beyond.ids[-1] > last:
            raise self._ignored("id", "it found nothing though the list goes on")

    def _ignored(self, column: str, what: str) -> FilterIgnoredError:
        return FilterIgnoredError(
            f"GET {self._path} did not obey the filter {column}: {what}",
            endpoint=self._path,
            column=column,
        )

    def _repeats(self, number: int) -> DataError:
        return DataError(
            f"GET {self._path}: page {number} repeats earlier rows, the list never ends. "
            "The cursor was not moved. Run again; if it stays so, the API has changed."
        )

    def _endless(self) -> DataError:
        return DataError(f"GET {self._path}: more than {MOST_PAGES} pages; the list never ends.")

"""A list read by page number, where each page begins with rows that are known already.

Rows that vanish from such a list pull the rest forward, over the edge of the page to be asked for
next. Only ``page`` and ``perPage`` can be asked, so the size is varied until a page begins just
before the last row read: that nothing lies between is then proved, not hoped. The few rows that
come twice are the proof. Where the source has one size for all pages they lie edge to edge, and
rows that move between two of them cannot be told.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace

from zakaz.errors import DataError, TransientSourceError

from qtickets_api.client import Page

MOST_PAGES = 100_000
_LEAST_PAGE = 50  # smaller ones would cost half as many requests again to overlap


def numbered(path: str, ask: Callable[[int, int], Page], first: Page) -> Iterator[Page]:
    """Give what follows the first page; ``ask`` takes the number and the size of a page.

    Raises TransientSourceError where rows may be missing, DataError where the list never ends.
    """
    page, last, read = first, max(first.ids, default=0), len(first.rows)
    size, overlaps = max(first.per_page, _LEAST_PAGE), True
    for _ in range(MOST_PAGES):
        if read >= page.total:
            return
        is_short = len(page.rows) < page.per_page
        number, asked = _window(read, size) if overlaps else (read // size + 1, size)
        page = ask(number, asked)
        if page.per_page != asked:  # the server's own size counts, and it cannot overlap
            size, asked, overlaps = page.per_page, page.per_page, False
            if number != read // size + 1:
                number = read // size + 1
                page = ask(number, size)
        if not page.rows:
            return
        if is_short and not overlaps:
            raise _missing(path, "a page held fewer rows than asked and more followed")
        reached = (number - 1) * asked + (len(page.rows) if overlaps else asked)
        if page.ids and page.ids[-1] <= last:
            if reached >= page.total:
                return
            if overlaps and page.ids[-1] == last and len(page.rows) < asked:
                beyond = ask(read + 1, 1)
                if beyond.rows or beyond.per_page != 1:
                    raise _missing(path, "a page held fewer rows than asked and more followed")
                return  # the total counts what is not there
            raise DataError(
                f"GET {path}: page {number} repeats earlier rows, the list never ends. "
                "The cursor was not moved. Run again; if it stays so, the API has changed."
            )
        if overlaps and page.ids and page.ids[0] > last:
            raise _missing(path, f"page {number} begins behind rows that were never seen")
        yield _unknown(page, last)
        read, last = reached, max(page.ids, default=last)
    raise DataError(f"GET {path}: more than {MOST_PAGES} pages; the list never ends.")


def _window(read: int, most: int) -> tuple[int, int]:
    """Give number and size of the page that begins before row ``read`` and reaches furthest."""
    known = max(read - most // 10, 0)
    size = max(range(most * 3 // 4, most + 1), key=lambda size: size - known % size)
    return known // size + 1, size


def _unknown(page: Page, last: int) -> Page:
    """Leave out what came before; a page with a row that has no readable id stays whole."""
    if len(page.ids) != len(page.rows):
        return page
    known = bisect_right(page.ids, last)
    return replace(page, rows=page.rows[known:], ids=page.ids[known:])


def _missing(path: str, what: str) -> TransientSourceError:
    return TransientSourceError(
        f"GET {path}: {what}, so rows may be missing; the cursor was not moved. Run again.",
        endpoint=path,
    )

"""Daily statistics: few ads and days a request, less when the API says so, nothing lost."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from vk_ads import statistics
from vk_ads.refusals import RefusedError
from vk_ads.statistics import Asked
from zakaz.errors import DataError

WEEK = (date(2026, 2, 1), date(2026, 2, 7))


def refused(code: str, status: int = 400) -> RefusedError:
    return RefusedError(code, endpoint="/x", status=status, code=code)


class Api:
    """Statistics that know some ids and accept so many ads and days."""

    def __init__(self, *, most_ids: int = 200, most_days: int = 366) -> None:
        self.most_ids = most_ids
        self.most_days = most_days
        self.unknown: set[str] = set()
        self.refused = 0
        self.too_much: Callable[[], Exception] = lambda: refused("LIMIT_EXCEEDED")
        self.asked: list[tuple[list[str], str, str]] = []

    def ask(self, path: str, parameters: dict[str, Any]) -> bytes:
        ids, first, last = (
            parameters["id"].split(","),
            parameters["date_from"],
            parameters["date_to"],
        )
        self.asked.append((ids, first, last))
        days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
        if len(ids) > self.most_ids or days > self.most_days:
            self.refused += 1
            raise self.too_much()
        if self.unknown & set(ids):
            raise refused("WRONG_BANNERS")
        base = {"shows": 1, "clicks": 0, "spent": "0.29"}
        rows = [
            {"date": (date.fromisoformat(first) + timedelta(days=n)).isoformat(), "base": base}
            for n in range(days)
        ]
        return json.dumps({"items": [{"id": int(i), "rows": rows} for i in ids]}).encode()


def grains(api: Api, ids: list[str], asked: Asked | None = None) -> list[tuple[str, date]]:
    parts = statistics.of_banners(api.ask, ids, WEEK, asked or Asked())
    return sorted((str(ad.id), day.date) for part in parts for ad in part.ads for day in ad.rows)


def expected(ids: list[str]) -> list[tuple[str, date]]:
    return sorted((i, WEEK[0] + timedelta(days=n)) for i in ids for n in range(7))


def numbers(count: int) -> list[str]:
    return [str(1000 + number) for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
def test_ads_are_asked_for_a_hundred_at_a_time(count: int) -> None:
    """No ad and no day is missing or twice."""
    api = Api()
    assert grains(api, numbers(count)) == expected(numbers(count))
    assert all(len(ids) <= 100 for ids, _, _ in api.asked)


@pytest.mark.parametrize(
    "limit", [{"most_ids": 7}, {"most_days": 2}, {"most_ids": 1, "most_days": 1}]
)
def test_a_limit_is_met_by_halving(limit: dict[str, int]) -> None:
    """Days and ads by turns, and what was found out holds for the rest."""
    api = Api(**limit)
    assert grains(api, numbers(20)) == expected(numbers(20))
    assert api.refused <= 7


def test_an_address_that_is_too_long_is_met_by_halving() -> None:
    """Long lists of ids were answered 414."""
    api = Api(most_ids=30)
    api.too_much = lambda: refused("", 414)
    assert grains(api, numbers(100)) == expected(numbers(100))


def test_one_unknown_id_does_not_lose_the_others() -> None:
    """Each of two is found by bisection and told."""
    api, asked = Api(), Asked()
    api.unknown = {"1003", "1077"}
    known = [number for number in numbers(100) if number not in api.unknown]
    assert grains(api, numbers(100), asked) == expected(known)
    assert asked.unknown == ["1003", "1077"]
    assert len(api.asked) < 40


def test_a_limit_below_one_ad_and_one_day_is_told() -> None:
    """There is nothing left to halve."""
    with pytest.raises(RefusedError):
        grains(Api(most_ids=0), numbers(1))


def test_another_refusal_is_not_halved() -> None:
    """One request, one error."""
    api = Api(most_ids=1)
    api.too_much = lambda: refused("ACCESS_DENIED", 403)
    with pytest.raises(RefusedError):
        grains(api, numbers(50))
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("first", "last", "cut"),
    [
        ("2026-02-05", "2026-02-05", 1),
        ("2026-01-07", "2026-02-06", 1),
        ("2026-01-06", "2026-02-06", 2),
        ("2025-02-06", "2026-02-06", 12),
        ("2026-02-06", "2026-02-05", 0),
    ],
)
def test_days_are_cut_into_windows_without_gap_or_overlap(first: str, last: str, cut: int) -> None:
    """At most 31 days each."""
    windows = statistics.windows(date.fromisoformat(first), date.fromisoformat(last))
    assert len(windows) == cut
    assert all((end - start).days < 31 for start, end in windows)
    assert all(nxt[0] - one[1] == timedelta(days=1) for one, nxt in itertools.pairwise(windows))


def test_days_that_nobody_asked_for_are_refused() -> None:
    """A source that ignores the days would fill the wrong ones."""
    api = Api()
    parts = statistics.of_banners(
        lambda path, given: api.ask(path, given | {"date_from": "2026-01-25"}),
        ["1000"], WEEK, Asked(),
    )  # fmt: skip
    with pytest.raises(DataError, match="days were ignored"):
        list(parts)


def test_an_answer_without_statistics_is_no_day_without_spend() -> None:
    """A zero that nobody told is not written as truth."""
    with pytest.raises(DataError):
        list(statistics.of_banners(lambda *_: b'{"total": {}}', ["1"], WEEK, Asked()))


def test_a_day_that_cannot_be_read_costs_that_day() -> None:
    """The ad's other days and the other ads stay; the day is told with its reason."""
    good = {"date": "2026-02-01", "base": {"shows": 1, "clicks": 0, "spent": "0.29"}}
    bad = {"date": "2026-02-02", "base": {"shows": -1, "clicks": 0, "spent": "0.29"}}
    body = {"items": [{"id": 1, "rows": [bad, good, 5]}, {"id": 2, "rows": [good]}]}
    (part,) = statistics.of_banners(lambda *_: json.dumps(body).encode(), ["1", "2"], WEEK, Asked())
    assert [(ad.id, [day.date for day in ad.rows]) for ad in part.ads] == [
        (1, [date(2026, 2, 1)]),
        (2, [date(2026, 2, 1)]),
    ]
    assert [(one.key, one.reason) for one in part.refused] == [
        ("1 2026-02-02", "bad_day"),
        ("1", "bad_day"),
    ]


def test_an_unknown_ad_is_looked_for_once_in_a_run() -> None:
    """The next window leaves it out."""
    api, asked = Api(), Asked()
    api.unknown = {"1003"}
    grains(api, numbers(100), asked)
    first = len(api.asked)
    grains(api, numbers(100), asked)
    assert len(api.asked) == first + 1
    assert asked.unknown == ["1003"]

"""Periods: presets, typed dates, the period before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from zakaz.moscow import MOSCOW
from zakaz_web import period
from zakaz_web.period import Cut, Period

TODAY = date(2025, 6, 14)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("today", date(2025, 6, 14), date(2025, 6, 14)),
        ("yesterday", date(2025, 6, 13), date(2025, 6, 13)),
        ("7d", date(2025, 6, 8), date(2025, 6, 14)),
        ("30d", date(2025, 5, 16), date(2025, 6, 14)),
        ("90d", date(2025, 3, 17), date(2025, 6, 14)),
        ("month", date(2025, 6, 1), date(2025, 6, 14)),
        ("all", date(2021, 2, 3), date(2025, 6, 14)),
    ],
)
def test_presets_are_inclusive_moscow_days(preset: str, first: date, last: date) -> None:
    """Each preset ends today, yesterday excepted, and holds as many days as it says."""
    found = period.preset_period(preset, TODAY, date(2021, 2, 3))
    assert (first, last) == (found.first, found.last)


def test_every_preset_has_a_period() -> None:
    """No preset is forgotten, with and without data."""
    for preset in period.PRESETS:
        assert period.preset_period(preset, TODAY, None).last <= TODAY


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2025, 6, 14), date(2025, 5, 1)),
        (date(2025, 3, 28), date(2025, 2, 1)),
        (date(2025, 3, 31), date(2025, 1, 29)),
        (date(2025, 1, 5), date(2024, 12, 1)),
    ],
)
def test_this_month_looks_back_to_the_month_before(today: date, first: date) -> None:
    """The same days of the month before; where it is shorter, the days right before."""
    found = period.preset_period("month", today, None)
    assert first == found.previous[0]
    assert found.previous[1] < found.first


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-06-14", TODAY),
        ("14.06.2025", TODAY),
        (" 14.6.2025 ", TODAY),
        ("2025-6-14", TODAY),
        ("29.02.2024", date(2024, 2, 29)),
    ],
)
def test_dates_are_read_as_people_type_them(text: str, day: date) -> None:
    """Both languages' forms are read whatever the language of the page."""
    assert day == period.parse_day(text)


@pytest.mark.parametrize("text", ["", "today", "29.02.2025", "14/06/2025", "2025", "1.1.99"])
def test_anything_else_is_no_date(text: str) -> None:
    """What is not clearly a day is refused and never guessed."""
    with pytest.raises(period.BadDateError):
        period.parse_day(text)


@pytest.mark.parametrize(
    ("days", "step"), [(1, "hour"), (2, "day"), (92, "day"), (93, "week"), (401, "month")]
)
def test_the_step_grows_with_the_period(days: int, step: str) -> None:
    """A chart never has to show more than about a hundred steps."""
    found = period.typed_period(TODAY - timedelta(days=days - 1), TODAY)
    assert (days, step) == (found.days, found.step)


def test_the_cut_is_the_last_full_hour() -> None:
    """At 14:25 today is known up to 14:00; a closed day is known to its end."""
    now = datetime(2025, 6, 14, 14, 25, tzinfo=MOSCOW)
    assert Cut(TODAY, 14) == period.cut_of(period.typed_period(TODAY, TODAY), now)
    yesterday = TODAY - timedelta(days=1)
    assert Cut(TODAY, 0) == period.cut_of(period.typed_period(yesterday, yesterday), now)


def test_stale_data_is_compared_only_as_far_as_it_reaches() -> None:
    """Data of three days ago makes a week comparable up to that hour, and today not at all."""
    loaded = datetime(2025, 6, 11, 9, 59, tzinfo=MOSCOW)
    week = period.preset_period("7d", TODAY, None)
    cut = period.cut_of(week, loaded)
    assert Cut(date(2025, 6, 11), 9) == cut
    assert period.is_comparable(week, cut, date(2024, 1, 1))
    today = period.preset_period("today", TODAY, None)
    assert not period.is_comparable(today, period.cut_of(today, loaded), date(2024, 1, 1))


@pytest.mark.parametrize(
    ("first_day", "comparable"),
    [
        (date(2025, 4, 16), True),
        (date(2025, 4, 19), True),
        (date(2025, 4, 20), False),
        (date(2025, 5, 20), False),
        (None, False),
    ],
)
def test_a_period_mostly_before_the_data_is_no_comparison(
    first_day: date | None, comparable: bool
) -> None:
    """Growth against a month that was hardly recorded would be a lie."""
    month = period.preset_period("30d", TODAY, first_day)
    assert comparable == period.is_comparable(month, Cut(TODAY, 14), first_day)


def test_a_century_has_no_period_before_it() -> None:
    """A previous period before 1970 is an interval that holds nothing."""
    century = Period("", date(2000, 1, 1), date(2099, 12, 31), 36525)
    first, last = century.previous
    assert first > last

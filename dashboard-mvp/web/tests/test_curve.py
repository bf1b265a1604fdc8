"""Sales curves by days to show: nothing is lost between the first sale and the total."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from zakaz_web.curve import FARTHEST, Curve, curves, gains, line, steps

TODAY = date(2025, 6, 14)
KEY = ("main", "1")
Days = dict[int | None, int]


def row(days_to: int | None, tickets: int, event: str = "1") -> dict[str, Any]:
    """Give a row of panels/curve.sql."""
    return {
        "account_id": "main",
        "event_id": event,
        "days_to": days_to,
        "tickets_sum": tickets,
        "revenue_sum": Decimal(tickets * 100),
    }


def curve(days: Days, ahead: Sequence[int] = ()) -> Curve:
    """Read one curve; ``ahead`` are days from today to its shows, negative ones are over."""
    shows = {KEY: [TODAY + timedelta(days=left) for left in ahead]}
    rows = [row(day, tickets) for day, tickets in days.items()]
    return curves(rows, "tickets", shows, TODAY)[KEY]


@pytest.mark.parametrize(
    ("days", "ahead"),
    [
        ({5: 1}, [-3]),
        ({30: 2, 12: 5, 0: 1}, [-1]),
        ({30: 2, 12: 5}, [12]),
        ({30: 2, 12: 5, -1: 3}, [-9]),
        ({30: 2, None: 4}, [30]),
        ({None: 4}, []),
        ({-2: 4}, [-9]),
        ({400: 7, 200: 1, 180: 2, 3: 1, -1: 1, None: 1}, [-9, 3]),
        ({40: 3, 10: 2}, [10, 40]),
        ({2: 2}, [9]),
    ],
)
def test_the_steps_of_a_curve_add_up_to_all_it_sold(days: Days, ahead: list[int]) -> None:
    """Early, late, after the show or for no known show: every sale is in exactly one step."""
    one = curve(days, ahead)
    axis = steps([one])
    total = sum(days.values())
    assert total == one.total
    assert total == sum(gain or 0 for gain in gains(one, axis))
    known = [value for value in line(one, axis) if value is not None]
    assert total == known[-1]
    assert known == sorted(known)


def test_no_sale_is_no_curve() -> None:
    """Without a sale there is neither a curve nor a line to draw."""
    assert curves([row(3, 0)], "tickets", {}, TODAY) == {}
    assert line(Curve(), steps([Curve()])) == [0]


def test_days_are_laid_over_each_other_by_their_distance() -> None:
    """Two events share one axis, from the earliest sale of either to the day of the show."""
    rows = [row(3, 5), row(1, 2), row(5, 1, "2"), row(0, 4, "2")]
    found = curves(rows, "tickets", {}, TODAY)
    axis = steps(list(found.values()))
    assert [step.name for step in axis] == ["5", "4", "3", "2", "1", "0"]
    assert line(found[KEY], axis) == [0, 0, 5, 5, 7, 7]
    assert line(found["main", "2"], axis) == [1, 1, 1, 1, 1, 5]


def test_a_day_that_has_not_come_is_empty() -> None:
    """Twelve days before its only show a curve ends at D-12: what comes is not zero sales."""
    one = curve({20: 3, 12: 1}, [12])
    axis = steps([one])
    assert (one.reached, one.settled) == (12, 12)
    assert [value for value in line(one, axis) if value is not None] == [3] * 8 + [4]
    assert line(one, axis)[-12:] == [None] * 12


def test_a_run_of_shows_is_settled_where_its_last_show_stands() -> None:
    """With shows in 10 and 40 days, D-40 is the same day for both; below it one may still sell."""
    one = curve({45: 3, 15: 2}, [10, 40])
    assert (one.reached, one.settled) == (10, 40)
    assert (one.at(40), one.at(39)) == (3, None)
    assert line(one, steps([one]))[-11] == 5


def test_a_finished_event_is_settled_whole() -> None:
    """After its last show a curve can be compared at any day, the day of the show included."""
    one = curve({9: 2, 0: 1, -1: 4}, [-5, -30])
    assert (one.reached, one.settled) == (0, 0)
    assert [one.at(day) for day in (10, 9, 0)] == [0, 2, 3]


def test_a_sale_nearer_than_every_show_keeps_its_place() -> None:
    """A show that was deleted since has left sales at days the living ones have not reached."""
    one = curve({20: 3, 2: 1}, [12])
    assert one.reached == 2
    assert line(one, steps([one]))[-3] == 4


def test_early_sales_are_in_the_first_step() -> None:
    """The axis begins half a year before the show; what was sold before is counted there."""
    one = curve({400: 7, FARTHEST: 2, 0: 1}, [-1])
    axis = steps([one])
    assert (axis[0].name, axis[0].is_first, len(axis)) == ("180", True, FARTHEST + 1)
    assert (gains(one, axis)[0], line(one, axis)[0]) == (9, 9)
    assert not steps([curve({FARTHEST: 1}, [-1])])[0].is_first


def test_an_event_without_known_shows_has_no_pace() -> None:
    """Where no day of a show is known a curve has no place on the axis, only its total."""
    one = curve({None: 6})
    other = curve({3: 1, 0: 1}, [-1])
    axis = steps([one, other])
    assert one.at(0) is None
    assert line(one, axis) == [None, None, None, None, 6]
    assert line(other, axis) == [1, 1, 1, 2, 2]


def test_money_is_added_exactly() -> None:
    """The revenue curve is made of decimals."""
    found = curves([row(3, 5), row(1, 2)], "revenue", {}, TODAY)[KEY]
    assert found.total == Decimal(700)
    assert isinstance(line(found, steps([found]))[-1], Decimal)

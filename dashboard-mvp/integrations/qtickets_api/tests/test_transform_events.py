"""Events and shows become rows: cities by name, days on the venue's clock."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from qtickets_api import transform
from qtickets_api.transform import Stamp

TOMSK = {"id": 92, "name": "Томск", "timezone": "Asia/Krasnoyarsk"}


def only(make: Any, stamp: Stamp, **changes: Any) -> Any:
    """Take one changed event, which must be accepted."""
    page = transform.events(make.encode([make.event(**changes)]), stamp)
    assert page.rejected == []
    return page.items[0]


def test_f1_the_city_is_the_name_of_the_city_object(make: Any, stamp: Stamp) -> None:
    """A city is stored by its name, never as the text of an object."""
    row = only(make, stamp, city=TOMSK).row

    assert (row.city_name, row.city_timezone, row.city_id) == ("Томск", "Asia/Krasnoyarsk", "91")


@pytest.mark.parametrize("city", [None, [], {}, ..., {"id": 5, "name": None}])
def test_f2_an_event_without_a_city_is_kept(make: Any, stamp: Stamp, city: Any) -> None:
    """An absent city is an empty name, which the dimension calls unknown."""
    row = only(make, stamp, city=city, city_id=...).row

    assert (row.city_name, row.event_name) == ("", "Снежная сказка")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("  Сказка ", "Сказка"), ({"en": "Tale", "ru": "Сказка"}, "Сказка"), ({"en": "Tale"}, "Tale"),
     ({"ru": "", "en": "Tale"}, "Tale"), ([], ""), (None, ""), ("Ёлка 🎄\u202e", "Ёлка 🎄\u202e")],
)  # fmt: skip
def test_p14_a_name_may_be_an_object_by_language(
    make: Any, stamp: Stamp, name: Any, expected: str
) -> None:
    """A multilingual account sends names by language; odd letters are stored as they are."""
    assert only(make, stamp, name=name).row.event_name == expected


@pytest.mark.parametrize(
    ("start", "city", "day"),
    [
        ("2025-12-02T01:00:00+07:00", TOMSK, date(2025, 12, 2)),
        ("2025-12-01T21:00:00+03:00", TOMSK, date(2025, 12, 2)),
        ("2025-12-02T01:00:00+07:00", [], date(2025, 12, 2)),
        ("2025-12-02T01:00:00+07:00", TOMSK | {"timezone": "Moon/Base"}, date(2025, 12, 2)),
        ("2025-12-01T21:00:00+03:00", TOMSK | {"timezone": "../etc"}, date(2025, 12, 1)),
        ("2025-12-01 21:00:00", None, date(2025, 12, 1)),
        (1764612000, None, date(2025, 12, 1)),
    ],
)
def test_f18_the_day_of_a_show_is_the_venues(
    make: Any, stamp: Stamp, start: Any, city: Any, day: date
) -> None:
    """A show at one in the morning in Tomsk is dated by Tomsk's clock, however it is sent."""
    item = only(make, stamp, city=city, shows=[make.show(start_date=start)])

    assert item.lines[0].event_date == day


def test_shows_keep_their_own_dates_and_flags(make: Any, stamp: Stamp) -> None:
    """Each show of an event has its own row, deleted and closed ones too."""
    gone = make.show(2, deleted_at="2026-02-01T10:00:00+03:00", is_active=0, finish_date=None)
    first, second = only(make, stamp, shows=[make.show(1), gone]).lines

    assert (first.show_id, first.event_id, first.is_active) == ("1", "80001", True)
    assert (second.deleted_at is None, second.is_active, second.finishes_at) == (False, False, None)


@pytest.mark.parametrize("shows", [None, [], {}, ...])
def test_an_event_without_shows_is_kept(make: Any, stamp: Stamp, shows: Any) -> None:
    """The empty lists of PHP are an event with no shows."""
    assert only(make, stamp, shows=shows).lines == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": None}, "bad_id"),
        ({"id": ...}, "missing_key"),
        ({"updated_at": "0000-00-00"}, "bad_date"),
        ({"is_active": 5}, "bad_type"),
        ({"shows": "none"}, "bad_type"),
        ({"shows": [{"id": 1}]}, "missing_key"),
        ({"shows": [{"id": 1.5}]}, "bad_id"),
    ],
)
def test_e13_a_malformed_event_is_refused(
    make: Any, stamp: Stamp, changes: dict[str, Any], reason: str
) -> None:
    """An event that cannot be read is refused with a reason, its page mates are not."""
    page = transform.events(make.encode([make.event(**changes), make.event(2)]), stamp)

    assert [row.reason for row in page.rejected] == [reason]
    assert [item.key for item in page.items] == ["2"]

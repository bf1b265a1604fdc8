"""Events and shows become rows: cities by name, days on the venue's clock."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from qtickets_api import transform
from qtickets_api.transform import Stamp
from zakaz.moscow import MOSCOW, api_instant, month_of, parse_instant

MADE = parse_instant("2026-01-10T12:00:00+03:00")
CHANGED = parse_instant("2026-01-20T12:00:00+03:00")
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


def test_w04_a_list_is_cut_where_it_spans_more_months_than_one_insert_may(
    make: Any, stamp: Stamp
) -> None:
    """Events of ten years are three inserts, their shows of one month one; together all of them."""
    began = datetime(2015, 1, 15, tzinfo=MOSCOW)
    sent = [
        make.event(number, created_at=api_instant(began + timedelta(days=31 * (number - 1))))
        for number in range(1, 121)
    ]
    page = transform.events(make.encode(sent), stamp)
    parts = list(page.items.tables())

    assert [table.rpartition("_")[2] for table, _ in parts] == ["shows", *["events"] * 3]
    months = [{month_of(at) for at in columns["created_at"]} for _, columns in parts[1:]]
    assert [len(one) for one in months] == [50, 50, len(set().union(*months)) - 100]
    assert sum(len(columns["event_id"]) for _, columns in parts[1:]) == 120


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
        ({"updated_at": "0000-00-00", "created_at": ...}, "bad_date"),
    ],
)
def test_e13_a_malformed_event_is_refused(
    make: Any, stamp: Stamp, changes: dict[str, Any], reason: str
) -> None:
    """An event without an id or an age is refused with a reason, its page mates are not."""
    page = transform.events(make.encode([make.event(**changes), make.event(2)]), stamp)

    assert [row.reason for row in page.rejected] == [reason]
    assert [item.key for item in page.items] == ["2"]


ODD_DATES = [None, "", "0000-00-00 00:00:00", "2026-03-01", "2026-02-30T10:00:00+03:00", 5e300, []]


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        *(({"start_date": day}, "bad_date", "shows.start_date") for day in ODD_DATES),
        ({"start_date": ...}, "bad_date", "shows.start_date"),
        ({"id": 1.5}, "bad_id", "shows.id"),
        ({"id": ...}, "missing_key", "shows.id"),
        ({"created_at": None, "updated_at": 0.5}, "bad_date", "shows.updated_at"),
    ],
)
def test_field_p18_an_odd_show_is_put_aside_alone(
    make: Any, stamp: Stamp, change: dict[str, Any], reason: str, field: str
) -> None:
    """A show without a day to play on goes to quarantine; its event and its other show stay."""
    odd = make.show(**change) if "id" not in change else make.show() | change
    odd = {name: value for name, value in odd.items() if value is not ...}
    page = transform.events(make.encode([make.event(shows=[odd, make.show(7)])]), stamp)
    (item,) = page.items

    assert [line.show_id for line in item.lines] == ["7"]
    assert item.row.event_name == "Снежная сказка"
    (aside,) = page.rejected
    assert (aside.entity, aside.reason, aside.context) == ("show", reason, field)
    assert aside.row_key == ("" if "id" in change else "600001")
    assert page.received == len(page.items) + len(page.rejected) == 2


@pytest.mark.parametrize("show", [None, 5, "x", [], [1]])
def test_field_p18_what_is_no_show_is_put_aside_alone(make: Any, stamp: Stamp, show: Any) -> None:
    """Something else in the list of shows costs itself."""
    page = transform.events(make.encode([make.event(shows=[show, make.show(7)])]), stamp)

    assert [line.show_id for line in page.items[0].lines] == ["7"]
    assert [(row.entity, row.reason) for row in page.rejected] == [("show", "not_an_object")]


@pytest.mark.parametrize(
    ("change", "kept", "unread"),
    [
        ({"place_name": []}, {"place_name": ""}, []),
        ({"place_name": 7.5}, {"place_name": ""}, ["place_name"]),
        ({"currency_id": 643}, {"currency": ""}, ["currency_id"]),
        ({"currency_id": " rub "}, {"currency": "RUB"}, []),
        ({"name": 2026}, {"event_name": "2026"}, []),
        ({"name": {"ru": 5}}, {"event_name": ""}, ["name"]),
        ({"city": ""}, {"city_name": "", "city_id": "91"}, []),
        ({"city": "Казань"}, {"city_name": ""}, ["city"]),
        ({"city": {"name": ["x"], "timezone": 3.5}}, {"city_name": ""},
         ["city.name", "city.timezone"]),
        ({"city_id": "abc"}, {"city_id": ""}, ["city_id"]),
        ({"is_active": 5}, {"is_active": True}, ["is_active"]),
        ({"shows": "none"}, {"event_name": "Снежная сказка"}, ["shows"]),
        ({"deleted_at": "0000-00-00"}, {"deleted_at": None}, ["deleted_at"]),
        ({"created_at": None}, {"created_at": CHANGED}, ["created_at"]),
        ({"updated_at": "24:00"}, {"updated_at": MADE}, ["updated_at"]),
    ],
)  # fmt: skip
def test_field_p18_an_odd_field_of_an_event_costs_that_field(
    make: Any, stamp: Stamp, change: dict[str, Any], kept: dict[str, Any], unread: list[str]
) -> None:
    """An odd name, place, city or flag is left empty and counted; the event itself stays."""
    page = transform.events(make.encode([make.event(**change)]), stamp)
    (item,) = page.items

    assert {name: getattr(item.row, name) for name in kept} == kept
    assert (page.rejected, page.unread) == ([], Counter(unread))


@pytest.mark.parametrize(
    "field", ["finish_date", "sale_start_date", "sale_finish_date", "deleted_at", "is_active"]
)
@pytest.mark.parametrize("value", ["0000-00-00 00:00:00", 7.5, {"a": 1}])
def test_field_p18_an_odd_field_of_a_show_costs_that_field(
    make: Any, stamp: Stamp, field: str, value: Any
) -> None:
    """A show that plays on a known day stays, whatever else of it cannot be read."""
    page = transform.events(make.encode([make.event(shows=[make.show(**{field: value})])]), stamp)

    assert [line.show_id for line in page.items[0].lines] == ["600001"]
    assert (page.rejected, page.unread) == ([], Counter([f"shows.{field}"]))

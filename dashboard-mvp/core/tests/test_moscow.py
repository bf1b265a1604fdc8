"""Moscow time: every way an instant may arrive, and the one way it leaves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from zakaz import moscow

NOON = datetime(2026, 2, 1, 12, 0, 0, tzinfo=moscow.MOSCOW)


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (datetime(2026, 2, 1, 0, 0), "2026-02-01T00:00:00+03:00"),  # noqa: DTZ001 - naive on purpose
        (datetime(2026, 1, 31, 21, 0, tzinfo=UTC), "2026-02-01T00:00:00+03:00"),
        (datetime(2026, 2, 1, tzinfo=moscow.MOSCOW), "2026-02-01T00:00:00+03:00"),
        (
            datetime(2026, 2, 1, 7, 0, tzinfo=timezone(timedelta(hours=10))),
            "2026-02-01T00:00:00+03:00",
        ),
        (datetime(2026, 2, 1, 0, 0, 0, 999_999, tzinfo=moscow.MOSCOW), "2026-02-01T00:00:00+03:00"),
    ],
    ids=["naive", "utc", "msk", "vladivostok", "microseconds"],
)
def test_e9_one_formatter_writes_moscow_time_with_a_colon(instant: datetime, written: str) -> None:
    """An instant of any zone is asked of the API on the Moscow clock with +03:00."""
    assert moscow.api_instant(instant) == written


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-01T12:00:00+03:00",
        "2026-02-01T12:00:00+0300",
        "2026-02-01T09:00:00Z",
        "2026-02-01T09:00:00z",
        "2026-02-01T09:00:00.123456Z",
        "2026-02-01T12:00:00",
        "2026-02-01 12:00:00",
        "2026-02-01 12:00",
        "2026-02-01T19:00:00+10:00",
        " 2026-02-01T12:00:00+03 ",
        "1769936400",
        "1769936400000",
    ],
)
def test_p08_every_notation_is_one_instant(text: str) -> None:
    """An offset, Z, no offset, milliseconds and epoch all mean the same noon in Moscow."""
    read = moscow.parse_instant(text)

    assert read == NOON
    assert read.tzinfo is moscow.MOSCOW
    assert read.microsecond == 0


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T00:00:00+03:00",
        "2026-13-01T00:00:00+03:00",
        "0000-00-00 00:00:00",
        "1969-12-31T23:59:59Z",
        "1970-01-01T02:59:59+03:00",
        "2200-01-01T00:00:00Z",
        "2026-02-01",
        "20260201",
        "2026-W05-1T00:00:00",
        "2026-02-01T25:00:00",
        "2026-02-01T12:00:61",
        "yesterday",
        "",
        "١٧٦٩٩٣٦٤٠٠",
        "9999999999999",
    ],
)
def test_p07_a_date_the_warehouse_would_distort_is_refused(text: str) -> None:
    """30 February, month 13, 1969, 2200 and text that is no instant raise ValueError."""
    with pytest.raises(ValueError, match=r"instant|day|hour|month|second|out of range"):
        moscow.parse_instant(text)


def test_f17_a_sale_before_midnight_utc_belongs_to_the_next_moscow_day() -> None:
    """2025-11-05T21:30Z is a sale of 6 November."""
    assert moscow.moscow_day(moscow.parse_instant("2025-11-05T21:30:00Z")) == date(2025, 11, 6)


def test_f17_a_sale_at_the_end_of_a_month_belongs_to_the_next_moscow_month() -> None:
    """22:30 UTC on 31 January counts in February."""
    assert moscow.month_of(moscow.parse_instant("2026-01-31T22:30:00Z")) == 202602


def test_a_day_has_its_first_and_its_last_second() -> None:
    """The borders of a Moscow day are one second apart from its neighbours."""
    day = date(2026, 2, 1)

    assert moscow.api_instant(moscow.day_start(day)) == "2026-02-01T00:00:00+03:00"
    assert moscow.api_instant(moscow.day_end(day)) == "2026-02-01T23:59:59+03:00"


@pytest.mark.parametrize(
    "text", ["01.02.2026", "2026-2-1", "2026-02-30", "1969-01-01", "", "2999-01-01"]
)
def test_a_day_is_written_one_way(text: str) -> None:
    """Only YYYY-MM-DD of a real day is read."""
    with pytest.raises(ValueError, match="day"):
        moscow.parse_day(text)


def test_now_is_aware_and_whole_seconds() -> None:
    """The clock of the product has a zone and no fraction."""
    now = moscow.now()

    assert now.tzinfo is moscow.MOSCOW
    assert now.microsecond == 0

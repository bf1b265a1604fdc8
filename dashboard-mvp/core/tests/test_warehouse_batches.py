"""Columns split so that an insert keeps the engine's promises."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from zakaz.errors import DataError
from zakaz.warehouse.batches import by_month, in_batches


def test_w04_rows_are_split_by_moscow_month_and_keep_their_order() -> None:
    """The month is Moscow's: 21:30 UTC on the last day already belongs to the next one."""
    columns = {
        "at": [
            datetime(2026, 2, 5, tzinfo=UTC),
            datetime(2026, 1, 31, 20, 30, tzinfo=UTC),
            datetime(2026, 1, 31, 21, 30, tzinfo=UTC),
            datetime(2025, 12, 31, 22, 0, tzinfo=UTC),
        ],
        "id": ("a", "b", "c", "d"),
    }
    assert [month["id"] for month in by_month(columns, "at")] == [["b", "d"], ["a", "c"]]
    days = {"day": [date(2026, 2, 1), date(2026, 1, 31)], "id": [1, 2]}
    assert [month["id"] for month in by_month(days, "day")] == [[2], [1]]
    assert list(by_month({"day": []}, "day")) == []


def test_a_row_that_belongs_to_no_month_is_refused() -> None:
    """A missing key column, an empty date or one without a zone cannot be placed."""
    for columns in (
        {"x": [1]},
        {"at": [None]},
        {"at": ["2026-01-01"]},
        {"at": [datetime(2026, 1, 1)]},  # noqa: DTZ001
    ):
        with pytest.raises(DataError):
            list(by_month(columns, "at"))


def test_batches_have_at_most_their_size() -> None:
    """Nothing is lost at the edges."""
    columns = {"a": list(range(7)), "b": tuple("abcdefg")}
    assert [len(batch["a"]) for batch in in_batches(columns, 3)] == [3, 3, 1]
    assert "".join(letter for batch in in_batches(columns, 3) for letter in batch["b"]) == "abcdefg"
    assert list(in_batches({}, 3)) == []
    with pytest.raises(ValueError, match="at least one row"):
        list(in_batches(columns, 0))

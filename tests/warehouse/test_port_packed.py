"""Packed columns go in like lists of the same values, on each adapter."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from zakaz.errors import DataError
from zakaz.moscow import MOSCOW, month_of, months_of
from zakaz.packed import (
    Counts,
    Flags,
    Identities,
    Instants,
    Kopecks,
    OptionalInstants,
    Packed,
    Texts,
    Versions,
)
from zakaz.warehouse.port import Warehouse

NOON = int(datetime(2026, 2, 1, 12, tzinfo=MOSCOW).timestamp())
LAST = 2**32 - 1
COLUMNS: dict[str, tuple[str, Packed, list[Any]]] = {
    "at": (
        "DateTime('Europe/Moscow')",
        Instants([NOON, 0, LAST]),
        [
            datetime(2026, 2, 1, 12, tzinfo=MOSCOW),
            datetime(1970, 1, 1, tzinfo=UTC),
            datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC),
        ],
    ),
    "maybe": (
        "Nullable(DateTime('Europe/Moscow'))",
        OptionalInstants([NOON, 0, 0], [0, 1, 0]),
        [datetime(2026, 2, 1, 12, tzinfo=MOSCOW), None, datetime(1970, 1, 1, tzinfo=UTC)],
    ),
    "money": (
        "Decimal(18, 2)",
        Kopecks([-1, 10**18 - 1, 100]),
        [Decimal("-0.01"), Decimal("9999999999999999.99"), Decimal("1.00")],
    ),
    "yes": ("Bool", Flags([1, 0, 1]), [True, False, True]),
    "many": ("UInt32", Counts([0, 1, LAST]), [0, 1, LAST]),
    "_ver": ("UInt64", Versions([0, 1, 2**64 - 1]), [0, 1, 2**64 - 1]),
    "id": ("String", Identities([7, 0, 2**63 - 1]), ["7", "", "9223372036854775807"]),
    "tag": (
        "LowCardinality(String)",
        Texts(["", "ёлка 🎄\0'\\", "x" * 300]),
        ["", "ёлка 🎄\0'\\", "x" * 300],
    ),
}
TABLE = ", ".join(f"{name} {kind}" for name, (kind, _, _) in COLUMNS.items())


def packed() -> dict[str, Packed]:
    """Give the columns."""
    return {name: column for name, (_, column, _) in COLUMNS.items()}


def expected() -> list[tuple[Any, ...]]:
    """Give the rows they stand for."""
    return list(zip(*(values for _, _, values in COLUMNS.values()), strict=True))


@pytest.mark.engine
def test_packed_columns_hold_what_they_were_given(port: Warehouse) -> None:
    """Instants, money, flags, numbers, ids and texts come back as Python's own values."""
    port.execute(f"CREATE TABLE zakaz.t ({TABLE}) ENGINE = Memory")

    assert port.insert("zakaz.t", packed()) == 3
    assert port.query("SELECT * FROM zakaz.t").rows == expected()


@pytest.mark.engine
def test_packed_and_plain_columns_are_stored_alike(port: Warehouse) -> None:
    """Beside one plain list the packed columns are lists too, and nothing changes."""
    port.execute(f"CREATE TABLE zakaz.t ({TABLE}) ENGINE = Memory")

    mixed = packed() | {"many": [0, 1, LAST]}
    assert port.insert("zakaz.t", mixed) == 3
    assert port.query("SELECT * FROM zakaz.t").rows == expected()


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "tag"])
def test_a_packed_column_of_another_type_is_refused(port: Warehouse, name: str) -> None:
    """What does not fit its column stops the insert with the names of both."""
    port.execute(f"CREATE TABLE zakaz.t ({name} Float64) ENGINE = Memory")

    with pytest.raises(DataError, match=rf"{name} \(Float64\).*do not fit"):
        port.insert("zakaz.t", {name: COLUMNS[name][1]})
    with pytest.raises(DataError, match="no column other"):
        port.insert("zakaz.t", {"other": COLUMNS[name][1]})
    assert port.query("SELECT count() FROM zakaz.t").scalar() == 0


def test_absent_instants_need_a_column_that_allows_none(port: Warehouse) -> None:
    """An optional instant is never stored as 1970."""
    port.execute("CREATE TABLE zakaz.t (at DateTime('Europe/Moscow')) ENGINE = Memory")

    with pytest.raises(DataError, match="OptionalInstants do not fit"):
        port.insert("zakaz.t", {"at": OptionalInstants([0], [1])})


def test_p14_half_a_character_is_refused(port: Warehouse) -> None:
    """A lone surrogate in a packed text stops the insert before anything is sent."""
    port.execute("CREATE TABLE zakaz.t (tag String) ENGINE = Memory")

    with pytest.raises(DataError, match="column tag: text that is not Unicode"):
        port.insert("zakaz.t", {"tag": Texts(["fine", "\ud800"])})


@pytest.mark.parametrize(
    ("kind", "number"),
    [(Instants, -1), (Instants, 2**32), (Kopecks, 2**63), (Counts, -1), (Identities, 2**64)],
)
def test_p06_p07_a_packed_column_takes_no_number_out_of_range(
    kind: type[Packed], number: int
) -> None:
    """What its column cannot hold does not get into it."""
    with pytest.raises(OverflowError):
        kind([number])


def test_packed_columns_are_cut_and_joined_like_lists() -> None:
    """Chosen places, slices and added pages keep each value beside its own."""
    for name, (_, column, values) in COLUMNS.items():
        joined = column.chosen([2, 0])
        joined.extend(column.chosen([1]))
        assert list(joined) == [values[2], values[0], values[1]], name
        assert column[1:] == values[1:]
        assert column[-1] == values[-1]


def test_the_numbers_lie_as_the_engine_reads_them() -> None:
    """Arrays are written as they lie in memory: right where the lowest byte comes first."""
    assert sys.byteorder == "little"
    assert Counts([1]).native() == b"\1\0\0\0"
    assert Texts(["я" * 100]).native() == b"\xc8\x01" + "я".encode() * 100


def test_f17_months_of_instants_are_those_of_moscow() -> None:
    """The last second of a Moscow month and the first of the next differ by one month."""
    turn = int(datetime(2026, 3, 1, tzinfo=MOSCOW).timestamp())
    assert months_of([turn - 1, turn]) == {202602, 202603}
    for year in (1975, 1991, 2010, 2012, 2030):  # Moscow had six other clocks
        turn = int(datetime(year, 7, 1, tzinfo=MOSCOW).timestamp())
        for second in (turn - 1, turn):
            assert months_of([second]) == {month_of(datetime.fromtimestamp(second, MOSCOW))}

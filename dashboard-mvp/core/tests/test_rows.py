"""Typed rows become named columns, and a row type is held against its table."""

from __future__ import annotations

import random
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from zakaz.rows import Row, column_names, columns, disagreements, table_of

LOADED_AT = datetime(2026, 2, 1, 4, 30, tzinfo=ZoneInfo("Europe/Moscow"))


class Sale(Row, frozen=True, kw_only=True):
    """A row type as a loader would declare it."""

    table: ClassVar[str] = "zakaz.stg_example_sales"

    sale_id: str
    price: Decimal
    refunded_at: datetime | None = None


class Other(Row, frozen=True, kw_only=True):
    """A second row type, of another table."""

    table: ClassVar[str] = "zakaz.stg_example_other"


DECLARED = {
    "sale_id": "String",
    "price": "Decimal(18, 2)",
    "refunded_at": "Nullable(DateTime('Europe/Moscow'))",
    "_ver": "UInt64",
    "_loaded_at": "DateTime('Europe/Moscow')",
}


def sale(sale_id: str, price: str) -> Sale:
    """A sale with the technical columns filled in."""
    return Sale(sale_id=sale_id, price=Decimal(price), ver=7, loaded_at=LOADED_AT)


def test_rows_become_columns_by_name() -> None:
    """Rows become one list per column, under the column's own name, in the order of the rows."""
    given = columns([sale("0012", "1.10"), sale("13", "2.00")])
    assert given == {
        "_ver": [7, 7],
        "_loaded_at": [LOADED_AT, LOADED_AT],
        "sale_id": ["0012", "13"],
        "price": [Decimal("1.10"), Decimal("2.00")],
        "refunded_at": [None, None],
    }
    assert tuple(given) == column_names(Sale)


def test_a14_order_of_the_arguments_cannot_shift_values() -> None:
    """The same values in any order of writing give the same row and the same columns."""
    fields = {"sale_id": "1", "price": Decimal(5), "ver": 1, "loaded_at": LOADED_AT}
    expected = columns([Sale(**fields)])  # type: ignore[arg-type]
    for seed in range(10):
        keys = random.Random(seed).sample(list(fields), len(fields))
        assert columns([Sale(**{key: fields[key] for key in keys})]) == expected  # type: ignore[arg-type]


def test_no_rows_are_no_columns() -> None:
    """An empty batch gives no columns, so nothing is inserted by mistake."""
    assert columns([]) == {}


def test_rows_of_two_types_are_refused() -> None:
    """One insert writes one table, so rows of two types together are a bug."""
    with pytest.raises(TypeError, match="Sale"):
        columns([sale("1", "1"), Other(ver=1, loaded_at=LOADED_AT)])


def test_a_row_type_names_its_table() -> None:
    """A row type knows the full name of the table it writes."""
    assert table_of(Sale) == "zakaz.stg_example_sales"


def test_an_agreeing_table_has_no_disagreements() -> None:
    """A table with the same columns and fitting types is accepted."""
    assert disagreements(Sale, DECLARED) == []
    assert disagreements(Sale, DECLARED | {"sale_id": "LowCardinality(String)"}) == []


@pytest.mark.parametrize(
    ("column", "wrong_type"),
    [
        ("sale_id", "UInt64"),
        ("sale_id", "Nullable(String)"),
        ("price", "Float64"),
        ("price", "Decimal(18, 4)"),
        ("refunded_at", "DateTime('Europe/Moscow')"),
        ("refunded_at", "Nullable(DateTime)"),
        ("_loaded_at", "DateTime"),
        ("_ver", "String"),
    ],
)
def test_a10_a_column_of_another_type_is_named(column: str, wrong_type: str) -> None:
    """A column whose type cannot hold the row's values is named with both types."""
    (message,) = disagreements(Sale, DECLARED | {column: wrong_type})
    assert f"zakaz.stg_example_sales.{column} is {wrong_type}" in message


def test_a11_a_missing_and_an_extra_column_are_named() -> None:
    """A column the table lacks and a column no row writes are both named."""
    declared = {name: kind for name, kind in DECLARED.items() if name != "price"}
    assert disagreements(Sale, declared | {"currency": "String"}) == [
        "zakaz.stg_example_sales.currency is not written by any row",
        "zakaz.stg_example_sales.price is written, but the table has no such column",
    ]

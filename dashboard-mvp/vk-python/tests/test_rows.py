"""The typed row is held against the DDL of its table."""

from __future__ import annotations

import pytest
from vk_ads.rows import ROW_TYPES, VkAdsAccountDaily, VkAdsDaily
from zakaz.rows import Row, column_names, disagreements, table_of
from zakaz.schema import declared, sources
from zakaz.schema.ddl import TableDefinition


def table(row_type: type[Row] = VkAdsDaily) -> TableDefinition:
    """The table as all migrations together declare it."""
    return declared.tables(sources.migrations())[table_of(row_type)]


def types(row_type: type[Row] = VkAdsDaily) -> dict[str, str]:
    """The columns of the table with their types."""
    return {column.name: column.type for column in table(row_type).columns}


@pytest.mark.criterion("VK-2")
@pytest.mark.parametrize("row_type", ROW_TYPES)
def test_a12_the_row_and_the_table_agree(row_type: type[Row]) -> None:
    """The row writes exactly the columns of its table, each with a type the column holds."""
    assert disagreements(row_type, types(row_type)) == []


@pytest.mark.criterion("VK-2")
@pytest.mark.parametrize("column", ["_loaded_at", "currency", "_ver", "is_deleted", "utm_raw"])
def test_a10_columns_that_readers_rely_on_are_there(column: str) -> None:
    """The columns that views and freshness rely on exist on both sides."""
    assert column in column_names(VkAdsDaily)
    assert column in types()


@pytest.mark.parametrize(
    ("column", "found"),
    [("currency", ""), ("_loaded_at", "DateTime"), ("spend", "Float64"), ("banner_id", "UInt64")],
)
def test_a11_a_table_that_drifted_is_noticed(column: str, found: str) -> None:
    """A column that is gone or of another type than the row's is named."""
    drifted = types() | {column: found}
    if not found:
        del drifted[column]
    (message,) = disagreements(VkAdsDaily, drifted)
    assert f"zakaz.stg_vk_ads_daily.{column} is" in message


def test_the_room_writes_banners_and_accounts() -> None:
    """The room writes the table of the specification's name and its control, and no other."""
    assert [table_of(row_type) for row_type in ROW_TYPES] == [
        "zakaz.stg_vk_ads_daily",
        "zakaz.stg_vk_ads_account_daily",
    ]


@pytest.mark.parametrize(
    ("row_type", "key"),
    [
        (VkAdsDaily, ["account_id", "banner_id", "stat_date"]),
        (VkAdsAccountDaily, ["account_id", "stat_date"]),
    ],
)
def test_a24_the_key_is_identity_only(row_type: type[Row], key: list[str]) -> None:
    """The sort key holds account, ad and day: nothing in it can be corrected later."""
    made = table(row_type)
    assert made.order_by.strip("()").split(", ") == key
    assert (made.engine, made.engine_arguments.strip("()")) == ("ReplacingMergeTree", "_ver")

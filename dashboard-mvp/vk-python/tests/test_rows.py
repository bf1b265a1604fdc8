"""The typed row is held against the DDL of its table."""

from __future__ import annotations

import pytest
from vk_ads.rows import ROW_TYPES, VkAdsDaily
from zakaz.rows import column_names, disagreements, table_of
from zakaz.schema import declared, sources
from zakaz.schema.ddl import TableDefinition


def table() -> TableDefinition:
    """The table as all migrations together declare it."""
    return declared.tables(sources.migrations())[table_of(VkAdsDaily)]


def types() -> dict[str, str]:
    """The columns of the table with their types."""
    return {column.name: column.type for column in table().columns}


@pytest.mark.criterion("VK-2")
def test_a12_the_row_and_the_table_agree() -> None:
    """The row writes exactly the columns of its table, each with a type the column holds."""
    assert disagreements(VkAdsDaily, types()) == []


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


def test_the_room_writes_one_table() -> None:
    """The one row type of the room writes the table of the specification's name."""
    assert [*ROW_TYPES] == [VkAdsDaily]
    assert table_of(VkAdsDaily) == "zakaz.stg_vk_ads_daily"


def test_a24_the_key_is_identity_only() -> None:
    """The sort key holds account, ad and day: nothing in it can be corrected later."""
    assert table().order_by.strip("()").split(", ") == ["account_id", "banner_id", "stat_date"]
    assert (table().engine, table().engine_arguments.strip("()")) == ("ReplacingMergeTree", "_ver")

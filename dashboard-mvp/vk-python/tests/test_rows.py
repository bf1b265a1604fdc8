"""The typed row is held against the DDL of its table."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from vk_ads.rows import ROW_TYPES, VkAdsDaily
from zakaz.rows import column_names, disagreements, table_of

MIGRATIONS = Path(__file__).resolve().parents[3] / "infra" / "clickhouse" / "migrations"


def created() -> exp.Create:
    """The one statement that creates the staging table."""
    (path,) = MIGRATIONS.glob("*_create_stg_vk_ads_daily.sql")
    statement = sqlglot.parse_one(path.read_text(encoding="utf-8"), read="clickhouse")
    assert isinstance(statement, exp.Create)
    return statement


def declared() -> dict[str, str]:
    """The columns of the table with their types as ClickHouse spells them."""
    kinds = {
        column.name: column.args["kind"].sql(dialect="clickhouse")
        for column in created().find_all(exp.ColumnDef)
    }
    # sqlglot shouts this one type.
    return {name: "Date" if kind == "DATE" else kind for name, kind in kinds.items()}


@pytest.mark.criterion("VK-2")
def test_a12_the_row_and_the_table_agree() -> None:
    """The row writes exactly the columns of its table, each with a type the column holds."""
    assert disagreements(VkAdsDaily, declared()) == []


@pytest.mark.criterion("VK-2")
@pytest.mark.parametrize("column", ["_loaded_at", "currency", "_ver", "is_deleted", "utm_raw"])
def test_a10_columns_that_readers_rely_on_are_there(column: str) -> None:
    """The columns that views and freshness rely on exist on both sides."""
    assert column in column_names(VkAdsDaily)
    assert column in declared()


@pytest.mark.parametrize(
    ("column", "found"),
    [("currency", ""), ("_loaded_at", "DateTime"), ("spend", "Float64"), ("banner_id", "UInt64")],
)
def test_a11_a_table_that_drifted_is_noticed(column: str, found: str) -> None:
    """A column that is gone or of another type than the row's is named."""
    drifted = declared() | {column: found}
    if not found:
        del drifted[column]
    (message,) = disagreements(VkAdsDaily, drifted)
    assert f"zakaz.stg_vk_ads_daily.{column} is" in message


def test_the_row_names_its_table() -> None:
    """The one row type of the room writes the one table the migration creates."""
    assert (VkAdsDaily,) == ROW_TYPES
    table = created().find(exp.Table)
    assert table is not None
    assert table_of(VkAdsDaily) == f"{table.db}.{table.name}"


def test_a24_the_key_is_identity_only() -> None:
    """The sort key holds account, ad and day: nothing in it can be corrected later."""
    order = created().find(exp.Order)
    assert order is not None
    assert [column.name for column in order.find_all(exp.Column)] == [
        "account_id",
        "banner_id",
        "stat_date",
    ]

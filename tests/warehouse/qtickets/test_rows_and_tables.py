"""The rows this room writes and the tables they go to agree, on a real engine."""

from __future__ import annotations

import random
from typing import Any

import pytest
from qtickets_api.rows import ROW_TYPES, Basket
from zakaz.rows import Row, column_names, columns, disagreements, table_of


@pytest.mark.engine
@pytest.mark.parametrize("row_type", ROW_TYPES, ids=lambda row_type: table_of(row_type))
def test_a10_a11_rows_and_columns_agree(ground: Any, row_type: type[Row]) -> None:
    """Every column is written, every written column exists, and the types fit."""
    table = table_of(row_type).removeprefix("zakaz.")
    declared = dict(
        ground.rows(
            "SELECT name, type FROM system.columns WHERE database = 'zakaz' AND table = {t:String}",
            t=table,
        )
    )

    assert disagreements(row_type, declared) == []
    assert set(column_names(row_type)) == set(declared)


def test_a14_values_go_by_name_whatever_their_order(ground: Any) -> None:
    """Columns handed over in any order store the same row."""
    ground.load()
    names = [name for name in column_names(Basket) if name != "account_id"]
    stored = "SELECT * EXCEPT (account_id) FROM zakaz.stg_qtickets_baskets FINAL"
    stored += " WHERE account_id = {account:String} ORDER BY basket_id"
    rows = ground.warehouse.query(stored, {"account": "main"})
    given = dict(zip(rows.columns, map(list, zip(*rows.rows, strict=True)), strict=True))
    for attempt in range(3):
        shuffled = random.Random(attempt).sample(names, len(names))
        values = {name: list(given[name]) for name in shuffled}
        account = f"shuffled-{attempt}"
        ground.warehouse.insert(
            table_of(Basket), values | {"account_id": [account] * len(rows.rows)}
        )
        assert ground.rows(stored, account=account) == rows.rows


def test_f26_no_text_of_a_buyer_is_stored(ground: Any) -> None:
    """After a load no text column of any table holds an e-mail address or a phone."""
    ground.load()
    found = []
    for table, names in ground.rows(
        "SELECT table, groupArray(name) FROM system.columns WHERE database = 'zakaz'"
        " AND type IN ('String', 'LowCardinality(String)') GROUP BY table"
    ):
        asked = ", ".join(
            f"countIf(position(toString(`{column}`), '@') > 0"
            f" OR match(toString(`{column}`), '(\\\\+7|\\\\b8)[0-9]{{10}}'))"
            for column in names
        )
        (hits,) = ground.rows(f"SELECT {asked} FROM zakaz.{table}")
        found += [(table, *told) for told in zip(names, hits, strict=True) if told[1]]

    assert found == []


def test_an_empty_page_of_rows_is_no_insert() -> None:
    """No rows give no columns, so nothing is sent to the store."""
    assert columns([]) == {}

"""One notion has one column name, nothing is added up on its way in, every view is tested."""

from __future__ import annotations

import re

import pytest

SQL = re.compile(r"^infra/clickhouse/(?:migrations|views|facts)/.+\.sql$")
VIEW = re.compile(r"^infra/clickhouse/views/(bi\.\w+)\.sql$")
# Names of the earlier system and of other tools for what has a name here.
OTHER_NAMES = {
    "spent": "spend", "cost": "spend", "costs": "spend", "date": "d or sales_date",
    "sale_date": "sales_date", "order_ts": "created_at", "sale_ts": "payed_at",
    "paid_at": "payed_at", "net": "revenue", "amount": "revenue or gross",
    "tickets": "tickets_sold", "loaded_at": "_loaded_at", "version": "_ver",
}  # fmt: skip


def other_names(sql: str) -> set[str]:
    """Return the declared columns, written in back-ticks, that have another name here."""
    return set(re.findall(r"^\s*`(\w+)` [A-Z]", sql, re.MULTILINE)) & OTHER_NAMES.keys()


def test_a22_a_notion_has_one_column_name(texts: dict[str, str]) -> None:
    """No table and no view calls spend, a sale's day or an instant by a second name."""
    found = {name: other_names(text) for name, text in texts.items() if SQL.match(name)}
    assert len(found) > 50
    assert {name: names for name, names in found.items() if names} == {
        "infra/clickhouse/migrations/0002_create_schema_migrations.sql": {"version"},
    }


@pytest.mark.parametrize("name", ["spent", "order_ts", "loaded_at"])
def test_a22_a_planted_second_name_is_found(name: str) -> None:
    """A column of another name is found wherever it is declared."""
    assert other_names(f"CREATE TABLE t\n(\n    `{name}` String COMMENT 'x'\n)") == {name}


def test_w10_f23_nothing_is_added_up_while_it_is_inserted(texts: dict[str, str]) -> None:
    """No materialized view stands on the way of a row: one could fail, or keep a block only."""
    sql = {name: text for name, text in texts.items() if name.endswith(".sql")}
    assert len(sql) > 50
    assert [name for name, text in sql.items() if re.search("MATERIALIZED VIEW", text, re.I)] == []


def test_k7_every_view_has_a_test_of_its_figures(texts: dict[str, str]) -> None:
    """Each view is read by tests of the warehouse, with rows in it."""
    views = [found[1] for name in texts if (found := VIEW.match(name))]
    tests = "\n".join(
        text for name, text in texts.items() if re.match(r"tests/warehouse/.*test_\w+\.py", name)
    )
    assert views
    assert [view for view in views if len(re.findall(rf"{view}\b", tests)) < 2] == []

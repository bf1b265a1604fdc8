"""Reading our own DDL: tokens, declarations, and what an ALTER makes of a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from zakaz.schema import declared, sources
from zakaz.schema.ddl import parse
from zakaz.schema.lexer import quoted, statements, tokens, unquoted
from zakaz.schema.sources import SqlFile

TABLE = """
CREATE TABLE IF NOT EXISTS `zakaz`.`t`
(
    `id` String COMMENT 'it\\'s; (an) id, -- really',
    state Enum8('ok' = 1, 'a,b' = 2) DEFAULT 'ok' COMMENT 'c',
    `at` Nullable(DateTime('Europe/Moscow')),
    INDEX i id TYPE minmax
)
ENGINE = ReplacingMergeTree(_ver) PARTITION BY toYYYYMM(at) ORDER BY (id, state)
TTL at + INTERVAL 1 DAY SETTINGS index_granularity = 1 COMMENT 'ORDER BY nothing'
"""


def test_a_table_is_read_whatever_its_comments_say() -> None:
    """Commas, quotes, keywords and parentheses inside texts mislead nobody."""
    statement = parse(TABLE)
    table = statement.table
    assert table is not None
    assert (statement.action, statement.target) == ("CREATE TABLE", "zakaz.t")
    assert statement.guarded
    assert [(c.name, c.type, c.default_kind, c.default) for c in table.columns] == [
        ("id", "String", "", ""),
        ("state", "Enum8('ok' = 1, 'a,b' = 2)", "DEFAULT", "'ok'"),
        ("at", "Nullable(DateTime('Europe/Moscow'))", "", ""),
    ]
    assert table.columns[0].comment == "it's; (an) id, -- really"
    assert (table.engine, table.engine_arguments) == ("ReplacingMergeTree", "_ver")
    assert (table.partition_by, table.order_by) == ("toYYYYMM(at)", "id, state")
    assert (table.ttl, table.comment) == ("at + INTERVAL 1 DAY", "ORDER BY nothing")


def test_a_script_is_split_only_at_real_semicolons() -> None:
    """Those in texts, quoted names and comments are no ends."""
    script = "SELECT ';' AS `a;b`; -- one; two\n/* ; */ SELECT 2 ;; \n-- end;"
    assert statements(script) == ["SELECT ';' AS `a;b`", "SELECT 2"]


@pytest.mark.parametrize("text", ["it's", "back\\slash", "", "кавычка ' и \\'", "a''b"])
def test_a_text_survives_quoting(text: str) -> None:
    """Written as a literal and read again it is the same."""
    (token,) = tokens(quoted(text))
    assert unquoted(token) == text


@pytest.mark.parametrize("file", sources.migrations(), ids=lambda file: file.name)
def test_tokens_lose_nothing_of_a_file(file: SqlFile) -> None:
    """Put together again they are the file, byte for byte."""
    assert "".join(token.text for token in tokens(file.text)) == file.text


@pytest.mark.parametrize(
    ("alter", "expected"),
    [
        ("ADD COLUMN IF NOT EXISTS `n` UInt8 DEFAULT 1 COMMENT 'c' AFTER `a`", "a b n"),
        ("(ADD COLUMN `n` UInt8), (DROP COLUMN `a`)", "b n"),
        ("MODIFY COLUMN a Decimal(18, 2) COMMENT 'c'", "a:Decimal(18, 2) b"),
        ("DROP COLUMN IF EXISTS a", "b"),
        ("RENAME COLUMN a TO z", "z b"),
        ("ADD COLUMN IF NOT EXISTS a UInt8", "a b"),
        ("COMMENT COLUMN a 'said'", "a b"),
        ("MODIFY TTL b + INTERVAL 1 DAY", "a b"),
    ],
)
def test_an_alter_changes_the_declared_table(tmp_path: Path, alter: str, expected: str) -> None:
    """What later migrations do to a table is part of what is declared."""
    (tmp_path / "migrations").mkdir()
    for number, text in enumerate(
        ["CREATE TABLE zakaz.t (a String, b Date) ENGINE = MergeTree ORDER BY a",
         f"ALTER TABLE zakaz.t {alter}"], 1,
    ):  # fmt: skip
        (tmp_path / "migrations" / f"{number:04}_x.sql").write_text(text, encoding="utf-8")
    table = declared.tables(sources.migrations(tmp_path))["zakaz.t"]
    plain = {"a": "String", "b": "Date", "n": "UInt8", "z": "String"}
    told = [
        column.name if column.type == plain[column.name] else f"{column.name}:{column.type}"
        for column in table.columns
    ]
    assert " ".join(told) == expected


@pytest.mark.parametrize(
    ("alters", "expected"),
    [
        (["MODIFY TTL b + toIntervalDay(1)"], ("b + toIntervalDay(1)", "", {})),
        (["MODIFY TTL b + toIntervalDay(1)", "(REMOVE TTL)"], ("", "", {})),
        (["MODIFY COLUMN a String TTL b + toIntervalDay(1)"], ("", "b + toIntervalDay(1)", {})),
        (["ADD COLUMN c Date", "MODIFY COLUMN a String TTL b", "MODIFY COLUMN a REMOVE TTL"],
         ("", "", {})),
        (["MODIFY SETTING x = 1, y = 'n'", "RESET SETTING y"], ("", "", {"x": "1"})),
        (["COMMENT COLUMN a 'MODIFY TTL b'"], ("", "", {})),
    ],
)  # fmt: skip
def test_found_e16_an_alter_of_a_lifetime_is_declared(
    tmp_path: Path, alters: list[str], expected: tuple[str, str, dict[str, str]]
) -> None:
    """TTL of rows and of values, and settings, as later migrations leave them."""
    (tmp_path / "migrations").mkdir()
    created = "CREATE TABLE zakaz.t (a String, b Date) ENGINE = MergeTree ORDER BY b"
    for number, text in enumerate([created, *(f"ALTER TABLE zakaz.t {a}" for a in alters)], 1):
        (tmp_path / "migrations" / f"{number:04}_x.sql").write_text(text, encoding="utf-8")
    table = declared.tables(sources.migrations(tmp_path))["zakaz.t"]
    assert (table.ttl, table.columns[0].ttl, dict(table.settings)) == expected
    assert [column.type for column in table.columns[:2]] == ["String", "Date"]


def test_an_exchange_swaps_two_declared_tables(tmp_path: Path) -> None:
    """A table is replaced under a new name; its columns go with it."""
    (tmp_path / "migrations").mkdir()
    for number, text in enumerate(
        ["CREATE TABLE zakaz.t (a String) ENGINE = MergeTree ORDER BY a",
         "CREATE TABLE zakaz.t_new (b Date) ENGINE = MergeTree ORDER BY b",
         "EXCHANGE TABLES zakaz.t AND zakaz.t_new"], 1,
    ):  # fmt: skip
        (tmp_path / "migrations" / f"{number:04}_x.sql").write_text(text, encoding="utf-8")
    tables = declared.tables(sources.migrations(tmp_path))
    assert {name: table.order_by for name, table in tables.items()} == {
        "zakaz.t": "b", "zakaz.t_new": "a",
    }  # fmt: skip


def test_views_come_behind_the_views_they_read(tmp_path: Path) -> None:
    """A6: whatever their names say."""
    (tmp_path / "views").mkdir()
    reads = {"bi.v_a": "bi.v_c", "bi.v_b": "zakaz.t", "bi.v_c": "bi.v_b"}
    for name, source in reads.items():
        text = f"CREATE OR REPLACE VIEW {name} AS SELECT 1 FROM {source}"
        (tmp_path / "views" / f"{name}.sql").write_text(text, encoding="utf-8")
    assert [file.name for file in sources.views(tmp_path)] == ["bi.v_b", "bi.v_c", "bi.v_a"]
    (tmp_path / "views" / "bi.v_b.sql").write_text("SELECT 1 FROM bi.v_a", encoding="utf-8")
    with pytest.raises(ValueError, match="in a circle"):
        sources.views(tmp_path)

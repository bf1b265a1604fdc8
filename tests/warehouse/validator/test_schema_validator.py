"""The validator passes our schema, knows the writers, and asks the engine."""

from __future__ import annotations

import shutil
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import typer
from planted import EVENTS, VK, VK_FILE, WRITERS, Planted, table
from zakaz import rooms
from zakaz.cli import schema as schema_commands
from zakaz.errors import EXIT_DATA, SettingsError
from zakaz.rows import TECHNICAL_COLUMNS
from zakaz.schema import bundle, sources, validator


@pytest.mark.engine
@pytest.mark.criterion("CH-5")
def test_our_schema_passes_with_engine_and_writers() -> None:
    """No finding about the repository's own SQL, parsed by the engine under test."""
    verdict = validator.judge(writers=WRITERS)
    assert [str(finding) for finding in verdict.findings] == []
    assert verdict.engine.startswith(("24.8.", "26.9."))


def test_a_sound_planted_table_is_no_defect(planted: Planted) -> None:
    """The frame of the tests below breaks no rule by itself."""
    planted.migrate("create_planted", table())
    planted.add("access/0006_alter_views_security.sql", "")
    assert planted.rules() == set()


def test_k3_a_writer_that_leaves_a_column_out_is_named(planted: Planted) -> None:
    """A10: a column that no row writes is a finding, and so is one that no table has."""
    planted.edit(VK_FILE, "`clicks` UInt64", "`taps` UInt64")
    found = validator.judge(planted.root, writers=WRITERS, with_engine=False).findings
    messages = " ".join(finding.message for finding in found if finding.rule == "writer")
    assert f"{VK}.taps is not written" in messages
    assert f"{VK}.clicks is written, but the table has no such column" in messages


def test_k3_a_writer_of_another_type_is_named(planted: Planted) -> None:
    """A Decimal written into a whole number is a finding."""
    planted.edit(VK_FILE, "`spend` Decimal(18, 2)", "`spend` Int64")
    assert "writer" in planted.rules(writers=WRITERS)


def test_k3_a_staging_table_without_a_writer_is_named(planted: Planted) -> None:
    """Every staging table has a row type, and every row type a table."""
    writers = {name: row for name, row in WRITERS.items() if name != VK}
    assert "writer" in planted.rules(writers=writers)

    class Orphan(msgspec.Struct, rename=TECHNICAL_COLUMNS):
        table = "zakaz.stg_orphans"
        price: Decimal
        ver: int
        loaded_at: datetime

    assert "writer" in planted.rules(writers=WRITERS | {"zakaz.stg_orphans": Orphan})


@pytest.mark.engine
def test_k3_the_engine_is_the_authority_on_syntax_and_format(planted: Planted) -> None:
    """What sqlglot never reads (accounts), and what is spelt another way, the engine finds."""
    planted.edit("access/0004_create_quotas.sql", "FOR INTERVAL 1 hour", "FOR INTERVALS 1 hour")
    planted.edit(
        "migrations/0009_create_dim_city_alias.sql", "    `alias` String", "  `alias` string"
    )
    planted.edit(EVENTS, "    event_name,\n", "    event_name ,\n")
    findings = validator.judge(planted.root).findings
    rules = {(finding.rule, finding.path) for finding in findings}
    assert ("engine", "access/0004_create_quotas.sql") in rules
    assert ("format", "migrations/0009_create_dim_city_alias.sql") in rules
    assert ("format", EVENTS) in rules


def test_a_stale_bundle_and_a_stale_page_are_named(tmp_path: Path) -> None:
    """Generated files follow their sources, word for word."""
    root = tmp_path / "sql"
    shutil.copytree(sources.sql_root(), root)
    assert validator.judge(root, with_engine=False).passed
    for name in (bundle.SCHEMA, bundle.ALL, "SCHEMA.md"):
        with (root / name).open("a", encoding="utf-8") as file:
            file.write("-- by hand\n")
    found = validator.judge(root, with_engine=False).findings
    assert sorted((f.rule, f.path) for f in found) == [
        ("stale", "SCHEMA.md"), ("stale", bundle.ALL), ("stale", bundle.SCHEMA),
    ]  # fmt: skip


def test_a_finding_says_file_line_and_rule(planted: Planted) -> None:
    """A reader can jump to the defect."""
    planted.edit(EVENTS, "FROM zakaz.dim_events", "FROM zakaz.dim_event")
    (finding,) = validator.judge(planted.root, with_engine=False).findings[:1]
    place = f"{EVENTS}:{finding.line}: "
    assert str(finding).startswith(place)
    assert "zakaz.dim_event" in str(finding)
    assert str(finding).endswith("[unknown-object]")


def test_found_e8_the_command_holds_the_schema_against_every_loader(
    planted: Planted, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``zakaz validate``, which the script runs: a column that no row writes is exit 65."""
    planted.edit(VK_FILE, "`clicks` UInt64", "`taps` UInt64")
    monkeypatch.setattr(sources, "sql_root", lambda: planted.root)
    with pytest.raises(typer.Exit) as ended:
        schema_commands.validate()
    told = capsys.readouterr().out
    assert ended.value.exit_code == EXIT_DATA
    assert f"{VK}.clicks is written, but the table has no such column" in told
    assert told.splitlines()[-1].startswith("Schema validation failed")


def test_found_e8_where_a_room_is_missing_the_command_says_another_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What could not be proven is named; for --all-rooms, as the script asks, it is a finding."""
    here = rooms.Rooms()
    here.add_source("qtickets", "Qtickets", "qtickets_api.__main__:SOURCE")
    monkeypatch.setattr(rooms, "discover", lambda: here)
    schema_commands.validate()
    told = capsys.readouterr().out
    assert validator.PASSED not in told
    assert f"No fault found, but {VK}, zakaz.stg_vk_ads_account_daily could not be held" in told


def test_found_e8_a_broken_room_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is neither skipped in silence nor a bug of the command."""
    here = rooms.Rooms()
    here.add_source("qtickets", "Qtickets", "qtickets_api.nowhere:SOURCE")
    monkeypatch.setattr(rooms, "discover", lambda: here)
    with pytest.raises(SettingsError, match="the room qtickets is broken"):
        schema_commands.validate()

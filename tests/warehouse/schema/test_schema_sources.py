"""The SQL files: each object created once, readable by the engine, in step with the generated."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from zakaz.schema import bundle, live, reference, sources
from zakaz.schema.lexer import statements
from zakaz.warehouse.embedded import EmbeddedWarehouse

ROOT = sources.sql_root()
SOURCES = [*sources.migrations(), *sources.views(), *sources.access()]
ALL = [*SOURCES, *sources.facts(), *sources.checks()]
BUNDLES = [bundle.SCHEMA, bundle.ALL]
CREATE = re.compile(
    r"^\s*CREATE\s+(?:OR\s+REPLACE\s+)?"
    r"(?P<kind>DATABASE|TABLE|VIEW|ROLE|USER|SETTINGS PROFILE|QUOTA)"
    r"\s+(?:IF\s+NOT\s+EXISTS\s+|OR\s+REPLACE\s+)?`?(?P<name>[\w.]+)`?",
    re.IGNORECASE | re.MULTILINE,
)


def created(text: str) -> list[tuple[str, str]]:
    """Give kind and name of every CREATE, by nothing but the text."""
    return [(match["kind"].upper(), match["name"].lower()) for match in CREATE.finditer(text)]


@pytest.mark.criterion("CH-1")
def test_a2_every_object_is_created_once_over_all_sources() -> None:
    """Tables, views, databases, roles, users, profiles and quotas: each CREATE is the only one."""
    found = [pair for file in SOURCES for pair in created(file.text)]
    assert len(found) == len(set(found)) > 30
    assert ("TABLE", "zakaz.stg_vk_ads_daily") in found


@pytest.mark.criterion("CH-1")
@pytest.mark.parametrize("name", BUNDLES)
def test_a2_a3_every_object_is_created_once_in_each_bundle(name: str) -> None:
    """``zakaz.stg_vk_ads_daily`` too, counted by the bare text of the bundle."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = created(text)
    assert len(found) == len(set(found))
    assert text.count("CREATE TABLE IF NOT EXISTS zakaz.stg_vk_ads_daily\n") == 1
    expected = SOURCES if name == bundle.ALL else SOURCES[: -len(sources.access())]
    assert found == [pair for file in expected for pair in created(file.text)]


@pytest.mark.criterion("CH-2")
@pytest.mark.parametrize("name", BUNDLES)
def test_a4_in_a_bundle_every_alter_follows_its_create(name: str) -> None:
    """By the bare text: the name was created further up."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for alter in re.finditer(r"^ALTER TABLE `?([\w.]+)`?", text, re.MULTILINE):
        assert alter[1] in {pair[1] for pair in created(text[: alter.start()])}


@pytest.mark.parametrize("name", BUNDLES)
def test_a7_a_bundle_never_drops(name: str) -> None:
    """No DROP, no TRUNCATE, no CREATE OR REPLACE TABLE."""
    text = (ROOT / name).read_text(encoding="utf-8").upper()
    assert not re.search(r"^\s*(DROP|TRUNCATE|DETACH)\b|OR REPLACE TABLE", text, re.MULTILINE)


def test_a23_a30_the_bundles_and_the_page_are_not_stale() -> None:
    """A23: what is generated is what the sources make of it."""
    assert bundle.stale() == []
    assert not reference.stale()


@pytest.mark.engine
def test_a5_a18_the_engine_parses_every_statement(warehouse: EmbeddedWarehouse) -> None:
    """The accounts too, which the embedded engine cannot execute."""
    for file in ALL:
        for statement in statements(file.text):
            answer = warehouse.query("SELECT formatQuery({sql:String})", {"sql": statement})
            assert answer.scalar(), file.path


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.path.name)
def test_a19_every_file_is_plain_utf8(file: sources.SqlFile) -> None:
    """No mark at the start, no carriage return, a line feed at the end."""
    data = file.path.read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")
    data.decode("utf-8")


def test_a13_every_insert_names_its_columns() -> None:
    """In migrations and in rebuilds."""
    inserts = [part for file in ALL for part in file.parts if part.action == "INSERT"]
    assert len(inserts) >= 5
    for insert in inserts:
        assert insert.columns


def test_a8_every_partition_stands_on_an_immutable_day() -> None:
    """Of staging on its own date, of facts on the day of sale, of journals on their instant."""
    found = {
        part.table.name: part.table.partition_by
        for file in sources.migrations()
        for part in file.parts
        if part.table is not None and part.table.partition_by
    }
    columns = {re.sub(r"toYYYYMM\((\w+)\)", r"\1", key) for key in found.values()}
    assert columns == {
        "created_at", "stat_date", "sales_date", "sales_hour", "started_at", "quarantined_at",
        "recorded_at", "snapshot_at",
    }  # fmt: skip


@pytest.mark.engine
def test_the_page_names_every_column_of_the_live_schema(
    bootstrapped: EmbeddedWarehouse,
) -> None:
    """A23: the reference page holds each object and each of its columns with type and comment."""
    page = (ROOT / reference.PAGE).read_text(encoding="utf-8")
    chapters = dict(re.findall(r"^### `([\w.]+)`\n(.*?)(?=^##|\Z)", page, re.DOTALL | re.MULTILINE))
    there = live.objects(bootstrapped)
    assert set(chapters) == set(there)
    for name, found in there.items():
        for column in found.columns:
            assert f"| `{column.name}` | `{column.type}`" in chapters[name]
            assert column.comment.replace("|", "\\|") in chapters[name]


def test_the_wheel_ships_every_folder_that_the_machine_reads() -> None:
    """An installed zakaz has the same SQL as a checkout."""
    path = Path(__file__).parents[3] / "dashboard-mvp" / "core" / "pyproject.toml"
    project = tomllib.loads(path.read_text("utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    folders = {file.path.parent.name for file in ALL}
    assert {Path(target).name for target in shipped.values()} >= folders

"""The commands that keep things in order: bootstrap, validate, doctor."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from copied import copied
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl

Cli = Callable[..., Any]
TOKEN = {"SHOP_TOKEN": "token-of-the-shop"}


def test_bootstrap_twice_changes_nothing(cli: Cli) -> None:
    """The first run creates, the second says that all is well; both exit 0."""
    first, second = cli("bootstrap"), cli("bootstrap", "--json")

    assert (first.code, second.code) == (0, 0)
    assert "Applied" in first.out
    assert "Created" in first.out
    told = json.loads(second.out)
    assert (told["created"], told["migrations"], told["changed_views"]) == ([], [], [])
    assert "up to date" in cli("bootstrap").out


def test_bootstrap_takes_an_address(cli: Cli, tmp_path: Path, bootstrapped: Path) -> None:
    """--url replaces every variable that names a warehouse."""
    other = copied(bootstrapped, tmp_path / "other")
    assert not (other / "published" / "current").is_symlink()

    done = cli("bootstrap", "--url", f"chdb://{other}", CLICKHOUSE_HOST="ch.example")

    assert done.code == 0
    assert (other / "published" / "current").is_symlink()
    assert not (tmp_path / "store").exists()


def test_a_relative_store_is_a_setting_to_fix(cli: Cli) -> None:
    """The message shows how an address looks."""
    done = cli("bootstrap", "--url", "chdb://relative/folder")

    assert done.code == 78
    assert "chdb:///" in done.err


def test_validate_passes_and_the_store_has_the_declared_schema(cli: Cli, ready_store: Path) -> None:
    """CH-5: the words that scripts look for stand on a line of their own."""
    publish(WarehouseUrl("embedded", path=ready_store))

    done = cli("validate", "--live")

    assert done.code == 0
    assert "Schema validation passed" in done.out.splitlines()
    assert "has the declared schema" in done.out


def test_validate_live_finds_a_planted_column(cli: Cli, ready_store: Path) -> None:
    """A store that differs is told with exit 78."""
    url = WarehouseUrl("embedded", path=ready_store)
    with open_for_writing(url) as warehouse:
        warehouse.execute("ALTER TABLE zakaz.meta_manifest ADD COLUMN planted String")
    publish(url)

    done = cli("validate", "--live")

    assert done.code == 78
    assert "planted" in done.err


@pytest.mark.usefixtures("shop")
def test_doctor_of_a_new_installation_says_what_to_do(cli: Cli) -> None:
    """No token is something to fix; nothing loaded is told with its command."""
    done = cli("doctor")

    assert done.code == 78
    assert "SHOP_TOKEN is not set" in done.out
    assert "→ Run: zakaz sync" in done.out
    assert "1 to fix" in done.out


@pytest.mark.usefixtures("shop")
def test_doctor_asks_the_source_once(cli: Cli) -> None:
    """An accepted token is told per endpoint."""
    done = cli("doctor", **TOKEN)

    assert done.code == 0
    assert "GET /orders: 200, 3 orders" in done.out
    assert "Fit for work" in done.out


@pytest.mark.usefixtures("shop")
def test_doctor_finds_a_refused_token(cli: Cli) -> None:
    """E8: endpoint and status are told, and the exit code is 78."""
    done = cli("doctor", SHOP_TOKEN="wrong")

    assert done.code == 78
    assert "answered 403" in done.out


@pytest.mark.usefixtures("shop")
def test_doctor_asks_nothing_in_a_dry_run(cli: Cli) -> None:
    """DRY_RUN=true sends no request."""
    done = cli("doctor", SHOP_TOKEN="wrong", DRY_RUN="true")

    assert done.code == 0
    assert "DRY_RUN is true" in done.out


@pytest.fixture(scope="module")
def first_load(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the store of the first load is kept; each test works on a copy of it."""
    return tmp_path_factory.mktemp("loaded") / "store"


@pytest.fixture
def loaded(cli: Cli, shop: Any, bootstrapped: Path, first_load: Path, tmp_path: Path) -> Path:
    """Return a store into which the shop was loaded."""
    if first_load.exists():
        return copied(first_load, tmp_path / "store")
    store = copied(bootstrapped, tmp_path / "store")
    assert cli("sync", **TOKEN).code == 0
    copied(store, first_load)
    return store


def test_doctor_looks_at_a_loaded_store(cli: Cli, loaded: Path) -> None:
    """Engine, clock and schema are examined; a drift is found with its fix."""
    done = cli("doctor", **TOKEN)
    assert done.code == 0
    for topic in ("python", "rooms", "env file", "disk", "lock", "engine", "clock", "schema"):
        assert f"ok    {topic}" in done.out

    url = WarehouseUrl("embedded", path=loaded)
    with open_for_writing(url) as warehouse:
        warehouse.execute("ALTER TABLE zakaz.meta_manifest ADD COLUMN planted String")
    publish(url)
    drifted = cli("doctor", **TOKEN)

    assert drifted.code == 78
    assert "FAIL  schema" in drifted.out
    assert "→ Run: zakaz bootstrap" in drifted.out


def test_doctor_names_who_writes(cli: Cli, loaded: Path, holder: Callable[[Path], int]) -> None:
    """A running load is no fault."""
    pid = holder(loaded / "lock")

    done = cli("doctor", **TOKEN)

    assert done.code == 0
    assert f"process {pid}" in done.out


@pytest.mark.usefixtures("shop")
def test_doctor_sees_an_env_file_that_others_can_read(cli: Cli, tmp_path: Path) -> None:
    """B13: a token file belongs to its owner alone."""
    (tmp_path / ".env").write_text("SHOP_TOKEN=token-of-the-shop\n", encoding="utf-8")
    (tmp_path / ".env").chmod(0o644)

    done = cli("doctor")

    assert "can be read by other users" in done.out
    assert "chmod 600" in done.out
    assert "2 warnings" in done.out


@pytest.mark.usefixtures("shop")
def test_doctor_goes_on_after_a_wrong_address(cli: Cli) -> None:
    """One fault does not hide the others."""
    told = json.loads(cli("doctor", "--json", ZAKAZ_WAREHOUSE_URL="chdb://x/y").out)

    failed = [finding["topic"] for finding in told["findings"] if finding["level"] == "fail"]
    assert failed == ["sources", "warehouse"]
    assert told["exit_code"] == 78

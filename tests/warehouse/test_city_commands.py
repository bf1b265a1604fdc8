"""A new spelling of a city, from the command that adds it to the spend that moves there.

All tests share one published store and leave it as they found it, but for its journal.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from staged import Staged, msk
from zakaz import facts
from zakaz.cli.app import run
from zakaz.cli.edge import Terminated
from zakaz.schema import checks
from zakaz.snapshot import snapshot
from zakaz.warehouse.connect import open_for_reading, publish
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.url import WarehouseUrl

NOW = msk("2026-03-15 10:00")
GOOSE = "гусь-хрустальный"
Zakaz = Callable[..., str]


@pytest.fixture(scope="module")
def loaded(bootstrapped_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> WarehouseUrl:
    """Return a published store with ads of three months, two of whose words are not known."""
    root = tmp_path_factory.mktemp("loaded") / "store"
    root.mkdir()
    snapshot(bootstrapped_folder, root / "live")
    with EmbeddedWarehouse(root / "live") as warehouse:
        staged = Staged(warehouse)
        with staged.together():
            staged.event(city_name="Гусь-Хрустальный")
            staged.show()
            for day in ("2026-01-20", "2026-02-10", "2026-03-10"):
                staged.ads(day, banner_id="1", utm_content=f"{GOOSE}_01_03", spend="500.10")
                staged.ads(day, banner_id="2", utm_content="скидка_01_02", spend="70.07")
                staged.ads(day, banner_id="3", utm_content="томск_01_03", spend="1.01")
        facts.rebuild_all(warehouse, at=NOW)
    url = WarehouseUrl("embedded", path=root)
    publish(url)
    return url


@pytest.fixture
def zakaz(
    loaded: WarehouseUrl, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Zakaz:
    """Return a function that runs a command on the loaded store and gives what it said."""
    monkeypatch.setenv("ZAKAZ_WAREHOUSE_URL", f"chdb://{loaded.path}")
    monkeypatch.delenv("DRY_RUN", raising=False)

    def call(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run(arguments) == code
        out, err = capsys.readouterr()
        return err if code else out

    return call


def journalled(zakaz: Zakaz) -> set[tuple[str, str, str]]:
    """Return id, job and outcome of the runs; those of one second have no order."""
    told = json.loads(zakaz("runs", "--json"))
    return {(run["run_id"], run["job"], run["status"]) for run in told}


def spent(url: WarehouseUrl, *, is_rebuilt: bool = False) -> dict[tuple[int, str, str], Decimal]:
    """Return spend by month, city and event; after a rebuild no check may fail."""
    with open_for_reading(url) as warehouse:
        if is_rebuilt:
            assert checks.run(warehouse) == []
        rows = warehouse.query(
            "SELECT toMonth(d) AS month, city, event_id, sum(spend) FROM bi.v_vk_ads_daily"
            " GROUP BY month, city, event_id"
        ).rows
    return {(month, city, event): spend for month, city, event, spend in rows}


def test_a_new_spelling_moves_spend_from_unknown_to_its_city(
    zakaz: Zakaz, loaded: WarehouseUrl
) -> None:
    """The word is listed, added and rebuilt for chosen days, then for all; no kopeck is lost."""
    before = spent(loaded)
    assert before[1, "unknown", "unknown"] == Decimal("570.17")
    listed = zakaz("cities", "unknown")
    assert [line.split()[:3] for line in listed.splitlines() if "RUB" in line] == [
        [GOOSE, "RUB", "1500.30"],
        ["скидка", "RUB", "210.21"],
    ]

    assert "zakaz rebuild" in zakaz("cities", "add", "Гусь Хрустальный", GOOSE)
    assert spent(loaded) == before, "a dictionary alone changes no past"
    zakaz("rebuild", "--from", "2026-02-20", "--to", "2026-03-01")
    half = spent(loaded, is_rebuilt=True)
    assert half[2, GOOSE, "e1"] == half[3, GOOSE, "e1"] == Decimal("500.10")
    assert half[1, "unknown", "unknown"] == Decimal("570.17")
    zakaz("rebuild")
    after = spent(loaded, is_rebuilt=True)
    assert after[1, GOOSE, "e1"] == Decimal("500.10")
    assert sum(after.values()) == sum(half.values()) == sum(before.values())
    assert GOOSE not in zakaz("cities", "unknown")

    zakaz("cities", "remove", "гусь хрустальный")
    zakaz("cities", "remove", GOOSE)
    zakaz("rebuild")
    assert spent(loaded) == before


def test_a_rebuild_is_journalled_and_is_no_source(zakaz: Zakaz) -> None:
    """A row under the job facts with its months, told by runs; status lists no source by that."""
    told = json.loads(zakaz("rebuild", "--json"))["sources"][0]
    assert (told["job"], told["status"], told["received"]) == ("facts", "ok", 3)
    assert told["months"] == [202601, 202602, 202603]
    assert told["notes"] == ["3 months rebuilt: 2026-01 to 2026-03"]
    assert "rebuild" in zakaz("runs")
    assert "BROKEN" not in zakaz("verify")
    state = json.loads(zakaz("status", "--json"))
    assert "facts" not in [source["source"] for source in state["sources"]]
    assert state["pending_months"] == []
    known = journalled(zakaz)
    zakaz("rebuild", "--from", "2020-01-01", "--to", "2020-02-01")
    (newest,) = journalled(zakaz) - known
    assert newest[1:] == ("facts", "empty")


def test_a_rebuild_that_is_stopped_is_finished_by_the_next(
    zakaz: Zakaz, loaded: WarehouseUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGTERM between two facts: journalled as failed, the months wait, no spend is lost."""
    before = spent(loaded)
    known = journalled(zakaz)

    def stopped(*_: Any) -> None:
        raise Terminated

    with monkeypatch.context() as broken:
        broken.setattr("zakaz.dirty_months.clear", stopped)
        assert "Stopped by SIGTERM" in zakaz("rebuild", code=75)
    (newest,) = journalled(zakaz) - known
    assert newest[1:] == ("facts", "failed")
    zakaz("rebuild", "--from", "2026-03-01")
    assert json.loads(zakaz("status", "--json"))["pending_months"] == []
    assert spent(loaded, is_rebuilt=True) == before


def test_nothing_is_written_in_a_dry_run(
    zakaz: Zakaz, loaded: WarehouseUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DRY_RUN=true rebuilds nothing, and a spelling is refused aloud."""
    before = sorted(path.name for path in (loaded.path / "published").iterdir())
    monkeypatch.setenv("DRY_RUN", "true")
    assert "no fact was rebuilt" in zakaz("rebuild")
    assert "DRY_RUN" in zakaz("cities", "add", "нино", "Нижний Новгород", code=78)
    assert sorted(path.name for path in (loaded.path / "published").iterdir()) == before


def test_without_a_store_there_is_nothing_to_rebuild(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 78, told what to do, and no folder is made."""
    monkeypatch.setenv("ZAKAZ_WAREHOUSE_URL", f"chdb://{tmp_path}/none")
    monkeypatch.delenv("DRY_RUN", raising=False)
    for command in (["rebuild"], ["cities", "add", "нино", "Казань"]):
        assert run(command) == 78
        assert "zakaz sync" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()

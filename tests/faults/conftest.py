"""The stage of every fault: a source that can be broken, a loaded store, a clock that jumps."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1]))
sys.path.append(str(Path(__file__).parents[1] / "stack"))

from kept import Kept
from stage import impatient, on_stage
from trial import Ear, Patience, Trial
from warehouse.qtickets.conftest import ground
from zakaz.log import CHATTERING
from zakaz_emulators.qtickets import Organisation, small_organisation

__all__ = ["ground"]


class Outcomes:
    """Sees every test of the session: a conftest is told of those in its own folder only."""

    def __init__(self) -> None:
        self.ended: dict[str, str] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Judge the catalogue last, when all its cases have ended."""
        items.sort(key=lambda item: item.path.name == "test_catalogue.py")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep how each test ended: failed at any stage, skipped, or passed."""
        if report.when == "call" or report.outcome != "passed":
            self.ended[report.nodeid] = report.outcome


OUTCOMES = Outcomes()


def pytest_configure(config: pytest.Config) -> None:
    """Begin to listen."""
    config.pluginmanager.register(OUTCOMES)


@pytest.fixture
def ended() -> dict[str, str]:
    """Give how the tests of this session ended so far."""
    return OUTCOMES.ended


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Patience:
    """Let every wait of the client pass at once, and be remembered."""
    patience = Patience()
    impatient(monkeypatch, patience)
    return patience


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Give every line that is logged at DEBUG, as it would be printed."""
    ear, root = Ear(), logging.getLogger()
    caplog.set_level(logging.DEBUG)
    for name in CHATTERING:
        caplog.set_level(logging.WARNING, logger=name)
    root.addHandler(ear)
    yield ear.heard
    root.removeHandler(ear)


@pytest.fixture
def organisation() -> Organisation:
    """Give the organiser of a case: 123 orders over two weeks, nothing invented by chance."""
    return small_organisation()


@pytest.fixture
def fresh(
    organisation: Organisation, kept: Kept, patience: Patience, said: list[str]
) -> Iterator[Trial]:
    """Give the organiser behind a running emulator, and a store with the schema and no rows."""
    with on_stage(organisation, kept, patience, said) as trial:
        yield trial


@pytest.fixture(scope="session")
def loaded(bootstrapped_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """Give a closed store with the small organisation in it, to copy from, and its cursor."""
    store = Kept(bootstrapped_folder, tmp_path_factory.mktemp("loaded"))
    with on_stage(small_organisation(), store, Patience(), []) as trial:
        trial.load()
        known = trial.place()
    store.close()
    return store.root / "live", known


@pytest.fixture(scope="module")
def kept(
    bootstrapped_folder: Path, loaded: tuple[Path, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    """Give the store that a module's tests share; ``loaded`` has closed its own before."""
    store = Kept(bootstrapped_folder, tmp_path_factory.mktemp("kept"))
    yield store
    store.close()


@pytest.fixture
def trial(fresh: Trial, loaded: tuple[Path, Any]) -> Trial:
    """Give the same with everything loaded and an hour lived since: there is something to load."""
    live, fresh.known = loaded
    fresh.store.renew(live)
    fresh.environ["ZAKAZ_WAREHOUSE_URL"] = f"chdb://{fresh.root}"
    fresh.now += timedelta(minutes=5)
    fresh.live_an_hour()
    return fresh

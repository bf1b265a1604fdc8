"""Cassettes: recorded answers, scrubbed on save, played back without any network.

``python -m pytest tests/replay --record`` records them again: from the emulators over real HTTP,
or from the live service when its token is in the environment.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from qtickets_api import client
from zakaz.http import HttpSource
from zakaz_emulators.qtickets import QticketsEmulator

sys.path.append(str(Path(__file__).resolve().parent))

import vk_tape
from cassette_recorder import recorder
from cassette_scrub import TOKEN
from cassette_services import QTICKETS
from recorded import recorded_organisation


@dataclass(slots=True)
class Tape:
    """What a scenario talks to: the environment of its loader."""

    environ: dict[str, str]


Play = Callable[..., contextlib.AbstractContextManager[Tape]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option of this folder."""
    parser.addoption("--record", action="store_true", help="record the cassettes again")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run nothing but the scenarios while recording."""
    if config.getoption("--record", default=False):
        scenarios = {"play", "vk_play"}
        items[:] = [item for item in items if scenarios & {*getattr(item, "fixturenames", ())}]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a proxy of this machine out of the recordings."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let retries follow each other at once."""
    impatient = functools.partial(HttpSource, sleep=lambda seconds: None)
    monkeypatch.setattr(client, "HttpSource", impatient)


@pytest.fixture
def play(request: pytest.FixtureRequest) -> Play:
    """Give a way to run a scenario on its cassette; every recorded answer must be played."""
    return _recording if request.config.getoption("--record", default=False) else _replaying


@pytest.fixture
def replay() -> Play:
    """Give a way to play a cassette, never to record it; ``whole=False`` plays a part of it."""
    return _replaying


@pytest.fixture
def vk_play(request: pytest.FixtureRequest, tmp_path: Path) -> Play:
    """Give the same for VK Ads; the scenario's token is kept in a folder of the test."""
    is_recorded = request.config.getoption("--record", default=False)
    return functools.partial(vk_tape.recording if is_recorded else vk_tape.replaying, tmp_path)


@pytest.fixture
def vk_replay(tmp_path: Path) -> Play:
    """Give a way to play a cassette of VK Ads, never to record it."""
    return functools.partial(vk_tape.replaying, tmp_path)


@contextlib.contextmanager
def _replaying(
    name: str, *, token: str = TOKEN, below: str = "", whole: bool = True
) -> Iterator[Tape]:
    path = QTICKETS.folder / f"{name}.yaml"
    with recorder(QTICKETS, "none").use_cassette(str(path)) as cassette:
        yield Tape(_environ(QTICKETS.live + below, token))
    if whole:
        assert cassette.all_played, f"{path.name} holds answers that nothing plays"


@contextlib.contextmanager
def _recording(name: str, *, token: str = "", below: str = "") -> Iterator[Tape]:
    path = QTICKETS.folder / f"{name}.yaml"
    path.unlink(missing_ok=True)
    live = os.environ.get("QTICKETS_TOKEN", "")
    with contextlib.ExitStack() as stack:
        if live:
            base_url = os.environ.get("QTICKETS_BASE_URL", QTICKETS.live)
            tape = Tape(_environ(base_url + below, token or live))
        else:
            emulator = stack.enter_context(QticketsEmulator(recorded_organisation()))
            tape = Tape(_environ(emulator.base_url + below, token or emulator.token))
        recording = recorder(QTICKETS, "all", "live" if live else "emulator")
        stack.enter_context(recording.use_cassette(str(path)))
        yield tape


def _environ(base_url: str, token: str) -> dict[str, str]:
    return {
        "QTICKETS_BASE_URL": base_url,
        "QTICKETS_TOKEN": token,
        "QTICKETS_PAGE_SIZE": "10",
        "QTICKETS_REQUESTS_PER_SECOND": "100",
    }


@pytest.fixture
def recorded_emulator() -> Iterator[QticketsEmulator]:
    """Give a running emulator with the organiser of the cassettes."""
    with QticketsEmulator(recorded_organisation()) as emulator:
        yield emulator

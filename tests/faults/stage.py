"""Sets a trial up and takes it down: an emulator, a store, and what must hold at the end."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from kept import Kept
from qtickets_api import client
from trial import TOKEN, Patience, Trial
from zakaz.http import HttpSource
from zakaz_emulators.qtickets import Organisation, QticketsEmulator


def impatient(patch: pytest.MonkeyPatch, patience: Patience) -> None:
    """Let every wait of the client pass at once, and be remembered."""
    hasty = functools.partial(HttpSource, clock=patience.clock, sleep=patience.sleep)
    patch.setattr(client, "HttpSource", hasty)


@contextmanager
def on_stage(
    organisation: Organisation, store: Kept, patience: Patience, said: list[str]
) -> Iterator[Trial]:
    """Put an organisation behind an emulator and an emptied store beside it."""
    store.empty()
    with QticketsEmulator(organisation, token=TOKEN) as emulator:
        trial = Trial(emulator, store, patience, said)
        yield trial
        assert emulator.writes == [], "a loader must never send anything but GET"
        assert trial.leaks() == [], "a secret or a buyer was told"

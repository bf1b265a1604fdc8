"""The room is tested alone: no network, and no configuration but what a test passes in."""

from __future__ import annotations

import os
import socket
from typing import NoReturn

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write the criteria a test proves into the junit record, as the root conftest does."""
    for item in items:
        item.user_properties += [
            ("criterion", mark.args[0]) for mark in item.iter_markers("criterion")
        ]


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no variable of the machine, so that a test which needs one cannot pass by luck."""
    for name in list(os.environ):
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection, so that a test which needs the network cannot pass by luck."""

    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a test of this room reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)

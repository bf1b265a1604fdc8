"""A test whose component is missing is skipped as NOT RUN, or fails where it is required."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent.parent / ".ci"))

from components import NEEDED, is_required, lacking


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a mark that names a component nobody knows: its test would always run."""
    for item in items:
        for mark in item.iter_markers("needs"):
            if mark.kwargs or not mark.args or set(mark.args) - set(NEEDED):
                raise pytest.UsageError(
                    f"{item.nodeid}: needs{mark.args} names no component; known are {set(NEEDED)}"
                )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Decide before any fixture is made."""
    for mark in item.iter_markers("needs"):
        for component in mark.args:
            why = lacking(component)
            if why and is_required(component):
                pytest.fail(f"ZAKAZ_REQUIRE names {component}, but it is missing: {why}", False)
            elif why:
                pytest.skip(f"NOT RUN (needs {NEEDED[component]}: {why})")

"""Missing components are told as NOT RUN, and each test's criteria reach the audit's records."""

from __future__ import annotations

import signal

import pytest
from components import NEEDED, is_required, lacking


def pytest_configure() -> None:
    """Let Ctrl-C reach the commands under test also where the run itself was started with ``&``.

    A shell makes its background jobs deaf to SIGINT, and every child inherits that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write the criteria into the junit record, and refuse a mark that names no component."""
    for item in items:
        item.user_properties += [
            ("criterion", mark.args[0]) for mark in item.iter_markers("criterion")
        ]
        for mark in item.iter_markers("needs"):
            if mark.kwargs or not mark.args or set(mark.args) - set(NEEDED):
                raise pytest.UsageError(
                    f"{item.nodeid}: needs{mark.args} names no component; known are {set(NEEDED)}"
                )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail before any fixture is made."""
    for mark in item.iter_markers("needs"):
        for component in mark.args:
            why = lacking(component)
            if why and is_required(component):
                pytest.fail(f"ZAKAZ_REQUIRE names {component}, but it is missing: {why}", False)
            elif why:
                pytest.skip(f"NOT RUN (needs {NEEDED[component]}: {why})")

"""Missing components are told as NOT RUN, and each test's criteria reach the audit's records."""

from __future__ import annotations

import signal

import pytest
from components import NEEDED, is_required, lacking
from instant import begin_at


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the clock of the run."""
    told = "run as if it were this instant, e.g. 2028-02-29T23:59:30+03:00 (needs libfaketime)"
    parser.addoption("--at", metavar="INSTANT", help=told)


def pytest_configure(config: pytest.Config) -> None:
    """Run at the instant that was asked for, and let Ctrl-C reach the commands under test.

    A shell makes the background jobs it starts with ``&`` deaf to SIGINT, and every child
    inherits that.
    """
    if config.getoption("--at"):
        begin_at(config.getoption("--at"), config.invocation_params.args)
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

"""Logging: scrubbed to the last line of a traceback."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from zakaz import log
from zakaz.errors import SettingsError
from zakaz.scrub import hide


@pytest.fixture(autouse=True)
def _root() -> Iterator[None]:
    """Put the root logger back as it was."""
    root = logging.getLogger()
    handlers, level, raising = list(root.handlers), root.level, logging.raiseExceptions
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = raising


def test_e19_neither_message_arguments_nor_traceback_show_a_secret() -> None:
    """A token and an address are masked wherever in a record they stand."""
    hide("canary-of-log")
    stream = io.StringIO()
    log.configure("debug", stream)
    try:
        raise ValueError("canary-of-log for anna@example.test")
    except ValueError:
        logging.getLogger("zakaz.test").exception("sent %s", "Bearer canary-of-log")

    assert "Traceback" in stream.getvalue()
    assert "canary" not in stream.getvalue()
    assert "anna@" not in stream.getvalue()


def test_c07_at_debug_the_libraries_that_print_requests_stay_quiet() -> None:
    """urllib3 would print the whole query of every request."""
    stream = io.StringIO()
    log.configure("DEBUG", stream)

    logging.getLogger("urllib3.connectionpool").debug("GET /x?access_token=canary")
    logging.getLogger("clickhouse_driver.connection").debug("Query: canary")

    assert stream.getvalue() == ""


def test_libraries_that_log_through_the_root_logger_are_dropped() -> None:
    """The migrations library would print four lines per migration."""
    stream = io.StringIO()
    log.configure("info", stream)

    logging.getLogger().info("Migration applied")
    logging.getLogger("zakaz.test").info("ours")

    assert [line.split(": ")[1] for line in stream.getvalue().splitlines()] == ["ours"]


def test_a_line_names_time_level_and_place() -> None:
    """A log can be read by people and cut by tools."""
    stream = io.StringIO()
    log.configure("", stream)

    logging.getLogger("zakaz.test").warning("careful")

    assert stream.getvalue().endswith(" WARNING zakaz.test: careful\n")


def test_an_unknown_level_is_a_setting_to_fix() -> None:
    """The variable is named."""
    with pytest.raises(SettingsError, match="ZAKAZ_LOG_LEVEL is 'loud'"):
        log.configure("loud")


def test_x06_a_closed_log_stops_nothing() -> None:
    """A record that cannot be written is lost, not raised."""
    stream = io.StringIO()
    log.configure("info", stream)
    stream.close()

    logging.getLogger("zakaz.test").error("nobody reads this")

"""Logging: standard library records, shown by rich on a terminal, scrubbed everywhere."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from zakaz.errors import SettingsError
from zakaz.scrub import scrub

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

# At DEBUG these print whole request lines with their query, or every byte of a query; sqlglot
# notes at INFO how it reads an array.
CHATTERING = (
    "urllib3", "requests_ratelimiter", "pyrate_limiter", "clickhouse_driver", "asyncio", "sqlglot",
)  # fmt: skip


class ScrubbingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and removes secrets and personal data."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the scrubbed text of a record."""
        return scrub(super().format(record))


class _Ours(logging.Filter):
    """Drops the chatter of libraries that log through the root logger, as migrations do."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.name != "root" or record.levelno >= logging.WARNING


def level_of(text: str) -> int:
    """Read a level name such as ``info``; another word is a SettingsError."""
    name = text.strip().upper() or "INFO"
    if name not in LEVELS:
        raise SettingsError(f"ZAKAZ_LOG_LEVEL is {text!r}; use debug, info, warning or error.")
    return logging.getLevelNamesMapping()[name]


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send all records to stderr: rich on a terminal, one plain line each otherwise."""
    stream = sys.stderr if stream is None else stream
    number = level_of(level)
    handler: logging.Handler
    if stream.isatty():
        from rich.console import Console
        from rich.logging import RichHandler

        handler = RichHandler(
            console=Console(file=stream), show_path=False, log_time_format="%H:%M:%S", markup=False
        )
        handler.setFormatter(ScrubbingFormatter("%(message)s"))
    else:
        handler = logging.StreamHandler(stream)
        line = "%(asctime)s %(levelname)s %(name)s: %(message)s"
        handler.setFormatter(ScrubbingFormatter(line, datefmt="%Y-%m-%d %H:%M:%S"))
    handler.addFilter(_Ours())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(number)
    logging.raiseExceptions = False  # a full disk under the log must not stop a load
    for name in CHATTERING:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    logging.getLogger("stamina").setLevel(logging.ERROR)  # zakaz.http words retries itself

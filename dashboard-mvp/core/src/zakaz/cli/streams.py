"""The three standard streams of a command: open, UTF-8, and written out at the end."""

from __future__ import annotations

import codecs
import io
import locale
import logging
import os
import sys
from contextlib import suppress
from typing import TextIO

log = logging.getLogger(__name__)


def require_utf8() -> None:
    """Start this process again in Python's UTF-8 mode where the locale is another one.

    Paths, variables and arguments are then read as UTF-8, as the engine reads them. Before this
    only the interpreter has run, so nothing is done twice.
    """
    if _is_utf8(sys.getfilesystemencoding()) or not sys.executable:
        return
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


def speak_utf8() -> None:
    """Make files and pipes UTF-8; a terminal keeps its own encoding, and no letter stops it."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        with suppress(io.UnsupportedOperation, ValueError):  # read from already, or closed
            encoding = locale.getencoding() if stream.isatty() else "utf-8"
            errors = "surrogateescape" if stream is sys.stdin else "replace"
            stream.reconfigure(encoding=encoding, errors=errors)


def open_missing_streams() -> None:
    """Stand in for streams that were closed before we began (X06).

    Otherwise the next file that is opened becomes the standard output: a part of the store, say.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def flush_streams() -> None:
    """Write out what was said; a full disk or a reader who left does not change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError) as error:
            if stream is sys.stdout and not isinstance(error, BrokenPipeError):
                log.warning("the output could not be written: %s", error)
            _drop(stream)


def _drop(stream: TextIO) -> None:
    """Send what is left in a stream nowhere, so that Python does not fail on it at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        stream.flush()


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name == "utf-8"

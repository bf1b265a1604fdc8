"""The edge of a command: what escapes it becomes a sentence and an exit code."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from zakaz.errors import EXIT_BUG, EXIT_OK, EXIT_TRANSIENT, ZakazError
from zakaz.scrub import scrub

log = logging.getLogger(__name__)

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


class Terminated(BaseException):
    """SIGTERM came: unwind like Ctrl-C, so that the journal is still written."""


def exit_code_of(call: Callable[[], object]) -> int:
    """Run a command body; errors users can act on lose their traceback, bugs keep it."""
    _open_missing_streams()
    try:
        return _code_of(call)
    finally:
        _flush_streams()


def _code_of(call: Callable[[], object]) -> int:
    import typer

    try:
        result = call()
    except typer.Exit as end:
        return int(end.exit_code)
    except typer.Abort:
        return EXIT_INTERRUPTED
    except typer.TyperException as error:
        return _usage(error)
    except ZakazError as error:
        say_error(error)
        return error.exit_code
    except Terminated:
        print("Stopped by SIGTERM; run again, it goes on where this run stopped.", file=sys.stderr)
        return EXIT_TRANSIENT
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of our output left, as `head` does
        return EXIT_OK
    except Exception:
        log.exception("This is a bug in zakaz; please report it with these lines")
        return EXIT_BUG
    return result if isinstance(result, int) and not isinstance(result, bool) else EXIT_OK


def _open_missing_streams() -> None:
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


def _flush_streams() -> None:
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


def say_error(error: ZakazError) -> None:
    """Print what went wrong and what to do, scrubbed, to stderr."""
    print(f"Error: {scrub(str(error))}", file=sys.stderr)


def _usage(error: Exception) -> int:
    show = getattr(error, "show", None)
    if show is not None:
        show()
    else:
        print(f"Error: {scrub(str(error))}", file=sys.stderr)
    if "--env-file" in str(getattr(error, "option_name", "")):
        print("Write it before the command: zakaz --env-file FILE sync", file=sys.stderr)
    return int(getattr(error, "exit_code", EXIT_USAGE))

"""The edge of a command: what escapes it becomes a sentence and an exit code."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable

from zakaz.cli.streams import flush_streams, open_missing_streams, speak_utf8
from zakaz.errors import EXIT_BUG, EXIT_OK, EXIT_TRANSIENT, ZakazError
from zakaz.file_faults import explained, written_folders
from zakaz.scrub import scrub

log = logging.getLogger(__name__)

_BUG = "This is a bug in zakaz; please report it with these lines"
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


class Terminated(BaseException):
    """SIGTERM came: unwind like Ctrl-C, so that the journal is still written."""


def exit_code_of(call: Callable[[], object]) -> int:
    """Run a command body; errors users can act on lose their traceback, bugs keep it.

    What it writes is its user's alone, whatever the umask of the caller.
    """
    open_missing_streams()
    speak_utf8()
    umask = os.umask(0o077)
    try:
        return _code_of(call)
    finally:
        os.umask(umask)
        flush_streams()


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
    except OSError as error:
        told = explained(error, *written_folders(os.environ))
        if told is not None:
            say_error(told)
            return told.exit_code
        log.exception(_BUG)
        return EXIT_BUG
    except Exception:
        log.exception(_BUG)
        return EXIT_BUG
    return result if isinstance(result, int) and not isinstance(result, bool) else EXIT_OK


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

"""What commands print: tables for people, one JSON object or CSV for machines."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

log = logging.getLogger(__name__)

NOTHING = "–"
_PIPE_WIDTH = 400


def say(text: str = "") -> None:
    """Print one line to stdout."""
    print(text)


def emit_json(value: Any) -> None:
    """Print one machine-readable value; money and instants are texts, so nothing is rounded."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def plain(value: Any) -> Any:
    """Give a database value as JSON can hold it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, (date, Decimal)):
        return str(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)


def csv_cell(value: Any) -> Any:
    """Give a database value as a CSV cell; nothing stands for NULL."""
    if value is None or isinstance(value, (int, float, str)):
        return value
    return plain(value)


def shown(value: Any) -> str:
    """Give a value as a person reads it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, (list, tuple, set)):
        return ", ".join(map(str, value)) or NOTHING
    return str(value)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> None:
    """Print rows under their headings, numbers to the right."""
    from rich import box
    from rich.table import Table

    found = [list(row) for row in rows]
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for index, name in enumerate(columns):
        values = [row[index] for row in found if row[index] is not None]
        numeric = bool(values) and all(
            isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
            for value in values
        )
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in found:
        table.add_row(*(_unmarked(shown(value)) for value in row))
    console().print(table)


def print_new_fields(streams: Iterable[Mapping[str, Any]]) -> None:
    """Print which fields of which stream nobody here knows yet, what that means, what to do."""
    say("\nNew fields, not stored")
    for stream in streams:
        say(f"  {stream['stream']}: {shown(stream['new_fields'])}")
    say("The source sends them and this version does not know them. Everything else was taken as"
        " before;\nif you need them, see whether a newer version stores them.")  # fmt: skip


def print_pairs(pairs: Iterable[tuple[str, Any]]) -> None:
    """Print name and value, one pair a line, values aligned."""
    found = list(pairs)
    width = max((len(name) for name, _ in found), default=0)
    for name, value in found:
        print(f"{name.ljust(width)}  {shown(value)}".rstrip())


def console() -> Console:
    """Give a console on stdout; into a pipe it is wide, so that no cell is broken."""
    from rich.console import Console

    class Ours(Console):
        def on_broken_pipe(self) -> None:
            raise  # the edge of the command decides; rich would exit with 1  # noqa: PLE0704

    if sys.stdout.isatty():
        return Ours()
    return Ours(width=_PIPE_WIDTH, color_system=None)


@contextmanager
def heard_or_not() -> Iterator[None]:
    """Print a summary of work that is done: it stands, even when nobody can take the text."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            log.warning("the output could not be written: %s", error)


def _unmarked(text: str) -> Any:
    from rich.text import Text

    return Text(text)

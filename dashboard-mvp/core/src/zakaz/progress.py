"""Progress of long work: bars with ETA on a terminal, plain lines elsewhere, silence in tests."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_SECONDS_BETWEEN_LINES = 5.0


class Task(Protocol):
    """One piece of long work; also a context manager that ends the task."""

    def advance(self, n: int = 1) -> None:
        """Count ``n`` more items as done."""

    def expect(self, total: int | None) -> None:
        """Correct the number of items expected, as it becomes known or moves."""

    def done(self) -> None:
        """End the task; a second call does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Progress(Protocol):
    """Where long work reports to."""

    def task(self, label: str, total: int | None = None) -> Task:
        """Start a task; ``total`` is the number of items expected, if known."""

    def note(self, text: str) -> None:
        """Tell the user one thing, above the bars."""


class _EndsOnExit:
    def done(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.done()


class _SilentTask(_EndsOnExit):
    def advance(self, n: int = 1) -> None: ...

    def expect(self, total: int | None) -> None: ...


class _Silent:
    def task(self, label: str, total: int | None = None) -> Task:
        return _SilentTask()

    def note(self, text: str) -> None: ...


class _LineTask(_EndsOnExit):
    """Says where it is every few seconds, and once at the end."""

    def __init__(
        self, say: Callable[[str], None], clock: Callable[[], float], label: str, total: int | None
    ) -> None:
        self._say = say
        self._clock = clock
        self._label = label
        self._total = total
        self._count = 0
        self._started = self._said = clock()
        self._ended = False

    def advance(self, n: int = 1) -> None:
        self._count += n
        if self._clock() - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = self._clock()
            self._say(f"{self._label}: {self._figures()}")

    def expect(self, total: int | None) -> None:
        self._total = total

    def done(self) -> None:
        if self._ended:
            return
        self._ended = True
        self._say(f"{self._label}: {self._count} in {self._clock() - self._started:.1f} s")

    def _figures(self) -> str:
        if not self._total or not self._count:
            return str(self._count)
        left = max(self._total - self._count, 0)
        seconds = left * (self._clock() - self._started) / self._count
        return f"{self._count} of {self._total}, about {seconds:.0f} s left"


class _Lines:
    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._clock = clock

    def task(self, label: str, total: int | None = None) -> Task:
        return _LineTask(self.note, self._clock, label, total)

    def note(self, text: str) -> None:
        try:
            print(text, file=self._stream, flush=True)
        except (OSError, ValueError):  # a closed or full output must not stop a load
            return


class _BarTask(_EndsOnExit):
    def __init__(self, bars: RichProgress, task: TaskID) -> None:
        self._bars = bars
        self._task = task

    def advance(self, n: int = 1) -> None:
        self._bars.advance(self._task, n)

    def expect(self, total: int | None) -> None:
        self._bars.update(self._task, total=total)

    def done(self) -> None:
        task = next((t for t in self._bars.tasks if t.id == self._task), None)
        if task is not None:
            self._bars.update(self._task, total=task.completed or 1, completed=task.completed or 1)
            self._bars.stop_task(self._task)


class _Bars:
    def __init__(self, bars: RichProgress) -> None:
        self._bars = bars

    def task(self, label: str, total: int | None = None) -> Task:
        return _BarTask(self._bars, self._bars.add_task(label, total=total))

    def note(self, text: str) -> None:
        self._bars.console.print(text, markup=False, highlight=False)


def silent() -> Progress:
    """Give a progress that says nothing."""
    return _Silent()


def lines(stream: TextIO, clock: Callable[[], float] = time.monotonic) -> Progress:
    """Give a progress of plain lines, one every few seconds and one at the end of each task."""
    return _Lines(stream, clock)


@contextmanager
def shown(stream: TextIO | None = None) -> Iterator[Progress]:
    """Show bars with counts and ETA on a terminal, plain lines otherwise (stderr by default)."""
    stream = sys.stderr if stream is None else stream
    if not stream.isatty():
        yield lines(stream)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=stream)) as bars:
        yield _Bars(bars)

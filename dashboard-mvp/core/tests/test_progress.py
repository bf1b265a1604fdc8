"""Progress: lines into a pipe, bars on a terminal, never an error."""

from __future__ import annotations

import io
from typing import Any

from zakaz import progress


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Claim to be one."""
        return True


def test_into_a_pipe_go_plain_lines_with_an_estimate(time: Any) -> None:
    """Every few seconds one line says how much is left; the end says how long it took."""
    stream = io.StringIO()
    with progress.lines(stream, time.clock).task("Orders", 200) as task:
        time.sleep(2)
        task.advance(10)
        time.sleep(8)
        task.advance(90)
        time.sleep(5)
        task.advance(100)

    assert stream.getvalue().splitlines() == [
        "Orders: 100 of 200, about 10 s left",
        "Orders: 200 of 200, about 0 s left",
        "Orders: 200 in 15.0 s",
    ]


def test_a_task_ends_once(time: Any) -> None:
    """done() and the end of the block print one line."""
    stream = io.StringIO()
    with progress.lines(stream, time.clock).task("Facts") as task:
        task.advance()
        task.done()

    assert stream.getvalue() == "Facts: 1 in 0.0 s\n"


def test_a_total_may_become_known_late(time: Any) -> None:
    """Qtickets tells the number of rows with its first page."""
    stream = io.StringIO()
    task = progress.lines(stream, time.clock).task("Orders")
    task.expect(40)
    time.sleep(5)
    task.advance(20)

    assert stream.getvalue() == "Orders: 20 of 40, about 5 s left\n"


def test_x06_a_closed_output_stops_nothing(time: Any) -> None:
    """A load goes on when nobody listens any more."""
    stream = io.StringIO()
    shown = progress.lines(stream, time.clock)
    stream.close()

    shown.note("hello")
    shown.task("Orders").done()


def test_on_a_terminal_there_are_bars() -> None:
    """Label and count are drawn, and a note stands above them."""
    stream = Terminal()
    with progress.shown(stream) as shown, shown.task("Orders", 2) as task:
        shown.note("[not markup]")
        task.advance(2)

    drawn = stream.getvalue()
    assert "Orders" in drawn
    assert "2/2" in drawn
    assert "[not markup]" in drawn


def test_without_a_terminal_there_are_lines() -> None:
    """The same call writes plain lines into a file."""
    stream = io.StringIO()
    with progress.shown(stream) as shown:
        shown.note("hello")
        with shown.task("Orders") as task:
            task.advance()

    assert stream.getvalue().splitlines()[0] == "hello"
    assert "\x1b" not in stream.getvalue()


def test_silence_is_silent(capfd: Any) -> None:
    """Tests and children print nothing."""
    shown = progress.silent()
    shown.note("hello")
    with shown.task("Orders", 5) as task:
        task.advance(5)
        task.expect(6)

    assert capfd.readouterr() == ("", "")

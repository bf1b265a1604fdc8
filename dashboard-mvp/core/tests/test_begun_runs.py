"""Runs that were begun and never ended are told by the next one."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from zakaz.begun_runs import BegunRuns
from zakaz.run_journal import RunStatus

PROGRAM = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from zakaz.begun_runs import BegunRuns
begun = BegunRuns(Path(sys.argv[1]), "store")
begun.note("qtickets", "killed", datetime.fromisoformat("2026-02-01T12:00:00+03:00"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_d7_a_killed_run_is_found_once(tmp_path: Path, at: datetime) -> None:
    """The next run tells of it as failed, with its own start, and then no more."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        env={"PYTHONPATH": ":".join(sys.path)},
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    later = at + timedelta(hours=1)
    (dead,) = BegunRuns(tmp_path, "store").dead(later)

    assert done.returncode == -signal.SIGKILL
    assert (dead.job, dead.run_id, dead.status) == ("qtickets", "killed", RunStatus.FAILED)
    assert (dead.started_at, dead.finished_at) == (at, later)
    assert "without a word" in dead.message
    assert BegunRuns(tmp_path, "store").dead(later) == []


def test_d7_a_living_run_and_one_that_ended_are_not_told(tmp_path: Path, at: datetime) -> None:
    """A note counts only when the process that holds it is gone; its end removes it."""
    own = BegunRuns(tmp_path, "store")
    own.note("qtickets", "alive", at)
    assert BegunRuns(tmp_path, "store").dead(at) == []
    own.forget()
    own.forget()

    assert BegunRuns(tmp_path, "store").dead(at) == []
    assert list((tmp_path / "begun").iterdir()) == []


def test_d7_notes_of_another_store_and_broken_ones_are_left_out(
    tmp_path: Path, at: datetime
) -> None:
    """One folder may serve several servers; half a note after a full disk stops nothing."""
    other = BegunRuns(tmp_path, "other")
    other.note("qtickets", "theirs", at)
    for _, file in other._own:
        file.close()
    (tmp_path / "begun" / "half.json").write_text('{"store": "sto', encoding="utf-8")

    assert BegunRuns(tmp_path, "store").dead(at) == []
    assert [path.name for path in (tmp_path / "begun").iterdir()] == ["qtickets-theirs.json"]
    assert [run.run_id for run in BegunRuns(tmp_path, "other").dead(at)] == ["theirs"]


def test_x06_a_note_that_cannot_be_written_stops_nothing(tmp_path: Path, at: datetime) -> None:
    """A file in place of the folder is logged and no more."""
    (tmp_path / "begun").write_text("a file", encoding="utf-8")

    begun = BegunRuns(tmp_path, "store")
    begun.note("qtickets", "run", at)
    begun.forget()

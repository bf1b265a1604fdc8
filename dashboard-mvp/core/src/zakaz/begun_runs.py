"""Runs that were begun: the next one finds those whose process is gone and tells of them (D7).

A killed process writes no journal. So each run leaves a note beside it, locked for as long as the
process lives: a note whose lock is free is that of a dead run.
"""

from __future__ import annotations

import fcntl
import json
import logging
from datetime import datetime
from pathlib import Path
from typing import TextIO

from zakaz.private_folder import make_private
from zakaz.run_journal import JobRun, RunStatus

log = logging.getLogger(__name__)

TOLD = (
    "the process ended without a word: killed, out of memory, or the power was lost. What it had "
    "stored is kept; the next run goes on from there"
)


class BegunRuns:
    """The notes in a state folder that were meant for one store."""

    def __init__(self, folder: Path, store: str) -> None:
        self._folder = folder / "begun"
        self._store = store
        self._own: list[tuple[Path, TextIO]] = []

    def note(self, job: str, run_id: str, started_at: datetime) -> None:
        """Leave a note of a run of this process; a full disk is logged and stops nothing."""
        path = self._folder / f"{job}-{run_id}.json"
        values = {
            "store": self._store,
            "job": job,
            "run_id": run_id,
            "started_at": started_at.isoformat(),
        }
        try:
            make_private(self._folder)
            file = path.open("w", encoding="utf-8")
            self._own.append((path, file))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.write(json.dumps(values))
            file.flush()
        except OSError as error:
            log.warning("cannot write %s (%s)", path, error.strerror)

    def forget(self) -> None:
        """Remove the notes of this process: how its runs ended is in the journal."""
        for path, file in self._own:
            path.unlink(missing_ok=True)
            file.close()
        self._own = []

    def dead(self, found_at: datetime) -> list[JobRun]:
        """Give the runs whose process is gone, as failed, and remove their notes."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                with path.open(encoding="utf-8") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    values = json.load(file)
                if values["store"] != self._store:
                    continue
                started_at = datetime.fromisoformat(values["started_at"])
                found.append(
                    JobRun(
                        values["job"], values["run_id"], started_at, found_at,
                        RunStatus.FAILED, TOLD,
                    )
                )  # fmt: skip
            except OSError:
                continue  # its run is alive, or another process has just removed it
            except (ValueError, KeyError, TypeError):
                log.warning("%s is no note of a run; it is removed", path)
            path.unlink(missing_ok=True)
        return found

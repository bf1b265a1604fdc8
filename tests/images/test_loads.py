"""Real loads in the image: from the emulator over HTTP into a server over its native protocol."""

from __future__ import annotations

import json
import os
import re
import shlex
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from zakaz import moscow, run_journal
from zakaz.run_journal import JobRun, RunStatus
from zakaz.schema.bootstrap import bootstrap
from zakaz.warehouse.connect import open_for_reading, open_for_writing
from zakaz.warehouse.url import warehouse_url
from zakaz_emulators.qtickets import QticketsEmulator, faults, small_organisation

if TYPE_CHECKING:
    from native_process import NativeServer

    from tests.images.conftest import Image

pytestmark = pytest.mark.needs("docker")

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "dashboard-mvp/test_env/.env.template"
FILLED = """
SELECT DISTINCT table FROM system.parts
WHERE active AND rows > 0 AND database = 'zakaz' AND table != 'schema_migrations'
"""
NOWHERE = "http://127.0.0.1:9/api/rest/v1"
PATIENCE = 180.0  # seconds, on a busy machine


class Place:
    """An organiser behind the emulator, a server with our schema, and the image between them."""

    def __init__(self, image: Image, emulator: QticketsEmulator, url: str) -> None:
        self.image = image
        self.emulator = emulator
        self.name = f"zakaz-loads-{os.getpid()}"
        self.environ = {
            "ZAKAZ_WAREHOUSE_URL": url,
            "QTICKETS_TOKEN": emulator.token,
            "QTICKETS_BASE_URL": emulator.base_url,
            "QTICKETS_PAGE_SIZE": "50",
        }

    def load(self, *options: str, **variables: str) -> Any:
        """Run one load to its end."""
        environ = {**self.environ, **variables}
        return self.image.run(options=options, env=environ, network="host")

    def start(self, *command: str, options: tuple[str, ...] = (), **variables: str) -> None:
        """Start a container in the background."""
        given = {**self.environ, **variables}
        pairs = [part for key, value in given.items() for part in ("-e", f"{key}={value}")]
        self.image.docker.output(
            "run", "--detach", "--name", self.name, "--network", "host", *options, *pairs,
            self.image.name, *command,
        )  # fmt: skip

    def stop(self) -> int:
        """Stop the container as an operator does and give its exit code: 137 if it was killed."""
        self.image.docker.output("stop", "--time", "30", self.name)
        return int(self.state("ExitCode"))

    def state(self, name: str) -> str:
        """Give one field of the container's state."""
        return self.image.docker.output("inspect", "--format", f"{{{{.State.{name}}}}}", self.name)

    def log(self) -> str:
        """Give what the container has said."""
        return self.image.docker.output("logs", self.name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the server."""
        with open_for_reading(warehouse_url(self.environ)) as warehouse:
            return warehouse.query(sql).rows

    def sales(self) -> list[tuple[Any, ...]]:
        """Give the sums of the dashboard's view."""
        return self.rows(
            "SELECT sum(orders), sum(tickets_sold), sum(gross), sum(refunds) FROM bi.v_sales_daily"
        )

    def truth(self) -> list[tuple[Any, ...]]:
        """Give the same sums out of the emulator's ledger."""
        days = self.emulator.ledger.daily()
        names = ("orders", "tickets", "gross", "refunds")
        return [tuple(sum(getattr(day, name) for day in days) for name in names)]

    def digest(self) -> list[tuple[Any, ...]]:
        """Give count and digest of every table, the journal included."""
        tables = self.rows("SELECT name FROM system.tables WHERE database = 'zakaz'")
        asked = " UNION ALL ".join(
            f"SELECT '{table}', count(), sum(cityHash64(*)) FROM zakaz.{table}"
            for (table,) in tables
        )
        return sorted(self.rows(asked))


@pytest.fixture(scope="module")
def schema_url(native_server: NativeServer) -> str:
    """The URL of a server that has our schema."""
    url = native_server.url()
    with open_for_writing(warehouse_url({"ZAKAZ_WAREHOUSE_URL": url})) as warehouse:
        bootstrap(warehouse, access=None)
    return url


@pytest.fixture
def place(image: Image, schema_url: str) -> Iterator[Place]:
    """A place where nothing is loaded yet; its container is gone afterwards."""
    with open_for_writing(warehouse_url({"ZAKAZ_WAREHOUSE_URL": schema_url})) as warehouse:
        for (table,) in warehouse.query(FILLED).rows:
            warehouse.execute(f"TRUNCATE TABLE zakaz.{table}")
    with QticketsEmulator(small_organisation()) as emulator:
        place = Place(image, emulator, schema_url)
        try:
            yield place
        finally:
            image.docker.run("rm", "--force", place.name)
            assert emulator.writes == [], "a loader must never send anything but GET"


def wait(until: Callable[[], bool], what: str) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def test_d01_a_production_load_needs_no_rights_at_all(place: Place, hardened: list[str]) -> None:
    """A hardened container loads everything: the server's sums are those of the ledger."""
    answer = place.load(*hardened)

    assert answer.returncode == 0, answer.stdout
    assert place.sales() == place.truth()
    assert place.truth()[0][0] > 100
    assert place.rows("SELECT toString(status) FROM bi.v_job_runs") == [("ok",)]


@pytest.mark.criterion("QT-2")
def test_qt2_a_dry_run_changes_no_table_and_no_journal(place: Place, hardened: list[str]) -> None:
    """With DRY_RUN=true every table of a filled server keeps its rows; without, new sales come."""
    assert place.load().returncode == 0
    place.emulator.organisation.insert_order(
        event_id=80001, created_at=place.emulator.organisation.now - timedelta(minutes=10)
    )
    before, asked = place.digest(), len(place.emulator.requests)

    stub = place.image.run(
        options=["--env-file", str(TEMPLATE), *hardened],
        env={name: place.environ[name] for name in ("ZAKAZ_WAREHOUSE_URL", "QTICKETS_TOKEN")},
        network="host",
    )
    assert stub.returncode == 0, stub.stdout
    assert (place.digest(), len(place.emulator.requests)) == (before, asked)

    assert place.load(*hardened, DRY_RUN="true").returncode == 0
    assert place.digest() == before

    assert place.load(*hardened).returncode == 0
    assert place.digest() != before


def test_d05_x01_docker_stop_in_the_middle_of_a_load_loses_nothing(place: Place) -> None:
    """SIGTERM while a page is awaited ends process 1 in time with 75; the next run completes."""
    place.emulator.faults.add(faults.silence(), path="/orders", nth=3)
    place.start()
    wait(
        lambda: sum(asked.path.endswith("/orders") for asked in place.emulator.requests) >= 3,
        "the third page of orders was never asked for",
    )

    code = place.stop()

    assert code == 75, place.log()
    assert "Stopped by SIGTERM" in place.log()
    assert "Traceback" not in place.log()
    assert place.load().returncode == 0
    assert place.sales() == place.truth()
    statuses = place.rows("SELECT toString(status) FROM bi.v_job_runs")
    assert sorted(statuses) == [("failed",), ("ok",)]


def test_d05_a_container_that_waits_for_its_next_load_stops_at_once(place: Place) -> None:
    """Between two loads of --repeat docker stop is heard as well."""
    place.start("--repeat")
    wait(lambda: "The next load starts in" in place.log(), "the first load did not end")

    assert place.stop() == 75, place.log()
    assert place.sales() == place.truth()


@pytest.mark.parametrize(
    ("minutes", "variables", "health"),
    [
        (70, {"QTICKETS_BASE_URL": NOWHERE}, "unhealthy"),
        (70, {"QTICKETS_BASE_URL": NOWHERE, "ZAKAZ_SYNC_EVERY": "1h"}, "healthy"),
        (70, {}, "healthy"),
    ],
    ids=["loads fail", "the interval is longer", "a load succeeds"],
)
def test_d04_two_missed_intervals_make_the_container_unhealthy(
    place: Place, minutes: int, variables: dict[str, str], health: str
) -> None:
    """The health check goes by the last good load in the journal and by ZAKAZ_SYNC_EVERY."""
    _journal(place, moscow.now() - timedelta(minutes=minutes))
    often = ("--health-interval", "1s", "--health-start-period", "1ms", "--health-retries", "3")
    place.start("--repeat", options=often, **variables)

    wait(lambda: place.state("Health.Status") == health, f"never became {health}")

    shown = place.image.docker.output("inspect", "--format", "{{json .State.Health}}", place.name)
    said = json.loads(shown)["Log"][-1]["Output"]
    assert ("LATE: the last good load ended 1 h" in said) is (health == "unhealthy"), said


@pytest.mark.criterion("DOC-1")
@pytest.mark.criterion("QT-3")
def test_the_commands_of_the_readme_work_as_written(
    place: Place, readme: list[str], tmp_path: Path
) -> None:
    """The README's lines work but for names and network: dry run, load, the container that stays.

    The environment file is the template, filled in as the README tells.
    """
    told = {**place.environ, "DRY_RUN": ""}
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.partition("=")[0] not in told]
    filled = tmp_path / "qtickets.env"
    filled.write_text("\n".join([*kept, *(f"{k}={v}" for k, v in told.items())]) + "\n")
    swaps = {
        "--name zakaz-qtickets ": f"--name {place.name} ",
        "zakaz-qtickets:/": f"{place.name}:/",
        " zakaz-qtickets-api": f" {place.image.name}",
        "--network zakaz ": "--network host ",
        "--env-file qtickets.env": f"--env-file {filled}",
    }
    run = [line for line in readme if line.startswith("docker") and " build " not in line]
    assert len(run) == 6
    answers = []
    try:
        for line in run:
            for old, new in swaps.items():
                line = line.replace(old, new)
            line = re.sub(r" zakaz-qtickets(?= |$)", f" {place.name}", line)
            if line.startswith("docker logs"):
                wait(lambda: "The next load starts in" in place.log(), "no load ended")
            done = place.image.docker.run(*shlex.split(line)[1:], cwd=ROOT)
            assert done.returncode == 0, f"$ {line}\n{done.stdout}"
            answers.append(done.stdout)
    finally:
        place.image.docker.run("rm", "--force", place.name)
        place.image.docker.run("volume", "rm", place.name)

    dry, load, _, health, logs, doctor = answers
    assert "stub mode" in dry
    assert "ok" in load
    assert health.strip() in {"starting", "healthy"}
    assert re.search(r"The next load starts in (30|2[0-9]) min", logs), logs
    assert "Fit for work" in doctor
    assert place.sales() == place.truth()


def _journal(place: Place, ended: datetime) -> None:
    with open_for_writing(warehouse_url(place.environ)) as warehouse:
        run_journal.write(warehouse, JobRun("qtickets", "old", ended, ended, RunStatus.OK))
